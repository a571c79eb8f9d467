"""Drafting: from the chosen application to an agreement that can be signed."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.agreements import policy, queries, service
from grants.agreements.forms import DraftForm
from grants.agreements.views.blueprint import blueprint, readable
from grants.agreements.views.labels import LABELS
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current


@blueprint.post("/draft/<application_ref>")
def draft(application_ref: str) -> Response:
    """Draft the agreement of a chosen application and go on to edit it."""
    application = queries.get_selected_application(application_ref)
    agreement = service.draft_agreement(application=application, officer=current.actor())
    flash(_("已按申报书起草协议 %(ref)s，请核对预算与里程碑。", ref=agreement.ref), "success")
    return redirect(url_for("agreements.edit", ref=agreement.ref))


@blueprint.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Response | tuple[str, int]:
    """Change lines, milestones, days and terms of a draft."""
    agreement, actor = readable(ref), current.actor()
    require(policy.why_not_edit(actor, agreement))
    form = DraftForm.of(agreement)
    if form.validate_on_submit():
        with errors_on(form):
            service.revise_agreement(agreement=agreement, by=actor, content=form.content())
            flash(_("草稿已保存；承接组织同意这一版后可以送签。"), "success")
            return redirect(url_for("agreements.show", ref=ref))
    return page(
        "agreements/edit.html",
        form=form,
        agreement=queries.get_agreement(ref),
        award_fen=queries.award_fen(agreement.application),
        asked=agreement.application.budget_lines,
        **LABELS,
    )


@blueprint.post("/<ref>/agree/<int:version>")
def agree(ref: str, version: int) -> Response:
    """Agree for the organisation to the version it has read."""
    service.agree_draft(agreement=readable(ref), by=current.actor(), version=version)
    flash(_("已同意这一版协议方案，等待社区建设部送签。"), "success")
    return redirect(url_for("agreements.show", ref=ref))


@blueprint.post("/<ref>/offer")
def offer(ref: str) -> Response:
    """Send a complete draft to the organisation."""
    service.offer_agreement(agreement=readable(ref), officer=current.actor())
    flash(_("已送承接组织签署。"), "success")
    return redirect(url_for("agreements.show", ref=ref))
