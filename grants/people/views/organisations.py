"""/organisations: the public register, signing up, examination, and the file of one organisation."""

from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import NotFound, require
from grants.foundation.files import PAPERS, send, store_upload
from grants.foundation.i18n import _
from grants.foundation.identifiers import uscc_warnings
from grants.foundation.models import StoredFile
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current, policy, queries
from grants.people.forms import IdentityForm, ProfileForm, ReasonForm, RegisterForm
from grants.people.models import Organisation
from grants.people.rules import COMMUNITY_KIND_LABELS, LEGAL_KIND_LABELS, CommunityKind, LegalKind, Role
from grants.people.rules.dossier import DOCUMENT_LABELS, GRADES, VALIDITY_LABELS
from grants.people.service import organisations as service
from grants.people.views.catalogue import conditions
from grants.people.views.web import blueprint


@blueprint.get("/organisations/")
def organisations() -> tuple[str, int]:
    """Show the public register."""
    chosen, actor = conditions(), current.actor_or_none()
    return page(
        "people/organisations.html",
        found=queries.page_register(Window.of(request.args), **chosen),
        total=queries.count_register(**chosen),
        chosen=chosen,
        legal_kinds=LEGAL_KIND_LABELS,
        community_kinds=COMMUNITY_KIND_LABELS,
        grades={grade: grade for grade in GRADES} | {queries.UNGRADED: _("未参评或已过期")},
        mine=queries.list_member_organisations(actor),
        may_review=actor is not None and actor.has_role(Role.PROGRAMME),
        may_see_ledger=actor is not None and policy.why_not_see_ledger(actor) is None,
    )


@blueprint.route("/organisations/new", methods=["GET", "POST"])
def organisation_new() -> Response | tuple[str, int]:
    """Let an organisation sign itself up."""
    form = RegisterForm()
    if form.validate_on_submit():
        with errors_on(form):
            made = service.register_organisation(
                identity=_identity(form),
                profile=_profile(form),
                login=form.login.data or "",
                contact=form.contact.data or "",
                password=form.password.data or "",
                certificate=_certificate(form),
            )
            _warn(made)
            flash(_("登记资料已提交，编号 %(ref)s。社区建设部审核后即可申报项目。", ref=made.ref), "success")
            return redirect(url_for("people.sign_in", next=url_for("people.organisation_edit", ref=made.ref)))
    return page("people/organisation_new.html", form=form, warnings=_warnings(form))


@blueprint.get("/organisations/mine")
def organisation_mine() -> Response:
    """Lead members to the file of their organisation; the register lists them for whoever has several."""
    mine = queries.list_member_organisations(current.actor())
    if len(mine) == 1:
        return redirect(url_for("people.organisation_edit", ref=mine[0].ref))
    return redirect(url_for("people.organisations"))


def _identity(form: IdentityForm | RegisterForm) -> service.Identity:
    return service.Identity(
        name=form.name.data or "",
        legal_kind=LegalKind(form.legal_kind.data),
        community_kind=CommunityKind(form.community_kind.data),
        registered_on=form.registered_on.data or today(),
        uscc=form.uscc.data or "",
        filing_number=form.filing_number.data or "",
        registered_with=form.registered_with.data or "",
        scope=form.scope.data or "",
    )


def _profile(form: ProfileForm | RegisterForm) -> service.Profile:
    return service.Profile(
        head_name=form.head_name.data or "",
        short_name=form.short_name.data or "",
        address=form.address.data or "",
        staff_count=form.staff_count.data or 0,
        social_worker_count=form.social_worker_count.data or 0,
        profile=form.profile.data or "",
        party_building=form.party_building.data or "",
        phone=form.phone.data or None,
    )


def _certificate(form: IdentityForm | RegisterForm) -> StoredFile | None:
    if not form.certificate.data:
        return None
    actor = current.actor_or_none()
    actor_id = actor.id if actor else None
    return store_upload(form.certificate.data, purpose="organisation:certificate", actor_id=actor_id, allow=PAPERS)


def _warnings(form: IdentityForm | RegisterForm) -> list[str]:
    return uscc_warnings(form.uscc.data) if form.uscc.data else []


def _warn(organisation: Organisation) -> None:
    """Say what looks odd in a code; it is saved all the same."""
    for warning in uscc_warnings(organisation.uscc) if organisation.uscc else []:
        flash(_("已保存，但请核对统一社会信用代码：%(warning)s", warning=warning), "warning")


@blueprint.route("/organisations/<ref>/edit", methods=["GET", "POST"])
def organisation_edit(ref: str) -> Response | tuple[str, int]:
    """Keep a profile up to date."""
    actor, one = current.actor(), queries.get_organisation(ref)
    require(policy.why_not_edit_organisation(actor, one))
    form = ProfileForm(obj=one)
    if form.validate_on_submit():
        with errors_on(form):
            service.edit_profile(actor=actor, organisation=one, profile=_profile(form))
            flash(_("组织档案已更新。"), "success")
            return redirect(url_for("people.organisation_edit", ref=ref))
    return page("people/organisation_edit.html", form=form, one=one, **_file_context(one))


