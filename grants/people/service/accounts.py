"""Accounts: making, closing, their passwords and authenticators. Nobody ever sets another person's password."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import pyotp

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import normalise_phone, why_not_mobile
from grants.foundation.notifications import notify
from grants.foundation.sealing import SealBroken, TokenExpired, vault
from grants.people import policy, queries
from grants.people.models import SecondFactorReset, User, UserSession
from grants.people.rules import AccountStatus, why_not_login
from grants.people.rules.passwords import why_not_password
from grants.people.service import sessions

LINK_LIFETIME = timedelta(hours=72)
ENROL_LIFETIME = timedelta(minutes=15)
_LINK, _ENROL = "set-password", "enrol"


def create_account(*, admin: User | None, login: str, name: str, email: str = "") -> User:
    """Make an account that nobody can sign in to until its owner sets a password by link.

    `admin` is None at set-up, from the command line.
    """
    if admin is not None:
        require(policy.why_not_manage_accounts(admin))
    user = new_account(login, name, email)
    audit.record("user:create", actor=admin, subject=user, login=login)
    return user


def new_account(login: str, name: str, email: str = "") -> User:
    """Return a fresh account as part of a larger use case, which records it."""
    why_not = why_not_login(login)
    if why_not is not None:
        raise RuleBroken(why_not, "login")
    if queries.find_user(login) is not None:
        raise RuleBroken(_("已有人使用这个登录名，请换一个"), "login")
    user = User(login=login, display_name=name, email=email or None, password_hash=_no_password())
    db.session.add(user)
    db.session.flush()
    return user


def _no_password() -> str:
    """Return a hash that no password has, different each time, so that links of another account never fit."""
    return "!" + secrets.token_hex(16)


def issue_link(*, admin: User | None, user: User) -> str:
    """Return a token with which the owner sets a password once within 72 hours."""
    if admin is not None:
        require(policy.why_not_send_link(admin, user))
    payload = {"user": str(user.id), "mark": _mark(user)}
    audit.record("user:link", actor=admin, subject=user)
    return vault().seal_token(_LINK, payload, expires_at=now() + LINK_LIFETIME)


def _mark(user: User) -> str:
    """Return what a link is good for: the password as it is now, so that it dies with its first use."""
    return vault().blind_index(_LINK, user.password_hash)


def open_link(token: str) -> User:
    """Return whose password a link sets; raises RuleBroken for a forged, old or used one."""
    refusal = RuleBroken(_("这个链接已失效或已使用过。请联系管理员重新发送。"))
    try:
        payload = vault().open_token(_LINK, token, now=now())
        user = queries.get_user_by_text(payload["user"])
    except (SealBroken, TokenExpired, KeyError, ValueError) as error:
        raise refusal from error
    if not user.is_active or payload["mark"] != _mark(user):
        raise refusal
    return user


def set_password_by_link(*, token: str, password: str) -> User:
    """Set the password of the account that a link belongs to, and end its sessions."""
    user = open_link(token)
    _set_password(user, password)
    sessions.revoke_sessions(user)
    audit.record("user:set_password", actor=user, subject=user)
    return user


def change_password(*, user: User, password: str, session: UserSession | None) -> None:
    """Set one's own new password (the old one was checked before) and end the other sessions."""
    _set_password(user, password)
    sessions.revoke_sessions(user, but=session)
    audit.record("user:change_password", actor=user, subject=user)


def set_first_password(user: User, password: str) -> None:
    """Give an account made a moment ago by its own owner the password they chose."""
    _set_password(user, password)


def _set_password(user: User, password: str) -> None:
    is_staff = user.is_staff or any(grant.is_waiting for grant in user.grants)
    why_not = why_not_password(password, login=user.login, is_staff=is_staff, name=user.display_name)
    if why_not is not None:
        raise RuleBroken(why_not, "password")
    user.password_hash = sessions.HASHER.hash(password)


def disable_account(*, admin: User, user: User, reason: str) -> None:
    """Close an account; its sessions are dead at the next request."""
    require(policy.why_not_disable(admin, user))
    if not user.is_active:
        raise TransitionRefused(_("该账号已经停用。"))
    user.status = AccountStatus.DISABLED
    sessions.revoke_sessions(user)
    audit.record("user:disable", actor=admin, subject=user, reason=reason)


def enable_account(*, admin: User, user: User) -> None:
    """Open a closed account again; its roles are as they were."""
    require(policy.why_not_disable(admin, user))
    if user.is_active:
        raise TransitionRefused(_("该账号正在使用中。"))
    user.status = AccountStatus.ACTIVE
    audit.record("user:enable", actor=admin, subject=user)


