"""An organisation's standing: yearly checks and assessment, sanctions, removals, and what was noted by mistake."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current, policy, queries
from grants.people.forms import EndListingForm, ReasonForm, SanctionForm, StandingForm
from grants.people.models import Organisation
from grants.people.rules.dossier import STANDING_LABELS, StandingKind
from grants.people.service import standing as service
from grants.people.service.organisations import Standing
from grants.people.views.web import blueprint


@blueprint.route("/organisations/<ref>/standing", methods=["GET", "POST"])
def organisation_standing(ref: str) -> Response | tuple[str, int]:
    """Note grade and yearly checks from the public registers; the history of all of it stands below."""
    actor, one = current.actor(), queries.get_organisation(ref)
    require(policy.why_not_set_standing(actor))
    years = [str(today().year - back) for back in (1, 2, 3)]
    form = StandingForm(obj=one, data={f"year_{n}": one.inspections.get(year, "") for n, year in enumerate(years, 1)})
    if form.validate_on_submit():
        with errors_on(form):
            stated = _standing(form, one, years)
            service.set_standing(officer=actor, organisation=one, standing=stated, source=form.source.data or "")
            flash(_("资质信息已登记。"), "success")
            return redirect(url_for("people.organisation_standing", ref=ref))
    return page(
        "people/organisation_standing.html",
        form=form,
        one=one,
        years=years,
        records=queries.list_records(one.id),
        kinds=STANDING_LABELS,
    )


def _standing(form: StandingForm, one: Organisation, years: list[str]) -> Standing:
    stated = {year: form[f"year_{number}"].data for number, year in enumerate(years, start=1)}
    older = {year: result for year, result in one.inspections.items() if year not in stated}
    return Standing(
        assessment_grade=form.assessment_grade.data or None,
        assessment_expires_on=form.assessment_expires_on.data,
        inspections=older | {year: result for year, result in stated.items() if result},
        party_building=form.party_building.data or "",
    )


@blueprint.route("/organisations/<ref>/records/new", methods=["GET", "POST"])
def record_add(ref: str) -> Response | tuple[str, int]:
    """Note an entry in a public list, or a grave violation."""
    actor, one, form = current.actor(), queries.get_organisation(ref), SanctionForm()
    require(policy.why_not_set_standing(actor))
    if form.validate_on_submit():
        with errors_on(form):
            service.add_sanction(
                officer=actor,
                organisation=one,
                kind=StandingKind(form.kind.data),
                starts_on=form.starts_on.data or today(),
                ends_on=form.ends_on.data,
                source=form.source.data or "",
                note=form.note.data or "",
            )
            flash(_("记录已登记，资格审查时据此核对。"), "success")
            return redirect(url_for("people.organisation_standing", ref=ref))
    return page("people/record_new.html", form=form, one=one)


@blueprint.route("/organisations/records/<uuid:record_id>/end", methods=["GET", "POST"])
def record_end(record_id: uuid.UUID) -> Response | tuple[str, int]:
    """Note that an organisation was taken out of a list."""
    record, form = queries.get_record(record_id), EndListingForm()
    require(policy.why_not_change_record(current.actor(), record))
    if form.validate_on_submit():
        with errors_on(form):
            ends_on = form.ends_on.data or today()
            service.end_listing(officer=current.actor(), record=record, ends_on=ends_on)
            flash(_("移出日期已登记。"), "success")
            return redirect(url_for("people.organisation_standing", ref=record.organisation.ref))
    return page("people/record_end.html", form=form, record=record, one=record.organisation, kinds=STANDING_LABELS)


@blueprint.route("/organisations/records/<uuid:record_id>/withdraw", methods=["GET", "POST"])
def record_withdraw(record_id: uuid.UUID) -> Response | tuple[str, int]:
    """Take back what was noted by mistake."""
    record, form = queries.get_record(record_id), ReasonForm()
    require(policy.why_not_change_record(current.actor(), record))
    back = url_for("people.organisation_standing", ref=record.organisation.ref)
    if form.validate_on_submit():
        with errors_on(form):
            service.withdraw_record(officer=current.actor(), record=record, reason=form.reason.data or "")
            flash(_("记录已撤销，不再计入资格审查。"), "success")
            return redirect(back)
    return page("people/reason.html", form=form, title=_("撤销登记记录"), subject=record.organisation.name, back=back)
