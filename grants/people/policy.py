"""What an account may do with accounts, residents and organisations."""

import uuid

from grants.foundation.i18n import _
from grants.people.models import (
    BankAccountChange,
    Organisation,
    Resident,
    RoleGrant,
    RollImport,
    SecondFactorReset,
    StandingRecord,
    User,
)
from grants.people.queries.audit_log import AuditScope
from grants.people.rules import ROLE_LABELS, STAFF, LegalKind, MemberRole, OrganisationStatus, Role, conflicting_roles
from grants.people.rules.dossier import STATES_ACCOUNT

# Accounts and roles


def why_not_manage_accounts(actor: User) -> str | None:
    """Say why `actor` may not make or close accounts."""
    return None if actor.has_role(Role.ADMIN) else _("只有系统管理员可以办理账号。")


def why_not_send_link(actor: User, user: User) -> str | None:
    """Say why `actor` may not issue a link with which `user` sets a password."""
    if not user.is_active:
        return _("该账号已停用，请先启用。")
    return why_not_manage_accounts(actor)


def why_not_disable(actor: User, user: User) -> str | None:
    """Say why `actor` may not close or reopen `user`'s account."""
    if actor.id == user.id:
        return _("不能停用或启用自己的账号。")
    return why_not_manage_accounts(actor)


def why_not_close_own(user: User) -> str | None:
    """Say why `user` may not give up the account: staff and members are replaced first."""
    if user.roles & (STAFF | {Role.ORGANISATION}):
        return _("工作人员、评审专家和社会组织的账号关联着公务记录，请联系管理员办理停用。")
    return None


def why_not_together(user: User, role: Role) -> str | None:
    """Say which role that is held or proposed forbids another one (static separation)."""
    held = user.roles | {grant.role for grant in user.grants if grant.is_waiting}
    clashes = conflicting_roles(held, role)
    if clashes:
        names = "、".join(str(ROLE_LABELS[item]) for item in sorted(clashes))
        return _("该账号已是“%(roles)s”，按不相容岗位分离要求不能再授予这一角色。", roles=names)
    return None


def why_not_grant(actor: User, user: User, role: Role) -> str | None:
    """Say why `actor` may not propose `role` for `user`."""
    if not actor.has_role(Role.ADMIN, Role.PROGRAMME):
        return _("只有系统管理员和社区建设部可以提出授予角色。")
    if actor.id == user.id:
        return _("不能给自己授予角色。")
    if role in (Role.VISITOR, Role.RESIDENT):
        return _("居民角色随居民名册登记产生，不能单独授予。")
    if not user.is_active:
        return _("该账号已停用，请先启用。")
    return why_not_together(user, role)


def why_not_second(actor: User, grant: RoleGrant) -> str | None:
    """Say why `actor` may not be the second person to a proposed role."""
    if not actor.has_role(Role.APPROVER):
        return _("授予角色须由分管领导确认。")
    if actor.id in (grant.granted_by_id, grant.user_id):
        return _("提出人和本人不能自己确认，请由另一位分管领导办理。")
    if not grant.is_waiting:
        return _("这份角色申请已经办结。")
    return None


def why_not_revoke(actor: User, grant: RoleGrant) -> str | None:
    """Say why `actor` may not end a role."""
    if actor.id == grant.user_id:
        return _("不能收回自己的角色，请由另一位管理员办理。")
    return why_not_manage_accounts(actor)


def why_not_request_reset(actor: User, user: User) -> str | None:
    """Say why `actor` may not ask for the removal of `user`'s authenticator."""
    if actor.id == user.id:
        return _("不能重置自己的身份验证器，请由另一位管理员办理。")
    if user.totp_cipher is None:
        return _("该账号还没有绑定身份验证器。")
    return why_not_manage_accounts(actor)


def why_not_decide_reset(actor: User, reset: SecondFactorReset) -> str | None:
    """Say why `actor` may not be the second person to a reset: another administrator or a leader."""
    if not actor.has_role(Role.ADMIN, Role.APPROVER):
        return _("须由另一位系统管理员或分管领导确认。")
    if actor.id in (reset.requested_by_id, reset.user_id):
        return _("申请人和本人不能自己确认，请由另一人办理。")
    if reset.decided_at is not None:
        return _("这份重置申请已经办结。")
    return None