def _file_context(one: Organisation) -> dict[str, Any]:
    actor = current.actor()
    return {
        "legal_kinds": LEGAL_KIND_LABELS,
        "community_kinds": COMMUNITY_KIND_LABELS,
        "warnings": uscc_warnings(one.uscc) if one.uscc else [],
        "is_officer": actor.has_role(Role.PROGRAMME),
        "is_member": policy.acts_for(actor, one),
        "may_change_identity": policy.why_not_change_identity(actor, one) is None,
        "may_suspend": policy.why_not_suspend(actor, one) is None,
        "may_restore": policy.why_not_restore(actor, one) is None,
        "may_review": policy.why_not_review_organisation(actor, one) is None,
        "open_change": queries.find_open_account_change(one.id),
    }


@blueprint.route("/organisations/<ref>/identity", methods=["GET", "POST"])
def organisation_identity(ref: str) -> Response | tuple[str, int]:
    """Correct what the certificate says."""
    actor, one = current.actor(), queries.get_organisation(ref)
    require(policy.why_not_change_identity(actor, one))
    form = IdentityForm(obj=one, data=None if request.method == "POST" else _codes(one))
    if form.validate_on_submit():
        with errors_on(form):
            service.edit_identity(actor=actor, organisation=one, identity=_identity(form))
            scan = _certificate(form)
            if scan is not None:
                service.attach_certificate(actor=actor, organisation=one, certificate=scan)
            _warn(one)
            flash(_("登记信息已更新。"), "success")
            return redirect(url_for("people.organisation_edit", ref=ref))
    return page("people/organisation_identity.html", form=form, one=one, warnings=_warnings(form))


def _codes(one: Organisation) -> dict[str, Any]:
    return {"certificate": None, "legal_kind": one.legal_kind.value, "community_kind": one.community_kind.value}


@blueprint.get("/organisations/<ref>/certificate")
def organisation_certificate(ref: str) -> FlaskResponse:
    """Hand out the scan of the certificate to members and the office."""
    one = queries.get_organisation(ref)
    require(policy.why_not_see_file(current.actor(), one))
    if one.certificate is None:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return send(one.certificate, inline=True)


@blueprint.get("/organisations/review")
def organisations_review() -> tuple[str, int]:
    """Show what waits for the programme officer: sign-ups and new accounts."""
    return page(
        "people/organisations_review.html",
        pending=queries.list_pending_organisations(),
        changes=queries.list_open_account_changes(),
        ending=queries.list_ending_documents(),
        documents=DOCUMENT_LABELS,
        validities=VALIDITY_LABELS,
        legal_kinds=LEGAL_KIND_LABELS,
        warnings_of=lambda one: uscc_warnings(one.uscc) if one.uscc else [],
    )


@blueprint.post("/organisations/<ref>/accept")
def organisation_accept(ref: str) -> Response:
    """Put an organisation on the register."""
    one = queries.get_organisation(ref)
    service.accept_organisation(officer=current.actor(), organisation=one)
    flash(_("%(name)s 已入册。", name=one.name), "success")
    return redirect(url_for("people.organisations_review"))


@blueprint.route("/organisations/<ref>/suspend", methods=["GET", "POST"])
def organisation_suspend(ref: str) -> Response | tuple[str, int]:
    """Take an organisation off the register for a time."""
    one, form = queries.get_organisation(ref), ReasonForm()
    require(policy.why_not_suspend(current.actor(), one))
    back = url_for("people.organisation_edit", ref=ref)
    if form.validate_on_submit():
        with errors_on(form):
            service.suspend_organisation(officer=current.actor(), organisation=one, reason=form.reason.data or "")
            flash(_("已停用。在建项目继续履行，新的申报不能通过资格审查。"), "success")
            return redirect(back)
    return page("people/reason.html", form=form, title=_("停用组织"), subject=one.name, back=back)


@blueprint.post("/organisations/<ref>/restore")
def organisation_restore(ref: str) -> Response:
    """Put a suspended organisation back on the register."""
    one = queries.get_organisation(ref)
    service.restore_organisation(officer=current.actor(), organisation=one)
    flash(_("%(name)s 已恢复在册。", name=one.name), "success")
    return redirect(url_for("people.organisation_edit", ref=ref))


@blueprint.route("/organisations/<ref>/return", methods=["GET", "POST"])
def organisation_return(ref: str) -> Response | tuple[str, int]:
    """Send a sign-up back with what has to be corrected."""
    one, form = queries.get_organisation(ref), ReasonForm()
    require(policy.why_not_review_organisation(current.actor(), one))
    if form.validate_on_submit():
        with errors_on(form):
            service.return_organisation(officer=current.actor(), organisation=one, reason=form.reason.data or "")
            flash(_("已退回修改。"), "success")
            return redirect(url_for("people.organisations_review"))
    back = url_for("people.organisation_edit", ref=ref)
    return page("people/reason.html", form=form, title=_("退回修改"), subject=one.name, back=back)
