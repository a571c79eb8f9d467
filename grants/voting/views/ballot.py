"""Voting in three screens: choose, check, cast. Works without JavaScript and with the keyboard."""

import random

from flask import request
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.errors import DomainError, NotPermitted
from grants.foundation.i18n import _
from grants.foundation.web.forms import Form, page
from grants.people import current
from grants.people.models import Resident
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting import policy, queries, service
from grants.voting.models import Poll
from grants.voting.rules import chosen as marking_of
from grants.voting.rules import why_not_valid
from grants.voting.views import blueprint


class BallotForm(Form):
    """CSRF for the ballot; the choices are plain checkboxes."""


def _voter(poll: Poll) -> Resident:
    resident = current.actor().resident
    if resident is None or resident.community_id != poll.community_id:
        raise NotPermitted(
            _("这次投票只面向%(community)s的居民。您可以查看，但不能投票。", community=poll.community.name)
        )
    return resident


@blueprint.route("/<ref>/ballot", methods=["GET", "POST"])
def ballot(ref: str) -> Response | tuple[str, int]:
    """Show the ballot, show what was chosen, take it."""
    poll = queries.get_poll(ref)
    resident = _voter(poll)
    chosen = request.form.getlist("choice")
    token = request.form.get("token", "")
    step = request.form.get("step", "choose") if request.method == "POST" else "choose"
    if step == "cast" and token:
        return _cast(poll, resident, chosen, token)
    problem = None
    if step == "check":
        problem = why_not_valid(queries.terms_of(poll), marking_of(chosen))
    if step == "check" and problem is None:
        return page(
            "voting/check.html", form=BallotForm(), poll=poll, chosen=chosen, token=token, labels=CATEGORY_LABELS
        )
    return _choose(poll, resident, chosen, token, problem)


def _choose(poll: Poll, resident: Resident, chosen: list[str], token: str, problem: str | None) -> tuple[str, int]:
    entry = queries.find_roll_entry(poll, resident.person_key)
    token = token or service.mint_form(poll=poll, person_key=resident.person_key)
    options = list(poll.options)
    random.Random(token).shuffle(options)  # noqa: S311 - a fair order, the same while this voter goes back and forth
    html, _status = page(
        "voting/ballot.html",
        form=BallotForm(),
        poll=poll,
        options=options,
        chosen=chosen,
        token=token,
        problem=problem,
        entry=entry,
        why_not=policy.why_not_in_time(poll, clock.now()),
        labels=CATEGORY_LABELS,
    )
    return html, 422 if problem else 200


def _cast(poll: Poll, resident: Resident, chosen: list[str], token: str) -> tuple[str, int]:
    try:
        receipt = service.cast(poll=poll, person_key=resident.person_key, marking=marking_of(chosen), token=token)
    except DomainError as error:
        html, _status = page("voting/refused.html", poll=poll, message=error.message)
        return html, error.status
    return page("voting/receipt.html", poll=poll, receipt=receipt)
