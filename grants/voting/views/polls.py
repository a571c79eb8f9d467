"""The list of polls, a poll's own page, and the officers' acts on it."""

import uuid

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.i18n import _
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people import queries as people
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting import policy, queries, service
from grants.voting.models import Poll
from grants.voting.rules import (
    AMENDMENT_STATUS_LABELS,
    CHANNEL_LABELS,
    COUNTING_RULE_LABELS,
    POLL_KIND_LABELS,
    POLL_STATUS_LABELS,
    PUBLICATION_LABELS,
    AmendmentKind,
    full_settings,
)
from grants.voting.rules.words import how_it_is_counted
from grants.voting.views import blueprint
from grants.voting.views.amending import lines_of


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
        kind_labels=POLL_KIND_LABELS,
    )


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


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
        areas=queries.list_areas(poll),
        counting=_counting(poll),
        amendments=lines_of(poll, actor),
        outages=queries.list_outages(poll),
        amendment_labels=AMENDMENT_STATUS_LABELS,
        turnout=queries.turnout(poll) if poll.rule_hash else None,
        why_not_now=policy.why_not_in_time(poll, clock.now()),
        work=_work(poll),
        status_labels=POLL_STATUS_LABELS,
        channel_labels=CHANNEL_LABELS,
        category_labels=CATEGORY_LABELS,
        publication_labels=PUBLICATION_LABELS,
        kind_labels=POLL_KIND_LABELS,
        rule_labels=COUNTING_RULE_LABELS,
    )


def _counting(poll: Poll) -> list[str]:
    names = {place.code: place.name for place in queries.list_areas(poll)}
    return how_it_is_counted(poll.kind, full_settings(poll.kind, poll.rule, poll.rule_options), names)


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
        "amend": policy.why_not_amend(actor, poll, AmendmentKind.ROLL)
        and policy.why_not_amend(actor, poll, AmendmentKind.EXTENSION),
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
