"""Needs: where they come from, how they are screened, and the residents' six steps (六部曲)."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow
from grants.rounds.rules import CATEGORY_LABELS


class NeedSource(StrEnum):
    """How a need reached the street."""

    WEB = "web"
    COUNTER = "counter"
    PHONE = "phone"
    PAPER = "paper"
    VISIT = "visit"
    RECEPTION = "reception"
    BOARD = "board"
    HOTLINE = "hotline"
    ASSEMBLY = "assembly"


NEED_SOURCE_LABELS: dict[NeedSource, Text] = {
    NeedSource.WEB: _l("网上提交"),
    NeedSource.COUNTER: _l("窗口代办"),
    NeedSource.PHONE: _l("电话"),
    NeedSource.PAPER: _l("纸质表格"),
    NeedSource.VISIT: _l("网格走访"),
    NeedSource.RECEPTION: _l("民声诉求接待站"),
    NeedSource.BOARD: _l("社区公开栏"),
    NeedSource.HOTLINE: _l("社区热线"),
    NeedSource.ASSEMBLY: _l("社区代表议事会"),
}


class Urgency(StrEnum):
    """How soon something must happen."""

    NORMAL = "normal"
    SOON = "soon"
    URGENT = "urgent"


URGENCY_LABELS: dict[Urgency, Text] = {Urgency.NORMAL: _l("一般"), Urgency.SOON: _l("较急"), Urgency.URGENT: _l("紧急")}


class TargetGroup(StrEnum):
    """Whom a need is mostly about."""

    ALL = "all"
    ELDERLY = "elderly"
    CHILDREN = "children"
    DISABLED = "disabled"
    WOMEN_FAMILY = "family"
    LOW_INCOME = "low_income"
    NEWCOMERS = "newcomers"


TARGET_GROUP_LABELS: dict[TargetGroup, Text] = {
    TargetGroup.ALL: _l("全体居民"),
    TargetGroup.ELDERLY: _l("老年人"),
    TargetGroup.CHILDREN: _l("儿童青少年"),
    TargetGroup.DISABLED: _l("残障人士"),
    TargetGroup.WOMEN_FAMILY: _l("妇女与家庭"),
    TargetGroup.LOW_INCOME: _l("困难群众"),
    TargetGroup.NEWCOMERS: _l("新居民与外来务工人员"),
}


class Triage(StrEnum):
    """“721”: most needs are met by service (funded here), some by management, few by enforcement."""

    SERVICE = "service"
    MANAGEMENT = "management"
    ENFORCEMENT = "enforcement"


TRIAGE_LABELS: dict[Triage, Text] = {
    Triage.SERVICE: _l("靠服务解决"),
    Triage.MANAGEMENT: _l("靠管理解决"),
    Triage.ENFORCEMENT: _l("靠综合执法解决"),
}


class NeedStatus(StrEnum):
    """Where a need stands."""

    RAISED = "raised"
    EXAMINED = "examined"
    DELIBERATED = "deliberated"
    DISPUTED = "disputed"
    ADOPTED = "adopted"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    MERGED = "merged"


class NeedAction(StrEnum):
    """What officers and meetings do with a need."""

    EXAMINE = "examine"
    DELIBERATE = "deliberate"
    DISPUTE = "dispute"
    RESOLVE = "resolve"
    ADOPT = "adopt"
    DECLINE = "decline"
    HAND_OVER = "hand_over"
    MERGE = "merge"


NEED_ACTION_LABELS: dict[NeedAction, Text] = {
    NeedAction.EXAMINE: _l("审核通过，提交议事"),
    NeedAction.DELIBERATE: _l("议事通过"),
    NeedAction.DISPUTE: _l("存在争议"),
    NeedAction.RESOLVE: _l("居民会议决定"),
    NeedAction.ADOPT: _l("采纳，可以立项"),
    NeedAction.DECLINE: _l("不采纳，答复理由"),
    NeedAction.HAND_OVER: _l("转交部门办理"),
    NeedAction.MERGE: _l("并入相同的需求"),
}

NEED_FLOW = Workflow(
    {
        (NeedStatus.RAISED, NeedAction.EXAMINE): NeedStatus.EXAMINED,
        (NeedStatus.RAISED, NeedAction.DECLINE): NeedStatus.DECLINED,
        (NeedStatus.RAISED, NeedAction.HAND_OVER): NeedStatus.HANDED_OVER,
        (NeedStatus.RAISED, NeedAction.MERGE): NeedStatus.MERGED,
        (NeedStatus.EXAMINED, NeedAction.DELIBERATE): NeedStatus.DELIBERATED,
        (NeedStatus.EXAMINED, NeedAction.DISPUTE): NeedStatus.DISPUTED,
        (NeedStatus.EXAMINED, NeedAction.ADOPT): NeedStatus.ADOPTED,
        (NeedStatus.EXAMINED, NeedAction.DECLINE): NeedStatus.DECLINED,
        (NeedStatus.EXAMINED, NeedAction.HAND_OVER): NeedStatus.HANDED_OVER,
        (NeedStatus.EXAMINED, NeedAction.MERGE): NeedStatus.MERGED,
        (NeedStatus.DISPUTED, NeedAction.RESOLVE): NeedStatus.DELIBERATED,
        (NeedStatus.DISPUTED, NeedAction.DECLINE): NeedStatus.DECLINED,
        (NeedStatus.DELIBERATED, NeedAction.ADOPT): NeedStatus.ADOPTED,
        (NeedStatus.DELIBERATED, NeedAction.DECLINE): NeedStatus.DECLINED,
    }
)

NEED_STATUS_LABELS: dict[NeedStatus, Text] = {
    NeedStatus.RAISED: _l("已提事"),
    NeedStatus.EXAMINED: _l("两委已审"),
    NeedStatus.DELIBERATED: _l("已民主议事"),
    NeedStatus.DISPUTED: _l("存在争议，待居民会议决定"),
    NeedStatus.ADOPTED: _l("已采纳立项"),
    NeedStatus.DECLINED: _l("未采纳"),
    NeedStatus.HANDED_OVER: _l("已转办"),
    NeedStatus.MERGED: _l("已合并"),
}

OPEN_FOR_SUPPORT = frozenset({NeedStatus.RAISED, NeedStatus.EXAMINED})
"""While a need waits for its meeting, neighbours may still say “me too”."""

OPEN_FOR_MEETING = frozenset({NeedStatus.EXAMINED, NeedStatus.DISPUTED})
OPEN_FOR_POLL = frozenset({NeedStatus.EXAMINED, NeedStatus.DELIBERATED})
"""A dispute is not settled by a poll, only by a meeting."""

ENDED = frozenset({NeedStatus.DECLINED, NeedStatus.HANDED_OVER, NeedStatus.MERGED})
"""Answered and over: nothing more happens to the need itself."""


class Step(StrEnum):
    """The residents' own six steps, stamped with a date, in public."""

    RAISE = "raise"
    EXAMINE = "examine"
    DELIBERATE = "deliberate"
    DECIDE = "decide"
    CARRY_OUT = "carry_out"
    PUBLISH = "publish"


