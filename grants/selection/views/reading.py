"""Reading an application: as its author, as an officer, as the community, as finance; attachments; the result."""

import uuid
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.files import send
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.models import User
from grants.selection import queries, service
from grants.selection.models import Application, CommunityOpinion
from grants.selection.policy import judging as judging_policy
from grants.selection.policy import papers as policy
from grants.selection.policy.papers import Sight
from grants.selection.queries import judging, results
from grants.selection.queries import papers as paper_queries
from grants.selection.queries.calls import deadline_clock
from grants.selection.rules import ApplicationStatus
from grants.selection.rules.completeness import marks
from grants.selection.views.blueprint import blueprint, full, not_found, own, visible
from grants.selection.views.form_context import compared, open_pages
from grants.selection.views.labels import LABELS


@blueprint.get("/applications/")
def my_applications() -> tuple[str, int]:
    """List the applicant's own applications; for the street's offices those that they may read."""
    actor = current.actor()
    if actor.organisation_ids:
        rows = queries.list_applications_of(actor.organisation_ids)
        return page("selection/my_applications.html", rows=rows, at=deadline_clock(), **LABELS)
    wanted = request.args.get("status", "")
    status = ApplicationStatus(wanted) if wanted in set(ApplicationStatus) else None
    listing = paper_queries.page_of_readable(actor, Window.of(request.args), status=status)
    return page("selection/all_applications.html", listing=listing, status=wanted, **LABELS)


@blueprint.get("/applications/<ref>")
def application(ref: str) -> tuple[str, int]:
    """Show an application to those who may read it, as much of it as they may see."""
    found, seen = visible(ref)
    actor = current.actor()
    return page(
        "selection/application.html",
        application=found,
        seen=seen,
        is_own=policy.is_own(actor, found),
        checks=judging.list_checks(found) if seen is Sight.FULL else [],
        submissions=paper_queries.list_submissions(found),
        documents=_documents(actor, found, seen),
        opinion=_opinion(actor, found, seen),
        **_own_parts(actor, found),
        **_officer_parts(actor, found),
        **LABELS,
    )


def _opinion(actor: User, found: Application, seen: Sight) -> CommunityOpinion | None:
    if seen is Sight.BUDGET or not policy.may_see_opinion(actor, found):
        return None
    return judging.find_opinion(found)


def _documents(actor: User, found: Application, seen: Sight) -> list[dict[str, Any]]:
    if seen is Sight.TEXT:
        return []
    traced = policy.must_leave_trace(actor, found)
    return [
        {
            "name": one.file.name,
            "href": url_for("selection.document", ref=found.ref, document_id=one.id),
            "size": one.file.size,
            "at": one.added_at,
            "kind": LABELS["document_words"][one.kind],
            "is_traced": traced,
        }
        for one in found.documents
        if policy.why_not_open_document(actor, one) is None
    ]


def _own_parts(actor: User, found: Application) -> dict[str, Any]:
    if not policy.is_own(actor, found):
        return {
            "marks": [],
            "hrefs": {},
            "corrections": {},
            "why_not_edit": "",
            "why_not_withdraw": "",
            "can_resume": False,
        }
    at = deadline_clock()
    return {
        "marks": marks(queries.paper_of(found)),
        "hrefs": open_pages(found),
        "corrections": found.open_corrections,
        "why_not_edit": policy.why_not_edit(actor, found, at, today()),
        "why_not_withdraw": policy.why_not_withdraw(actor, found, at),
        "can_resume": found.status is ApplicationStatus.WITHDRAWN
        and policy.why_not_apply(actor, found.call, found.organisation, at) is None,
    }


def _officer_parts(actor: User, found: Application) -> dict[str, Any]:
    return {
        "may_check": policy.why_not_check(actor, found) is None,
        "may_return": policy.why_not_return(actor, found) is None,
        "may_lapse": policy.why_not_lapse(actor, found, today()) is None,
        "may_disqualify": policy.why_not_disqualify(actor, found) is None,
        "may_give_opinion": judging_policy.why_not_give_opinion(actor, found) is None,
        "has_result": policy.can_read_result(found),
    }


@blueprint.route("/applications/<ref>/documents/<uuid:document_id>", methods=["GET", "POST"])
def document(ref: str, document_id: uuid.UUID) -> Response:
    """Hand out an attachment. A supervisor opens it by a POST, which leaves its trace in the audit chain."""
    found, seen = visible(ref)
    if seen is Sight.TEXT:
        raise not_found()
    actor = current.actor()
    paper = paper_queries.get_document(found, document_id)
    require(policy.why_not_open_document(actor, paper))
    if policy.must_leave_trace(actor, found):
        if request.method == "GET":
            return redirect(url_for("selection.application", ref=ref, _anchor="documents"))
        service.note_opened(document=paper, actor=actor)
    return send(paper.file, inline=True)


@blueprint.get("/applications/<ref>/result")
def result(ref: str) -> tuple[str, int]:
    """Show the applicant its scores, the experts' words without names, and why it was chosen or not."""
    found = own(ref)
    if not policy.can_read_result(found):
        raise not_found()
    rows = queries.ranking(found.call)
    evidence = next((one for one in results.evidence(found.call) if one.application.id == found.id), None)
    return page(
        "selection/result.html",
        application=found,
        row=next((one for one in rows if one.application.id == found.id), None),
        rows=rows,
        evidence=evidence,
        formula=queries.formula(found.call),
        checks=judging.list_checks(found),
        criterion_means=results.criterion_means(evidence) if evidence else [],
        **LABELS,
    )


@blueprint.get("/applications/<ref>/submissions/<int:number>")
def submission(ref: str, number: int) -> tuple[str, int]:
    """Show what was handed in the n-th time, and every part that reads differently now beside it."""
    found = full(ref)
    kept = next((one for one in paper_queries.list_submissions(found) if one.number == number), None)
    if kept is None:
        raise not_found()
    now_kept = paper_queries.whole_content(found)
    return page(
        "selection/submission.html",
        application=found,
        kept=kept,
        changes=list(compared(found, kept.content, now_kept)),
        asked=[one for one in found.corrections if one.number == kept.number],
        **LABELS,
    )
