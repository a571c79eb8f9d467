"""Look-ups of accounts for administration: lists, proposed roles, lost authenticators, sessions."""

import uuid
from typing import Any

from sqlalchemy import or_, select

from grants.foundation.clock import now, today
from grants.foundation.database import db, get_by_id
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import RoleGrant, SecondFactorReset, User, UserSession
from grants.people.rules import AccountStatus, Role


def get_user_by_text(identity: str) -> User:
    """Return an account by its key as text; raises ValueError for what is no key."""
    return get_by_id(User, uuid.UUID(identity))


def list_users(window: Window, *, search: str = "", role: str = "", status: str = "") -> Page[User]:
    """List accounts by login name; `search` looks into login and display name."""
    statement = select(User)
    if search:
        pattern = f"%{escaped(search)}%"
        statement = statement.where(
            or_(User.login.ilike(pattern, escape="\\"), User.display_name.ilike(pattern, escape="\\"))
        )
    if role in set(Role):
        day = today()
        holders = select(RoleGrant.user_id).where(
            RoleGrant.role == Role(role),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.starts_on <= day,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= day),
            or_(RoleGrant.granted_by_id.is_(None), RoleGrant.seconded_by_id.is_not(None)),
        )
        statement = statement.where(User.id.in_(holders))
    if status in set(AccountStatus):
        statement = statement.where(User.status == AccountStatus(status))
    return paginate(statement, window, order=User.login, key=User.id, descending=False)


def escaped(search: str) -> str:
    """Return text for LIKE in which nothing typed acts as a wildcard (escape sign: backslash)."""
    return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def get_grant(identity: uuid.UUID) -> RoleGrant:
    """Return a role grant by its key."""
    return get_by_id(RoleGrant, identity)


def list_waiting_grants() -> list[RoleGrant]:
    """List proposed roles that need their second person, oldest first."""
    statement = _waiting(select(RoleGrant)).order_by(RoleGrant.granted_at)
    return list(db.session.scalars(statement))


def _waiting(statement: Any) -> Any:
    return statement.where(
        RoleGrant.granted_by_id.is_not(None), RoleGrant.seconded_by_id.is_(None), RoleGrant.revoked_at.is_(None)
    )


def get_reset(identity: uuid.UUID) -> SecondFactorReset:
    """Return a request to remove a lost authenticator."""
    return get_by_id(SecondFactorReset, identity)


def find_open_reset(user_id: uuid.UUID) -> SecondFactorReset | None:
    """Return the undecided request of an account."""
    statement = select(SecondFactorReset).where(
        SecondFactorReset.user_id == user_id, SecondFactorReset.decided_at.is_(None)
    )
    return db.session.scalars(statement).first()


def list_open_resets() -> list[SecondFactorReset]:
    """List undecided requests, oldest first."""
    statement = select(SecondFactorReset).where(SecondFactorReset.decided_at.is_(None))
    return list(db.session.scalars(statement.order_by(SecondFactorReset.requested_at)))


def list_own_sessions(user_id: uuid.UUID) -> list[UserSession]:
    """List an account's live sessions, newest first."""
    statement = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None), UserSession.expires_at > now())
        .order_by(UserSession.created_at.desc())
    )
    return list(db.session.scalars(statement))


def find_own_session(identity: uuid.UUID, user_id: uuid.UUID) -> UserSession | None:
    """Return a session when it belongs to the account."""
    found = db.session.get(UserSession, identity)
    return found if found is not None and found.user_id == user_id else None
