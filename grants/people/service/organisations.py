"""The register of organisations (一组织一档): signing up, examination, profile, standing, account to be paid to."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import mask_account, normalise, normalise_phone
from grants.foundation.models import StoredFile
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.foundation.sealing import vault
from grants.people import policy, queries
from grants.people.models import BankAccountChange, Organisation, OrganisationMember, RoleGrant, User
from grants.people.rules import CommunityKind, LegalKind, MemberRole, OrganisationStatus, Role
from grants.people.service import accounts

ACCOUNT, PHONE = "organisation.account", "organisation.phone"


@dataclass(frozen=True)
class Identity:
    """What a certificate says of an organisation; fixed once it has been examined."""

    name: str
    legal_kind: LegalKind
    community_kind: CommunityKind
    registered_on: date
    uscc: str = ""
    filing_number: str = ""
    registered_with: str = ""
    scope: str = ""


@dataclass(frozen=True)
class Profile:
    """What members keep up to date themselves; `phone` None leaves the number as it is."""

    head_name: str
    short_name: str = ""
    address: str = ""
    staff_count: int = 0
    social_worker_count: int = 0
    profile: str = ""
    party_building: str = ""
    phone: str | None = None


@dataclass(frozen=True)
class Standing:
    """What the street office notes of yearly checks and assessment, on which eligibility rests."""

    assessment_grade: str | None = None
    assessment_expires_on: date | None = None
    inspections: dict[str, str] = field(default_factory=dict)
    party_building: str = ""


def register_organisation(
    *,
    identity: Identity,
    profile: Profile,
    login: str,
    contact: str,
    password: str,
    certificate: StoredFile | None = None,
) -> Organisation:
    """Take in an organisation that signs itself up, with the account of the person who does it.

    Warnings about its code never stop it; a programme officer examines it before it can act.
    """
    user = accounts.new_account(login, contact)
    organisation = Organisation(ref=next_reference("ZZ"), status=OrganisationStatus.PENDING)
    _set_identity(organisation, identity)
    _set_profile(organisation, profile)
    organisation.certificate = certificate
    db.session.add(organisation)
    db.session.flush()
    db.session.add(OrganisationMember(organisation_id=organisation.id, user_id=user.id, role=MemberRole.HEAD))
    user.grants.append(
        RoleGrant(user_id=user.id, role=Role.ORGANISATION, organisation_id=organisation.id, starts_on=today())
    )
    accounts.set_first_password(user, password)
    audit.record("organisation:register", actor=user, subject=organisation)
    return organisation


def _set_identity(organisation: Organisation, identity: Identity) -> None:
    code = normalise(identity.uscc) or None
    if identity.legal_kind is not LegalKind.FILED and code is None:
        raise RuleBroken(_("法人社会组织请填写统一社会信用代码"), "uscc")
    if code is not None and len(code) > 18:
        raise RuleBroken(_("统一社会信用代码最多 18 位"), "uscc")
    if identity.legal_kind is LegalKind.FILED and not identity.filing_number:
        raise RuleBroken(_("备案社区社会组织请填写备案编号"), "filing_number")
    _refuse_twin(organisation, identity.name, code)
    if identity.legal_kind is LegalKind.FILED and organisation.account_cipher is not None:
        raise RuleBroken(_("已登记收款账户的组织不能改为备案组织"), "legal_kind")
    for name, value in asdict(identity).items():
        setattr(organisation, name, value)
    organisation.uscc, organisation.filing_number = code, identity.filing_number or None


def _refuse_twin(organisation: Organisation, name: str, code: str | None) -> None:
    with db.session.no_autoflush:
        namesake = queries.find_organisation_by_name(name)
        twin = queries.find_organisation_by_uscc(code) if code else None
    if namesake is not None and namesake is not organisation:
        raise RuleBroken(_("名册中已有同名组织。如需加入，请联系该组织或社区建设部。"), "name")
    if twin is not None and twin is not organisation:
        raise RuleBroken(_("名册中已有这一统一社会信用代码。如需加入，请联系该组织或社区建设部。"), "uscc")


def _set_profile(organisation: Organisation, profile: Profile) -> None:
    for name, value in asdict(profile).items():
        if name != "phone":
            setattr(organisation, name, value)
    if profile.phone is not None:
        number = normalise_phone(profile.phone)
        organisation.phone_cipher = vault().encrypt(number, PHONE) if number else None


def edit_profile(*, actor: User, organisation: Organisation, profile: Profile) -> None:
    """Keep the profile up to date."""
    require(policy.why_not_edit_organisation(actor, organisation))
    _set_profile(organisation, profile)
    audit.record("organisation:edit", actor=actor, subject=organisation)


def edit_identity(*, actor: User, organisation: Organisation, identity: Identity) -> None:
    """Correct what the certificate says; a member may while the organisation waits, and asks anew by it."""
    require(policy.why_not_change_identity(actor, organisation))
    before = organisation.name, organisation.uscc, organisation.legal_kind.value
    _set_identity(organisation, identity)
    if policy.acts_for(actor, organisation):
        organisation.review_note = None
    after = organisation.name, organisation.uscc, organisation.legal_kind.value
    audit.record("organisation:edit_identity", actor=actor, subject=organisation, before=before, after=after)


def attach_certificate(*, actor: User, organisation: Organisation, certificate: StoredFile) -> None:
    """Keep the scan of the certificate with the file."""
    require(policy.why_not_change_identity(actor, organisation))
    organisation.certificate = certificate
    audit.record("organisation:attach_certificate", actor=actor, subject=organisation, sha256=certificate.sha256)


def accept_organisation(*, officer: User, organisation: Organisation) -> None:
    """Put an examined organisation on the register; from now on it may act."""
    require(policy.why_not_review_organisation(officer, organisation))
    _reviewed(organisation, officer)
    organisation.review_note, organisation.status = None, OrganisationStatus.LISTED
    _tell_members(organisation, _("%(name)s 已入册", name=organisation.name), _("现在可以申报项目了。"))
    audit.record("organisation:accept", actor=officer, subject=organisation)


def return_organisation(*, officer: User, organisation: Organisation, reason: str) -> None:
    """Send an organisation's file back with what has to be corrected."""
    require(policy.why_not_review_organisation(officer, organisation))
    _reviewed(organisation, officer)
    organisation.review_note = reason
    _tell_members(organisation, _("%(name)s 的入册资料需要修改", name=organisation.name), reason)
    audit.record("organisation:return", actor=officer, subject=organisation, reason=reason)


