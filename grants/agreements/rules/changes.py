"""Changes of a running agreement: which are put on record, which need two approvals, and which are refused."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.foundation.workflow import Workflow

FILED_PERCENT = 10
"""A line may move by up to this share of what was approved last without approval."""
MAX_APPROVED = 2
MAX_EXTENSION_MONTHS = 3


class ChangeKind(StrEnum):
    """What is changed."""

    BUDGET = "budget"
    LEADER = "leader"
    PERIOD = "period"
    TARGETS = "targets"
    REGION = "region"


CHANGE_KIND_LABELS: dict[ChangeKind, Text] = {
    ChangeKind.BUDGET: _l("预算调整"),
    ChangeKind.LEADER: _l("项目负责人"),
    ChangeKind.PERIOD: _l("项目期限"),
    ChangeKind.TARGETS: _l("绩效指标"),
    ChangeKind.REGION: _l("实施区域"),
}


class ChangeStatus(StrEnum):
    """Where a change stands."""

    PROPOSED = "proposed"
    ENDORSED = "endorsed"
    APPROVED = "approved"
    FILED = "filed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


CHANGE_STATUS_LABELS: dict[ChangeStatus, Text] = {
    ChangeStatus.PROPOSED: _l("待社区建设部审核"),
    ChangeStatus.ENDORSED: _l("待分管领导审批"),
    ChangeStatus.APPROVED: _l("已批准"),
    ChangeStatus.FILED: _l("已备案"),
    ChangeStatus.REFUSED: _l("未批准"),
    ChangeStatus.WITHDRAWN: _l("已撤回"),
}


class ChangeAction(StrEnum):
    """What moves a change on."""

    FILE = "file"
    ENDORSE = "endorse"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


CHANGE_FLOW = Workflow(
    {
        (ChangeStatus.PROPOSED, ChangeAction.FILE): ChangeStatus.FILED,
        (ChangeStatus.PROPOSED, ChangeAction.ENDORSE): ChangeStatus.ENDORSED,
        (ChangeStatus.PROPOSED, ChangeAction.REFUSE): ChangeStatus.REFUSED,
        (ChangeStatus.PROPOSED, ChangeAction.WITHDRAW): ChangeStatus.WITHDRAWN,
        (ChangeStatus.ENDORSED, ChangeAction.APPROVE): ChangeStatus.APPROVED,
        (ChangeStatus.ENDORSED, ChangeAction.REFUSE): ChangeStatus.REFUSED,
        (ChangeStatus.ENDORSED, ChangeAction.WITHDRAW): ChangeStatus.WITHDRAWN,
    }
)

OPEN_STATUSES = (ChangeStatus.PROPOSED, ChangeStatus.ENDORSED)


@dataclass(frozen=True)
class LineMove:
    """A budget line that moves: what was approved last, what stands now, what is wanted, what is spent; in 分."""

    content: str
    source: str
    baseline_fen: int
    now_fen: int
    wanted_fen: int
    spent_fen: int = 0

    @property
    def is_small(self) -> bool:
        """Tell whether the line stays within the share of its approved amount that is only put on record."""
        return abs(self.wanted_fen - self.baseline_fen) * 100 <= self.baseline_fen * FILED_PERCENT


def shift_months(day: date, months: int) -> date:
    """Return the same day some months later (earlier when negative), or the last day of a shorter month."""
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def why_not_now(*, day: date, ends_on: date, approved_count: int, has_open: bool) -> str | None:
    """Say why no change can be asked for on this day, whatever it is."""
    if has_open:
        return _("还有一项变更在审批中，办结后才能提出下一项。")
    if day > shift_months(ends_on, -1):
        return _(
            "按规定，项目期限的最后一个月不再办理变更；本协议 %(day)s 到期。",
            day=ends_on.isoformat(),
        )
    return why_not_approve_another(approved_count)


def why_not_approve_another(approved_count: int) -> str | None:
    """Say why no further change can be approved."""
    if approved_count >= MAX_APPROVED:
        return _("按规定，一份协议批准的变更不超过 %(max)s 次，已经用完。", max=MAX_APPROVED)
    return None


def why_not_move(moves: list[LineMove]) -> str | None:
    """Say why money cannot be moved between these lines: the total never changes, no line below what is spent."""
    if all(move.wanted_fen == move.now_fen for move in moves):
        return _("预算没有变化，请填写调整后的金额。")
    if any(move.wanted_fen <= 0 for move in moves):
        return _("每一条预算的金额都要大于零。")
    for source in dict.fromkeys(move.source for move in moves):
        mine = [move for move in moves if move.source == source]
        before, after = sum(move.now_fen for move in mine), sum(move.wanted_fen for move in mine)
        if after != before:
            return _(
                "按规定，预算只能在总额内调剂：调整前合计 %(before)s 元，调整后合计 %(after)s 元，须相等。",
                before=yuan(before),
                after=yuan(after),
            )
    for move in moves:
        if move.wanted_fen < move.spent_fen:
            return _(
                "“%(content)s”已列支 %(spent)s 元，不能调到 %(wanted)s 元。",
                content=move.content,
                spent=yuan(move.spent_fen),
                wanted=yuan(move.wanted_fen),
            )
    return None


def needs_approval(kind: ChangeKind, moves: list[LineMove]) -> bool:
    """Tell whether a change takes two approvals: all but moves within a tenth of each line."""
    return kind is not ChangeKind.BUDGET or not all(move.is_small for move in moves)


def why_not_extend(*, ends_on: date, wanted: date, extended_before: bool) -> str | None:
    """Say why the period cannot be changed to end on another day."""
    if wanted == ends_on:
        return _("新的结束日期与现在相同。")
    if wanted < ends_on:
        return _("期限变更只办理延期；提前完成的项目按期末评价办理。")
    if extended_before:
        return _("按规定，一份协议最多延期一次，本协议已经延期。")
    latest = shift_months(ends_on, MAX_EXTENSION_MONTHS)
    if wanted > latest:
        return _(
            "按规定，延期不超过 %(months)s 个月，最迟到 %(day)s。",
            months=MAX_EXTENSION_MONTHS,
            day=latest.isoformat(),
        )
    return None


def why_not_targets(before: Mapping[str, int], after: Mapping[str, int]) -> str | None:
    """Say why these targets cannot replace the ones agreed."""
    if dict(before) == dict(after):
        return _("指标没有变化，请填写调整后的数值。")
    return None if all(value > 0 for value in after.values()) else _("各项指标都要大于零。")
