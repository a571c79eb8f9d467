"""Leading people (领军人才): the public list, and the consents by which a name is shown."""

import uuid

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.growth import policy, queries, service
from grants.growth.forms import ConsentForm
from grants.growth.rules import ROUNDS_TO_LEAD
from grants.growth.views.blueprint import blueprint
from grants.people import current
from grants.people import queries as people

MOST_ROUNDS = 5


def _least() -> int:
    asked = request.args.get("rounds", "")
    return min(int(asked), MOST_ROUNDS) if asked.isascii() and asked.isdigit() and int(asked) else ROUNDS_TO_LEAD


@blueprint.get("/leaders/")
def leaders() -> tuple[str, int]:
    """Show who led projects graded 优秀; names only of those who agreed."""
    least, actor = _least(), current.actor_or_none()
    organisation_ids = actor.organisation_ids if actor is not None else set()
    return page(
        "growth/leaders.html",
        least=least,
        leaders=queries.list_leading_people(least),
        mine=queries.list_own_organisations(organisation_ids),
        choices=[(str(count), _("至少 %(count)d 届", count=count)) for count in range(1, MOST_ROUNDS + 1)],
    )


@blueprint.get("/leaders/export.<any(csv, xlsx):form>")
def leaders_export(form: str) -> Response:
    """Give the list as a table, names masked as on the page."""
    header = (_("姓名"), _("所在组织"), _("优秀届数"), _("优秀项目"), _("负责项目"), _("届次"))
    rows = (
        (
            one.shown_name,
            one.organisation.name,
            len(one.excellent_rounds),
            one.excellent_projects,
            one.projects,
            "；".join(one.excellent_rounds),
        )
        for one in queries.list_leading_people(_least())
    )
    return table_response(form, _("领军人才"), header, rows)


@blueprint.route("/organisations/<ref>/leaders", methods=["GET", "POST"])
def consents(ref: str) -> Response | tuple[str, int]:
    """Let an organisation record which of its leaders agreed to be named."""
    organisation, actor = people.get_organisation(ref), current.actor()
    require(policy.why_not_record_consent(actor, organisation))
    form = ConsentForm(given_on=today())
    given = queries.list_consents(organisation.id)
    open_names = [name for name in queries.list_leaders_of(organisation.id) if name not in {one.name for one in given}]
    form.name.choices = [(name, name) for name in open_names]
    if form.validate_on_submit():
        with errors_on(form):
            service.record_consent(
                organisation=organisation, member=actor, name=form.name.data, given_on=form.given_on.data or today()
            )
            flash(_("同意书已登记。"), "success")
            return redirect(url_for("growth.consents", ref=ref))
    return page("growth/consents.html", form=form, organisation=organisation, consents=given, open_names=open_names)


@blueprint.post("/leaders/consents/<uuid:identity>/withdraw")
def consent_withdraw(identity: uuid.UUID) -> Response:
    """Take a consent back; the name is masked from now on."""
    consent, actor = queries.get_consent(identity), current.actor()
    service.withdraw_consent(consent=consent, actor=actor)
    flash(_("同意已撤回，姓名不再公开。"), "success")
    if policy.why_not_record_consent(actor, consent.organisation) is not None:
        return redirect(url_for("growth.leaders"))
    return redirect(url_for("growth.consents", ref=consent.organisation.ref))
