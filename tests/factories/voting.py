"""Builders of polls, through the services."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from grants.foundation import clock
from grants.foundation.database import db
from grants.people.models import Place, User
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting import service
from grants.voting.models import Poll
from grants.voting.rules import CountingRule, PollKind
from grants.voting.service import Method, OptionDraft

OPTIONS = (
    OptionDraft("一键守望·独居老人关爱", "为高龄独居老人每日问候", Category.PROFESSIONAL, 9_800_000, "XQ-01-001-0001"),
    OptionDraft("停车有序·邻里共议", "一起商量停车公约", Category.GOVERNANCE, 5_200_000, "XQ-01-001-0002"),
    OptionDraft("共建花园·一米菜园", "把荒地变成花园", Category.COMMUNITY, 7_200_000, "XQ-01-001-0003"),
    OptionDraft("暖心餐桌·高龄助餐", "送餐上门", Category.WELFARE, 9_900_000, ""),
)
METHODS = {
    PollKind.APPROVAL: Method(),
    PollKind.KNAPSACK: Method(PollKind.KNAPSACK),
    PollKind.CUMULATIVE: Method(PollKind.CUMULATIVE, points=10),
    PollKind.SCORING: Method(PollKind.SCORING, points=5),
    PollKind.RANKING: Method(PollKind.RANKING, CountingRule.SUPPORT),
}
"""One sensible way to vote and count for every kind of ballot."""


def make_draft(
    officer: User,
    round: Round,
    community: Place,
    *,
    budget_fen: int = 16_000_000,
    method: Method | None = None,
    options: Sequence[OptionDraft] = OPTIONS,
    max_choices: int = 3,
) -> Poll:
    """Draft a poll (of four options) that opened an hour ago and closes in a week."""
    moment = clock.now()
    return service.draft_poll(
        officer=officer,
        round=round,
        community=community,
        title=f"{community.name}公益项目居民投票",
        question="请选出您最需要的项目。",
        options=options,
        max_choices=max_choices,
        budget_fen=budget_fen,
        opens_at=moment - timedelta(hours=1),
        closes_at=moment + timedelta(days=7),
        method=method,
    )


def make_open(officer: User, second: User, round: Round, community: Place, **options: Any) -> Poll:
    """Return a poll that takes ballots."""
    poll = make_draft(officer, round, community, **options)
    service.freeze_poll(officer=officer, poll=poll)
    service.open_poll(officer=second, poll=poll)
    db.session.flush()
    return poll
