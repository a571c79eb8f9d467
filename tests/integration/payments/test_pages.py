"""The pages of payments: a tranche from the organisation's form to the confirmed arrival, and who is kept out."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import update
from werkzeug.datastructures import FileStorage

from grants.agreements.queries import get_agreement
from grants.agreements.service import terminate_agreement
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.funds.queries import find_fund_of_project, project_money
from grants.payments import queries
from grants.payments.rules import PaymentStatus
from grants.people.models import Organisation, UserSession
from grants.people.rules import Role
from grants.people.service.organisations import account_columns
from tests.browsing import Browser
from tests.factories import funds, people
from tests.factories import payments as make

Browse = Callable[[str | None], Browser]


def photo() -> FileStorage:
    """Return a picture of an invoice as a browser would send it."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, "JPEG")
    stream.seek(0)
    return FileStorage(stream, filename="发票.jpg", content_type="image/jpeg")


@pytest.fixture
def agreement(app: Flask) -> str:
    """Make a signed agreement, a second organisation and a resident; return the agreement's reference."""
    with app.app_context():
        case = make.make_case()
        other = people.make_organisation("星火志愿服务中心")
        people.make_user("org-2", Role.ORGANISATION, organisation=other)
        people.make_resident("resident-1")
        ref = case.agreement.ref
        db.session.commit()
    return ref


def at(app: Flask, agreement: str, status: PaymentStatus) -> str:
    """Bring a request for the first tranche to a status and return its address."""
    from tests.factories.agreements import Parties
    from tests.factories.payments import Case, staff

    with app.app_context():
        found = get_agreement(agreement)
        parties = Parties(
            round=found.project.round,
            community=found.project.community,
            organisation=found.organisation,
            member=staff("org-1"),
            programme=staff("programme-1"),
            leader=staff("leader-1"),
            community_officer=staff("community-1"),
        )
        request = make.make_request(Case(parties, found), status)
        address = f"/payments/{request.ref}"
        db.session.commit()
    return address


def test_a_tranche_goes_through_all_hands_on_pages(app: Flask, agreement: str, browse: Browse) -> None:
    organisation = browse("org-1")
    money = organisation.get(f"/payments/?agreement={agreement}", status=302).location
    assert "申请拨付" in organisation.get(money).text
    form = {"purpose": "第一期项目经费", "invoice": photo()}
    sent = organisation.post(f"/payments/agreements/{agreement}/tranches/1/request", form)
    address = sent.location
    assert "人民币叁万元整" in organisation.get(address).text
    for login in ("community-1", "programme-1", "finance-1"):
        assert address in browse(login).get("/payments/").html
        signed = browse(login).follow(f"{address}/sign", {"note": "情况属实"}).text
        assert "已签字" in signed
        # What comes next is another's, which is no refusal
        assert "这一环节由" not in signed
    browse("leader-1").post(f"{address}/approve", {"note": "同意", "office_record": ""})
    pay = {"bank_reference": "HD20261124001", "paid_on": today().isoformat(), "note": ""}
    browse("finance-2").post(f"{address}/pay", pay)
    seen = organisation.follow(f"{address}/confirm")
    assert "已到账" in seen.text
    assert "HD20261124001" in seen.text
    with app.app_context():
        funds.assert_ledger_holds()
        assert audit.verify().holds


def test_one_page_holds_everything_needed_to_decide(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.FINANCE_PASSED)
    text = browse("leader-1").get(address).text
    for words in (
        "人民币叁万元整",
        "**** 1234",
        "协议已签署且有效",
        "收款账户与协议一致",
        "发票.pdf",
        "协议扫描件.pdf",
        "在途审批",
        "本笔冻结凭证",
        "社区居委会核实",
        "预算执行",
        "办理记录",
        "审批",
    ):
        assert words in text, words


def test_approving_paying_and_rejecting_need_a_fresh_second_factor(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.FINANCE_PASSED)
    leader = browse("leader-1")
    with app.app_context():
        db.session.execute(update(UserSession).values(stepped_up_at=now() - timedelta(minutes=16)))
        db.session.commit()
    assert leader.get(f"{address}/approve", status=302).location == f"/step-up?next={address}/approve"
    for path in ("approve", "reject"):
        sent = leader.post(f"{address}/{path}", {"note": "同意", "reason": "不同意"})
        assert sent.location.startswith("/step-up?next=")
    assert "待分管领导审批" in leader.get(address).text


