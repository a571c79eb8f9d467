"""The ranking with everything in it, and the award by two persons."""

from typing import Any

from flask import flash, jsonify, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.selection import queries, service
from grants.selection.forms.calls import AwardForm
from grants.selection.forms.paper import ReasonForm
from grants.selection.models import Call
from grants.selection.policy import awards as policy
from grants.selection.policy.reexamining import why_not_sign
from grants.selection.queries import judging, reexamining, results
from grants.selection.queries import recount as record_queries
from grants.selection.rules import ReviewStatus
from grants.selection.views.blueprint import blueprint, not_found
from grants.selection.views.labels import LABELS


@blueprint.post("/calls/<ref>/rank")
def rank_call(ref: str) -> Response:
    """Make the ranking."""
    service.rank_call(call=queries.get_call(ref), officer=current.actor())
    flash(_("排名已生成。"), "success")
    return redirect(url_for("selection.ranking", ref=ref))


@blueprint.get("/calls/<ref>/ranking")
def ranking(ref: str) -> tuple[str, int]:
    """Show every score behind the ranking, experts by number only."""
    call = queries.get_call(ref)
    require(policy.why_not_see_ranking(current.actor(), call))
    found = results.evidence(call)
    return page(
        "selection/ranking.html",
        call=call,
        rows=queries.ranking(call),
        evidence={one.application.id: one for one in found},
        trimmed={key for one in found for key in one.trimmed(queries.formula(call).trimmed_from)},
        computed={one.key: one for one in results.compute(call)},
        differing=results.differing(call),
        members=judging.list_panel(call),
        voided=[one for one in judging.list_reviews(call) if one.status is ReviewStatus.VOIDED],
        formula=queries.formula(call),
        **LABELS,
    )


@blueprint.get("/calls/<ref>/ranking.<any(csv, xlsx):form>")
def export_ranking(ref: str, form: str) -> Response:
    """Export the ranking."""
    call = queries.get_call(ref)
    require(policy.why_not_see_ranking(current.actor(), call))
    header = [
        _("名次"),
        _("匿名代号"),
        _("申报单位"),
        _("专家评审"),
        _("居民评审"),
        _("社区评价"),
        _("综合得分"),
        _("同分处理"),
    ]
    rows = [
        [one.rank, one.label, one.name, one.expert, one.jury, one.community, one.composite, one.tie_note]
        for one in queries.ranking(call)
    ]
    return table_response(form, f"{ref}-ranking", header, rows)


def _award_context(call: Call) -> dict[str, Any]:
    actor = current.actor()
    candidate = queries.find_candidate(call) if call.ranked_at else None
    return {
        "call": call,
        "rows": queries.ranking(call),
        "candidate": queries.application_of_project(call.project_id) or candidate,
        "why_not_propose": policy.why_not_propose(actor, call),
        "why_not_second": policy.why_not_second(actor, call),
        "why_not_confirm": policy.why_not_confirm(actor, call),
        "why_not_revoke": policy.why_not_revoke(actor, call),
        "reexaminations": reexamining.list_reexaminations(call),
        "objections": reexamining.list_objections_to_award(call),
        "why_not_sign": why_not_sign,
        "reason_form": ReasonForm(formdata=None),
        "formula": queries.formula(call),
        **LABELS,
    }


@blueprint.route("/calls/<ref>/award", methods=["GET", "POST"])
def award(ref: str) -> Response | tuple[str, int]:
    """Show where the award stands; a programme officer proposes it here."""
    call = queries.get_call(ref)
    require(policy.why_not_see_ranking(current.actor(), call))
    form = AwardForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.propose_award(call=call, officer=current.actor(), note=form.note.data or "")
            flash(_("拟入选名单已提出，等待分管领导审定。"), "success")
            return redirect(url_for("selection.award", ref=ref))
    return page("selection/award.html", form=form, **_award_context(call))


@blueprint.post("/calls/<ref>/award/announce")
def announce_award(ref: str) -> Response:
    """Second the award as the leader, with a fresh second factor, and publish the notice."""
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("selection.award", ref=ref)))
    service.announce_award(call=queries.get_call(ref), leader=current.actor())
    flash(_("已审定，拟入选公示已发布。"), "success")
    return redirect(url_for("selection.award", ref=ref))


@blueprint.route("/calls/<ref>/award/send-back", methods=["GET", "POST"])
def send_back_award(ref: str) -> Response | tuple[str, int]:
    """Send the proposal back."""
    call = queries.get_call(ref)
    require(policy.why_not_second(current.actor(), call))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.send_back_award(call=call, leader=current.actor(), reason=form.reason.data or "")
            flash(_("已退回提名人。"), "success")
            return redirect(url_for("selection.award", ref=ref))
    return page("selection/award_reason.html", form=form, call=call, step="send_back")


@blueprint.route("/calls/<ref>/award/revoke", methods=["GET", "POST"])
def revoke_award(ref: str) -> Response | tuple[str, int]:
    """Take an announced award back."""
    call = queries.get_call(ref)
    require(policy.why_not_revoke(current.actor(), call))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.revoke_award(call=call, officer=current.actor(), reason=form.reason.data or "")
            flash(_("拟入选决定已撤销，可按排名重新提名。"), "success")
            return redirect(url_for("selection.award", ref=ref))
    return page("selection/award_reason.html", form=form, call=call, step="revoke")


@blueprint.post("/calls/<ref>/award/confirm")
def confirm_award(ref: str) -> Response:
    """Make the award final after its notice."""
    service.confirm_award(call=queries.get_call(ref), officer=current.actor())
    flash(_("入选已确认，资金已落实到项目，可以签约。"), "success")
    return redirect(url_for("selection.award", ref=ref))


@blueprint.get("/calls/<ref>/recount.<any(json, csv, xlsx):form>")
def recount(ref: str, form: str) -> Response:
    """Hand out everything needed to compute a published ranking again, without names."""
    call = queries.get_call(ref)
    if policy.why_not_recount(current.actor_or_none(), call) is not None:
        raise not_found()
    told = record_queries.record(call)
    if form == "json":
        return jsonify(told)
    return table_response(form, f"{ref}-recount", record_queries.CSV_HEADER, record_queries.rows(told))
