"""The file of one organisation: kinds of papers, certificates and records, and what their dates mean."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l
from grants.people.rules.kinds import LegalKind, MemberRole

NOTICE_DAYS = 60
"""So many days before a paper runs out its organisation is reminded."""
INVITATION_DAYS = 7
GRADES = ("5A", "4A", "3A", "2A", "1A")
"""Grades of 社会组织评估, best first."""
STILL_LISTED = date(2099, 12, 31)
"""Stands for "not yet taken out" where eligibility asks for the day of removal; it never counts as past."""


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


INVITATION_STATE_LABELS: dict[InvitationState, Text] = {
    InvitationState.OPEN: _l("待接受"),
    InvitationState.ACCEPTED: _l("已加入"),
    InvitationState.REVOKED: _l("已撤回"),
    InvitationState.EXPIRED: _l("已过期"),
}


def invitation_state(
    accepted_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, moment: datetime
) -> InvitationState:
    """Return where an invitation stands at a moment; the moment of expiry is already too late."""
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if revoked_at is not None:
        return InvitationState.REVOKED
    return InvitationState.OPEN if moment < expires_at else InvitationState.EXPIRED


MEMBER_ROLE_LABELS: dict[MemberRole, Text] = {
    MemberRole.HEAD: _l("负责人"),
    MemberRole.PROJECT: _l("项目主管"),
    MemberRole.FINANCE: _l("财务"),
    MemberRole.CLERK: _l("填报员"),
}
STATES_ACCOUNT = frozenset({MemberRole.HEAD, MemberRole.FINANCE})
"""Who inside an organisation may state the account to be paid to."""


def why_not_lose_head(role: MemberRole, roles: Collection[MemberRole]) -> str | None:
    """Say why a member of `role` must stay what they are: an organisation is never without a head."""
    if role is MemberRole.HEAD and sum(1 for one in roles if one is MemberRole.HEAD) <= 1:
        return _("这是组织唯一的负责人。请先把另一位成员设为负责人。")
    return None


class DocumentKind(StrEnum):
    """What paper a file holds."""

    CERTIFICATE = "certificate"
    CHARTER = "charter"
    INSPECTION = "inspection"
    ASSESSMENT = "assessment"
    BANK = "bank"
    FINANCE_RULES = "finance_rules"
    AUDIT = "audit"
    SOCIAL_WORK = "social_work"
    OTHER = "other"


DOCUMENT_LABELS: dict[DocumentKind, Text] = {
    DocumentKind.CERTIFICATE: _l("登记证书或备案证明"),
    DocumentKind.CHARTER: _l("章程"),
    DocumentKind.INSPECTION: _l("年检（年报）结论"),
    DocumentKind.ASSESSMENT: _l("评估等级证书"),
    DocumentKind.BANK: _l("开户许可证"),
    DocumentKind.FINANCE_RULES: _l("财务管理制度"),
    DocumentKind.AUDIT: _l("审计报告或财务报表"),
    DocumentKind.SOCIAL_WORK: _l("社工证等专业证书"),
    DocumentKind.OTHER: _l("其他材料"),
}


def core_documents(legal_kind: LegalKind) -> tuple[DocumentKind, ...]:
    """Return the papers that calls usually ask for; a filed group has no account and no accounts to be audited."""
    if legal_kind is LegalKind.FILED:
        return (DocumentKind.CERTIFICATE,)
    return (
        DocumentKind.CERTIFICATE,
        DocumentKind.INSPECTION,
        DocumentKind.BANK,
        DocumentKind.FINANCE_RULES,
        DocumentKind.AUDIT,
    )


class Validity(StrEnum):
    """Whether a paper holds on a day."""

    VALID = "valid"
    ENDING = "ending"
    EXPIRED = "expired"


VALIDITY_LABELS: dict[Validity, Text] = {
    Validity.VALID: _l("有效"),
    Validity.ENDING: _l("即将到期"),
    Validity.EXPIRED: _l("已过期"),
}


def validity(expires_on: date | None, day: date) -> Validity:
    """Return whether a paper holds; its last day still counts, and the last 60 days call for a new one."""
    if expires_on is None or expires_on > day + timedelta(days=NOTICE_DAYS):
        return Validity.VALID
    return Validity.ENDING if day <= expires_on else Validity.EXPIRED


class CertificateKind(StrEnum):
    """What somebody who works for an organisation is certified as."""

    NONE = "none"
    ASSISTANT_WORKER = "assistant_worker"
    SOCIAL_WORKER = "social_worker"
    SENIOR_WORKER = "senior_worker"
    ACCOUNTANT = "accountant"
    OTHER = "other"


CERTIFICATE_LABELS: dict[CertificateKind, Text] = {
    CertificateKind.NONE: _l("无证书"),
    CertificateKind.ASSISTANT_WORKER: _l("助理社会工作师"),
    CertificateKind.SOCIAL_WORKER: _l("社会工作师"),
    CertificateKind.SENIOR_WORKER: _l("高级社会工作师"),
    CertificateKind.ACCOUNTANT: _l("会计专业技术资格"),
    CertificateKind.OTHER: _l("其他专业证书"),
}
SOCIAL_WORKERS = frozenset(
    {CertificateKind.ASSISTANT_WORKER, CertificateKind.SOCIAL_WORKER, CertificateKind.SENIOR_WORKER}
)


class StandingKind(StrEnum):
    """What a line of an organisation's history notes."""

    INSPECTION = "inspection"
    ASSESSMENT = "assessment"
    ABNORMAL = "abnormal"
    DISHONEST = "dishonest"
    VIOLATION = "violation"
    BREACH = "breach"
    POOR_GRADE = "poor_grade"

    @property
    def is_listing(self) -> bool:
        """Tell whether it is an entry in a list that one is taken out of again."""
        return self in (StandingKind.ABNORMAL, StandingKind.DISHONEST)


STANDING_LABELS: dict[StandingKind, Text] = {
    StandingKind.INSPECTION: _l("年检（年报）"),
    StandingKind.ASSESSMENT: _l("等级评估"),
    StandingKind.ABNORMAL: _l("列入活动异常名录"),
    StandingKind.DISHONEST: _l("列入严重违法失信名单"),
    StandingKind.VIOLATION: _l("重大违法处罚"),
    StandingKind.BREACH: _l("因自身原因终止项目"),
    StandingKind.POOR_GRADE: _l("项目评价不合格"),
}
SANCTIONS = (
    StandingKind.ABNORMAL,
    StandingKind.DISHONEST,
    StandingKind.VIOLATION,
    StandingKind.BREACH,
    StandingKind.POOR_GRADE,
)


def worst_day(kind: StandingKind, spans: Collection[tuple[date, date | None]]) -> date | None:
    """Return the day eligibility counts its clear years from: the last removal, violation, breach or failure.

    An entry that has no removal yet is worse than any day (STILL_LISTED).
    """
    if kind.is_listing:
        return max((end or STILL_LISTED for _start, end in spans), default=None)
    return max((start for start, _end in spans), default=None)
