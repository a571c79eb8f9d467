"""The finance desk: every breakdown agrees to the 分, a past day stays as it was, the supervisor is answered."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from grants.agreements.models import Agreement
from grants.foundation import clock
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted
from grants.foundation.models import AuditEntry
from grants.payments import queries, service
from grants.payments.models import Voucher
from grants.payments.queries import DeskFilter, Dimension, Figure
from grants.payments.queries.execution import Sums
from grants.payments.rules import PaymentStatus, VoucherStatus
from grants.projects.models import Project
from grants.rounds.rules import Category
from tests.browsing import Browser
from tests.factories import payments as make
from tests.factories.payments import staff

Browse = Callable[[str | None], Browser]
MAX_SEQ = select(db.func.max(AuditEntry.seq))


@pytest.mark.usefixtures("ctx")
def test_every_breakdown_sums_to_the_same_and_a_past_day_never_changes() -> None:
    case = make.make_case()
    before = DeskFilter(on=today())
    make.make_request(case, PaymentStatus.CONFIRMED)
    make.accept(case, 1_234_567)
    db.session.commit()
    expected = Sums(6_000_000, 3_000_000, 0, 3_000_000, 0, 1_234_567)
    for by in (Dimension.PROJECT, Dimension.COMMUNITY, Dimension.CATEGORY):
        rows = queries.list_execution(by, before)
        assert (len(rows), queries.total_of(rows)) == (1, expected)
    lines = queries.list_execution(Dimension.LINE, before)
    assert (queries.total_of(lines).awarded_fen, queries.total_of(lines).accepted_fen) == (6_000_000, 1_234_567)
    assert [check.holds for check in queries.reconcile_execution(before)] == [True] * 8
    with clock.set_to(now() + timedelta(days=40)):
        make.verify_and_pay_second(case)
        later = queries.total_of(queries.list_execution(Dimension.PROJECT, DeskFilter(on=today())))
        assert (later.paid_fen, later.accepted_fen) == (5_400_000, 2_400_000)
        assert len(queries.list_execution(Dimension.MONTH, DeskFilter(on=today()))) == 2
        assert all(check.holds for check in queries.reconcile_execution(DeskFilter(on=today())))
        assert queries.total_of(queries.list_execution(Dimension.PROJECT, before)) == expected
        assert all(check.holds for check in queries.reconcile_execution(before))


@pytest.mark.usefixtures("ctx")
def test_filters_narrow_and_the_forecast_lists_what_is_not_paid() -> None:
    case = make.make_case()
    project = case.agreement.project
    other = next(one for one in Category if one is not project.category)
    assert queries.list_execution(Dimension.PROJECT, DeskFilter(today(), category=other)) == []
    assert queries.list_execution(Dimension.PROJECT, DeskFilter(today() - timedelta(days=1))) == []
    narrow = DeskFilter(today(), project.round_id, project.community_id, project.category)
    assert [row.ref for row in queries.list_execution(Dimension.PROJECT, narrow)] == [project.ref]
    assert sum(row.amount_fen for row in queries.list_forecast(narrow, today())) == 6_000_000
    make.make_request(case, PaymentStatus.PAID)
    rows = queries.list_forecast(narrow, today())
    assert sum(row.amount_fen for row in rows) == 3_000_000
    assert [row.month for row in rows] == sorted(row.month for row in rows)


def cells(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def test_the_page_and_its_workbook_agree_and_keep_strangers_out(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = make.make_case()
        make.make_request(case, PaymentStatus.PAID)
        ref = case.agreement.project.ref
        db.session.commit()
    finance = browse("finance-1")
    for by in Dimension:
        seen = finance.get(f"/payments/desk?by={by}&on=2999-01-01&category=nonsense")
        assert "不一致" not in seen.text
    assert "30,000.00" in finance.get("/payments/desk").text
    assert ref in finance.get("/payments/desk").text
    assert "还没有符合条件的资金" in finance.get("/payments/desk?on=2020-01-01").text
    book = cells(finance.get("/payments/desk/export.xlsx").response.get_data())
    assert [row[5] for row in book["按项目"][1:]] == [30_000, 30_000]
    assert {row[3] for row in book["合计核对"][2:]} == {"一致"}
    for login in ("org-1", "community-1", "admin-1"):
        browse(login).get("/payments/desk", status=403)
        browse(login).get("/payments/desk/export.xlsx", status=403)


def derived(app: Flask) -> dict[str, dict[str, list[int]]]:
    """Add the desk's figures up once more from the rows of the database, in plain loops: sheet, row, columns in 分."""
    kinds = {"available": 1, "reserved": 2, "paid": 3, "returned": 4}
    sheets: dict[str, dict[str, list[int]]] = {name: {} for name in ("按项目", "按社区", "按月份")}

    def add(place: str, key: str, column: int, amount: int) -> None:
        row = sheets[place].setdefault(key, [0] * 6)
        row[column] += amount
        if 1 <= column <= 4:
            row[0] += amount

    with app.app_context():
        homes = {
            ref: (title, place)
            for ref, title, place in db.session.execute(
                text("SELECT p.ref, p.title, c.name FROM project p JOIN place c ON c.id = p.community_id")
            )
        }
        for kind, key, on, amount in db.session.execute(
            text(
                "SELECT a.kind, a.key, j.booked_on, e.amount_fen FROM entry e JOIN account a ON a.id = e.account_id "
                "JOIN journal j ON j.id = e.journal_id"
            )
        ):
            if kind in kinds:
                for place, row in zip(sheets, (*homes[key], str(on)[:7]), strict=True):
                    add(place, row, kinds[kind], amount)
        for ref, at, amount in db.session.execute(
            select(Project.ref, Voucher.checked_at, Voucher.amount_fen)
            .join(Agreement, Agreement.project_id == Project.id)
            .join(Voucher, Voucher.agreement_id == Agreement.id)
            .where(Voucher.status == VoucherStatus.ACCEPTED)
        ):
            for place, row in zip(sheets, (*homes[ref], clock.local(at).strftime("%Y-%m")), strict=True):
                add(place, row, 5, amount)
    return sheets