# Residents' roll


def why_not_see_roll(actor: User) -> str | None:
    """Say why `actor` may not see the roll at all."""
    if actor.has_role(Role.COMMUNITY, Role.PROGRAMME, Role.SUPERVISOR):
        return None
    return _("居民名册只对社区居委会、社区建设部和纪监委开放。")


def roll_scope(actor: User) -> set[uuid.UUID] | None:
    """Return the communities whose residents `actor` may see; None means the whole street."""
    return None if actor.has_role(Role.PROGRAMME, Role.SUPERVISOR) else actor.community_ids


def why_not_import_roll(actor: User) -> str | None:
    """Say why `actor` may not bring in a roll."""
    if actor.has_role(Role.COMMUNITY, Role.PROGRAMME):
        return None
    return _("只有社区居委会和社区建设部可以导入居民名册。")


def why_not_see_import(actor: User, roll_import: RollImport) -> str | None:
    """Say why `actor` may not see an import and its faults."""
    if actor.has_role(Role.PROGRAMME, Role.SUPERVISOR) or roll_import.imported_by_id == actor.id:
        return None
    return _("这次导入由其他人员办理。")


def why_not_apply_import(actor: User, roll_import: RollImport) -> str | None:
    """Say why `actor` may not let an import take effect: what the street office prepared needs a second person."""
    if roll_import.applied_at is not None or roll_import.draft_cipher is None:
        return _("这次导入已经办结。")
    if roll_import.imported_by_id == actor.id and actor.has_role(Role.COMMUNITY):
        return None
    if not actor.has_role(Role.PROGRAMME):
        return _("这次导入由其他人员办理。")
    if roll_import.imported_by_id == actor.id:
        return _("街道层面的名册导入须由社区建设部的另一位同事复核后生效。")
    return None


def why_not_drop_import(actor: User, roll_import: RollImport) -> str | None:
    """Say why `actor` may not drop an import."""
    if roll_import.applied_at is not None or roll_import.draft_cipher is None:
        return _("这次导入已经办结。")
    if roll_import.imported_by_id == actor.id or actor.has_role(Role.PROGRAMME):
        return None
    return _("这次导入由其他人员办理。")


def why_not_reveal_resident(actor: User, resident: Resident) -> str | None:
    """Say why `actor` may not see a resident's full identity and phone number."""
    scope = roll_scope(actor)
    if why_not_see_roll(actor) is not None or (scope is not None and resident.community_id not in scope):
        return _("您只能查看本社区居民的完整信息。")
    return None


# Organisations


def acts_for(actor: User, organisation: Organisation) -> bool:
    """Tell whether `actor` is a member of an organisation, also of one that waits to be examined."""
    return any(g.organisation_id == organisation.id for g in actor.live_grants if g.role is Role.ORGANISATION)


def member_role(user: User, organisation_id: uuid.UUID) -> MemberRole | None:
    """Return what `user` is inside an organisation, None for who does not act for it today.

    Who acts for it by a grant alone, without a place among its members, has the least say.
    """
    if not any(g.organisation_id == organisation_id for g in user.live_grants if g.role is Role.ORGANISATION):
        return None
    held = [one.role for one in user.memberships if one.organisation_id == organisation_id]
    return held[0] if held else MemberRole.CLERK


