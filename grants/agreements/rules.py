"""Agreements, milestones and tranches: their status tables."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class AgreementStatus(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class AgreementAction(StrEnum):
    """What can be done with an agreement."""

    SIGN = "sign"
    COMPLETE = "complete"
    TERMINATE = "terminate"


AGREEMENT_FLOW = Workflow(
    {
        (AgreementStatus.DRAFT, AgreementAction.SIGN): AgreementStatus.SIGNED,
        (AgreementStatus.SIGNED, AgreementAction.COMPLETE): AgreementStatus.COMPLETED,
        (AgreementStatus.SIGNED, AgreementAction.TERMINATE): AgreementStatus.TERMINATED,
    }
)

AGREEMENT_STATUS_LABELS: dict[AgreementStatus, Text] = {
    AgreementStatus.DRAFT: _l("待签署"),
    AgreementStatus.SIGNED: _l("履行中"),
    AgreementStatus.COMPLETED: _l("已履行完毕"),
    AgreementStatus.TERMINATED: _l("已终止"),
}


class MilestoneStatus(StrEnum):
    """A milestone is claimed with evidence and verified by two sides."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    COMMUNITY_VERIFIED = "community_verified"
    VERIFIED = "verified"


class MilestoneAction(StrEnum):
    """What moves a milestone on."""

    CLAIM = "claim"
    VERIFY_COMMUNITY = "verify_community"
    VERIFY_RESIDENT = "verify_resident"
    SEND_BACK = "send_back"


MILESTONE_FLOW = Workflow(
    {
        (MilestoneStatus.PLANNED, MilestoneAction.CLAIM): MilestoneStatus.CLAIMED,
        (MilestoneStatus.CLAIMED, MilestoneAction.VERIFY_COMMUNITY): MilestoneStatus.COMMUNITY_VERIFIED,
        (MilestoneStatus.CLAIMED, MilestoneAction.SEND_BACK): MilestoneStatus.PLANNED,
        (MilestoneStatus.COMMUNITY_VERIFIED, MilestoneAction.VERIFY_RESIDENT): MilestoneStatus.VERIFIED,
        (MilestoneStatus.COMMUNITY_VERIFIED, MilestoneAction.SEND_BACK): MilestoneStatus.PLANNED,
    }
)

MILESTONE_STATUS_LABELS: dict[MilestoneStatus, Text] = {
    MilestoneStatus.PLANNED: _l("未申报"),
    MilestoneStatus.CLAIMED: _l("待社区核实"),
    MilestoneStatus.COMMUNITY_VERIFIED: _l("待居民监督员核实"),
    MilestoneStatus.VERIFIED: _l("已核实"),
}


class Gate(StrEnum):
    """What has to be proven before a tranche may be paid."""

    SIGNED = "signed"
    MIDTERM = "midterm"
    FINAL = "final"


GATE_LABELS: dict[Gate, Text] = {
    Gate.SIGNED: _l("协议签署"),
    Gate.MIDTERM: _l("中期里程碑核实、无未整改事项、前期资金执行率达标"),
    Gate.FINAL: _l("末期评价合格并归档"),
}
