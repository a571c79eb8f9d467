"""Members of an organisation: invited by link, changed and removed by its head."""

import secrets
from datetime import timedelta

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people import policy, queries
from grants.people.models import MemberInvitation, Organisation, OrganisationMember, RoleGrant, User
from grants.people.rules import MemberRole, Role
from grants.people.rules.dossier import INVITATION_DAYS, MEMBER_ROLE_LABELS, InvitationState, why_not_lose_head
from grants.people.service import accounts


def invite_member(
    *, manager: User, organisation: Organisation, name: str, email: str, role: MemberRole
) -> tuple[MemberInvitation, str]:
    """Ask a colleague to act for the organisation; returns the invitation and the token of its link, told once."""
    require(policy.why_not_manage_members(manager, organisation))
    email = email.lower()
    if any((member.user.email or "").lower() == email for member in queries.list_members(organisation.id)):
        raise RuleBroken(_("使用这个邮箱的人已经是成员"), "email")
    if queries.find_waiting_invitation(organisation.id, email) is not None:
        raise RuleBroken(_("已向这个邮箱发出邀请，请在下方重发或撤回"), "email")
    token, moment = secrets.token_urlsafe(32), now()
    invitation = MemberInvitation(
        organisation_id=organisation.id,
        name=name,
        email=email,
        role=role,
        token_hash=queries.token_hash(token),
        invited_by_id=manager.id,
        invited_at=moment,
        expires_at=moment + timedelta(days=INVITATION_DAYS),
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record("organisation:invite_member", actor=manager, subject=organisation, name=name, role=role.value)
    return invitation, token


def renew_invitation(*, manager: User, invitation: MemberInvitation) -> str:
    """Make a new link with a new term; the old one is dead. Returns the token, told once."""
    _require_waiting(manager, invitation)
    token = secrets.token_urlsafe(32)
    invitation.token_hash = queries.token_hash(token)
    invitation.expires_at = now() + timedelta(days=INVITATION_DAYS)
    audit.record("organisation:renew_invitation", actor=manager, subject=invitation.organisation, name=invitation.name)
    return token


def revoke_invitation(*, manager: User, invitation: MemberInvitation) -> None:
    """Take an invitation back; its link is dead."""
    _require_waiting(manager, invitation)
    invitation.revoked_at = now()
    audit.record("organisation:revoke_invitation", actor=manager, subject=invitation.organisation, name=invitation.name)


def _require_waiting(manager: User, invitation: MemberInvitation) -> None:
    require(policy.why_not_manage_members(manager, invitation.organisation))
    if invitation.state in (InvitationState.ACCEPTED, InvitationState.REVOKED):
        raise TransitionRefused(_("这份邀请已经办结。"))


def open_invitation(token: str) -> MemberInvitation:
    """Return what a link invites to; raises RuleBroken for one that is used, withdrawn, too old or made up."""
    invitation = queries.find_invitation_by_token(token)
    if invitation is None or invitation.state is not InvitationState.OPEN:
        raise RuleBroken(_("这个邀请链接已失效、已使用或已撤回。请联系邀请您的组织重新发送。"))
    return invitation


def join_with_new_account(*, token: str, login: str, password: str) -> User:
    """Accept an invitation with a new account, whose password its owner sets at once."""
    invitation = open_invitation(token)
    user = accounts.new_account(login, invitation.name, invitation.email)
    accounts.set_first_password(user, password)
    _join(invitation, user)
    return user


def join_as(*, token: str, user: User) -> Organisation:
    """Accept an invitation with the account one has."""
    invitation = open_invitation(token)
    _join(invitation, user)
    return invitation.organisation


def _join(invitation: MemberInvitation, user: User) -> None:
    organisation = invitation.organisation
    require(policy.why_not_join(user, organisation), RuleBroken)
    member = queries.find_membership(organisation.id, user.id)
    if member is None:
        member = OrganisationMember(organisation_id=organisation.id, user_id=user.id)
        db.session.add(member)
    member.role = invitation.role
    user.grants.append(
        RoleGrant(
            user_id=user.id,
            role=Role.ORGANISATION,
            organisation_id=organisation.id,
            starts_on=today(),
            reason=_("受 %(name)s 邀请", name=invitation.invited_by.display_name),
        )
    )
    invitation.accepted_at, invitation.accepted_by_id = now(), user.id
    title = _("%(name)s 已加入%(organisation)s", name=user.display_name, organisation=organisation.name)
    notify(invitation.invited_by_id, title, href=f"/organisations/{organisation.ref}/members")
    audit.record("organisation:join", actor=user, subject=organisation, role=invitation.role.value)


def change_member(*, manager: User, member: OrganisationMember, role: MemberRole) -> None:
    """Give a member another part in the organisation."""
    require(policy.why_not_manage_members(manager, member.organisation))
    if role is not MemberRole.HEAD:
        _require_other_head(member)
    before, member.role = member.role, role
    title = _("您在%(name)s的职责调整为“%(role)s”", name=member.organisation.name, role=str(MEMBER_ROLE_LABELS[role]))
    notify(member.user_id, title)
    audit.record(
        "organisation:change_member",
        actor=manager,
        subject=member.organisation,
        member=member.user.login,
        before=before.value,
        after=role.value,
    )


def remove_member(*, manager: User, member: OrganisationMember) -> None:
    """End what somebody may do for the organisation, from their next request on."""
    organisation, user = member.organisation, member.user
    require(policy.why_not_manage_members(manager, organisation))
    _require_other_head(member)
    for grant in user.grants:
        if grant.organisation_id == organisation.id and grant.revoked_at is None:
            grant.revoked_at = now()
    db.session.delete(member)
    notify(user.id, _("您已不再是%(name)s的成员", name=organisation.name))
    audit.record("organisation:remove_member", actor=manager, subject=organisation, member=user.login)


def _require_other_head(member: OrganisationMember) -> None:
    acting = [
        one for one in queries.list_members(member.organisation_id) if policy.member_role(one.user, one.organisation_id)
    ]
    roles = [one.role for one in acting]
    require(why_not_lose_head(member.role, roles), TransitionRefused)
