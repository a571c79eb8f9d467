"""L13: a bank statement is matched one to one; what does not match is listed on its side; nothing is matched twice."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from werkzeug.datastructures import FileStorage

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.foundation.files import SHEETS, store_upload
from grants.foundation.models import AuditEntry
from grants.payments import queries, service
from grants.payments.models import BankImport, BankLine, BankMatch, PaymentRequest
from grants.payments.rules import PaymentStatus, guess_columns
from tests.browsing import Browser
from tests.factories import payments as make
from tests.factories.payments import Case, staff

Browse = Callable[[str | None], Browser]
HEADER = ("交易日期", "对方户名", "支出金额", "回单编号", "摘要")


def paid(case: Case) -> PaymentRequest:
    return make.make_request(case, PaymentStatus.PAID)


def sheet(rows: list[tuple[str, ...]], name: str = "流水.csv", encoding: str = "gb18030") -> FileStorage:
    """Return a statement as the bank would export it."""
    if name.endswith(".xlsx"):
        book, stream = Workbook(), io.BytesIO()
        for row in (HEADER, *rows):
            book.active.append(row)
        book.save(stream)
        data = stream.getvalue()
    else:
        data = "\r\n".join(",".join(row) for row in (HEADER, *rows)).encode(encoding)
    return FileStorage(io.BytesIO(data), filename=name)


def line_of(request: PaymentRequest, **other: str) -> tuple[str, ...]:
    said = {
        "day": today().isoformat(),
        "payee": request.payee_name,
        "amount": f"{request.amount_fen / 100:.2f}",
        "reference": request.bank_reference or "",
    } | other
    return said["day"], said["payee"], said["amount"], said["reference"], request.ref


def take(rows: list[tuple[str, ...]], **how: str) -> tuple[BankImport, int]:
    officer = staff("finance-1")
    file = store_upload(sheet(rows, **how), purpose="bank", actor_id=officer.id, allow=SHEETS)
    made = service.take_statement(file=file, officer=officer)
    return made, service.apply_statement(statement=made, columns=guess_columns(HEADER), officer=officer)


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize("how", [{"encoding": "gb18030"}, {"encoding": "utf-8-sig"}, {"name": "流水.xlsx"}])
def test_what_agrees_is_matched_and_what_is_left_is_listed_on_both_sides(how: dict[str, str]) -> None:
    case = make.make_case()
    request = paid(case)
    stray = (today().isoformat(), "某某公司", "12.34", "HD-STRAY", "")
    made, matched = take([line_of(request), stray], **how)
    assert (matched, made.line_count, made.skipped_count) == (1, 2, 0)
    found = queries.reconcile()
    assert [(match.request.ref, match.line.payee) for match in found.matches] == [(request.ref, request.payee_name)]
    assert [row.line.reference for row in found.lines] == ["HD-STRAY"]
    assert (found.requests, found.lines_fen, found.matched_fen) == ([], 1_234, request.amount_fen)
    again, twice = take([line_of(request), stray], **how)
    assert (twice, again.line_count, again.skipped_count) == (0, 0, 2)


@pytest.mark.usefixtures("ctx")
def test_another_reference_is_only_suggested_and_matched_by_a_hand_that_did_not_examine() -> None:
    request = paid(make.make_case())
    _made, matched = take([line_of(request, reference="HD-TYPO")])
    assert matched == 0
    row = queries.reconcile().lines[0]
    assert [item.ref for item in row.suggestions] == [request.ref]
    for who in ("finance-1", "leader-1", "supervisor-1"):
        with pytest.raises(NotPermitted):
            service.match_line(line=row.line, request=request, officer=staff(who))
    match = service.match_line(line=row.line, request=request, officer=staff("finance-2"))
    with pytest.raises(RuleBroken, match="只能对一笔"):
        service.match_line(line=row.line, request=request, officer=staff("finance-2"))
    with pytest.raises(RuleBroken, match="理由"):
        service.undo_match(match=match, officer=staff("finance-1"), reason=" ")
    service.undo_match(match=match, officer=staff("finance-1"), reason="对错了")
    assert [item.ref for item in queries.reconcile().requests] == [request.ref]
    service.match_line(line=row.line, request=request, officer=staff("finance-2"))


@pytest.mark.usefixtures("ctx")
def test_the_database_refuses_a_second_match_another_amount_and_any_change() -> None:
    request = paid(make.make_case())
    take([line_of(request), line_of(request, reference="HD-2"), line_of(request, reference="HD-3", amount="1.00")])
    lines = {line.reference: line.id for line in db.session.scalars(select(BankLine))}
    db.session.commit()
    officer = staff("finance-1").id
    for reference, error in (("HD-2", IntegrityError), ("HD-3", DBAPIError), (request.bank_reference, IntegrityError)):
        with pytest.raises(error):
            db.session.execute(
                BankMatch.__table__.insert().values(
                    id=request.id,
                    line_id=lines[str(reference)],
                    request_id=request.id,
                    is_exact=False,
                    made_by_id=officer,
                    made_at=request.created_at,
                )
            )
        db.session.rollback()
    for change in (delete(BankMatch), delete(BankLine), update(BankLine).values(amount_fen=1)):
        with pytest.raises(DBAPIError, match="never"):
            db.session.execute(change)
        db.session.rollback()
    with pytest.raises(DBAPIError, match="undone_by_somebody"):
        db.session.execute(text("UPDATE bank_match SET undo_reason = 'x'"))


def test_a_statement_goes_through_its_pages(app: Flask, browse: Browse) -> None:
    with app.app_context():
        request = paid(make.make_case())
        row, ref = line_of(request), request.ref
        typo = line_of(request, reference="HD-TYPO")
        db.session.commit()
    finance = browse("finance-2")
    assert "还没有勾对" in finance.get("/payments/bank/").text
    assert "请选择银行对账单文件" in finance.post("/payments/bank/import", {}, status=422).text
    columns = finance.post("/payments/bank/import", {"file": sheet([typo, row])}).location
    wrong = {"date": "0", "amount": "", "reference": "3", "payee": "1", "memo": "4"}
    assert "请选择这一列" in finance.post(columns, wrong, status=422).text
    assert "2 笔，合计 60,000.00 元" in finance.get(columns).text
    with app.app_context():
        before = db.session.scalar(select(db.func.max(AuditEntry.seq)))
    finance.submit(columns)
    with app.app_context():
        assert db.session.scalar(select(db.func.max(AuditEntry.seq))) == before + 1
        line, match = (db.session.scalars(select(kind)).all() for kind in (BankLine, BankMatch))
        left, matched = next(item.id for item in line if item.reference == "HD-TYPO"), match[0].id
    assert ref in finance.get("/payments/bank/").text
    assert "没有金额相同的拨付" in finance.get(f"/payments/bank/lines/{left}").text
    undo = f"/payments/bank/matches/{matched}/undo"
    assert "请写明理由" in finance.post(undo, {"reason": ""}, status=422).text
    finance.submit(undo, {"reason": "编号有误"})
    finance.post(f"/payments/bank/lines/{left}", {"request": ref})
    assert "银行已付、系统未登记" in finance.get("/payments/bank/export.csv").response.get_data(as_text=True)
    supervisor = browse("supervisor-1")
    assert "撤销勾对" not in supervisor.get("/payments/bank/").text
    supervisor.post(columns, wrong, status=403)
