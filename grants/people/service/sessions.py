"""Signing in and out: Argon2id passwords, time-based codes for staff, lockout, revocable sessions."""

import secrets
from datetime import timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select, update

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.sealing import vault
from grants.people import queries
from grants.people.models import SignInAttempt, User, UserSession

HASHER = PasswordHasher()
SESSION_LIFETIME = timedelta(hours=12)
LOCKOUT_WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 60
"""A community hall shares one address, so it is counted loosely."""

_NOBODY = HASHER.hash(secrets.token_hex(16))
"""Verified for unknown login names too, so that the answer takes as long as for a known one."""


def check_password(*, login: str, password: str, address: str) -> User | None:
    """Return the account when name and password agree, else None; every try is counted.

    Raises RuleBroken while the account or the address is locked out after too many failures.
    """
    _refuse_locked(login, address)
    user = queries.find_user(login)
    matches = _matches(user.password_hash if user else _NOBODY, password)
    succeeded = matches and user is not None and user.is_active
    db.session.add(SignInAttempt(login=login[:60], address=address[:60], succeeded=succeeded))
    db.session.flush()
    if user is not None and not succeeded:
        audit.record("session:refuse", actor=user, subject=user)
    return user if succeeded else None


def _refuse_locked(login: str, address: str) -> None:
    since = now() - LOCKOUT_WINDOW
    failures = select(func.count()).select_from(SignInAttempt).where(
        SignInAttempt.at > since, SignInAttempt.succeeded.is_(False)
    )
    by_login = db.session.execute(failures.where(SignInAttempt.login == login)).scalar_one()
    by_address = db.session.execute(failures.where(SignInAttempt.address == address)).scalar_one()
    if by_login >= TRIES_PER_ACCOUNT or by_address >= TRIES_PER_ADDRESS:
        raise RuleBroken(_("连续输错次数过多，为保护账号安全，请 15 分钟后再试。"))


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def code_is_right(user: User, code: str) -> bool:
    """Tell whether a time-based code (RFC 6238) is the present one, one step early or late allowed."""
    if user.totp_cipher is None:
        return False
    secret = vault().decrypt(user.totp_cipher, f"totp:{user.id}")
    return pyotp.TOTP(secret).verify(code.replace(" ", ""), valid_window=1)


def open_session(*, user: User, user_agent: str, stepped_up: bool) -> str:
    """Start a session and return its token, the only copy; the database keeps a hash."""
    token = secrets.token_urlsafe(32)
    moment = now()
    session = UserSession(
        token_hash=queries.token_hash(token),
        user_id=user.id,
        expires_at=moment + SESSION_LIFETIME,
        stepped_up_at=moment if stepped_up else None,
        user_agent=user_agent[:200],
    )
    db.session.add(session)
    audit.record("session:open", actor=user, subject=user)
    return token


def close_session(*, session: UserSession) -> None:
    """End a session; its cookie is worthless from the next request on."""
    session.revoked_at = now()
    audit.record("session:close", actor=session.user, subject=session.user)


def step_up(*, session: UserSession, code: str) -> None:
    """Prove oneself again before an approval, a payment or a look at sealed data."""
    if not code_is_right(session.user, code):
        audit.record("session:step_up_refused", actor=session.user, subject=session.user)
        raise RuleBroken(_("动态码不正确，请查看身份验证器上的最新数字。"), "code")
    session.stepped_up_at = now()
    audit.record("session:step_up", actor=session.user, subject=session.user)


def revoke_sessions(user: User) -> None:
    """End every session of an account: after a disable, a new password or a change of role."""
    db.session.execute(
        update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None)).values(revoked_at=now())
    )