STEP_LABELS: dict[Step, Text] = {
    Step.RAISE: _l("百姓提事"),
    Step.EXAMINE: _l("两委审事"),
    Step.DELIBERATE: _l("民主议事"),
    Step.DECIDE: _l("集中定事"),
    Step.CARRY_OUT: _l("协同办事"),
    Step.PUBLISH: _l("主动公示"),
}


class StepState(StrEnum):
    """How one of the six steps is drawn."""

    DONE = "done"
    CURRENT = "current"
    TODO = "todo"
    STOPPED = "stopped"
    SKIPPED = "skipped"


def step_states(status: NeedStatus, stamped: Collection[Step]) -> list[tuple[Step, StepState]]:
    """Return the six steps with their state; a dispute stops the next one (一根弦), an answer ends the rest."""
    states: list[tuple[Step, StepState]] = []
    waiting = StepState.STOPPED if status is NeedStatus.DISPUTED else StepState.CURRENT
    for step in Step:
        if step in stamped:
            states.append((step, StepState.DONE))
        elif status in ENDED:
            states.append((step, StepState.SKIPPED))
        else:
            states.append((step, waiting))
            waiting = StepState.TODO
    return states


class MeetingKind(StrEnum):
    """A deliberation meeting, or the residents' (representatives') meeting that settles a dispute."""

    DELIBERATION = "deliberation"
    REPRESENTATIVES = "representatives"
    RESIDENTS = "residents"


MEETING_KIND_LABELS: dict[MeetingKind, Text] = {
    MeetingKind.DELIBERATION: _l("社区议事会"),
    MeetingKind.REPRESENTATIVES: _l("居民代表会议"),
    MeetingKind.RESIDENTS: _l("居民会议"),
}

FIVE_CHECKS: dict[str, Text] = {
    "democratic": _l("民主议事：表决结果已记录"),
    "open": _l("公开议事：议题已提前公布"),
    "equal": _l("平等议事：各方均有发言机会"),
    "orderly": _l("规范议事：程序步骤完整"),
    "rational": _l("理性议事：事实与附件已提供"),
}
"""“五个议”: what a meeting must be able to tick."""


class Outcome(StrEnum):
    """What a meeting's vote on one need comes to."""

    PASSED = "passed"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    UNDECIDED = "undecided"
    NO_QUORUM = "no_quorum"


