"""What of people waits on whose desk: sign-ups, accounts to confirm, rolls, roles and lost authenticators."""

from datetime import date, timedelta

from grants.foundation.clock import local
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.people.models import Organisation, User
from grants.people.queries.accounts import list_open_resets, list_waiting_grants
from grants.people.queries.dossier import list_documents, list_ending_documents, list_ending_workers
from grants.people.queries.registry import (
    find_open_account_change,
    list_member_organisations,
    list_open_account_changes,
    list_pending_organisations,
)
from grants.people.queries.roll import list_waiting_imports
from grants.people.rules import ROLE_LABELS, LegalKind, OrganisationStatus, Role
from grants.people.rules.dossier import CERTIFICATE_LABELS, DOCUMENT_LABELS

REVIEW_DAYS = 7


def list_due_for(actor: User) -> list[DueItem]:
    """List what this person can act on; second persons never see what they proposed themselves."""
    found: list[DueItem] = []
    if actor.has_role(Role.PROGRAMME):
        found += _register() + _rolls(actor)
    if actor.has_role(Role.COMMUNITY):
        found += [item for item in _rolls(actor, own=True) if item not in found]
    if actor.has_role(Role.APPROVER):
        found += _grants(actor)
    if actor.has_role(Role.APPROVER, Role.ADMIN):
        found += _resets(actor)
    if actor.has_role(Role.ORGANISATION):
        found += _returned(actor) + _newcomer(actor) + _papers(actor) + _certificates(actor)
    return found


def _item(title: str, href: str, meta: str = "", due_on: date | None = None) -> DueItem:
    return DueItem(title=title, href=href, stage=_("名册和账号"), meta=meta, due_on=due_on)


def _register() -> list[DueItem]:
    pending = [one for one in list_pending_organisations() if one.review_note is None]
    found = [
        _item(
            _("审核入册：%(name)s", name=one.name),
            f"/organisations/{one.ref}/edit",
            one.ref,
            local(one.created_at).date() + timedelta(days=REVIEW_DAYS),
        )
        for one in pending
    ]
    return found + [
        _item(
            _("核对收款账户：%(name)s", name=change.organisation.name), "/organisations/review", change.organisation.ref
        )
        for change in list_open_account_changes()
    ]


def _rolls(actor: User, *, own: bool = False) -> list[DueItem]:
    return [
        _item(_("确认名册导入：%(name)s", name=made.file_name), f"/roll/imports/{made.id}")
        for made in list_waiting_imports()
        if (made.imported_by_id == actor.id) is own
    ]


def _grants(actor: User) -> list[DueItem]:
    return [
        _item(
            _("确认授予“%(role)s”：%(name)s", role=str(ROLE_LABELS[grant.role]), name=grant.user.display_name),
            "/admin/grants",
            grant.reason,
        )
        for grant in list_waiting_grants()
        if actor.id not in (grant.granted_by_id, grant.user_id)
    ]


def _resets(actor: User) -> list[DueItem]:
    return [
        _item(_("确认重置身份验证器：%(name)s", name=reset.user.display_name), "/admin/grants", reset.reason)
        for reset in list_open_resets()
        if actor.id not in (reset.requested_by_id, reset.user_id)
    ]


def _papers(actor: User) -> list[DueItem]:
    return [
        _item(
            _("更新材料：%(kind)s", kind=str(DOCUMENT_LABELS[paper.kind])),
            f"/organisations/{paper.organisation.ref}/documents",
            paper.organisation.name,
            paper.expires_on,
        )
        for paper in list_ending_documents(actor.organisation_ids)
    ]


def _certificates(actor: User) -> list[DueItem]:
    return [
        _item(
            _("证书到期：%(name)s", name=worker.name),
            f"/organisations/{worker.organisation.ref}/people",
            str(CERTIFICATE_LABELS[worker.certificate]),
            worker.expires_on,
        )
        for worker in list_ending_workers(actor.organisation_ids)
    ]


def _returned(actor: User) -> list[DueItem]:
    return [
        _item(_("修改入册资料：%(name)s", name=one.name), f"/organisations/{one.ref}/edit", one.review_note or "")
        for one in list_member_organisations(actor)
        if one.review_note is not None
    ]


def _newcomer(actor: User) -> list[DueItem]:
    """Say where the enrolment of an organisation stands, and after it what its file still lacks."""
    found: list[DueItem] = []
    for one in list_member_organisations(actor):
        if one.is_pending and one.review_note is None:
            found.append(_examined(one))
        elif one.status is OrganisationStatus.LISTED:
            found += _lacking(one)
    return found


def _examined(one: Organisation) -> DueItem:
    return DueItem(
        title=_("入册审核中：%(name)s", name=one.name),
        href=f"/organisations/{one.ref}/edit",
        stage=_("名册和账号"),
        blocked_by=_("社区建设部正在审核登记资料，结果会通知您"),
    )


def _lacking(one: Organisation) -> list[DueItem]:
    found = []
    is_payee = one.legal_kind is not LegalKind.FILED
    if is_payee and one.account_cipher is None and find_open_account_change(one.id) is None:
        found.append(_item(_("请登记收款账户：%(name)s", name=one.name), f"/organisations/{one.ref}/bank"))
    if not list_documents(one.id):
        found.append(_item(_("请上传证照和材料：%(name)s", name=one.name), f"/organisations/{one.ref}/documents"))
    return found
