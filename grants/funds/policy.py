"""What an account may do with funds. Two people stand behind every movement of budget money."""

from uuid import UUID

from grants.foundation.i18n import _
from grants.funds.models import Contribution, FundProposal, Settlement
from grants.funds.rules import Home, ProposalKind, ProposalStatus
from grants.people.models import User
from grants.people.rules import ROLE_LABELS, Role

READERS = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)


def why_not_read_ledger(actor: User) -> str | None:
    """Say why the actor may not look into accounts and journals (totals are open to everyone)."""
    if actor.has_role(*READERS):
        return None
    return _("资金明细账由社区建设部、街道财政、分管领导和纪监委查看；您可以查看公开的资金总额。")


def why_not_handle_money(person: User) -> str | None:
    """Say why a person may not stand behind a movement of money: those who watch or administer never do."""
    if person.has_role(Role.SUPERVISOR, Role.ADMIN):
        names = "、".join(str(ROLE_LABELS[role]) for role in (Role.SUPERVISOR, Role.ADMIN) if person.has_role(role))
        return _("“%(role)s”只负责监督或维护，不能经办资金。", role=names)
    return None


def why_not_create_fund(actor: User) -> str | None:
    """Say why the actor may not open a fund."""
    return None if actor.has_role(Role.FINANCE) else _("专项资金由街道财政建立。")


def why_not_propose(actor: User, kind: ProposalKind) -> str | None:
    """Say why the actor may not propose a movement; a reversal may also be asked for by the programme officer."""
    if actor.has_role(Role.FINANCE) or (kind is ProposalKind.REVERSE and actor.has_role(Role.PROGRAMME)):
        return None
    if kind is ProposalKind.REVERSE:
        return _("红字冲销由街道财政或社区建设部提出。")
    if kind is ProposalKind.SETTLE:
        return _("项目决算由街道财政提出。")
    return _("预算下达和额度调整由街道财政提出。")


def why_not_decide(actor: User, proposal: FundProposal) -> str | None:
    """Say why the actor may not confirm or refuse a proposal."""
    if not actor.has_role(Role.FINANCE, Role.APPROVER):
        return _("资金变动由另一位街道财政人员或分管领导复核。")
    if actor.id == proposal.proposed_by_id:
        return _("您是这笔资金变动的提出人，复核须由另一位同志办理。")
    return None


def why_not_withdraw(actor: User, proposal: FundProposal) -> str | None:
    """Say why the actor may not take a proposal back."""
    return None if actor.id == proposal.proposed_by_id else _("只有提出人可以撤回。")


def why_not_read_settlement(actor: User, settlement: Settlement) -> str | None:
    """Say why the actor may not read a final account: the offices may, and the organisation its own once it stands."""
    if actor.has_role(*READERS):
        return None
    is_in_force = settlement.proposal.status is ProposalStatus.CONFIRMED
    if settlement.organisation_id in actor.organisation_ids and is_in_force:
        return None
    return _("项目决算由街道各部门和承接组织查看。")


def why_not_record_contribution(actor: User, home: Home) -> str | None:
    """Say why the actor may not note social money of a project: its organisation and the programme office do."""
    if home.organisation_id in actor.organisation_ids or actor.has_role(Role.PROGRAMME):
        return None
    return _("社会资金由项目的承接组织或社区建设部登记。")


def why_not_reverse_contribution(actor: User, contribution: Contribution) -> str | None:
    """Say why the actor may not ask for a contribution to be taken back."""
    if contribution.status is not ProposalStatus.CONFIRMED or contribution.reverses_id is not None:
        return _("只有已确认的登记可以冲销。")
    if not actor.has_role(Role.PROGRAMME, Role.FINANCE):
        return _("社会资金的冲销由社区建设部或街道财政提出。")
    return None


def why_not_decide_contribution(actor: User, contribution: Contribution) -> str | None:
    """Say why the actor may not confirm or refuse a contribution."""
    if not actor.has_role(Role.FINANCE):
        return _("社会资金由街道财政核对凭证后确认。")
    if actor.id == contribution.recorded_by_id:
        return _("登记人不能确认自己的登记。")
    return None


def why_not_withdraw_contribution(actor: User, contribution: Contribution) -> str | None:
    """Say why the actor may not take back what they noted before anybody decided on it."""
    return None if actor.id == contribution.recorded_by_id else _("只有登记人可以撤回。")


def why_not_read_contribution(actor: User, organisation_id: UUID) -> str | None:
    """Say why the actor may not read about social money of an organisation."""
    if actor.has_role(*READERS) or organisation_id in actor.organisation_ids:
        return None
    return _("社会资金台账由街道各部门和本组织成员查看。")
