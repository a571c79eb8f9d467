"""The panel of a call: draw, log, progress without scores, replacement, voiding."""

import uuid

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.selection import queries, service
from grants.selection.forms.calls import DrawForm
from grants.selection.forms.paper import ReasonForm
from grants.selection.models import Call
from grants.selection.policy import judging as policy
from grants.selection.queries import judging, pitching, results
from grants.selection.rules import ReviewStatus, setting
from grants.selection.views.blueprint import blueprint, not_found
from grants.selection.views.labels import LABELS


@blueprint.route("/calls/<ref>/panel", methods=["GET", "POST"])
def panel(ref: str) -> Response | tuple[str, int]:
    """Draw the panel; afterwards show the log and who is done, never a score."""
    call, actor = queries.get_call(ref), current.actor()
    require(policy.why_not_see_panel(actor))
    form = DrawForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.draw_panel(
                call=call,
                officer=actor,
                seed=form.seed.data or "",
                size=form.size.data,
                witness=form.witness.data or "",
            )
            flash(_("评审专家已抽取，评审开始。"), "success")
            return redirect(url_for("selection.panel", ref=ref))
    reviews = judging.list_reviews(call)
    return page(
        "selection/panel.html",
        form=form,
        call=call,
        members=judging.list_panel(call),
        drawn=_named(call, "chosen"),
        reserves=_named(call, "reserves"),
        reviews=reviews,
        pool=judging.list_candidates() if not call.panel_log else [],
        blockers=results.blockers(call) if call.status == "reviewing" else [],
        usual_size=setting(call.project.round.settings, "panel_size"),
        why_not_draw=policy.why_not_draw_panel(actor, call),
        voids=[one for one in reviews if one.void_proposed_by_id and one.status is ReviewStatus.LOCKED],
        pitch=pitching.find_pitch(call),
        actor_role_is_officer=policy.why_not_keep_expert(actor) is None,
        **LABELS,
    )


def _named(call: Call, part: str) -> list[str]:
    names = judging.drawn_names(call)
    return [names.get(login, login) for login in (call.panel_log or {}).get(part, [])]


@blueprint.route("/calls/<ref>/panel/<uuid:member_id>/replace", methods=["GET", "POST"])
def replace_member(ref: str, member_id: uuid.UUID) -> Response | tuple[str, int]:
    """Let the next of the draw take a seat."""
    member = judging.get_member(member_id)
    if member.call.ref != ref:
        raise not_found()
    require(policy.why_not_replace(current.actor(), member, judging.list_reviews_of_member(member)))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.replace_member(member=member, officer=current.actor(), reason=form.reason.data or "")
            flash(_("已按抽取顺序递补专家。"), "success")
            return redirect(url_for("selection.panel", ref=ref))
    return page("selection/replace_member.html", form=form, member=member, call=member.call)


@blueprint.route("/calls/<ref>/panel/sheets/<uuid:review_id>/void", methods=["GET", "POST"])
def void_sheet(ref: str, review_id: uuid.UUID) -> Response | tuple[str, int]:
    """Propose to void a locked sheet."""
    review = judging.get_review(review_id)
    if review.application.call.ref != ref:
        raise not_found()
    require(policy.why_not_void(current.actor(), review))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.propose_void(review=review, officer=current.actor(), reason=form.reason.data or "")
            flash(_("作废申请已提出，等待另一角色的第二人批准。"), "success")
            return redirect(url_for("selection.panel", ref=ref))
    return page("selection/void_sheet.html", form=form, review=review, call=review.application.call)


@blueprint.post("/calls/<ref>/panel/sheets/<uuid:review_id>/void/<any(approve, refuse):answer>")
def decide_void(ref: str, review_id: uuid.UUID, answer: str) -> Response:
    """Sign or refuse the voiding as the second person, with a fresh second factor."""
    review = judging.get_review(review_id)
    if review.application.call.ref != ref:
        raise not_found()
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("selection.panel", ref=ref)))
    service.decide_void(review=review, officer=current.actor(), is_approved=answer == "approve")
    flash(_("作废申请已处理。"), "success")
    return redirect(url_for("selection.panel", ref=ref))


@blueprint.route("/calls/<ref>/jury", methods=["GET", "POST"])
def jury_draw(ref: str) -> Response | tuple[str, int]:
    """Draw the residents' jury; afterwards show the log and how many have scored."""
    call, actor = queries.get_call(ref), current.actor()
    is_home = call.project.community_id in actor.community_ids
    if not is_home:
        require(policy.why_not_see_panel(actor))
    form = DrawForm()
    if request.method == "POST":
        require(policy.why_not_draw_jury(actor, call))
    if form.validate_on_submit():
        with errors_on(form):
            service.draw_jury(
                call=call,
                officer=actor,
                seed=form.seed.data or "",
                size=form.size.data,
                witness=form.witness.data or "",
            )
            flash(_("居民评审团已抽取。"), "success")
            return redirect(url_for("selection.jury_draw", ref=ref))
    scores = judging.list_jury_scores(call)
    return page(
        "selection/jury_draw.html",
        form=form,
        call=call,
        jurors=judging.list_jurors(call),
        counts={one.id: sum(score.juror_id == one.id for score in scores) for one in judging.list_jurors(call)},
        expected=len(judging.list_labelled(call)),
        usual_size=setting(call.project.round.settings, "jury_size"),
        why_not_draw=policy.why_not_draw_jury(actor, call),
        is_home=is_home,
        **LABELS,
    )