@pytest.mark.parametrize("login", ["org-2", "community-2", "resident-1", "admin-1", None])
def test_who_has_no_part_in_it_is_kept_out(app: Flask, agreement: str, browse: Browse, login: str | None) -> None:
    address = at(app, agreement, PaymentStatus.REQUESTED)
    browser = browse(login)
    status = 302 if login is None else 403
    for path in (address, f"{address}/invoice", f"/payments/agreements/{agreement}"):
        assert "/sign-in" in browser.get(path, status=status).location or login
    for path in (f"{address}/sign", f"{address}/confirm", f"{address}/return"):
        browser.post(path, {"reason": "x"}, status=status)
    if login in ("org-2", "community-2"):
        assert address not in browser.get("/payments/").html
        assert address.rsplit("/", 1)[1] not in browser.get("/payments/export.csv").html


def test_the_supervisor_reads_everything_and_signs_nothing(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.COMMUNITY_PASSED)
    supervisor = browse("supervisor-1")
    seen = supervisor.get(address)
    assert seen.soup.find("a", href=f"{address}/sign") is None
    supervisor.post(f"{address}/sign", status=403)
    assert address in supervisor.get("/payments/").html


def test_a_hand_that_signed_before_is_told_why_it_cannot(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.APPROVED)
    first = browse("finance-1")
    assert "您已在“街道财政审核”环节签过字" in first.get(address).text
    first.get(f"{address}/pay", status=403)
    assert browse("finance-2").get(address).soup.find("a", href=f"{address}/pay")


def test_a_returned_request_is_corrected_and_sent_again(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.PROGRAMME_PASSED)
    finance, organisation = browse("finance-1"), browse("org-1")
    assert "至少一项" in finance.submit(f"{address}/return", {"text_1": " "}, status=422).text
    typed = {"kind_2": "purpose", "text_2": "请写明培训的场次"}
    kept = finance.submit(f"{address}/return", {"faults": "nonsense", **typed}, status=422)
    assert kept.soup.find("textarea", id="text_2").text.strip() == "请写明培训的场次"
    finance.submit(f"{address}/return", {"faults": ["invoice_head"], **typed})
    seen = organisation.get(address)
    for words in ("抬头与付款单位不一致", "请写明培训的场次", "待补正", "已作废"):
        assert words in seen.text, words
    path = f"{address}/revise"
    half = organisation.submit(path, {"answer_1": "已换开发票", "answer_2": " "}, status=422)
    assert "请说明这一项是怎样补正的" in half.text
    assert half.soup.find("textarea", id="answer_1").text.strip() == "已换开发票"
    assert "待社区居委会核实" not in organisation.get(address).text
    answers = {"answer_1": "已换开发票", "answer_2": "已写明六场"}
    again = organisation.follow(path, {"purpose": "培训六场", "invoice": photo(), **answers})
    assert "待社区居委会核实" in again.text
    assert "第 2 轮" in again.text
    shown = browse("community-1").get(f"{address}/sign")
    for words in ("已写明六场", "补正前后对照", "第一期项目经费", "培训六场", "发票.pdf", "发票.jpg"):
        assert words in shown.text, words
    assert organisation.get(f"{address}/invoice?cycle=2").response.mimetype == "image/jpeg"
    organisation.get(f"{address}/invoice?cycle=7", status=404)
    browse("org-2").get(f"{address}/invoice?cycle=1", status=403)


def test_a_step_out_of_turn_says_that_the_request_has_moved_on(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.REQUESTED)
    browse("leader-1").get(f"{address}/approve", status=409)
    browse("finance-1").post(f"{address}/sign", status=403)


def test_a_wrong_form_keeps_what_was_typed(agreement: str, browse: Browse) -> None:
    organisation = browse("org-1")
    path = f"/payments/agreements/{agreement}/tranches/1/request"
    seen = organisation.post(path, {"purpose": "第一期项目经费"}, status=422)
    assert "请上传发票或收据" in seen.text
    assert seen.soup.find("input", id="purpose")["value"] == "第一期项目经费"
    assert "请先办理第 1 期拨付" in organisation.get(path.replace("/1/", "/2/")).text


def test_the_full_account_is_shown_for_a_reason_only(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.APPROVED)
    with app.app_context():
        sealed = account_columns("6200000000001234")["account_cipher"]
        db.session.execute(update(Organisation).values(account_cipher=sealed))
        db.session.commit()
    finance = browse("finance-2")
    assert "6200000000001234" not in finance.get(f"{address}/pay").html
    assert "6200000000001234" in finance.post(f"{address}/account", {"reason": "填写付款单"}, status=200).html
    browse("leader-1").get(f"{address}/account", status=403)