def test_the_workbook_is_the_entries_added_up_once_more_to_the_fen(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = make.make_case()
        make.make_request(case, PaymentStatus.CONFIRMED)
        make.accept(case, 1_234_567)
        with clock.set_to(now() + timedelta(days=40)):
            make.accept(case, 33)
            make.verify_and_pay_second(case)
        db.session.commit()
        later = now() + timedelta(days=60)
    with clock.set_to(later):
        book = cells(browse("supervisor-1").get("/payments/desk/export.xlsx").response.get_data())
    for sheet, expected in derived(app).items():
        found = {row[1]: [round(cell * 100) for cell in row[2:]] for row in book[sheet][1:-1]}
        assert found == expected, sheet
        assert [round(cell * 100) for cell in book[sheet][-1][2:]] == [
            sum(one) for one in zip(*expected.values(), strict=True)
        ]


def test_every_figure_opens_onto_the_entries_that_add_up_to_it(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = make.make_case()
        make.make_request(case, PaymentStatus.CONFIRMED)
        make.accept(case, 1_234_567)
        db.session.commit()
        narrow, count = DeskFilter(on=today()), 0
        for by in Dimension:
            for row in queries.list_execution(by, narrow):
                for figure in Figure:
                    amount = getattr(row.sums, f"{figure}_fen")
                    behind = queries.list_behind(figure, by, row.key, narrow)
                    assert sum(one.amount_fen for one in behind) == amount, (by, row.key, figure)
                    count += amount > 0
            assert queries.list_behind(Figure.PAID, by, "nonsense", narrow) == []
        assert count > 12
    supervisor = browse("supervisor-1")
    links = [a["href"] for a in supervisor.get("/payments/desk?by=project").soup.select("td a[href*='/desk/entries']")]
    paid = supervisor.get(next(one for one in links if "figure=paid" in one))
    assert "30,000.00" in paid.text
    entry = paid.soup.select_one("td a[href^='/funds/']")["href"]
    assert "JZ-" in supervisor.get(entry).text
    spent = next(one for one in links if "figure=accepted" in one)
    assert "12,345.67" in supervisor.get(spent).text
    assert "12345.67" in supervisor.get(spent.replace("entries?", "entries.csv?")).html
    assert not supervisor.get(spent).soup.select("main form[method=post]")
    browse("org-1").get(spent, status=403)


def test_the_supervisor_leaves_an_opinion_that_finance_answers_once(app: Flask, browse: Browse) -> None:
    with app.app_context():
        make.make_case()
        db.session.commit()
    supervisor, finance = browse("supervisor-1"), browse("finance-1")
    assert "请写明监督意见" in supervisor.post("/payments/desk/opinions", {"body": " "}, status=422).text
    with app.app_context():
        seq = db.session.scalar(MAX_SEQ)
    supervisor.post("/payments/desk/opinions?by=month", {"body": "请说明本月拨付较少的原因。"})
    with app.app_context():
        assert db.session.scalar(MAX_SEQ) == seq + 1
        opinion = queries.list_opinions()[0]
        path, ref = f"/payments/desk/opinions/{opinion.id}", opinion.ref
        assert opinion.scope.startswith("按月份")
        assert "答复监督意见（1 条）" in [item.title for item in queries.list_due_for(staff("finance-1"))]
        with pytest.raises(NotPermitted):
            service.leave_opinion(supervisor=staff("finance-1"), body="我也来说")
    finance.post("/payments/desk/opinions", {"body": "我也来说"}, status=403)
    supervisor.post(path, {"answer": "自问自答"}, status=403)
    assert "请写明答复" in finance.post(path, {"answer": ""}, status=422).text
    finance.submit(path, {"answer": "第二期里程碑下月核实，届时拨付。"})
    assert "届时拨付" in supervisor.get("/payments/desk").text
    finance.post(path, {"answer": "再改一次"}, status=403)
    with app.app_context():
        for change in ("UPDATE finance_opinion SET body = 'x'", "DELETE FROM finance_opinion"):
            with pytest.raises(DBAPIError, match="never"):
                db.session.execute(text(change))
            db.session.rollback()
    assert ref in finance.get("/payments/desk").html
