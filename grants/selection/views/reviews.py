"""The experts' pages: seats, declaration, blind reading, scoring, locking, standing aside."""

import uuid
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import local, now
from grants.foundation.errors import require
from grants.foundation.files import extension_of, send
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.people.rules import Role
from grants.rounds.rules import ScoreTableKind
from grants.selection import queries, service
from grants.selection.forms.judging import TIE_CHOICES, DeclarationForm, SheetForm, sheet_form
from grants.selection.forms.paper import ReasonForm
from grants.selection.models import PanelMember, Review
from grants.selection.policy import judging as policy
from grants.selection.queries import blind, blind_files, judging, pitching, results
from grants.selection.rules import BLIND_DOCUMENTS, CallStatus, ReviewStatus
from grants.selection.views.blueprint import blueprint, not_found
from grants.selection.views.labels import LABELS


@blueprint.get("/reviews/")
def reviews() -> tuple[str, int]:
    """Show an expert's panels, a resident's juries, or to the offices the reviews under way."""
    actor = current.actor()
    is_office = actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR)
    return page(
        "selection/reviews.html",
        seats=judging.list_seats(actor) if actor.has_role(Role.EXPERT) else [],
        jury_calls=judging.list_jury_calls(actor.resident) if actor.resident else [],
        running=judging.list_calls_in_review() if is_office else [],
        is_office=is_office,
        **LABELS,
    )


def _seat(ref: str) -> PanelMember:
    """Return the actor's seat on a panel; for everybody else there is no such review."""
    member = judging.find_member(queries.get_call(ref), current.actor())
    if member is None or not policy.is_sitting(current.actor(), member):
        raise not_found()
    return member


@blueprint.get("/reviews/<ref>")
def review_call(ref: str) -> Response | tuple[str, int]:
    """List an expert's sheets for a call, by letter; before the declaration there is nothing to see."""
    member = _seat(ref)
    if member.declared_at is None:
        return redirect(url_for("selection.declaration", ref=ref))
    call = member.call
    sheets = judging.list_sheets(member)
    owed = {one.id for one in results.deviating(call)} if call.status is CallStatus.REVIEWING else set()
    return page(
        "selection/review_call.html",
        call=call,
        member=member,
        sheets=sheets,
        blind={one.id: blind.sheet(one.application) for one in sheets},
        owed={one.id for one in sheets if one.id in owed and not one.deviation_reason},
        pitch=pitching.find_pitch(call),
        recused=sum(one.has_conflict for one in member.declarations),
        **LABELS,
    )


@blueprint.route("/reviews/<ref>/declaration", methods=["GET", "POST"])
def declaration(ref: str) -> Response | tuple[str, int]:
    """Ask for ties to organisations of the whole register, so that the list does not tell who has applied."""
    member = _seat(ref)
    require(policy.why_not_declare(current.actor(), member))
    register = judging.list_register()
    form = DeclarationForm()
    if form.validate_on_submit():
        with errors_on(form):
            recused = service.declare_conflicts(member=member, actor=current.actor(), ties=form.ties(register))
            flash(
                _("声明已提交，其中 %(count)s 份申报按规定回避。", count=recused)
                if recused
                else _("声明已提交，可以开始评分。"),
                "success",
            )
            return redirect(url_for("selection.review_call", ref=ref))
    return page(
        "selection/declaration.html", form=form, call=member.call, register=register, tie_choices=TIE_CHOICES, **LABELS
    )


def _sheet(review_id: uuid.UUID) -> Review:
    """Return a score sheet of the actor; recused, void and foreign ones do not exist."""
    review = judging.get_review(review_id)
    if not policy.may_open(current.actor(), review):
        raise not_found()
    return review


def _form(review: Review) -> SheetForm:
    table = judging.criteria(review.application.call.project.round, ScoreTableKind.SELECTION)
    return sheet_form(table, {one.criterion_id: one.points for one in review.scores}, review.comment)


@blueprint.route("/reviews/sheet/<uuid:review_id>", methods=["GET", "POST"])
def sheet(review_id: uuid.UUID) -> Response | tuple[str, int]:
    """Read an application without names and give points, on one screen."""
    review = _sheet(review_id)
    form = _form(review)
    if form.validate_on_submit():
        with errors_on(form):
            _save(review, form)
            if request.form.get("then") == "lock":
                return redirect(url_for("selection.lock_sheet", review_id=review.id))
            flash(_("评分已保存，锁定前可以修改。"), "success")
            return redirect(url_for("selection.sheet", review_id=review.id))
    return page("selection/sheet.html", form=form, **_sheet_context(review))