def suspend_organisation(*, officer: User, organisation: Organisation, reason: str) -> None:
    """Take an organisation off the register for a time: it goes on with what it has begun; nothing new is eligible."""
    require(policy.why_not_suspend(officer, organisation))
    organisation.status = OrganisationStatus.SUSPENDED
    _tell_members(organisation, _("%(name)s 已停用", name=organisation.name), reason)
    audit.record("organisation:suspend", actor=officer, subject=organisation, reason=reason)


def restore_organisation(*, officer: User, organisation: Organisation) -> None:
    """Put a suspended organisation back on the register."""
    require(policy.why_not_restore(officer, organisation))
    organisation.status = OrganisationStatus.LISTED
    _tell_members(organisation, _("%(name)s 已恢复在册", name=organisation.name), "")
    audit.record("organisation:restore", actor=officer, subject=organisation)


def _reviewed(organisation: Organisation, officer: User) -> None:
    organisation.reviewed_by_id, organisation.reviewed_at = officer.id, now()


def _tell_members(organisation: Organisation, title: str, body: str) -> None:
    for member in organisation.members:
        notify(member.user_id, title, body, f"/organisations/{organisation.ref}/edit")


# The account to be paid to


def account_columns(number: str) -> dict[str, Any]:
    """Return the columns that stand for a bank account: sealed, findable by blind index, last four digits."""
    plain = normalise(number)
    return {
        "account_cipher": vault().encrypt(plain, ACCOUNT),
        "account_index": vault().blind_index(ACCOUNT, plain),
        "account_last4": plain[-4:],
    }


def propose_account(
    *, actor: User, organisation: Organisation, bank_name: str, account_name: str, number: str, reason: str
) -> BankAccountChange:
    """State a new account; payments go to the old one until a programme officer has checked the new one."""
    require(policy.why_not_propose_account(actor, organisation))
    plain = normalise(number)
    if not (plain.isascii() and plain.isdigit() and 8 <= len(plain) <= 32):
        raise RuleBroken(_("账号应为 8 至 32 位数字，请对照开户许可证填写"), "number")
    if account_name != organisation.name:
        raise RuleBroken(_("户名须与组织全称“%(name)s”一致", name=organisation.name), "account_name")
    if queries.find_open_account_change(organisation.id) is not None:
        raise TransitionRefused(_("已有一份账户变更在等待社区建设部核对。"))
    change = BankAccountChange(
        organisation_id=organisation.id,
        bank_name=bank_name,
        account_name=account_name,
        reason=reason,
        proposed_by_id=actor.id,
        **account_columns(plain),
    )
    db.session.add(change)
    shown = mask_account(plain)
    audit.record("organisation:propose_account", actor=actor, subject=organisation, account=shown, reason=reason)
    return change


def accept_account(*, officer: User, change: BankAccountChange) -> None:
    """Confirm a new account after checking it against its proof; payments go there from now on."""
    require(policy.why_not_decide_account(officer, change))
    change.decided_by_id, change.decided_at, change.is_accepted = officer.id, now(), True
    organisation = change.organisation
    for name in ("bank_name", "account_name", "account_cipher", "account_index", "account_last4"):
        setattr(organisation, name, getattr(change, name))
    _tell_members(organisation, _("收款账户已更新"), _("尾号 %(last4)s", last4=change.account_last4))
    audit.record("organisation:accept_account", actor=officer, subject=organisation, last4=change.account_last4)


def refuse_account(*, officer: User, change: BankAccountChange, note: str) -> None:
    """Refuse a new account; the old one stays."""
    require(policy.why_not_decide_account(officer, change))
    change.decided_by_id, change.decided_at, change.is_accepted, change.note = officer.id, now(), False, note
    _tell_members(change.organisation, _("收款账户变更未通过"), note)
    audit.record("organisation:refuse_account", actor=officer, subject=change.organisation, note=note)


def reveal_account(*, officer: User, organisation: Organisation, reason: str) -> str:
    """Return the full account number; why it was looked at is kept in the log."""
    require(policy.why_not_reveal_account(officer))
    if organisation.account_cipher is None:
        raise TransitionRefused(_("该组织还没有登记收款账户。"))
    audit.record("organisation:reveal_account", actor=officer, subject=organisation, reason=reason)
    return open_account(organisation)


def open_account(organisation: Organisation) -> str:
    """Return the sealed account number for a payment order; the caller records why."""
    return vault().decrypt(organisation.account_cipher or "", ACCOUNT)
