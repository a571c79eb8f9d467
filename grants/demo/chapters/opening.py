"""Rounds are prepared, paid for and opened."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from grants.demo.teller import Teller
from grants.funds import queries as balances
from grants.funds import service as funds
from grants.funds.rules import FundSource, ProposalKind, envelope_key
from grants.rounds import service as rounds
from grants.rounds.models import Round
from grants.rounds.rules import Category, Phase
from grants.rounds.service import PhaseDates


@dataclass(frozen=True)
class RoundPlan:
    """When a round is held and with how much money (in 万元 for each of the five categories)."""

    name: str
    year: int
    starts_on: date
    phases: dict[Phase, tuple[int, int]]
    wan: tuple[int, int, int, int, int]
    introduction: str
    settings: dict[str, Any]
    purpose: str = "专项资金"


PAST = {
    Phase.NEEDS: (0, 40),
    Phase.SCREENING: (15, 60),
    Phase.POLL: (55, 80),
    Phase.PROJECTS: (75, 110),
    Phase.CALL: (100, 135),
    Phase.REVIEW: (130, 170),
    Phase.AGREEMENT: (160, 190),
    Phase.DELIVERY: (170, 420),
    Phase.EVALUATION: (400, 470),
    Phase.CLOSING: (440, 520),
}
"""Days from the start of a finished round, first and last."""

NOW = {
    Phase.NEEDS: (0, 150),
    Phase.SCREENING: (10, 155),
    Phase.POLL: (30, 170),
    Phase.PROJECTS: (35, 190),
    Phase.CALL: (45, 210),
    Phase.REVIEW: (55, 230),
    Phase.AGREEMENT: (65, 250),
    Phase.DELIVERY: (70, 480),
    Phase.EVALUATION: (90, 520),
    Phase.CLOSING: (100, 560),
}
"""The present round takes needs all year round, so its phases overlap."""


def open_round(teller: Teller, plan: RoundPlan) -> Round:
    """Prepare a round, appropriate its money, and have it opened by the leader."""
    officer, leader = teller.user("programme-1"), teller.user("leader-1")
    payer, second = teller.user("finance-1"), teller.user("finance-2")
    total_fen = sum(plan.wan) * 1_000_000
    with teller.on(plan.starts_on - timedelta(days=12), 9):
        fund = funds.create_fund(
            name=f"{plan.year}年公益创投{plan.purpose}",
            source=FundSource.STREET,
            year=plan.year,
            matter="公益创投",
            officer=payer,
            document_number=f"梧街财〔{plan.year}〕{6 + plan.year % 7}号",
        )
        funds.appropriate(
            fund=fund, amount_fen=total_fen, maker=payer, checker=second, request_id=f"{fund.ref}/appropriate"
        )
    with teller.on(plan.starts_on - timedelta(days=8), 10):
        made = rounds.create_round(
            name=plan.name, year=plan.year, fund=fund, officer=officer, introduction=plan.introduction
        )
        dates = {
            phase: PhaseDates(plan.starts_on + timedelta(days=first), plan.starts_on + timedelta(days=last))
            for phase, (first, last) in plan.phases.items()
        }
        rounds.set_phases(round=made, officer=officer, dates=dates)
        amounts = {category: wan * 1_000_000 for category, wan in zip(Category, plan.wan, strict=True)}
        rounds.set_envelopes(round=made, officer=officer, amounts=amounts)
        rounds.set_settings(round=made, officer=officer, settings={**made.settings, **plan.settings})
    with teller.on(plan.starts_on - timedelta(days=3), 15):
        rounds.confirm_money(round=made, officer=payer)
        rounds.open_round(round=made, officer=leader)
    return made


def end_round(teller: Teller, round_: Round, *, is_archived: bool) -> None:
    """End a round after its last phase; what its envelopes still hold goes back to the fund, by two people."""
    over = max(phase.ends_on for phase in round_.phases)
    officer, asking, agreeing = teller.user("programme-1"), teller.user("finance-1"), teller.user("finance-2")
    with teller.on(over + timedelta(days=4), 10):
        rounds.close_round(round=round_, officer=officer)
    for category in Category:
        left = balances.envelope_balance(round_.ref, category)
        if not left:
            continue
        with teller.on(over + timedelta(days=8), 10):
            proposal = funds.propose(
                fund=round_.fund,
                kind=ProposalKind.RECALL,
                amount_fen=left,
                reason=f"{round_.name}已办结，收回未安排的额度",
                officer=asking,
                key=envelope_key(round_.ref, category),
            )
        with teller.on(over + timedelta(days=9), 15):
            funds.confirm(proposal=proposal, officer=agreeing)
    if is_archived:
        with teller.on(over + timedelta(days=60), 10):
            rounds.archive_round(round=round_, officer=officer)
