"""The pages of funds: who sees what, and a movement that two people bring about."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import update

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.people.models import UserSession
from tests.browsing import Browser
from tests.factories import funds, people

Browse = Callable[[str | None], Browser]


@pytest.fixture
def street(app: Flask) -> Flask:
    """Make the staff, and a fund with a project."""
    with app.app_context():
        people.make_street()
        people.make_staff()
        people.make_resident("resident-1")
        fund = funds.make_fund(amount_fen=500_000)
        funds.make_project_money("GYCT-2026-01-0001", amount_fen=123_450, fund=fund)
        db.session.commit()
    return app


@pytest.mark.usefixtures("street")
def test_everybody_signed_in_sees_totals_and_the_offices_the_ledger(browse: Browse) -> None:
    seen = browse("resident-1").get("/funds/")
    assert "5,000.00" in seen.text
    assert seen.soup.find("a", href="/funds/ZJ-2026-01") is None
    for login in ("resident-1", "community-1", "admin-1"):
        browse(login).get("/funds/ZJ-2026-01", status=403)
    assert "/sign-in" in browse(None).get("/funds/", status=302).location
    for login in ("finance-1", "programme-1", "leader-1", "supervisor-1"):
        assert "GYCT-2026-01-0001" in browse(login).get("/funds/ZJ-2026-01").text


@pytest.mark.usefixtures("street")
def test_finance_proposes_and_another_person_confirms(browse: Browse) -> None:
    finance = browse("finance-1")
    form = {"amount_fen": "2,000.5", "document_number": "梧财〔2026〕8号", "reason": "追加预算"}
    page = finance.follow("/funds/ZJ-2026-01/propose/appropriate", form)
    assert "待另一位同志复核" in finance.get("/funds/ZJ-2026-01").text
    assert "复核须由另一位同志办理" in page.text
    proposal = "/funds/proposals/ZD-00001"
    finance.post(f"{proposal}/confirm", status=403)
    browse("supervisor-1").post(f"{proposal}/confirm", status=403)
    done = browse("leader-1").follow(f"{proposal}/confirm")
    assert "已复核入账" in done.text
    assert "7,000.50" in browse("resident-1").get("/funds/").text


@pytest.mark.usefixtures("street")
def test_confirming_needs_a_fresh_second_factor(browse: Browse, app: Flask) -> None:
    form = {"amount_fen": "100", "document_number": "梧财〔2026〕8号", "reason": "追加预算"}
    browse("finance-1").post("/funds/ZJ-2026-01/propose/appropriate", form)
    leader = browse("leader-1")
    with app.app_context():
        db.session.execute(update(UserSession).values(stepped_up_at=now() - timedelta(minutes=16)))
        db.session.commit()
    sent = leader.post("/funds/proposals/ZD-00001/confirm")
    assert sent.location.startswith("/step-up?next=/funds/proposals/ZD-00001")
    assert "待复核" in leader.get("/funds/proposals/ZD-00001").text


@pytest.mark.usefixtures("street")
def test_a_proposal_is_refused_with_a_reason_or_withdrawn(browse: Browse) -> None:
    finance, second = browse("finance-1"), browse("finance-2")
    form = {"amount_fen": "100", "document_number": "梧财〔2026〕8号", "reason": "追加预算"}
    for _time in range(2):
        finance.post("/funds/ZJ-2026-01/propose/appropriate", form)
    assert "请写明退回理由" in second.post("/funds/proposals/ZD-00001/refuse", status=422).text
    assert "文号有误" in second.follow("/funds/proposals/ZD-00001/refuse", {"reason": "文号有误"}).text
    second.post("/funds/proposals/ZD-00002/withdraw", status=403)
    assert "已撤回" in finance.follow("/funds/proposals/ZD-00002/withdraw").text


@pytest.mark.usefixtures("street")
def test_a_wrong_form_says_what_to_correct_and_keeps_what_was_typed(browse: Browse) -> None:
    finance = browse("finance-1")
    seen = finance.post(
        "/funds/ZJ-2026-01/propose/appropriate", {"amount_fen": "很多", "reason": "追加预算"}, status=422
    )
    assert "没有看懂这个金额" in seen.text
    assert seen.soup.find("textarea").text.strip() == "追加预算"
    seen = finance.post("/funds/ZJ-2026-01/propose/appropriate", {"amount_fen": "5", "reason": "追加"}, status=422)
    assert "请填写预算下达文号" in seen.text
    too_much = {"amount_fen": "99999", "reason": "追加", "key": "GYCT-2026-01-0001/community"}
    assert "可动用的只有" in finance.post("/funds/ZJ-2026-01/propose/allocate", too_much, status=422).text


@pytest.mark.usefixtures("street")
def test_a_reversal_is_asked_for_by_the_programme_office_and_confirmed_by_finance(browse: Browse) -> None:
    programme = browse("programme-1")
    assert "提出红字冲销" in programme.get("/funds/ZJ-2026-01/journals/3").text
    programme.post("/funds/ZJ-2026-01/journals/3/reverse", {"reason": "项目撤销"})
    browse("finance-1").follow("/funds/proposals/ZD-00001/confirm")
    assert "已冲销" in programme.get("/funds/ZJ-2026-01/journals/3").text


@pytest.mark.usefixtures("street")
def test_the_journal_is_filtered_and_exported(browse: Browse) -> None:
    office = browse("supervisor-1")
    assert "共 1 笔" in office.get("/funds/ZJ-2026-01?kind=award").text
    assert "没有符合条件的凭证" in office.get("/funds/ZJ-2026-01?until=2020-01-01").text
    rows = office.get("/funds/ZJ-2026-01/journals.csv?key=GYCT-2026-01-0001").html.splitlines()
    assert rows[0].lstrip("\ufeff").startswith("凭证号,记账日期")
    assert len(rows) == 3
    book = office.get("/funds/ZJ-2026-01/journals.xlsx").response.get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["F"]][1:] == [5000, 1234.5, 1234.5]


@pytest.mark.usefixtures("street")
def test_finance_opens_a_fund(browse: Browse) -> None:
    finance = browse("finance-1")
    form = {"name": "2027年福彩公益金", "source": "lottery", "year": "2027", "matter": "公益创投"}
    assert "登记预算下达" in finance.follow("/funds/new", form).text
    browse("programme-1").post("/funds/new", form, status=403)
    assert "没有找到" in finance.get("/funds/ZJ-1999-99", status=404).text
