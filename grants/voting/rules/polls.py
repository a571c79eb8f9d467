"""What a poll is: its kinds, rules, statuses and channels."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class PollKind(StrEnum):
    """How a voter expresses a choice."""

    APPROVAL = "approval"
    CUMULATIVE = "cumulative"
    KNAPSACK = "knapsack"
    RANKING = "ranking"
    SCORING = "scoring"

    @property
    def has_points(self) -> bool:
        """Tell whether a voter writes a number beside an option."""
        return self in {PollKind.CUMULATIVE, PollKind.SCORING}


POLL_KIND_LABELS: dict[PollKind, Text] = {
    PollKind.APPROVAL: _l("多选"),
    PollKind.CUMULATIVE: _l("分配点数"),
    PollKind.KNAPSACK: _l("预算内自选"),
    PollKind.RANKING: _l("排序"),
    PollKind.SCORING: _l("打分"),
}


class CountingRule(StrEnum):
    """How ballots become a list of funded options."""

    GREEDY = "greedy"
    EQUAL_SHARES = "mes"
    SUPPORT = "support"


COUNTING_RULE_LABELS: dict[CountingRule, Text] = {
    CountingRule.GREEDY: _l("简单多数"),
    CountingRule.EQUAL_SHARES: _l("等额分配法"),
    CountingRule.SUPPORT: _l("需求排序（不分配资金）"),
}


class Publication(StrEnum):
    """What is published after the count: every code with its choices, or the two apart from each other."""

    OPEN = "open"
    PROTECTED = "protected"


PUBLICATION_LABELS: dict[Publication, Text] = {
    Publication.OPEN: _l("公开：公布每个回执码对应的选择"),
    Publication.PROTECTED: _l("保护：回执码与选择分开公布"),
}


class PollStatus(StrEnum):
    """Where a poll stands."""

    DRAFT = "draft"
    FROZEN = "frozen"
    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"
    COUNTED = "counted"


class PollAction(StrEnum):
    """What can be done with a poll."""

    FREEZE = "freeze"
    OPEN = "open"
    CLOSE = "close"
    SEAL = "seal"
    COUNT = "count"


POLL_FLOW = Workflow(
    {
        (PollStatus.DRAFT, PollAction.FREEZE): PollStatus.FROZEN,
        (PollStatus.FROZEN, PollAction.OPEN): PollStatus.OPEN,
        (PollStatus.OPEN, PollAction.CLOSE): PollStatus.CLOSED,
        (PollStatus.CLOSED, PollAction.SEAL): PollStatus.SEALED,
        (PollStatus.SEALED, PollAction.COUNT): PollStatus.COUNTED,
    }
)

POLL_STATUS_LABELS: dict[PollStatus, Text] = {
    PollStatus.DRAFT: _l("草拟中"),
    PollStatus.FROZEN: _l("规则已锁定"),
    PollStatus.OPEN: _l("投票中"),
    PollStatus.CLOSED: _l("已截止"),
    PollStatus.SEALED: _l("已封存"),
    PollStatus.COUNTED: _l("已公布结果"),
}


class Channel(StrEnum):
    """How a ballot reached the box; one person has one ballot across all of them."""

    WEB = "web"
    KIOSK = "kiosk"
    PAPER = "paper"
    PROXY = "proxy"


CHANNEL_LABELS: dict[Channel, Text] = {
    Channel.WEB: _l("网上"),
    Channel.KIOSK: _l("社区自助机"),
    Channel.PAPER: _l("纸质选票"),
    Channel.PROXY: _l("协助投票"),
}


class AmendmentKind(StrEnum):
    """What may still change after the rules were frozen, by two people and in public."""

    EXTENSION = "extension"
    ROLL = "roll"
    WORDING = "wording"


AMENDMENT_KIND_LABELS: dict[AmendmentKind, Text] = {
    AmendmentKind.EXTENSION: _l("延长投票时间"),
    AmendmentKind.ROLL: _l("增补名册"),
    AmendmentKind.WORDING: _l("更正文字"),
}


class AmendmentStatus(StrEnum):
    """Where an amendment stands."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    REFUSED = "refused"


AMENDMENT_STATUS_LABELS: dict[AmendmentStatus, Text] = {
    AmendmentStatus.PROPOSED: _l("待另一人确认"),
    AmendmentStatus.ADOPTED: _l("已生效"),
    AmendmentStatus.REFUSED: _l("未同意"),
}


class BatchStatus(StrEnum):
    """Where a batch of paper ballots stands."""

    STUBS = "stubs"
    SIGNED = "signed"
    KEYED = "keyed"
    SETTLED = "settled"
    POSTED = "posted"


BATCH_STATUS_LABELS: dict[BatchStatus, Text] = {
    BatchStatus.STUBS: _l("登记存根"),
    BatchStatus.SIGNED: _l("已清点签字，待录入"),
    BatchStatus.KEYED: _l("两人已录入，待核对"),
    BatchStatus.SETTLED: _l("核对一致，待入箱"),
    BatchStatus.POSTED: _l("已计入票箱"),
}


def rounded_turnout(count: int) -> int:
    """Return a turnout that may be shown while voting goes on: rounded down to tens."""
    return count // 10 * 10
