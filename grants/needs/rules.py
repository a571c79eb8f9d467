"""Needs: where they come from, how they are screened, and the residents' six steps (六部曲)."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


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


NEED_FLOW = Workflow(
    {
        (NeedStatus.RAISED, NeedAction.EXAMINE): NeedStatus.EXAMINED,
        (NeedStatus.RAISED, NeedAction.DECLINE): NeedStatus.DECLINED,
        (NeedStatus.RAISED, NeedAction.HAND_OVER): NeedStatus.HANDED_OVER,
        (NeedStatus.RAISED, NeedAction.MERGE): NeedStatus.MERGED,
        (NeedStatus.EXAMINED, NeedAction.DELIBERATE): NeedStatus.DELIBERATED,
        (NeedStatus.EXAMINED, NeedAction.DISPUTE): NeedStatus.DISPUTED,
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
