"""The list of polls, a poll's own page, and the officers' acts on it."""

import uuid
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people import queries as people
from grants.rounds import queries as rounds
from grants.rounds.rules import CATEGORY_LABELS, Category
from grants.voting import policy, queries, service
from grants.voting.forms import PollForm
from grants.voting.models import Poll
from grants.voting.rules import CHANNEL_LABELS, POLL_STATUS_LABELS
from grants.voting.service import OptionDraft
from grants.voting.views import blueprint


@blueprint.get("/")
def index() -> tuple[str, int]:
    """List polls, the latest deadline first."""
    filters = {
        "status": request.args.get("status"),
        "community_id": _uuid(request.args.get("community")),
        "round_id": _uuid(request.args.get("round")),
    }
    return page(
        "voting/index.html",
        polls=queries.list_polls(Window.of(request.args), current.actor_or_none(), filters),
        community_choices=[("", _("全部社区")), *((str(place.id), place.name) for place in people.list_communities())],
        status_choices=[("", _("全部")), *((status.value, POLL_STATUS_LABELS[status]) for status in queries.PUBLIC)],
        status_labels=POLL_STATUS_LABELS,
    )


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Draft a poll."""
    actor = current.actor()
    form = _poll_form()
    if form.validate_on_submit() and "more" not in request.form:
        with errors_on(form):
            poll = service.draft_poll(
                officer=actor,
                round=rounds.get_round(form.round_id.data),
                community=people.get_place(uuid.UUID(form.community_id.data)),
                **_terms(form),
            )
            flash(_("投票草案已保存，请核对后由社区建设部锁定规则。"), "success")
            return redirect(url_for("voting.show", ref=poll.ref))
    return page("voting/edit.html", form=form, poll=None, why_not=None)


@blueprint.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Response | tuple[str, int]:
    """Change a draft."""
    poll = queries.get_poll(ref)
    form = _poll_form(poll)
    if form.validate_on_submit() and "more" not in request.form:
        with errors_on(form):
            service.edit_poll(officer=current.actor(), poll=poll, **_terms(form))
            flash(_("修改已保存。"), "success")
            return redirect(url_for("voting.show", ref=ref))
    return page("voting/edit.html", form=form, poll=poll, why_not=policy.why_not_edit(current.actor(), poll))


def _poll_form(poll: Poll | None = None) -> PollForm:
    form = PollForm(data=_initial(poll) if poll else None)
    actor = current.actor()
    form.round_id.choices = [(item.ref, item.name) for item in rounds.list_rounds()]
    form.community_id.choices = [
        (str(place.id), place.name)
        for place in people.list_communities()
        if policy.why_not_draft(actor, place.id) is None
    ]
    if "more" in request.form:
        for _line in range(3):
            form.options.append_entry()
    return form


def _initial(poll: Poll) -> dict[str, Any]:
    return {
        "round_id": poll.round.ref,
        "community_id": str(poll.community_id),
        "title": poll.title,
        "question": poll.question,
        "max_choices": poll.max_choices,
        "budget_fen": poll.budget_fen,
        "opens_at": clock.local(poll.opens_at),
        "closes_at": clock.local(poll.closes_at),
        "options": [
            {
                "title": option.title,
                "category": option.category.value,
                "cost": option.cost_fen,
                "subject_ref": option.subject_ref,
                "summary": option.summary,
            }
            for option in poll.options
        ],
    }


def _terms(form: PollForm) -> dict[str, Any]:
    return {
        "title": form.title.data,
        "question": form.question.data or "",
        "max_choices": form.max_choices.data,
        "budget_fen": form.budget_fen.data,
        "opens_at": _street_time(form.opens_at.data),
        "closes_at": _street_time(form.closes_at.data),
        "options": [
            OptionDraft(
                line["title"], line["summary"] or "", Category(line["category"]), line["cost"] or 0, line["subject_ref"]
            )
            for line in form.options.data
            if line["title"]
        ],
    }


def _street_time(typed: datetime | None) -> datetime:
    """Take what was typed for the time of day in the street; the form has made sure that there is something."""
    return (typed or datetime.min).replace(tzinfo=clock.SHANGHAI)


@blueprint.get("/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show a poll: what it is about, how it is counted, and what can be done now."""
    poll = queries.get_poll(ref)
    actor = current.actor_or_none()
    queries.require_visible(poll, actor)
    resident = people.find_resident_of(actor)
    entry = queries.find_roll_entry(poll, resident.person_key) if resident else None
    return page(
        "voting/show.html",
        poll=poll,
        entry=entry,
        resident=resident,
        turnout=queries.turnout(poll) if poll.rule_hash else None,
        why_not_now=policy.why_not_in_time(poll, clock.now()),
        work=_work(poll),
        status_labels=POLL_STATUS_LABELS,
        channel_labels=CHANNEL_LABELS,
        category_labels=CATEGORY_LABELS,
    )


def _work(poll: Poll) -> dict[str, str | None] | None:
    """Return why each act is not possible for the officer who looks; None for everybody else."""
    actor = current.actor_or_none()
    looks_on = policy.why_not_draft(actor, poll.community_id) if actor else True
    if actor is None or (looks_on and policy.why_not_second(actor, poll) and policy.why_not_witness(actor, poll)):
        return None
    return {
        "edit": policy.why_not_edit(actor, poll),
        "freeze": policy.why_not_freeze(actor, poll),
        "open": policy.why_not_open(actor, poll),
        "close": policy.why_not_close(actor, poll, clock.now()),
        "seal": policy.why_not_seal(actor, poll),
        "witness": policy.why_not_witness(actor, poll),
        "draw": policy.why_not_draw(actor, poll),
        "count": policy.why_not_before_lot(poll) or policy.why_not_count(actor, poll),
    }


@blueprint.post("/<ref>/<any(freeze, open, close):act>")
def act(ref: str, act: str) -> Response:
    """Move a poll on."""
    poll = queries.get_poll(ref)
    done = {
        "freeze": (service.freeze_poll, _("规则已锁定并公布，名册已固定。")),
        "open": (service.open_poll, _("投票已开放。")),
        "close": (service.close_poll, _("投票已截止，可以申请封存票箱。")),
    }
    use_case, message = done[act]
    use_case(officer=current.actor(), poll=poll)
    flash(message, "success")
    return redirect(url_for("voting.show", ref=ref))