def why_not_see_file(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not read the whole file of an organisation: members, papers, people, history."""
    if acts_for(actor, organisation) or actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return None
    return _("完整档案只对本组织成员、社区建设部、分管领导和纪监委开放。")


def why_not_see_ledger(actor: User) -> str | None:
    """Say why `actor` may not take out the register with what every file adds up to."""
    if actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return None
    return _("档案台账只对社区建设部、分管领导和纪监委开放。")


def why_not_keep_file(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not add papers and people to the file of an organisation."""
    return None if acts_for(actor, organisation) else _("档案材料由本组织成员上传和维护。")


def why_not_manage_members(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not invite, change and remove members."""
    if member_role(actor, organisation.id) is not MemberRole.HEAD:
        return _("成员由本组织负责人邀请和管理。")
    return _("组织入册后才能邀请成员。") if organisation.is_pending else None


def why_not_join(user: User, organisation: Organisation) -> str | None:
    """Say why `user` may not become a member of an organisation."""
    if acts_for(user, organisation):
        return _("您已经是该组织的成员。")
    return why_not_together(user, Role.ORGANISATION)


def why_not_edit_organisation(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not edit a profile."""
    if acts_for(actor, organisation) or actor.has_role(Role.PROGRAMME):
        return None
    return _("只有本组织的成员和社区建设部可以修改组织档案。")


def why_not_change_identity(actor: User, organisation: Organisation) -> str | None:
    """Say why name, legal form and codes are fixed for `actor`: a member may change them until they were examined."""
    if actor.has_role(Role.PROGRAMME) or (acts_for(actor, organisation) and organisation.is_pending):
        return None
    return _("名称、法律形式和登记信息已经审核，如有变更请联系社区建设部。")


def why_not_review_organisation(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not put an organisation on the register or send it back."""
    if not actor.has_role(Role.PROGRAMME):
        return _("社会组织入册由社区建设部审核。")
    if not organisation.is_pending:
        return _("该组织的入册申请已经办结。")
    return None


def why_not_suspend(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not take an organisation off the register for a time."""
    if not actor.has_role(Role.PROGRAMME):
        return _("组织的停用和恢复由社区建设部办理。")
    return None if organisation.status is OrganisationStatus.LISTED else _("该组织不在册，无需停用。")


def why_not_restore(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not put an organisation back on the register."""
    if not actor.has_role(Role.PROGRAMME):
        return _("组织的停用和恢复由社区建设部办理。")
    return None if organisation.status is OrganisationStatus.SUSPENDED else _("该组织没有停用。")


def why_not_set_standing(actor: User) -> str | None:
    """Say why `actor` may not note inspections, grade and sanctions of organisations."""
    return None if actor.has_role(Role.PROGRAMME) else _("年检、评估等级和失信信息由社区建设部登记。")


def why_not_change_record(actor: User, record: StandingRecord) -> str | None:
    """Say why `actor` may not note a removal from a list, or take back a line that was noted by mistake."""
    if record.withdrawn_at is not None:
        return _("这条记录已经撤销。")
    return why_not_set_standing(actor)


def why_not_propose_account(actor: User, organisation: Organisation) -> str | None:
    """Say why `actor` may not state a new account for payments."""
    if not acts_for(actor, organisation):
        return _("收款账户由本组织成员填报。")
    if member_role(actor, organisation.id) not in STATES_ACCOUNT:
        return _("收款账户由本组织负责人或财务填报。")
    if organisation.legal_kind is LegalKind.FILED:
        return _("备案社区社会组织不是法人，不能作为收款方；资金由所依托的社会组织代收。")
    return None


def why_not_decide_account(actor: User, change: BankAccountChange) -> str | None:
    """Say why `actor` may not confirm a new account."""
    if not actor.has_role(Role.PROGRAMME):
        return _("收款账户变更由社区建设部核对确认。")
    if actor.id == change.proposed_by_id:
        return _("填报人不能自己确认。")
    if change.decided_at is not None:
        return _("这份账户变更已经办结。")
    return None


def why_not_reveal_account(actor: User) -> str | None:
    """Say why `actor` may not see a full account number."""
    if actor.has_role(Role.FINANCE, Role.PROGRAMME, Role.SUPERVISOR):
        return None
    return _("完整账号只对街道财政、社区建设部和纪监委开放，查看会被记录。")


# Audit log

TECHNICAL = ("session", "user", "role", "second_factor", "job", "backup", "holiday", "audit")
"""Subjects of audit tags that an administrator may read; never the business of the grant cycle."""


def audit_scope(actor: User) -> AuditScope:
    """Return what `actor` may read: the supervisor all, an administrator the technical part, others their own."""
    if actor.has_role(Role.SUPERVISOR):
        return AuditScope(actor.id, is_everything=True)
    return AuditScope(actor.id, subjects=TECHNICAL if actor.has_role(Role.ADMIN) else ())


def why_not_verify_audit(actor: User) -> str | None:
    """Say why `actor` may not walk the chain."""
    if actor.has_role(Role.SUPERVISOR, Role.ADMIN):
        return None
    return _("核验审计链由纪监委或系统管理员办理。")
