"""The menu of the desk: for each role the places it works at, in the order of the cycle."""

from dataclasses import dataclass, field
from functools import lru_cache

from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from grants.access import ACCESS
from grants.foundation.i18n import Text, _l
from grants.people.models import User
from grants.people.rules import Role

DESK, CYCLE, MONEY, OFFICE = _l("我的工作"), _l("办理"), _l("资金与评价"), _l("管理")


@dataclass(frozen=True)
class MenuItem:
    """One line of the menu under the name of its group."""

    group: str
    label: str
    href: str
    is_current: bool
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True)
class _Entry:
    """A place to work at; the access list says who may go there, `only` narrows that to the roles that work there."""

    group: Text
    label: Text
    href: str
    icon: str
    only: frozenset[str] = field(default_factory=frozenset)


_STAFF = frozenset({"community", "programme", "finance", "approver", "supervisor"})
_INSIDE = _STAFF | {"organisation"}

ENTRIES = (
    _Entry(DESK, _l("待办事项"), "/desk", "desk"),
    _Entry(DESK, _l("消息"), "/desk/messages", "bell"),
    _Entry(DESK, _l("我的组织"), "/organisations/mine", "org"),
    _Entry(DESK, _l("提出需求"), "/needs/new", "megaphone"),
    _Entry(DESK, _l("居民投票"), "/polls/", "vote", frozenset({"resident"})),
    _Entry(DESK, _l("监督任务"), "/supervision/tasks", "eye"),
    _Entry(CYCLE, _l("届次"), "/rounds/", "calendar", _STAFF),
    _Entry(CYCLE, _l("需求筛选"), "/needs/screening", "clipboard"),
    _Entry(CYCLE, _l("代办登记"), "/needs/counter", "edit"),
    _Entry(CYCLE, _l("居民投票"), "/polls/", "vote", _STAFF),
    _Entry(CYCLE, _l("项目"), "/projects/", "folder", _STAFF),
    _Entry(CYCLE, _l("公示"), "/notices/", "megaphone", _STAFF),
    _Entry(CYCLE, _l("征集公告"), "/calls/", "megaphone", _INSIDE | {"expert"}),
    _Entry(CYCLE, _l("申报书"), "/applications/", "file", _INSIDE),
    _Entry(CYCLE, _l("评审"), "/reviews/", "star", frozenset({"expert", "programme", "supervisor"})),
    _Entry(CYCLE, _l("协议"), "/agreements/", "handshake"),
    _Entry(CYCLE, _l("实施监督"), "/supervision/", "eye", _INSIDE | {"community_supervisor"}),
    _Entry(CYCLE, _l("整改"), "/supervision/rectifications/", "alert"),
    _Entry(CYCLE, _l("投诉建议"), "/supervision/complaints/", "inbox", _STAFF | {"community_supervisor"}),
    _Entry(MONEY, _l("拨付"), "/payments/", "money", _INSIDE),
    _Entry(MONEY, _l("资金"), "/funds/", "ledger", _STAFF - {"community"}),
    _Entry(MONEY, _l("评价"), "/evaluations/", "chart", _INSIDE),
    _Entry(MONEY, _l("服务效率"), "/statistics/efficiency", "chart", _INSIDE),
    _Entry(MONEY, _l("案例库"), "/cases/", "star", _STAFF),
    _Entry(MONEY, _l("报告"), "/reports/", "print", _STAFF),
    _Entry(OFFICE, _l("组织名录"), "/organisations/", "org", _STAFF),
    _Entry(OFFICE, _l("入册审核"), "/organisations/review", "check-circle"),
    _Entry(OFFICE, _l("居民名册"), "/roll/", "users"),
    _Entry(OFFICE, _l("账号"), "/admin/users", "user"),
    _Entry(OFFICE, _l("角色授权"), "/admin/grants", "shield"),
    _Entry(OFFICE, _l("操作日志"), "/audit/", "search", _STAFF | {"admin"}),
    _Entry(OFFICE, _l("后台任务"), "/jobs/", "refresh", _STAFF | {"admin"}),
)


def menu_for(actor: User | None, path: str) -> list[MenuItem]:
    """Return the menu of somebody's roles, group by group; empty for visitors. The nearest entry is the current one."""
    if actor is None:
        return []
    roles = actor.roles
    entries = [entry for entry in ENTRIES if _is_for(entry, roles)]
    unique = list({entry.href: entry for entry in reversed(entries)}.values())[::-1]
    near = max((entry.href for entry in unique if _covers(entry.href, path)), key=len, default="")
    return [
        MenuItem(str(entry.group), str(entry.label), entry.href, entry.href == near, icon=entry.icon)
        for entry in unique
    ]


def _is_for(entry: _Entry, roles: set[Role]) -> bool:
    audience = ACCESS.get(_endpoint(current_app.url_map, entry.href), frozenset())
    return not audience.isdisjoint(roles) and (not entry.only or not entry.only.isdisjoint(roles))


@lru_cache(maxsize=256)
def _endpoint(routes: Map, href: str) -> str:
    """Return the endpoint behind an address of this site, empty where there is none; every page asks for all."""
    try:
        endpoint, _values = routes.bind("").match(href)
    except HTTPException:
        return ""
    return str(endpoint)


def _covers(href: str, path: str) -> bool:
    return path == href or path.startswith(href if href.endswith("/") else f"{href}/")
