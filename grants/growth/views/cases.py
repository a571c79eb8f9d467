"""The library of cases (案例库): the public list and page, choosing a project, taking one out."""

import uuid
from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.evaluation.models import Evaluation
from grants.evaluation.rules import GRADE_LABELS, Grade
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.growth import policy, queries, service
from grants.growth.forms import CaseForm, WithdrawForm
from grants.growth.models import ExemplaryCase
from grants.growth.queries import ProjectsAsked
from grants.growth.rules import LESSONS_LENGTH, MOST_PICTURES, STORY_LENGTH
from grants.growth.views.blueprint import blueprint, filter_choices
from grants.people import current
from grants.rounds.rules import CATEGORY_LABELS
from grants.supervision.models import ActivityEvidence


@blueprint.get("/cases/")
def cases() -> tuple[str, int]:
    """Show the library to everybody, and to its keepers what could be added."""
    asked, words = ProjectsAsked.of(request.args), request.args.get("q", "").strip()[:60]
    keeps = policy.is_librarian(current.actor_or_none())
    return page(
        "growth/cases.html",
        asked=asked,
        words=words,
        cases=queries.list_cases(asked, words),
        visible=_visible,
        candidates=queries.list_candidates() if keeps else [],
        choices=filter_choices(),
        categories=CATEGORY_LABELS,
        grades=GRADE_LABELS,
    )


def _visible(case: ExemplaryCase) -> list[ActivityEvidence]:
    """Return the pictures of a case that everybody may still see."""
    pictures = [one.evidence for one in case.pictures]
    return [one for one in pictures if policy.why_not_show_picture(one) is None]


@blueprint.get("/cases/<ref>")
def case(ref: str) -> tuple[str, int]:
    """Show one case."""
    found, actor = queries.get_case(ref), current.actor_or_none()
    require(policy.why_not_read_case(actor, found), NotFound)
    return page(
        "growth/case.html",
        case=found,
        project=found.agreement.project,
        pictures=_visible(found),
        may_withdraw=policy.why_not_withdraw_case(actor, found) is None,
        categories=CATEGORY_LABELS,
        grades=GRADE_LABELS,
    )


@blueprint.route("/cases/new/<project_ref>", methods=["GET", "POST"])
def case_new(project_ref: str) -> Response | tuple[str, int]:
    """Put a finished project into the library."""
    evaluation = queries.get_evaluation_of(project_ref)
    require(policy.why_not_choose(current.actor(), evaluation))
    photos = queries.list_pictures(evaluation.agreement_id)
    form = CaseForm(title=evaluation.agreement.project.title)
    form.pictures.choices = [(str(one.id), f"{one.activity.title}（{one.activity.held_on}）") for one in photos]
    if form.validate_on_submit():
        with errors_on(form):
            made = _choose(evaluation, form)
            flash(_("已入案例库，居民现在可以看到。"), "success")
            return redirect(url_for("growth.case", ref=made.ref))
    return page(
        "growth/case_new.html",
        form=form,
        evaluation=evaluation,
        project=evaluation.agreement.project,
        photos={str(one.id): one for one in photos},
        is_excellent=evaluation.grade is Grade.EXCELLENT,
        grades=GRADE_LABELS,
        lengths=(STORY_LENGTH, LESSONS_LENGTH),
        most=MOST_PICTURES,
    )


def _choose(evaluation: Evaluation, form: CaseForm) -> ExemplaryCase:
    text = service.CaseText(
        form.title.data or "", form.story.data or "", form.lessons.data or "", form.reason.data or ""
    )
    chosen: Sequence[uuid.UUID] = [uuid.UUID(one) for one in form.pictures.data or []]
    pictures = queries.list_pictures(evaluation.agreement_id, chosen) if chosen else []
    return service.choose_case(evaluation=evaluation, officer=current.actor(), text=text, pictures=pictures)


@blueprint.route("/cases/<ref>/withdraw", methods=["GET", "POST"])
def case_withdraw(ref: str) -> Response | tuple[str, int]:
    """Take a case out of the library; asks for the reason first."""
    found, form = queries.get_case(ref), WithdrawForm()
    require(policy.why_not_withdraw_case(current.actor(), found))
    if form.validate_on_submit():
        with errors_on(form):
            service.withdraw_case(case=found, officer=current.actor(), reason=form.reason.data or "")
            flash(_("已移出案例库，公开页面不再显示。"), "success")
            return redirect(url_for("growth.cases"))
    return page("growth/case_withdraw.html", form=form, case=found)