OUTCOME_LABELS: dict[Outcome, Text] = {
    Outcome.PASSED: _l("通过"),
    Outcome.REJECTED: _l("未通过"),
    Outcome.DISPUTED: _l("存在争议，提交居民（代表）会议决定"),
    Outcome.UNDECIDED: _l("议而未决，可再议一次"),
    Outcome.NO_QUORUM: _l("到会人数不足，表决无效"),
}


@dataclass(frozen=True)
class Votes:
    """Hands counted on one need."""

    for_count: int
    against_count: int
    abstain_count: int

    @property
    def total(self) -> int:
        """Return how many voted."""
        return self.for_count + self.against_count + self.abstain_count


def has_quorum(attended: int, entitled: int, quorum_percent: int) -> bool:
    """Tell whether more than the set share of those entitled came (居委会组织法: more than half)."""
    return attended * 100 > entitled * quorum_percent


def outcome(
    kind: MeetingKind, votes: Votes, *, attended: int, quorate: bool, dispute_percent: int, was_undecided: bool
) -> Outcome:
    """Return what a vote comes to.

    A meeting decides by more than half of those present. At a deliberation, opposition that reaches `dispute_percent`
    of the votes cast, or a second meeting without result, is a dispute (一根弦) that only the residents' or their
    representatives' meeting may settle; what that meeting does not pass is rejected.
    """
    if not quorate:
        return Outcome.NO_QUORUM
    has_majority = votes.for_count * 2 > attended
    if kind is not MeetingKind.DELIBERATION:
        return Outcome.PASSED if has_majority else Outcome.REJECTED
    if votes.total and votes.against_count * 100 >= votes.total * dispute_percent:
        return Outcome.DISPUTED
    if has_majority:
        return Outcome.PASSED
    return Outcome.DISPUTED if was_undecided else Outcome.UNDECIDED


ACTION_AFTER: dict[tuple[NeedStatus, Outcome], NeedAction] = {
    (NeedStatus.EXAMINED, Outcome.PASSED): NeedAction.DELIBERATE,
    (NeedStatus.EXAMINED, Outcome.DISPUTED): NeedAction.DISPUTE,
    (NeedStatus.DISPUTED, Outcome.PASSED): NeedAction.RESOLVE,
}
"""What a vote does to the need; every other outcome leaves its status as it is."""

SIMILAR_FROM = 45
"""Likeness, of 100, from which a need is shown as a possible duplicate; twins score 45 to 68, strangers below that."""

_COMMON = ("希望", "社区", "居民", "小区", "街道", "能够", "解决", "问题", "我们", "大家", "建议", "现在")


def _plain(text: str) -> str:
    """Return letters and figures in lower case and half width, and blanks for everything else."""
    return "".join(sign if sign.isalnum() else " " for sign in unicodedata.normalize("NFKC", text).lower())


def _pairs(plain: str) -> str:
    return " ".join(part[at : at + 2] for part in plain.split() for at in range(max(1, len(part) - 1)))


def search_words(text: str) -> str:
    """Return a text as pairs of neighbouring characters, the words of a language written without blanks."""
    return _pairs(_plain(text))


def bigrams(text: str) -> str:
    """Return what sets a text apart, as pairs of characters: words that stand in every need are left out."""
    plain = _plain(text).replace(" ", "")
    for word in _COMMON:
        plain = plain.replace(word, " ")
    return _pairs(plain)


def likeness(first: str, second: str) -> int:
    """Return how alike two texts in bigrams are, 0 to 100."""
    from rapidfuzz import fuzz  # fifty modules, needed only where a need is raised or examined

    return round(fuzz.token_set_ratio(first, second))


EXPORT_HEADER: tuple[Text, ...] = (
    _l("编号"),
    _l("届次"),
    _l("社区"),
    _l("类别"),
    _l("需求"),
    _l("具体情况"),
    _l("地点"),
    _l("服务对象"),
    _l("紧急程度"),
    _l("来源"),
    _l("状态"),
    _l("需要人数"),
    _l("提出时间"),
    _l("答复"),
    _l("接办部门"),
    _l("类别代码"),
    _l("状态代码"),
)


def export_cells(row: Sequence[Any]) -> tuple[Any, ...]:
    """Return a need's line under EXPORT_HEADER: words for people, and two codes at the end for programs."""
    ref, round_name, place, category, title, body, where, group, urgency, source, status, *rest = row
    return (
        *(ref, round_name, place, CATEGORY_LABELS[category], title, body, where),
        *(TARGET_GROUP_LABELS[group], URGENCY_LABELS[urgency], NEED_SOURCE_LABELS[source], NEED_STATUS_LABELS[status]),
        *rest,
        category.value,
        status.value,
    )
