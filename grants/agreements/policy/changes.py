"""Who may change, suspend and resume a running agreement; each answer is the sentence that the person reads."""

from grants.agreements import queries
from grants.agreements.models import Agreement, Amendment, Suspension
from grants.agreements.policy.agreement import acts_for, why_not_running
from grants.agreements.rules import CHANGE_FLOW, ChangeAction, why_not_approve_another, why_not_now
from grants.foundation.clock import local, today
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role


def why_not_payable(agreement: Agreement) -> str | None:
    """Say why no money can be asked for or paid under the agreement now: it is suspended."""
    suspension = agreement.suspension
    if suspension is None:
        return None
    return _("协议自 %(day)s 起暂停，恢复前不能申请和支付：%(reason)s", day=_day(suspension), reason=suspension.reason)


def _day(suspension: Suspension) -> str:
    return local(suspension.suspended_at).date().isoformat()


def why_not_propose(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot ask for a change of the agreement."""
    if not acts_for(actor, agreement):
        return _("变更由承接组织提出。")
    return why_not_running(agreement) or why_not_now(
        day=today(),
        ends_on=agreement.ends_on,
        approved_count=queries.count_approved(agreement.id),
        has_open=queries.has_open_amendment(agreement.id),
    )


def why_not_endorse(actor: User, amendment: Amendment) -> str | None:
    """Say why the account cannot examine a change for the street's programme office."""
    if not actor.has_role(Role.PROGRAMME):
        return _("变更由社区建设部审核。")
    if actor.id == amendment.proposed_by_id:
        return _("提出变更的人不能自己审核。")
    return why_not_running(amendment.agreement)


def why_not_approve(actor: User, amendment: Amendment) -> str | None:
    """Say why the account cannot approve a change that the programme office has endorsed."""
    if not actor.has_role(Role.APPROVER):
        return _("变更由分管领导审批。")
    if actor.id in (amendment.proposed_by_id, amendment.endorsed_by_id):
        return _("提出、审核和审批须由不同的人办理。")
    return why_not_running(amendment.agreement) or why_not_approve_another(
        queries.count_approved(amendment.agreement_id)
    )


def why_not_refuse(actor: User, amendment: Amendment) -> str | None:
    """Say why the account cannot refuse a change: who would have to agree next may also refuse."""
    if CHANGE_FLOW.allows(amendment.status, ChangeAction.APPROVE):
        return None if actor.has_role(Role.APPROVER) else _("变更由分管领导审批。")
    return None if actor.has_role(Role.PROGRAMME) else _("变更由社区建设部审核。")


def why_not_withdraw(actor: User, amendment: Amendment) -> str | None:
    """Say why the account cannot take a change back."""
    return None if acts_for(actor, amendment.agreement) else _("变更由提出变更的承接组织撤回。")


def possible_with(actor: User, amendment: Amendment) -> set[ChangeAction]:
    """Return what the account can do with a change now, for the buttons of its page."""
    answers = {
        ChangeAction.ENDORSE: why_not_endorse(actor, amendment),
        ChangeAction.APPROVE: why_not_approve(actor, amendment),
        ChangeAction.REFUSE: why_not_refuse(actor, amendment),
        ChangeAction.WITHDRAW: why_not_withdraw(actor, amendment),
    }
    return {
        action for action, reason in answers.items() if reason is None and CHANGE_FLOW.allows(amendment.status, action)
    }


def why_not_suspend(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot suspend the agreement; one person may, to protect the money."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("暂停由社区建设部或分管领导决定。")
    return why_not_running(agreement) or (_("协议已经暂停。") if agreement.suspension else None)


def why_not_propose_resume(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot propose that a suspended agreement goes on."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("恢复由社区建设部提出、另一人批准。")
    suspension = agreement.suspension
    if suspension is None:
        return _("协议没有暂停。")
    return _("已经有人提出恢复，请由另一人批准。") if suspension.resume_proposed_at is not None else None


def why_not_resume(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot let a suspended agreement go on: a leader, other than who proposed it."""
    suspension = agreement.suspension
    if suspension is None:
        return _("协议没有暂停。")
    if not actor.has_role(Role.APPROVER):
        return _("恢复由分管领导批准。")
    if suspension.resume_proposed_at is None:
        return _("请先由社区建设部提出恢复。")
    if actor.id == suspension.resume_proposed_by_id:
        return _("提出恢复的人不能自己批准。")
    return None
