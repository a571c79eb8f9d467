"""Agreements, milestones and tranches: their status tables and the arithmetic of a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.foundation.workflow import Workflow
from grants.rounds.rules import BUDGET_LABELS, BudgetCode
from grants.selection.rules import MoneySource


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


class Liability(StrEnum):
    """Why an agreement ended early: by the organisation's own fault, or by what nobody could prevent."""

    OWN_FAULT = "own_fault"
    FORCE_MAJEURE = "force_majeure"


LIABILITY_LABELS: dict[Liability, Text] = {
    Liability.OWN_FAULT: _l("承接组织自身原因"),
    Liability.FORCE_MAJEURE: _l("不可抗力或非承接组织原因"),
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


def gates_for(count: int) -> list[Gate]:
    """Return the gate of each tranche: the first opens by signing, the last by the final evaluation.

    A single tranche is a reimbursement (以奖代补): it waits for the final evaluation.
    """
    if count < 2:
        return [Gate.FINAL] * count
    return [Gate.SIGNED, *[Gate.MIDTERM] * (count - 2), Gate.FINAL]


MIN_MILESTONES = 2


@dataclass(frozen=True)
class LineDraft:
    """A budget line as it is written into a draft.

    `position` is the place of the application's line it stands for (None for a new one), `reason` why it differs.
    An amount of zero leaves that line of the application out.
    """

    source: MoneySource
    code: BudgetCode
    content: str
    amount_fen: int
    position: int | None = None
    reason: str = ""

    @property
    def is_dropped(self) -> bool:
        """Tell whether the row only says why a line of the application is left out."""
        return self.position is not None and self.amount_fen == 0


@dataclass(frozen=True)
class MilestoneDraft:
    """A milestone as an officer writes it into a draft."""

    name: str
    due_on: date


def fiscal_sum(lines: Sequence[LineDraft]) -> int:
    """Return what the lines take from public money, in 分."""
    return sum(line.amount_fen for line in lines if line.source is MoneySource.FISCAL)


def why_not_lines(lines: Sequence[LineDraft], award_fen: int) -> str | None:
    """Say why these budget lines cannot stand in an agreement over an award of `award_fen`."""
    total = fiscal_sum(lines)
    if total <= 0:
        return _("请至少保留一条财政资金预算。")
    if any(line.amount_fen <= 0 for line in lines):
        return _("每一条预算的金额都要大于零；不需要的预算请整行清空。")
    if total > award_fen:
        return _(
            "财政资金预算合计 %(total)s 元，超过了入选金额 %(award)s 元，请调减 %(over)s 元。",
            total=yuan(total),
            award=yuan(award_fen),
            over=yuan(total - award_fen),
        )
    return None


def over_cap(lines: Sequence[LineDraft], caps_percent: Mapping[str, int]) -> str | None:
    """Say which line of public money exceeds its cap, a percentage of the amount agreed (a setting of the round)."""
    total = fiscal_sum(lines)
    for code in BudgetCode:
        cap = caps_percent.get(code.value)
        spent = fiscal_sum([line for line in lines if line.code is code])
        if cap is not None and spent * 100 > total * cap:
            return _(
                "“%(line)s”合计 %(spent)s 元，超过本届规定的上限：资助金额的 %(cap)s%%，即 %(max)s 元。",
                line=BUDGET_LABELS[code],
                spent=yuan(spent),
                cap=cap,
                max=yuan(total * cap // 100),
            )
    return None


def unexplained(asked: Sequence[LineDraft], agreed: Sequence[LineDraft]) -> str | None:
    """Say which line differs from the application without a reason; `asked` are the application's lines in order."""
    for number, before in enumerate(asked, start=1):
        after = next((line for line in agreed if line.position == number), None)
        if after is None:
            return _("申报书第 %(number)s 行“%(content)s”未列入，请写明理由。", number=number, content=before.content)
        same = (after.source, after.code, after.content, after.amount_fen) == (
            before.source,
            before.code,
            before.content,
            before.amount_fen,
        )
        if not same and not after.reason.strip():
            return _("“%(content)s”与申报书不同，请写明调整理由。", content=before.content)
    for line in agreed:
        if line.position is None and not line.reason.strip():
            return _("“%(content)s”是申报书没有的预算，请写明增加理由。", content=line.content)
    return None


@dataclass(frozen=True)
class Plan:
    """What is promised besides money: who leads, where, and for how many people in how many activities."""

    leader_name: str
    region: str
    person_target: int
    attendance_target: int
    activity_target: int


def why_not_plan(plan: Plan) -> str | None:
    """Say what a plan lacks."""
    if not plan.leader_name.strip():
        return _("请填写项目负责人。")
    if not plan.region.strip():
        return _("请填写实施区域。")
    if min(plan.person_target, plan.attendance_target, plan.activity_target) < 0:
        return _("指标不能小于零。")
    return None


def why_not_milestones(milestones: Sequence[MilestoneDraft], starts_on: date, ends_on: date) -> str | None:
    """Say why these milestones cannot stand in an agreement that runs from one day to the other, both included."""
    if len(milestones) < MIN_MILESTONES:
        return _("至少要约定两个里程碑：一个对应中期，一个对应期末。")
    days = [milestone.due_on for milestone in milestones]
    if any(not starts_on <= day <= ends_on for day in days):
        return _("里程碑的完成日期要落在协议期限之内。")
    if any(later <= earlier for earlier, later in pairwise(days)):
        return _("里程碑要按完成日期先后排列，日期不能重复。")
    return None


def default_milestones(starts_on: date, ends_on: date) -> list[MilestoneDraft]:
    """Return the two milestones every draft begins with: half-time and the end."""
    return [
        MilestoneDraft(_("中期：完成过半活动，提交中期进展与支出情况"), starts_on + (ends_on - starts_on) / 2),
        MilestoneDraft(_("末期：完成全部活动，提交结项材料与票据"), ends_on),
    ]


def default_terms() -> str:
    """Return the terms every draft begins with; the officer adjusts them to the project."""
    return "\n\n".join(str(clause) for clause in _TERMS)


_TERMS: tuple[Text, ...] = (
    _l(
        "一、项目实施。乙方按照申报书和本协议约定的活动、里程碑和期限实施项目，未经甲方书面同意不得转包或变更实施区域。"
    ),
    _l(
        "二、资金使用。资助资金实行专款专用、单独核算，只能用于预算表列明的科目；不得用于购置固定资产、发放福利或其他与项目无关的支出。"
    ),
    _l(
        "三、资金拨付。甲方按约定比例分期拨付。每一期须满足对应条件，并经社区居委会、社区建设部、街道财政、分管领导依次审核；存在未完成整改事项的，暂停拨付。"
    ),
    _l("四、过程记录。乙方提前预告活动，活动结束后七日内上传签到表、现场照片和活动小结，如实填报人数与人次。"),
    _l("五、监督评价。乙方接受社区居委会、居民监督员、街道和纪检监察机构的监督检查，配合居民满意度调查和绩效评价。"),
    _l("六、个人信息。乙方依法保护服务对象的个人信息，签到表不对外公开，未成年人的正面影像不予发布。"),
    _l(
        "七、变更与终止。预算科目调整、负责人或期限变更须书面申请。乙方弄虚作假、挪用资金或逾期拒不整改的，甲方有权终止协议并收回未使用及违规使用的资金。"
    ),
    _l("八、结余资金。项目结项后，未使用的资助资金退回原资金账户。"),
)