def _save(review: Review, form: SheetForm) -> None:
    service.save_scores(review=review, actor=current.actor(), points=form.points(), comment=form.comment.data or "")


def _sheet_context(review: Review) -> dict[str, Any]:
    call = review.application.call
    is_over = call.status not in {CallStatus.OPEN, CallStatus.CLOSED, CallStatus.REVIEWING}
    return {
        "review": review,
        "call": call,
        "table": judging.criteria(call.project.round, ScoreTableKind.SELECTION),
        "given": {one.criterion_id: one.points for one in review.scores},
        "shown": blind.sheet(review.application),
        "is_deviating": review.status is ReviewStatus.LOCKED
        and any(one.id == review.id for one in results.deviating(call)),
        "expert_mean": review.application.expert_score if is_over else None,
        "why_not_score": policy.why_not_score(current.actor(), review),
        "reason_form": ReasonForm(formdata=None),
        **LABELS,
    }


@blueprint.post("/reviews/sheet/<uuid:review_id>/save")
def autosave_sheet(review_id: uuid.UUID) -> Response:
    """Keep points as they are given; fields that cannot be read yet are left alone."""
    review = _sheet(review_id)
    form = _form(review)
    form.validate()
    _save(review, form)
    return jsonify(saved_at=local(now()).strftime("%H:%M"), total=review.total)


@blueprint.route("/reviews/sheet/<uuid:review_id>/lock", methods=["GET", "POST"])
def lock_sheet(review_id: uuid.UUID) -> Response | tuple[str, int]:
    """Save what was typed, show the total once more, and lock the sheet for good."""
    review = _sheet(review_id)
    require(policy.why_not_score(current.actor(), review))
    form = ReasonForm(formdata=None)
    if form.is_submitted():
        with errors_on(form):
            service.lock_review(review=review, actor=current.actor())
            flash(_("评分已锁定。"), "success")
            return redirect(url_for("selection.review_call", ref=review.application.call.ref))
    return page("selection/lock_sheet.html", form=form, **_sheet_context(review))


@blueprint.route("/reviews/sheet/<uuid:review_id>/recuse", methods=["GET", "POST"])
def recuse(review_id: uuid.UUID) -> Response | tuple[str, int]:
    """Stand aside from an application; it cannot be opened afterwards."""
    review = _sheet(review_id)
    require(policy.why_not_score(current.actor(), review))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.recuse(review=review, actor=current.actor(), reason=form.reason.data or "")
            flash(_("已回避，这份申报不再对您开放。"), "success")
            return redirect(url_for("selection.review_call", ref=review.application.call.ref))
    return page("selection/recuse.html", form=form, review=review, call=review.application.call)


@blueprint.route("/reviews/sheet/<uuid:review_id>/deviation", methods=["GET", "POST"])
def deviation(review_id: uuid.UUID) -> Response | tuple[str, int]:
    """Explain a score that lies far from the others."""
    review = _sheet(review_id)
    require(policy.why_not_explain(current.actor(), review))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.explain_deviation(review=review, actor=current.actor(), reason=form.reason.data or "")
            flash(_("理由已提交，评分不变。"), "success")
            return redirect(url_for("selection.review_call", ref=review.application.call.ref))
    return page("selection/deviation.html", form=form, review=review, call=review.application.call)


@blueprint.get("/reviews/sheet/<uuid:review_id>/documents/<int:number>")
def sheet_document(review_id: uuid.UUID, number: int) -> Response:
    """Hand out one of the attachments that carry no name, under a neutral name."""
    review = _sheet(review_id)
    papers = blind.documents(review.application)
    if not 1 <= number <= len(papers):
        raise not_found()
    paper = papers[number - 1]
    if paper.kind not in BLIND_DOCUMENTS:
        raise not_found()
    response = send(_neutral(paper.file, number), inline=True)
    response.set_data(blind_files.neutral(response.get_data(), paper.file.media_type))
    return response


def _neutral(file: StoredFile, number: int) -> StoredFile:
    """Return a copy of the row, outside the session, under a name that tells nothing."""
    name = _("附件%(number)s", number=number) + extension_of(file)
    return StoredFile(sha256=file.sha256, size=file.size, media_type=file.media_type, name=name, purpose=file.purpose)
