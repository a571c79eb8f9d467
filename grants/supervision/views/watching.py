"""Resident supervisors: the draw and its log, standing down, visits, verifying a milestone."""

import uuid
from typing import Any

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.agreements.models import Milestone
from grants.agreements.queries import get_milestone
from grants.foundation.clock import today
from grants.foundation.errors import NotFound, require
from grants.foundation.files import IMAGES, accept, send
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.supervision import policy, queries, service
from grants.supervision.forms import DrawForm, ReasonForm, ResidentVerifyForm, VisitForm
from grants.supervision.rules import setting
from grants.supervision.views.blueprint import blueprint, keep, watched
from grants.supervision.views.labels import LABELS


@blueprint.get("/<ref>/supervisors")
def supervisors(ref: str) -> tuple[str, int]:
    """Show who was drawn for an agreement and how, so that the draw can be repeated."""
    return _supervisors(ref, DrawForm())


def _supervisors(ref: str, form: DrawForm) -> tuple[str, int]:
    agreement, actor = watched(ref), current.actor()
    drawn = queries.list_supervisors(agreement.id)
    return page(
        "supervision/supervisors.html",
        agreement=agreement,
        drawn=drawn,
        draws=queries.list_draws(agreement.id),
        form=form,
        wanted=setting(agreement.project.round.settings, "supervisors_per_project"),
        may_draw=policy.why_not_draw(actor, agreement) is None,
        may_stand_down={one.id for one in drawn if policy.why_not_stand_down(actor, one) is None},
    )


@blueprint.post("/<ref>/supervisors")
def draw(ref: str) -> BaseResponse | tuple[str, int]:
    """Draw resident supervisors."""
    agreement, form = watched(ref), DrawForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.draw_supervisors(
                agreement=agreement,
                officer=current.actor(),
                seed=form.seed.data or "",
                count=form.count.data,
                witness=form.witness.data or "",
            )
            flash(_("抽取完成，已通知被抽中的居民。"), "success")
            return redirect(url_for("supervision.supervisors", ref=ref))
    return _supervisors(ref, form)


@blueprint.route("/<ref>/supervisors/<uuid:identity>/stand-down", methods=["GET", "POST"])
def stand_down(ref: str, identity: uuid.UUID) -> BaseResponse | tuple[str, int]:
    """Let a resident supervisor step back."""
    agreement, actor = watched(ref), current.actor()
    supervisor, form = queries.get_supervisor(identity), ReasonForm()
    if supervisor.agreement_id != agreement.id:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    require(policy.why_not_stand_down(actor, supervisor))
    if form.validate_on_submit():
        with errors_on(form):
            service.stand_down(supervisor=supervisor, by=actor, reason=form.reason.data or "")
            flash(_("已退出，感谢您的参与。"), "success")
            if policy.is_only_resident(actor):
                return redirect(url_for("supervision.tasks"))
            return redirect(url_for("supervision.supervisors", ref=ref))
    return page("supervision/stand_down.html", agreement=agreement, supervisor=supervisor, form=form)


@blueprint.route("/<ref>/visits/new", methods=["GET", "POST"])
def visit(ref: str) -> BaseResponse | tuple[str, int]:
    """Write down a visit."""
    agreement, actor = watched(ref), current.actor()
    require(policy.why_not_visit(actor, agreement))
    form = VisitForm(visited_on=today())
    if form.validate_on_submit():
        with errors_on(form):
            service.record_visit(
                agreement=agreement,
                by=actor,
                visited_on=form.visited_on.data or today(),
                finding=form.finding.data or "",
                is_satisfactory=form.is_satisfactory.data == "yes",
                file=keep(form.file.data, "visit", IMAGES),
            )
            flash(_("走访记录已保存。"), "success")
            return redirect(url_for("supervision.show", ref=ref))
    return page("supervision/visit.html", form=form, agreement=agreement, accept=accept(IMAGES))


@blueprint.get("/<ref>/visits/<uuid:identity>/photo")
def visit_photo(ref: str, identity: uuid.UUID) -> Response:
    """Hand out the photo of a visit to those who may open the file."""
    agreement, found = watched(ref), queries.get_visit(identity)
    if found.agreement_id != agreement.id or found.file is None:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return send(found.file, inline=True)


@blueprint.route("/<ref>/milestones/<int:position>", methods=["GET", "POST"])
def verify(ref: str, position: int) -> BaseResponse | tuple[str, int]:
    """Let the drawn resident verify a milestone, or send it back."""
    agreement, actor = watched(ref), current.actor()
    milestone: Milestone = get_milestone(ref, position)
    require(policy.why_not_verify(actor, milestone))
    form = ResidentVerifyForm()
    if form.validate_on_submit():
        with errors_on(form):
            _decide(milestone, form)
            return redirect(url_for("supervision.tasks"))
    context: dict[str, Any] = {"agreement": agreement, "milestone": milestone, **LABELS}
    return page(
        "supervision/verify.html",
        form=form,
        activities=queries.list_activities(agreement.id),
        totals=queries.totals(agreement.id),
        flags=queries.list_flags(agreement),
        **context,
    )


def _decide(milestone: Milestone, form: ResidentVerifyForm) -> None:
    actor, note = current.actor(), form.note.data or ""
    if form.decision.data == "verify":
        service.verify_by_resident(milestone=milestone, supervisor=actor, note=note)
        flash(_("已核实，谢谢您。这一期资金的条件又少了一道。"), "success")
    else:
        service.send_back_by_resident(milestone=milestone, supervisor=actor, reason=note)
        flash(_("已退回承接组织补充，谢谢您。"), "success")
