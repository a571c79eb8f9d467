"""Roles: one person proposes a grant, a leader agrees, an administrator ends it."""

import uuid
from datetime import date

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people import policy, queries
from grants.people.models import OrganisationMember, RoleGrant, User
from grants.people.rules import OF_COMMUNITY, ROLE_LABELS, MemberRole, PlaceKind, Role
from grants.people.service import sessions


def propose_role(
    *,
    officer: User,
    user: User,
    role: Role,
    reason: str,
    place_id: uuid.UUID | None = None,
    organisation_id: uuid.UUID | None = None,
    ends_on: date | None = None,
) -> RoleGrant:
    """Propose a role for an account; it is in force once a leader has agreed."""
    require(policy.why_not_grant(officer, user, role))
    grant = _new_grant(user, role, place_id, organisation_id, ends_on)
    grant.granted_by_id, grant.reason = officer.id, reason
    audit.record("role:propose", actor=officer, subject=user, role=role.value, reason=reason)
    return grant


def grant_at_setup(
    *,
    user: User,
    role: Role,
    place_id: uuid.UUID | None = None,
    organisation_id: uuid.UUID | None = None,
    ends_on: date | None = None,
) -> RoleGrant:
    """Give a role from the machine's command line: how the first administrator and leader come to be."""
    require(policy.why_not_together(user, role), RuleBroken)
    grant = _new_grant(user, role, place_id, organisation_id, ends_on)
    _enter_among_members(grant)
    audit.record("role:grant", actor=None, subject=user, role=role.value)
    return grant


def _new_grant(
    user: User, role: Role, place_id: uuid.UUID | None, organisation_id: uuid.UUID | None, ends_on: date | None
) -> RoleGrant:
    if role in OF_COMMUNITY and (place_id is None or queries.get_place(place_id).kind is not PlaceKind.COMMUNITY):
        raise RuleBroken(_("请选择所负责的社区"), "place")
    if role is Role.ORGANISATION and organisation_id is None:
        raise RuleBroken(_("请选择所代表的社会组织"), "organisation")
    if ends_on is not None and ends_on < today():
        raise RuleBroken(_("截止日期不能早于今天"), "ends_on")
    place_id = place_id if role in OF_COMMUNITY else None
    organisation_id = organisation_id if role is Role.ORGANISATION else None
    for held in user.grants:
        same = (held.role, held.place_id, held.organisation_id) == (role, place_id, organisation_id)
        if same and (held.is_live or held.is_waiting):
            raise RuleBroken(_("该账号已有这一角色，或正在等待确认。"), "role")
    grant = RoleGrant(
        user_id=user.id,
        role=role,
        place_id=place_id,
        organisation_id=organisation_id,
        starts_on=today(),
        ends_on=ends_on,
        granted_at=now(),
    )
    user.grants.append(grant)
    db.session.flush()
    return grant


def second_role(*, leader: User, grant: RoleGrant) -> None:
    """Agree to a proposed role as the second person; the owner signs in anew to use it."""
    require(policy.why_not_second(leader, grant))
    require(policy.why_not_together(grant.user, grant.role), RuleBroken)
    grant.seconded_by_id, grant.seconded_at = leader.id, now()
    _enter_among_members(grant)
    sessions.revoke_sessions(grant.user)
    label = str(ROLE_LABELS[grant.role])
    notify(grant.user_id, _("您已获得“%(role)s”角色", role=label), _("如有疑问，请联系系统管理员。"))
    audit.record("role:grant", actor=leader, subject=grant.user, role=grant.role.value)


def _enter_among_members(grant: RoleGrant) -> None:
    """Name who got the role among the members; an organisation whose head is gone gets its new one this way."""
    organisation_id = grant.organisation_id
    if organisation_id is None or queries.find_membership(organisation_id, grant.user_id) is not None:
        return
    role = MemberRole.CLERK if queries.has_acting_head(organisation_id) else MemberRole.HEAD
    db.session.add(OrganisationMember(organisation_id=organisation_id, user_id=grant.user_id, role=role))


def refuse_role(*, leader: User, grant: RoleGrant, reason: str) -> None:
    """Refuse a proposed role; it never comes into force."""
    require(policy.why_not_second(leader, grant))
    grant.revoked_at = now()
    audit.record("role:refuse", actor=leader, subject=grant.user, role=grant.role.value, reason=reason)


def revoke_role(*, admin: User, grant: RoleGrant, reason: str) -> None:
    """End a role at once: the account's sessions are dead at their next request."""
    require(policy.why_not_revoke(admin, grant))
    if grant.revoked_at is not None:
        raise TransitionRefused(_("这一角色已经收回。"))
    grant.revoked_at = now()
    sessions.revoke_sessions(grant.user)
    audit.record("role:revoke", actor=admin, subject=grant.user, role=grant.role.value, reason=reason)
