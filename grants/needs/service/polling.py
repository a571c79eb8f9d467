"""Putting needs to the vote: the ballot is written from what the needs already say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.needs import policy, queries
from grants.people.models import Place, User
from grants.rounds.models import Round
from grants.voting import service as voting
from grants.voting.models import Poll

SUMMARY_LENGTH = 300


@dataclass(frozen=True)
class PollTerms:
    """What the ballot says beside its options: the question, how many may be chosen, the money, the days."""

    title: str
    question: str
    max_choices: int
    budget_fen: int
    opens_at: datetime
    closes_at: datetime


def put_to_vote(*, round: Round, community: Place, officer: User, terms: PollTerms, costs: Mapping[str, int]) -> Poll:
    """Draft a poll among the residents of a community; `costs` gives each need's estimate in 分, by reference."""
    needs = queries.list_needs_by_ref(costs)
    if len(needs) < 2:
        raise RuleBroken(_("至少为两条需求填写估算金额，才能组成一次投票。"))
    for need in needs:
        require(policy.why_not_put_to_vote(officer, need), RuleBroken)
        if need.community_id != community.id or need.round_id != round.id:
            raise RuleBroken(_("%(ref)s不属于本届%(community)s。", ref=need.ref, community=community.name))
    return voting.draft_poll(
        officer=officer,
        round=round,
        community=community,
        title=terms.title,
        question=terms.question,
        options=[
            voting.OptionDraft(need.title, need.body[:SUMMARY_LENGTH], need.category, costs[need.ref], need.ref)
            for need in sorted(needs, key=lambda one: (-one.support_count, one.ref))
        ],
        max_choices=terms.max_choices,
        budget_fen=terms.budget_fen,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
    )
