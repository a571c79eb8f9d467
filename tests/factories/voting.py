"""Builders of polls, through the services."""

from datetime import timedelta

from grants.foundation import clock
from grants.foundation.database import db
from grants.people.models import Place, User
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting import service
from grants.voting.models import Poll
from grants.voting.service import OptionDraft

OPTIONS = (
    OptionDraft("一键守望·独居老人关爱", "为高龄独居老人每日问候", Category.PROFESSIONAL, 9_800_000, "XQ-01-001-0001"),
    OptionDraft("停车有序·邻里共议", "一起商量停车公约", Category.GOVERNANCE, 5_200_000, "XQ-01-001-0002"),
    OptionDraft("共建花园·一米菜园", "把荒地变成花园", Category.COMMUNITY, 7_200_000, "XQ-01-001-0003"),
    OptionDraft("暖心餐桌·高龄助餐", "送餐上门", Category.WELFARE, 9_900_000, ""),
)


def make_draft(officer: User, round: Round, community: Place, *, budget_fen: int = 16_000_000) -> Poll:
    """Draft a poll of four options that opened an hour ago and closes in a week."""
    moment = clock.now()
    return service.draft_poll(
        officer=officer,
        round=round,
        community=community,
        title="银杏社区公益项目居民投票",
        question="请选出您最需要的项目。",
        options=OPTIONS,
        max_choices=3,
        budget_fen=budget_fen,
        opens_at=moment - timedelta(hours=1),
        closes_at=moment + timedelta(days=7),
    )


def make_open(officer: User, second: User, round: Round, community: Place, **options: int) -> Poll:
    """Return a poll that takes ballots."""
    poll = make_draft(officer, round, community, **options)
    service.freeze_poll(officer=officer, poll=poll)
    service.open_poll(officer=second, poll=poll)
    db.session.flush()
    return poll
