"""The ledger's use cases: what moves where, what is refused, and what a repeated request does."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.funds import queries, service
from grants.funds.models import Fund, Journal
from grants.funds.rules import FundSource, JournalKind
from grants.people.rules import Role
from tests.factories import funds, people

pytestmark = pytest.mark.usefixtures("ctx")
PROJECT = "GYCT-2026-01-0001"


@pytest.fixture
def fund(ctx: Flask) -> Fund:
    """Make a fund in which a project was awarded 1,000 元."""
    made = funds.make_fund(amount_fen=500_000)
    funds.make_project_money(PROJECT, amount_fen=100_000, fund=made)
    return made


def pay(**changes: Any) -> Journal:
    maker, checker, payer = funds.hands()
    wanted = {
        "project_ref": PROJECT,
        "amount_fen": 40_000,
        "reservation": "r1",
        "request_id": "p1",
        "maker": maker,
        "checker": checker,
        "payer": payer,
        "document_hash": "0" * 64,
    }
    return service.pay(**(wanted | changes))


def reserve(amount_fen: int = 40_000, request_id: str = "r1") -> Journal:
    return service.reserve(
        project_ref=PROJECT, amount_fen=amount_fen, request_id=request_id, maker=funds.hand("ledger-maker")
    )


def test_money_goes_from_the_budget_to_a_project_and_is_paid(fund: Fund) -> None:
    reserve()
    pay()
    maker, checker, _payer = funds.hands()
    back = {"project_ref": PROJECT, "amount_fen": 60_000, "request_id": "g1", "maker": maker}
    with pytest.raises(RuleBroken, match="第二个人复核"):
        service.give_back(**back)
    service.give_back(checker=checker, **back)
    assert queries.project_money(PROJECT) == queries.ProjectMoney(100_000, 0, 0, 40_000, 60_000)
    assert queries.fund_summary(fund) == queries.FundSummary(500_000, 400_000, 0, 0, 0, 40_000, 60_000)
    funds.assert_ledger_holds()


@pytest.mark.usefixtures("fund")
def test_more_than_is_available_cannot_be_reserved() -> None:
    reserve(70_000)
    with pytest.raises(RuleBroken, match=r"项目可用.*余额不足：需要 300\.01 元，现有 300\.00 元"):
        reserve(30_001, "r2")


def test_an_envelope_and_the_pool_are_never_overdrawn(fund: Fund) -> None:
    maker, checker, _payer = funds.hands()
    people_of = {"maker": maker, "checker": checker}
    with pytest.raises(RuleBroken, match="待分配"):
        service.allocate(fund=fund, key="JC-2026-01/welfare", amount_fen=400_001, request_id="a", **people_of)
    with pytest.raises(RuleBroken, match="类别额度"):
        service.award(
            fund=fund,
            envelope_key=f"{PROJECT}/community",
            project_ref="GYCT-2026-01-0002",
            amount_fen=1,
            request_id="b",
            **people_of,
        )


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_is_not_positive_is_refused(amount: int) -> None:
    with pytest.raises(RuleBroken, match="大于零"):
        reserve(amount)


@pytest.mark.usefixtures("fund")
def test_the_same_request_posts_once_and_another_content_under_it_is_refused() -> None:
    first = reserve()
    assert reserve().id == first.id
    assert queries.project_money(PROJECT).reserved_fen == 40_000
    with pytest.raises(RuleBroken, match="已经入账"):
        reserve(39_999)
    with pytest.raises(RuleBroken, match="已经入账"):
        service.reserve(
            project_ref=PROJECT, amount_fen=40_000, request_id="r1", maker=funds.hand("ledger-maker"), memo="别的事由"
        )


@pytest.mark.usefixtures("fund")
def test_a_reservation_resolves_once() -> None:
    reserve()
    paid = pay()
    assert pay().id == paid.id
    maker = funds.hand("ledger-maker")
    for again in (
        lambda: pay(request_id="p2"),
        lambda: service.release(project_ref=PROJECT, reservation="r1", request_id="x", maker=maker),
    ):
        with pytest.raises(RuleBroken, match="不能重复"):
            again()
    assert queries.project_money(PROJECT).paid_fen == 40_000


@pytest.mark.usefixtures("fund")
def test_a_payment_takes_exactly_what_was_reserved() -> None:
    reserve()
    with pytest.raises(RuleBroken, match="不一致"):
        pay(amount_fen=39_999)
    with pytest.raises(RuleBroken, match="没有找到"):
        pay(reservation="r9")


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("twice", ["maker", "checker"])
def test_a_payment_needs_three_different_people(twice: str) -> None:
    reserve()
    with pytest.raises(RuleBroken, match="不同的人"):
        pay(payer=funds.hand(f"ledger-{twice}"))
    with pytest.raises(RuleBroken, match="不同的人"):
        pay(checker=funds.hand("ledger-maker"))


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN])
def test_who_supervises_or_administers_stands_behind_no_movement(role: Role) -> None:
    reserve()
    with pytest.raises(NotPermitted, match="不能经办资金"):
        pay(payer=people.make_user("watcher", role))


def test_sources_never_mix_in_one_project(fund: Fund) -> None:
    maker, checker, _payer = funds.hands()
    lottery = funds.make_fund("ZJ-2026-09", amount_fen=10_000, source=FundSource.LOTTERY)
    key = funds.make_envelope(lottery, "JC-2026-09", amount_fen=10_000)
    with pytest.raises(RuleBroken, match="不能再从另一笔资金中安排"):
        service.award(
            fund=lottery,
            envelope_key=key,
            project_ref=PROJECT,
            amount_fen=10_000,
            maker=maker,
            checker=checker,
            request_id="mix",
        )
    assert fund.ref != lottery.ref


@pytest.mark.usefixtures("fund")
def test_a_reversal_mirrors_its_original_and_happens_once() -> None:
    maker, checker, _payer = funds.hands()
    held = reserve()
    undone = service.reverse(journal=held, maker=maker, checker=checker, request_id="v1", reason="重复提交")
    assert (undone.kind, undone.amount_fen, undone.source.id) == (JournalKind.REVERSE, 40_000, held.target.id)
    assert queries.project_money(PROJECT).available_fen == 100_000
    with pytest.raises(RuleBroken, match="只能冲销一次"):
        service.reverse(journal=held, maker=maker, checker=checker, request_id="v2", reason="再来一次")
    with pytest.raises(RuleBroken, match="不能再冲销"):
        service.reverse(journal=undone, maker=maker, checker=checker, request_id="v3", reason="冲销的冲销")
    funds.assert_ledger_holds()


@pytest.mark.usefixtures("fund")
def test_a_paid_reservation_is_reversed_only_after_its_payment() -> None:
    maker, checker, _payer = funds.hands()
    held, paid = reserve(), pay()
    with pytest.raises(RuleBroken, match="先处理后一笔"):
        service.reverse(journal=held, maker=maker, checker=checker, request_id="v1", reason="退汇")
    service.reverse(journal=paid, maker=maker, checker=checker, request_id="v2", reason="退汇")
    service.reverse(journal=held, maker=maker, checker=checker, request_id="v1", reason="退汇")
    assert queries.project_money(PROJECT).available_fen == 100_000
    funds.assert_ledger_holds()


@pytest.mark.usefixtures("fund")
def test_a_journal_and_its_audit_entry_are_kept_or_lost_together() -> None:
    db.session.commit()
    before = audit.head()[0]
    reserve()
    db.session.rollback()
    assert audit.head()[0] == before
    assert queries.find_journal("r1") is None
    reserve()
    db.session.commit()
    assert audit.head()[0] == before + 1
    assert audit.verify().holds


def test_numbers_have_no_gap_after_a_refusal(fund: Fund) -> None:
    db.session.commit()
    with pytest.raises(RuleBroken):
        reserve(999_999)
    db.session.rollback()
    last = reserve().number
    db.session.commit()
    assert [journal.number for journal in queries.iterate_journals(fund)] == list(range(1, last + 1))


def test_the_balance_of_a_past_day_never_changes(fund: Fund) -> None:
    seen = queries.balances_on(fund, today())
    with time_machine.travel(now() + timedelta(days=2)):
        reserve()
        assert queries.balances_on(fund, today() - timedelta(days=2)) == seen
        assert queries.balances_on(fund, today()) == {a.id: a.balance_fen for a in queries.list_accounts(fund)}
    assert queries.balances_on(fund, today() - timedelta(days=1)) == {}