def correct_contact(*, user: User, name: str, email: str, phone: str) -> None:
    """Correct one's own name, e-mail and phone (PIPL 46)."""
    if phone:
        why_not = why_not_mobile(phone)
        if why_not is not None:
            raise RuleBroken(why_not, "phone")
    if user.resident is not None and name != user.display_name:
        raise RuleBroken(_("姓名以居民名册为准，如有误请联系社区居委会更正。"), "name")
    number = normalise_phone(phone)
    user.display_name, user.email = name, email or None
    user.phone_cipher = vault().encrypt(number, "user.phone") if number else None
    user.phone_index = vault().blind_index("user.phone", number) if number else None
    audit.record("user:correct", actor=user, subject=user)


def close_own_account(*, user: User) -> None:
    """Give up one's account (PIPL 47): contact data go, ledger and audit keep the account's key only."""
    require(policy.why_not_close_own(user))
    if user.resident is not None:
        user.resident.user_id = None
    for grant in user.grants:
        grant.revoked_at = grant.revoked_at or now()
    user.email = user.phone_cipher = user.phone_index = user.totp_cipher = None
    user.password_hash, user.status = _no_password(), AccountStatus.DISABLED
    sessions.revoke_sessions(user)
    audit.record("user:close", actor=user, subject=user)
    user.login, user.display_name = f"closed-{user.id.hex[:12]}", "已注销用户"


# Authenticators


@dataclass(frozen=True)
class Enrolment:
    """A new authenticator before its first code: the secret, its address for the QR, and both sealed for the form."""

    secret: str
    address: str
    sealed: str


def offer_enrolment(user: User, issuer: str, sealed: str = "") -> Enrolment:
    """Return a fresh secret, or the one a form brought back; nothing is stored until a code proves it."""
    secret = _secret_of(user, sealed) or pyotp.random_base32()
    kept = vault().seal_token(_ENROL, {"user": str(user.id), "secret": secret}, expires_at=now() + ENROL_LIFETIME)
    address = pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=issuer)
    return Enrolment(secret, address, kept)


def _secret_of(user: User, sealed: str) -> str | None:
    try:
        payload = vault().open_token(_ENROL, sealed, now=now())
    except (SealBroken, TokenExpired):
        return None
    return str(payload["secret"]) if payload["user"] == str(user.id) else None


def enrol(*, user: User, sealed: str, code: str) -> None:
    """Bind an authenticator to an account that has none, proved by its first code."""
    if user.totp_cipher is not None:
        raise TransitionRefused(_("该账号已绑定身份验证器。如已丢失，请联系管理员办理重置。"))
    secret = _secret_of(user, sealed)
    if secret is None:
        raise RuleBroken(_("页面停留时间过长，请重新扫描新的二维码。"))
    step = sessions.matching_step(secret, code)
    if step is None:
        raise RuleBroken(_("动态码不正确，请查看身份验证器上的最新数字。"), "code")
    user.totp_cipher, user.totp_step = vault().encrypt(secret, f"totp:{user.id}"), step
    audit.record("user:enrol", actor=user, subject=user)


def request_reset(*, admin: User, user: User, reason: str) -> SecondFactorReset:
    """Ask for the removal of a lost authenticator; somebody else decides."""
    require(policy.why_not_request_reset(admin, user))
    if queries.find_open_reset(user.id) is not None:
        raise TransitionRefused(_("已有一份重置申请在等待第二人确认。"))
    reset = SecondFactorReset(user_id=user.id, reason=reason, requested_by_id=admin.id)
    db.session.add(reset)
    audit.record("second_factor:request_reset", actor=admin, subject=user, reason=reason)
    return reset


def decide_reset(*, officer: User, reset: SecondFactorReset, is_agreed: bool) -> None:
    """Agree to or refuse the removal of a lost authenticator as the second person."""
    require(policy.why_not_decide_reset(officer, reset))
    reset.decided_by_id, reset.decided_at, reset.is_agreed = officer.id, now(), is_agreed
    if is_agreed:
        reset.user.totp_cipher = None
        sessions.revoke_sessions(reset.user)
        body = _("下次登录时请绑定新的身份验证器。如非本人申请，请立即联系街道。")
        notify(reset.user_id, _("您的身份验证器已重置"), body)
    action = "second_factor:reset" if is_agreed else "second_factor:refuse_reset"
    audit.record(action, actor=officer, subject=reset.user)
