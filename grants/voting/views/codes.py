"""Activation codes on paper: whom they are for, making a sheet, making one again."""

import uuid
from datetime import timedelta
from typing import Any

from flask import request

from grants.foundation import clock
from grants.foundation.errors import DomainError, require
from grants.foundation.sealing import vault
from grants.foundation.web.forms import page
from grants.people import current
from grants.people import queries as people
from grants.people.models import Place, Resident, User
from grants.people.rules import PlaceKind
from grants.voting import policy, queries
from grants.voting.forms import BlankForm, FindForm
from grants.voting.models import Poll
from grants.voting.queries import CodeFilter
from grants.voting.rules.channels import SHEET, SHEET_SIZE
from grants.voting.service import codes as service
from grants.voting.views import blueprint
from grants.voting.views.finding import find_on_roll

PRINT_WITHIN = timedelta(minutes=30)


@blueprint.get("/<ref>/codes")
def codes(ref: str) -> tuple[str, int]:
    """Show whom a sheet can be printed for, and the sheets so far; never a code."""
    poll, actor = queries.get_poll(ref), current.actor()
    require(policy.why_not_see_channels(actor, poll))
    return _codes_page(poll, actor)


@blueprint.post("/<ref>/codes/find")
def codes_find(ref: str) -> tuple[str, int]:
    """Look up one resident who lost a code; what was typed never gets into an address."""
    poll, actor, form = queries.get_poll(ref), current.actor(), FindForm()
    require(policy.why_not_issue_codes(actor, poll))
    found = find_on_roll(actor, poll, form) if form.validate_on_submit() else None
    return _codes_page(poll, actor, find=form, found=found)


@blueprint.post("/<ref>/codes/issue")
def codes_issue(ref: str) -> tuple[str, int]:
    """Make a sheet for everybody who was filtered, or again for one person; show where to print it, once."""
    poll, actor = queries.get_poll(ref), current.actor()
    try:
        sheet = service.issue_codes(officer=actor, poll=poll, residents=_chosen(poll, actor))
    except DomainError as error:
        return _codes_page(poll, actor, problem=error.message)[0], error.status
    payload = {
        "poll": poll.ref,
        "title": poll.title,
        "sheet": sheet.ref,
        "officer": str(actor.id),
        "lines": [[line.name, line.place, line.code] for line in sheet.lines],
    }
    until = clock.now() + PRINT_WITHIN
    return page(
        "voting/codes_made.html",
        poll=poll,
        form=BlankForm(),
        sheet=sheet,
        until=until,
        token=vault().seal_token(SHEET, payload, expires_at=until),
    )


def _chosen(poll: Poll, actor: User) -> list[Resident]:
    if request.form.get("resident"):
        return [people.get_resident(uuid.UUID(request.form["resident"]))]
    return queries.list_to_receive_codes(poll, _filter(request.form), service.scope_of(actor), SHEET_SIZE)


def _filter(fields: Any) -> CodeFilter:
    try:
        place = uuid.UUID(fields.get("place", "")) if fields.get("place") else None
    except ValueError:
        place = None
    who = fields.get("who", "offline")
    return CodeFilter(place, who if who in {"offline", "away", "all"} else "offline")


def _places(poll: Poll, actor: User) -> list[tuple[str, str]]:
    """List the communities, grids and estates of the poll that the officer serves, by name."""
    scope = service.scope_of(actor)
    whole = poll.community.kind is PlaceKind.STREET
    homes = [
        place
        for place in people.list_communities()
        if (whole or place.id == poll.community_id) and (scope is None or place.id in scope)
    ]
    found: list[Place] = []
    for home in homes:
        grids = people.list_places(PlaceKind.GRID, home.id)
        estates = [one for grid in [home, *grids] for one in people.list_places(PlaceKind.ESTATE, grid.id)]
        found += [home, *grids, *estates]
    return [(str(place.id), place.name) for place in found]


def _codes_page(poll: Poll, actor: User, **more: Any) -> tuple[str, int]:
    wanted = _filter(request.values)
    count = queries.count_to_receive_codes(poll, wanted, service.scope_of(actor))
    return page(
        "voting/codes.html",
        **{
            "poll": poll,
            "find": FindForm(formdata=None),
            "found": None,
            "problem": None,
            "places": _places(poll, actor),
            "wanted": wanted,
            "count": count,
            "size": SHEET_SIZE,
            "sheets": queries.list_sheets(poll),
            "why_not": policy.why_not_issue_codes(actor, poll),
            **more,
        },
    )
