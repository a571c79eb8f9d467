"""What is left of a year goes on to the next one, both sides or neither, and past days read as they were."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.funds import queries, service
from grants.funds.models import Fund
from grants.funds.rules import AccountKind, FundSource, JournalKind, Move, Pocket
from grants.funds.service.posting import People, post
from tests.browsing import Browser
from tests.factories import funds, people
from tests.factories.payments import staff

Browse = Callable[[str | None], Browser]


def make_years(source: FundSource = FundSource.STREET, *, later: FundSource | None = None) -> tuple[Fund, Fund]:
    """Make a fund of 2026 with 1,000 元, 300 of them in an envelope, and an empty one of 2027."""
    people.make_street()
    people.make_staff()
    old = funds.make_fund(amount_fen=100_000, source=source)
    funds.make_envelope(old, amount_fen=30_000)
    new = Fund(ref="ZJ-2027-01", name="2027年专项资金", source=later or source, year=2027, matter="公益创投")
    db.session.add(new)
    db.session.commit()
    return old, new


def carry(old: Fund, new: Fund, **changes: Any) -> Any:
    wanted = {"fund": old, "target": new, "officer": staff("finance-1"), "reason": "结转", "document_number": "文1号"}
    proposal = service.propose_carry(**wanted | changes)
    return service.confirm(proposal=proposal, officer=staff("finance-2"))


def test_two_people_carry_over_on_the_page_and_the_last_day_of_the_year_reads_as_before(
    app: Flask, browse: Browse
) -> None:
    with time_machine.travel(datetime(2026, 12, 30, 2, tzinfo=UTC)), app.app_context():
        make_years()
    with time_machine.travel(datetime(2027, 1, 4, 2, tzinfo=UTC)):
        finance = browse("finance-1")
        without = {"key": "ZJ-2027-01", "reason": "年终结转"}
        seen = finance.submit("/funds/ZJ-2026-01/carry", without, status=422)
        assert "请填写批准结转的文号" in seen.text
        assert "年终结转" in seen.soup.find("textarea").text
        finance.submit("/funds/ZJ-2026-01/carry", {**without, "document_number": "梧财〔2027〕1号"})
        browse("programme-1").get("/funds/ZJ-2026-01/carry", status=403)
        finance.post("/funds/proposals/ZD-00001/confirm", status=403)
        browse("leader-1").post("/funds/proposals/ZD-00001/confirm")
        assert "结转下年 700.00 元" in finance.get("/funds/?year=2026").text
        assert "上年结转 700.00 元" in finance.get("/funds/?year=2027").text
        before = finance.get("/funds/?on=2026-12-31").text
        assert "结转下年 " not in before
        assert "700.00" in before
    with app.app_context():
        old, new = queries.get_fund("ZJ-2026-01"), queries.get_fund("ZJ-2027-01")
        assert queries.fund_summary(old) == queries.FundSummary(100_000, 0, 30_000, carried_out_fen=70_000)
        assert queries.fund_summary(new) == queries.FundSummary(0, 70_000, carried_in_fen=70_000)
        past = queries.summarise_funds(date(2026, 12, 31))
        assert past == {old.id: queries.FundSummary(100_000, 70_000, 30_000)}
        funds.assert_ledger_holds()


@pytest.mark.usefixtures("ctx")
def test_old_money_stays_behind_and_sources_never_mix() -> None:
    old, new = make_years()
    carry(old, new)
    assert queries.carryable_fen(new) == 0
    with pytest.raises(RuleBroken, match="没有可以结转"):
        carry(old, new)
    with pytest.raises(NotPermitted):
        carry(old, new, officer=staff("leader-1"))
    lottery = funds.make_fund("ZJ-2025-09", amount_fen=500, source=FundSource.LOTTERY)
    with pytest.raises(RuleBroken, match="同一来源"):
        carry(lottery, new)
    own = funds.make_fund("ZJ-2026-08", amount_fen=500, source=FundSource.SELF_RAISED)
    assert queries.carryable_fen(own) == 0


@pytest.mark.usefixtures("ctx")
def test_a_carry_over_is_taken_back_on_both_sides_or_not_at_all() -> None:
    old, new = make_years()
    came_in = carry(old, new)
    went_out = queries.find_carried_out(came_in)
    assert went_out is not None
    maker, checker, _payer = funds.hands()
    hands = {"maker": maker, "checker": checker, "reason": "结转有误"}
    with pytest.raises(RuleBroken, match="结转成对入账"):
        service.reverse(journal=went_out, request_id="r1", **hands)
    service.reverse(journal=came_in, request_id="r2", **hands)
    assert queries.fund_summary(old) == queries.FundSummary(100_000, 70_000, 30_000)
    assert queries.fund_summary(new).pool_fen == 0
    funds.assert_ledger_holds()


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize("later", [FundSource.STREET, FundSource.LOTTERY])
def test_the_database_takes_in_only_what_went_out_of_the_same_source(later: FundSource) -> None:
    old, new = make_years(later=later)
    maker, checker, _payer = funds.hands()
    pool, out, come = (Pocket(kind) for kind in (AccountKind.POOL, AccountKind.CARRIED_OUT, AccountKind.CARRIED_IN))
    wanted = {"kind": JournalKind.CARRY, "people": People(maker, checker)}
    post(fund=old, move=Move(pool, out, 500), request_id="c/out", **wanted)
    amount = 500 if later is FundSource.LOTTERY else 501
    with pytest.raises(IntegrityError, match="carried out of the same source"), db.session.begin_nested():
        post(fund=new, move=Move(come, pool, amount), request_id="c", **wanted)
    assert queries.check_ledger() == ["carry-over c: 500 went out or in alone"]
