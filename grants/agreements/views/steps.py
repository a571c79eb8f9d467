"""What the person on an agreement's page should do next, in words and with a button."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from grants.agreements import policy
from grants.agreements.models import Agreement, Milestone, Suspension
from grants.agreements.rules import AgreementAction, AgreementStatus, MilestoneAction, MilestoneStatus
from grants.foundation.i18n import _
from grants.people.models import User


@dataclass(frozen=True)
class Step:
    """A banner: `href` and `label` are empty when there is nothing to press; `is_post` makes the button a form."""

    title: str
    text: str = ""
    href: str = ""
    label: str = ""
    tone: str = "info"
    is_post: bool = False


def next_step(actor: User, agreement: Agreement) -> Step:
    """Return the next step for this actor, or what everybody waits for."""
    if agreement.status is AgreementStatus.DRAFT:
        return _while_draft(actor, agreement)
    if agreement.status is AgreementStatus.SIGNED:
        return _while_running(actor, agreement)
    if agreement.status is AgreementStatus.COMPLETED:
        return Step(_("协议已履行完毕"), _("项目通过末期评价，等待结项归档。"), tone="good")
    return Step(_("协议已终止"), agreement.termination_reason or "", tone="bad")


def _while_draft(actor: User, agreement: Agreement) -> Step:
    if AgreementAction.SIGN in policy.possible(actor, agreement):
        text = _("请通读预算、里程碑和条款，确认无误后签署。")
        return Step(_("请签署协议"), text, url_for("agreements.sign", ref=agreement.ref), _("去签署"))
    if agreement.offered_at is not None:
        if agreement.organisation_signed_at is None:
            return Step(_("等待承接组织签署"), _("已送签，对方签署后由街道签署生效。"))
        return Step(_("等待街道签署"), policy.why_not_sign(actor, agreement) or "")
    if policy.why_not_agree(actor, agreement) is None:
        text = _(
            "请对照申报书核对预算、期限和指标。需要调整的先修改草稿；没有异议的，同意第 %(version)s 版。",
            version=agreement.version,
        )
        href = url_for("agreements.agree", ref=agreement.ref, version=agreement.version)
        return Step(_("请核对并同意协议方案"), text, href, _("同意这一版方案"), is_post=True)
    return _while_adjusting(actor, agreement)


def _while_adjusting(actor: User, agreement: Agreement) -> Step:
    if policy.why_not_edit(actor, agreement) is not None:
        return Step(_("协议正在起草"), _("双方确认方案、社区建设部送签后即可签署。"))
    missing = policy.why_incomplete(agreement)
    if missing:
        href = url_for("agreements.edit", ref=agreement.ref)
        return Step(_("请先完善协议草稿"), missing, href, _("修改草稿"), "warn")
    if policy.why_not_offer(actor, agreement) is None:
        href = url_for("agreements.offer", ref=agreement.ref)
        text = _("承接组织已同意这一版方案。送签后对方会收到通知。")
        return Step(_("草稿已完整，可以送签"), text, href, _("送承接组织签署"), is_post=True)
    if agreement.is_agreed:
        return Step(_("方案已确认"), _("等待社区建设部送签。"))
    return Step(_("草稿已完整，等待承接组织同意"), policy.why_not_offer(actor, agreement) or "")


def _while_running(actor: User, agreement: Agreement) -> Step:
    if agreement.suspension is not None:
        return _while_suspended(actor, agreement, agreement.suspension)
    for milestone in agreement.milestones:
        possible = policy.possible_on(actor, milestone)
        place: dict[str, Any] = {"ref": agreement.ref, "position": milestone.position}
        if MilestoneAction.VERIFY_COMMUNITY in possible:
            href = url_for("agreements.verify", **place)
            return Step(_("请核实里程碑：%(name)s", name=milestone.name), milestone.claim or "", href, _("去核实"))
        if MilestoneAction.CLAIM in possible:
            href = url_for("agreements.claim", **place)
            text = milestone.send_back_reason or _("活动记录齐全后，说明完成情况并申报。")
            tone = "warn" if milestone.send_back_reason else "info"
            return Step(_("完成后申报里程碑：%(name)s", name=milestone.name), text, href, _("申报完成"), tone)
        if milestone.status is not MilestoneStatus.VERIFIED:
            return _waiting_for(milestone)
    return Step(_("里程碑已全部核实"), _("等待末期评价。"), tone="good")


def _while_suspended(actor: User, agreement: Agreement, suspension: Suspension) -> Step:
    may = policy.why_not_propose_resume(actor, agreement) is None or policy.why_not_resume(actor, agreement) is None
    href = url_for("agreements.resume", ref=agreement.ref) if may else ""
    return Step(_("协议已暂停，恢复前不能申请和支付"), suspension.reason, href, _("办理恢复") if may else "", "bad")


def _waiting_for(milestone: Milestone) -> Step:
    texts = {
        MilestoneStatus.PLANNED: _("承接组织正在实施，完成后申报。"),
        MilestoneStatus.CLAIMED: _("等待社区居委会核实。"),
        MilestoneStatus.COMMUNITY_VERIFIED: _("社区已核实，等待居民监督员核实。"),
    }
    return Step(_("进行中：%(name)s", name=milestone.name), texts.get(milestone.status, ""))
