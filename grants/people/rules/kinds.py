"""Roles, places and organisations: their kinds, and the pure rules between them."""

import re
from datetime import date
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l
from grants.foundation.identifiers import age_on


class Role(StrEnum):
    """The roles of the matrix of who may do what; VISITOR is everybody without an account.

    SUPERVISOR (纪监委) sees the whole street, COMMUNITY_SUPERVISOR (居务监督) the projects of its own community.
    """

    VISITOR = "visitor"
    RESIDENT = "resident"
    ORGANISATION = "organisation"
    EXPERT = "expert"
    COMMUNITY = "community"
    PROGRAMME = "programme"
    FINANCE = "finance"
    APPROVER = "approver"
    SUPERVISOR = "supervisor"
    COMMUNITY_SUPERVISOR = "community_supervisor"
    ADMIN = "admin"


ROLE_LABELS: dict[Role, Text] = {
    Role.VISITOR: _l("访客"),
    Role.RESIDENT: _l("居民"),
    Role.ORGANISATION: _l("社会组织"),
    Role.EXPERT: _l("评审专家"),
    Role.COMMUNITY: _l("社区居委会"),
    Role.PROGRAMME: _l("社区建设部"),
    Role.FINANCE: _l("街道财政"),
    Role.APPROVER: _l("分管领导"),
    Role.SUPERVISOR: _l("纪监委"),
    Role.COMMUNITY_SUPERVISOR: _l("居务监督"),
    Role.ADMIN: _l("系统管理员"),
}

STAFF = frozenset(
    {
        Role.COMMUNITY,
        Role.PROGRAMME,
        Role.FINANCE,
        Role.APPROVER,
        Role.SUPERVISOR,
        Role.COMMUNITY_SUPERVISOR,
        Role.ADMIN,
        Role.EXPERT,
    }
)
OF_COMMUNITY = frozenset({Role.COMMUNITY, Role.COMMUNITY_SUPERVISOR})
"""Roles held for one community; a grant names it."""
ALONE = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Roles whose holder may hold no other (static separation)."""

APART: tuple[frozenset[Role], ...] = tuple(
    frozenset({Role.ORGANISATION, other})
    for other in (Role.COMMUNITY, Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.EXPERT)
) + tuple(
    frozenset({Role.COMMUNITY_SUPERVISOR, other})
    for other in (Role.ORGANISATION, Role.COMMUNITY, Role.PROGRAMME, Role.FINANCE, Role.APPROVER)
)
"""Pairs that one person may not hold together."""


def conflicting_roles(held: set[Role], wanted: Role) -> set[Role]:
    """Return the held roles that forbid `wanted` as well (a resident's own role never conflicts)."""
    held = held - {wanted, Role.RESIDENT}
    if wanted in ALONE:
        return held
    return {role for role in held if role in ALONE or frozenset({role, wanted}) in APART}


class PlaceKind(StrEnum):
    """Levels of the places tree: street → community → grid → estate."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    ESTATE = "estate"


PARENT_KIND = {
    PlaceKind.COMMUNITY: PlaceKind.STREET,
    PlaceKind.GRID: PlaceKind.COMMUNITY,
    PlaceKind.ESTATE: PlaceKind.GRID,
}


class AccountStatus(StrEnum):
    """Whether an account may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Gender(StrEnum):
    """As recorded on the residents' roll."""

    FEMALE = "female"
    MALE = "male"


class AgeBand(StrEnum):
    """Age bands used in statistics; chosen so that no cell of a community gets too small."""

    UNDER_18 = "under_18"
    FROM_18 = "18_34"
    FROM_35 = "35_59"
    FROM_60 = "60_74"
    FROM_75 = "75_up"


def age_band(born_on: date, day: date) -> AgeBand:
    """Return the statistics band of somebody's age on a day."""
    age = age_on(born_on, day)
    for limit, band in ((18, AgeBand.UNDER_18), (35, AgeBand.FROM_18), (60, AgeBand.FROM_35), (75, AgeBand.FROM_60)):
        if age < limit:
            return band
    return AgeBand.FROM_75


class LegalKind(StrEnum):
    """Legal form of an organisation; FILED is 备案 only: no legal person and never a payee."""

    ASSOCIATION = "association"
    SERVICE = "service"
    FOUNDATION = "foundation"
    FILED = "filed"


LEGAL_KIND_LABELS: dict[LegalKind, Text] = {
    LegalKind.ASSOCIATION: _l("社会团体"),
    LegalKind.SERVICE: _l("社会服务机构"),
    LegalKind.FOUNDATION: _l("基金会"),
    LegalKind.FILED: _l("备案社区社会组织"),
}


class CommunityKind(StrEnum):
    """The five kinds of community organisation (not the five project categories)."""

    RESIDENT_SERVICE = "resident_service"
    CULTURE_SPORT = "culture_sport"
    CHARITY = "charity"
    GOVERNANCE = "governance"
    HUB = "hub"


COMMUNITY_KIND_LABELS: dict[CommunityKind, Text] = {
    CommunityKind.RESIDENT_SERVICE: _l("居民服务类"),
    CommunityKind.CULTURE_SPORT: _l("文体活动类"),
    CommunityKind.CHARITY: _l("公益慈善类"),
    CommunityKind.GOVERNANCE: _l("基层治理类"),
    CommunityKind.HUB: _l("社区枢纽型"),
}


class OrganisationStatus(StrEnum):
    """Whether an organisation is on the register."""

    PENDING = "pending"
    LISTED = "listed"
    SUSPENDED = "suspended"


ORGANISATION_STATUS_LABELS: dict[OrganisationStatus, Text] = {
    OrganisationStatus.PENDING: _l("待审核"),
    OrganisationStatus.LISTED: _l("已入册"),
    OrganisationStatus.SUSPENDED: _l("已停用"),
}


class MemberRole(StrEnum):
    """What a member may do inside the organisation."""

    HEAD = "head"
    PROJECT = "project"
    FINANCE = "finance"
    CLERK = "clerk"


_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


def why_not_login(login: str) -> str | None:
    """Say why a login name will not do, or None."""
    if not _LOGIN.fullmatch(login):
        return _("登录名用 3–60 个小写字母、数字、点、横线或下划线，首尾须是字母或数字")
    return None