def test_vouchers_are_entered_and_judged_on_pages(agreement: str, browse: Browse) -> None:
    organisation, finance = browse("org-1"), browse("finance-1")
    path = f"/payments/agreements/{agreement}/vouchers/new"
    line = organisation.get(path).soup.find("select", id="line").find("option")["value"]
    form = {
        "line": line,
        "amount_fen": "300.5",
        "spent_on": today().isoformat(),
        "invoice_number": "26320001",
        "payee": "银杏便民超市",
        "purpose": "购买食材",
    }
    assert "已登记 PZ-2026-01-00001" in organisation.follow(path, {**form, "file": photo(), "again": "1"}).text
    twin = organisation.post(path, {**form, "file": photo()}, status=422)
    assert "同一张票据只能列支一次" in twin.text
    over = {**form, "amount_fen": "99999", "invoice_number": "2", "file": photo()}
    assert "专款专用" in organisation.post(path, over, status=422).text
    assert "请上传发票" in organisation.post(path, {**form, "invoice_number": "3"}, status=422).text
    volunteers = organisation.get(path).soup.find("select", id="line").find_all("option")[2]["value"]
    for wrong, rule in (
        ({"spent_on": (today() - timedelta(days=400)).isoformat()}, "这笔支出不在期内"),
        ({"purpose": "慰问用白酒"}, "资金使用负面清单，不得列支“白酒”"),
        ({"line": volunteers, "fee_basis": "volunteer", "fee_units": "3"}, "3 人·天最多 300.00 元"),
        ({"line": volunteers}, "请选择计发标准"),
    ):
        refused = organisation.post(path, {**form, "invoice_number": "4", **wrong, "file": photo()}, status=422)
        assert rule in refused.text, rule
        assert [refused.soup.find("input", id=name)["value"] for name in ("amount_fen", "payee")] == [
            "300.5",
            form["payee"],
        ]
        assert refused.soup.find("input", id="purpose")["value"] == wrong.get("purpose", form["purpose"])
    assert "PZ-2026-01-00001" in finance.get("/payments/vouchers/?status=entered").text
    organisation.post("/payments/vouchers/PZ-2026-01-00001/accept", status=403)
    assert "请写明理由" in finance.post("/payments/vouchers/PZ-2026-01-00001/refuse", status=422).text
    finance.post("/payments/vouchers/PZ-2026-01-00001/accept")
    assert "已认可" in organisation.get("/payments/vouchers/PZ-2026-01-00001").text
    browse("org-2").get("/payments/vouchers/PZ-2026-01-00001", status=403)
    rows = finance.get("/payments/vouchers/export.csv").html.splitlines()
    assert "300.50" in rows[1]
    assert finance.get("/payments/vouchers/PZ-2026-01-00001/file").response.mimetype == "image/jpeg"


def test_the_list_is_filtered_sorted_and_exported(app: Flask, agreement: str, browse: Browse) -> None:
    address = at(app, agreement, PaymentStatus.REQUESTED)
    finance = browse("finance-1")
    assert address in finance.get("/payments/?status=requested&q=老年助餐&sort=-amount").html
    assert "没有符合条件" in finance.get("/payments/?status=paid").text
    assert "没有符合条件" in finance.get("/payments/?q=没有这个").text
    assert "30000.00" in finance.get("/payments/export.csv?status=requested").html
    assert finance.get("/payments/export.xlsx").response.get_data()[:2] == b"PK"


def test_what_a_terminated_project_pays_back_is_booked_by_two_people(
    app: Flask, agreement: str, browse: Browse
) -> None:
    at(app, agreement, PaymentStatus.CONFIRMED)
    with app.app_context():
        found = get_agreement(agreement)
        project = found.project.ref
        terminate_agreement(agreement=found, by=make.staff("leader-1"), reason="逾期拒不整改。")
        fund = find_fund_of_project(project)
        assert fund is not None
        path = f"/funds/{fund.ref}/propose/recover"
        db.session.commit()
    finance = browse("finance-1")
    form = {"key": project, "amount_fen": "30,000.01", "document_number": "SK-1", "reason": "终止协议，全额追回"}
    assert "已拨付未退回的只有 30,000.00 元" in finance.post(path, form, status=422).text
    without = {**form, "amount_fen": "20,000", "document_number": ""}
    assert "请填写收款回单编号" in finance.post(path, without, status=422).text
    proposal = finance.post(path, {**form, "amount_fen": "20,000"}).location
    finance.post(f"{proposal}/confirm", status=403)
    with app.app_context():
        assert project_money(project).returned_fen == 0
    assert "已复核入账" in browse("finance-2").follow(f"{proposal}/confirm").text
    with app.app_context():
        money = project_money(project)
        assert (money.paid_fen, money.returned_fen) == (1_000_000, 2_000_000)
        assert all(check.holds for check in queries.reconcile_execution(queries.DeskFilter(today())))
        funds.assert_ledger_holds()
