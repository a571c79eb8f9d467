"""Signing in and out: Argon2id passwords, time-based codes for staff, lockout, revocable sessions."""

import secrets
from datetime import timedelta
from functools import cache

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
CODE_SECONDS = 30


@cache
def _nobody() -> str:
    """Return a hash to verify for unknown login names too, so that the answer takes as long as for a known one.

    Making it takes as long as verifying it, so it is made before the name is looked at.
    """
    return HASHER.hash(secrets.token_hex(16))


def check_password(*, login: str, password: str, address: str) -> User | None:
    """Return the account when name and password agree, else None; every try is counted.

    Raises RuleBroken while the account or the address is locked out after too many failures.
    """
    _refuse_locked(login, address)
    nobody = _nobody()
    user = queries.find_user(login)
    matches = _matches(user.password_hash if user else nobody, password)
    succeeded = matches and user is not None and user.is_active
    _count(login, address, succeeded)
    if user is not None and not succeeded:
        audit.record("session:refuse", actor=user, subject=user)
    return user if succeeded else None


def check_own_password(*, user: User, password: str, address: str) -> bool:
    """Tell whether somebody signed in knows their password; a wrong one is counted like one at the door."""
    _refuse_locked(user.login, address)
    matches = _matches(user.password_hash, password)
    if not matches:
        _count(user.login, address, succeeded=False)
        audit.record("session:refuse", actor=user, subject=user)
    return matches


def check_code(*, user: User, code: str, address: str) -> bool:
    """Tell whether a code is right; a wrong one is counted like a wrong password.

    Raises RuleBroken while the account or the address is locked out. The caller keeps the transaction even when the
    answer is no, or the count would be lost.
    """
    _refuse_locked(user.login, address)
    matches = code_is_right(user, code)
    if not matches:
        _count(user.login, address, succeeded=False)
        audit.record("session:refuse_code", actor=user, subject=user)
    return matches


def _count(login: str, address: str, succeeded: bool) -> None:
    db.session.add(SignInAttempt(login=login[:60], address=address[:60], succeeded=succeeded))
    db.session.flush()


def _refuse_locked(login: str, address: str) -> None:
    # Tries at one account wait for each other, so that many at once cannot slip past the count
    db.session.execute(select(User.id).where(User.login == login).with_for_update())
    since = now() - LOCKOUT_WINDOW
    failures = (
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.at > since, SignInAttempt.succeeded.is_(False))
    )
    by_login = db.session.execute(failures.where(SignInAttempt.login == login[:60])).scalar_one()
    by_address = db.session.execute(failures.where(SignInAttempt.address == address[:60])).scalar_one()
    if by_login >= TRIES_PER_ACCOUNT or by_address >= TRIES_PER_ADDRESS:
        raise RuleBroken(_("连续输错次数过多，为保护账号安全，请 15 分钟后再试。"))


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def code_is_right(user: User, code: str) -> bool:
    """Tell whether a time-based code (RFC 6238) is the present one, one step early or late allowed; each works once."""
    if user.totp_cipher is None:
        return False
    step = matching_step(vault().decrypt(user.totp_cipher, f"totp:{user.id}"), code)
    if step is None or step <= user.totp_step:
        return False
    user.totp_step = step
    return True


def matching_step(secret: str, code: str) -> int | None:
    """Return the half minute that a code belongs to, out of the last, the present and the next one."""
    typed = "".join(code.split())
    present = int(now().timestamp()) // CODE_SECONDS
    maker = pyotp.TOTP(secret)
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(maker.at(step * CODE_SECONDS).encode(), typed.encode()):
            return step
    return None


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


def close_own_session(*, session: UserSession, user: User) -> None:
    """End one of one's own sessions, for example on a lost phone."""
    session.revoked_at = session.revoked_at or now()
    audit.record("session:revoke", actor=user, subject=user, session=str(session.id))


def step_up(*, session: UserSession, code: str, address: str) -> bool:
    """Prove oneself again before an approval, a payment or a look at sealed data; a wrong code is counted."""
    if not check_code(user=session.user, code=code, address=address):
        return False
    session.stepped_up_at = now()
    audit.record("session:step_up", actor=session.user, subject=session.user)
    return True


def revoke_sessions(user: User, *, but: UserSession | None = None) -> None:
    """End every session of an account: after a disable, a new password or a change of role."""
    statement = update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
    if but is not None:
        statement = statement.where(UserSession.id != but.id)
    db.session.execute(statement.values(revoked_at=now()))
