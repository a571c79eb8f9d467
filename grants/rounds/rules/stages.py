"""A round's categories, phases and statuses, and those of its notices."""

from datetime import date
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l
from grants.foundation.workflow import Workflow


class Category(StrEnum):
    """The five project categories, always shown in this order."""

    GOVERNANCE = "governance"
    PROFESSIONAL = "professional"
    COMMUNITY = "community"
    VOLUNTEER = "volunteer"
    WELFARE = "welfare"


CATEGORY_LABELS: dict[Category, Text] = {
    Category.GOVERNANCE: _l("社会治理"),
    Category.PROFESSIONAL: _l("专业服务"),
    Category.COMMUNITY: _l("社区营造"),
    Category.VOLUNTEER: _l("志愿服务"),
    Category.WELFARE: _l("福利慈善"),
}


class RoundStatus(StrEnum):
    """Where a round stands as a whole."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class RoundAction(StrEnum):
    """What can be done with a round."""

    OPEN = "open"
    CLOSE = "close"
    ARCHIVE = "archive"


ROUND_FLOW = Workflow(
    {
        (RoundStatus.DRAFT, RoundAction.OPEN): RoundStatus.OPEN,
        (RoundStatus.OPEN, RoundAction.CLOSE): RoundStatus.CLOSED,
        (RoundStatus.CLOSED, RoundAction.ARCHIVE): RoundStatus.ARCHIVED,
    }
)

ROUND_STATUS_LABELS: dict[RoundStatus, Text] = {
    RoundStatus.DRAFT: _l("筹备中"),
    RoundStatus.OPEN: _l("进行中"),
    RoundStatus.CLOSED: _l("已结束"),
    RoundStatus.ARCHIVED: _l("已归档"),
}


class Phase(StrEnum):
    """The dated phases of a round, in order."""

    NEEDS = "needs"
    SCREENING = "screening"
    POLL = "poll"
    PROJECTS = "projects"
    CALL = "call"
    REVIEW = "review"
    AGREEMENT = "agreement"
    DELIVERY = "delivery"
    EVALUATION = "evaluation"
    CLOSING = "closing"


PHASE_LABELS: dict[Phase, Text] = {
    Phase.NEEDS: _l("需求征集"),
    Phase.SCREENING: _l("需求筛选"),
    Phase.POLL: _l("居民投票"),
    Phase.PROJECTS: _l("项目立项"),
    Phase.CALL: _l("组织申报"),
    Phase.REVIEW: _l("评审遴选"),
    Phase.AGREEMENT: _l("签约"),
    Phase.DELIVERY: _l("实施监督"),
    Phase.EVALUATION: _l("评价结项"),
    Phase.CLOSING: _l("归档公开"),
}


class ExtensionStatus(StrEnum):
    """A later end of a phase waits for the second person."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"


class ScoreTableKind(StrEnum):
    """What a score table is used for."""

    SELECTION = "selection"
    JURY = "jury"
    MIDTERM = "midterm"
    FINAL = "final"


SCORE_TABLE_LABELS: dict[ScoreTableKind, Text] = {
    ScoreTableKind.SELECTION: _l("专家评审表"),
    ScoreTableKind.JURY: _l("居民评审表"),
    ScoreTableKind.MIDTERM: _l("中期评估表"),
    ScoreTableKind.FINAL: _l("末期评估表"),
}


class NoticeKind(StrEnum):
    """What a public notice (公示) announces."""

    NEEDS = "needs"
    PROJECT = "project"
    AWARD = "award"
    RESULT = "result"


NOTICE_KIND_LABELS: dict[NoticeKind, Text] = {
    NoticeKind.NEEDS: _l("需求公示"),
    NoticeKind.PROJECT: _l("立项公示"),
    NoticeKind.AWARD: _l("拟入选公示"),
    NoticeKind.RESULT: _l("结果公示"),
}


class NoticeStatus(StrEnum):
    """A notice runs through its objection window, then ends or is withdrawn."""

    RUNNING = "running"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


NOTICE_STATUS_LABELS: dict[NoticeStatus, Text] = {
    NoticeStatus.RUNNING: _l("公示中"),
    NoticeStatus.ENDED: _l("公示期满"),
    NoticeStatus.WITHDRAWN: _l("已撤回"),
}


class NoticeAction(StrEnum):
    """What can be done with a notice."""

    END = "end"
    WITHDRAW = "withdraw"


NOTICE_FLOW = Workflow(
    {
        (NoticeStatus.RUNNING, NoticeAction.END): NoticeStatus.ENDED,
        (NoticeStatus.RUNNING, NoticeAction.WITHDRAW): NoticeStatus.WITHDRAWN,
    }
)


class ObjectionStatus(StrEnum):
    """An objection waits until it is answered in writing."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


OBJECTION_STATUS_LABELS: dict[ObjectionStatus, Text] = {
    ObjectionStatus.OPEN: _l("待答复"),
    ObjectionStatus.UPHELD: _l("异议成立"),
    ObjectionStatus.REJECTED: _l("异议不成立"),
}


class ObjectionAction(StrEnum):
    """How an objection is answered."""

    UPHOLD = "uphold"
    REJECT = "reject"


OBJECTION_FLOW = Workflow(
    {
        (ObjectionStatus.OPEN, ObjectionAction.UPHOLD): ObjectionStatus.UPHELD,
        (ObjectionStatus.OPEN, ObjectionAction.REJECT): ObjectionStatus.REJECTED,
    }
)


def day_words(day: date) -> str:
    """Return a day as it is written in a sentence: 2026年3月5日."""
    return _("%(year)s年%(month)s月%(day)s日", year=day.year, month=day.month, day=day.day)
