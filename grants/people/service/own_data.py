"""What is kept about a person, for that person (PIPL 45)."""

from dataclasses import dataclass
from typing import Any

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.i18n import _
from grants.foundation.identifiers import mask_id, mask_phone
from grants.foundation.sealing import vault
from grants.people import queries
from grants.people.models import User
from grants.people.rules.dossier import MEMBER_ROLE_LABELS
from grants.people.service.residents import open_identity

_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device(user_agent: str) -> str:
    """Return in two words what a session runs on, so that its owner knows it again."""
    system = next((name for sign, name in (*_SYSTEMS, ("Linux", "Linux")) if sign in user_agent), "")
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    return " · ".join(filter(None, (system, browser))) or _("其他设备")


@dataclass(frozen=True)
class OwnContact:
    """A person's own data for their own page; the identity number masked even there."""

    phone: str
    roll_phone: str
    id_number: str
    community: str


def open_contact(user: User) -> OwnContact:
    """Return what the page of one's own data shows."""
    phone = vault().decrypt(user.phone_cipher, "user.phone") if user.phone_cipher else ""
    if user.resident is None:
        return OwnContact(phone, "", "", "")
    opened = open_identity(user.resident)
    return OwnContact(phone, mask_phone(opened.phone), mask_id(opened.id_number), user.resident.community.name)


def copy_own_data(*, user: User) -> dict[str, Any]:
    """Return a full copy of what people keeps about an account, in the clear; that it was taken is logged."""
    copied: dict[str, Any] = {
        "导出时间": now(),
        "账号": {
            "登录名": user.login,
            "姓名": user.display_name,
            "邮箱": user.email,
            "手机号": open_contact(user).phone,
        },
        "角色": [{"角色": g.role.value, "起": g.starts_on, "止": g.ends_on, "收回": g.revoked_at} for g in user.grants],
        "社会组织成员": [
            {"组织": member.organisation.name, "职责": str(MEMBER_ROLE_LABELS[member.role])}
            for member in user.memberships
        ],
        "登录中的设备": [{"登录时间": s.created_at, "设备": s.user_agent} for s in queries.list_own_sessions(user.id)],
    }
    resident = user.resident
    if resident is not None:
        opened = open_identity(resident)
        copied["居民名册"] = {
            "姓名": opened.name,
            "身份证号": opened.id_number,
            "手机号": opened.phone,
            "出生日期": resident.born_on,
            "性别": resident.gender.value,
            "社区": resident.community.name,
            "网格": resident.grid.name if resident.grid else None,
            "小区": resident.estate.name if resident.estate else None,
            "是否外出": resident.is_away,
        }
    audit.record("user:copy", actor=user, subject=user)
    return copied
