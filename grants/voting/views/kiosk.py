"""The kiosk: many voters in a row on one device, each with a printed code, none leaving anything behind.

Everything after the welcome page is an answer to a form, bound to the turn's cookie; the next welcome page replaces
that cookie, so going back or sending an old page again leads to the welcome page only.
"""

import random
import secrets
from typing import Any

from flask import current_app, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.errors import DomainError, NotPermitted, require
from grants.foundation.web.answers import OnceSaved
from grants.foundation.web.forms import page
from grants.people import current
from grants.people.service.sessions import close_session
from grants.people.views.web import address
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting import policy, queries
from grants.voting.forms import BlankForm, CodeForm, StationForm
from grants.voting.models import KioskStation, Poll
from grants.voting.rules import Channel, why_not_valid
from grants.voting.rules.entries import Entry, entry_of, fields_of
from grants.voting.service import kiosk as service
from grants.voting.service.casting import note_start
from grants.voting.service.kiosk import Visitor
from grants.voting.views import blueprint

STATION, TURN = "kiosk", "kiosk_turn"
SECONDS = {"enter": 0, "ballot": 300, "check": 180, "receipt": 90, "refused": 30}
"""After how long without a new page a kiosk goes back to its welcome page."""


@blueprint.route("/<ref>/stations", methods=["GET", "POST"])
def stations(ref: str) -> Any:
    """List the kiosks of a poll; open one on this very device, which ends the officer's session on it."""
    poll, actor, form = queries.get_poll(ref), current.actor(), StationForm()
    require(policy.why_not_see_channels(actor, poll))
    if form.validate_on_submit():
        try:
            station, token = service.open_station(
                officer=actor, poll=poll, name=form.name.data or "", hours=form.hours.data or 0
            )
        except DomainError as error:
            form.name.errors = [error.message]
        else:
            return _hand_over(poll, station, token)
    return page(
        "voting/kiosk_stations.html",
        poll=poll,
        form=form,
        stations=queries.list_stations(poll),
        live={one.id for one in queries.list_stations(poll) if service.station_is_live(one, clock.now())},
        why_not=policy.why_not_open_station(actor, poll),
    )


def _hand_over(poll: Poll, station: KioskStation, token: str) -> Response:
    """Turn this device into a kiosk: the officer's session ends here, the kiosk's own token takes its place."""
    session = current.user_session()
    if session is not None:
        close_session(session=session)
    current.end()
    response = redirect(url_for("voting.kiosk", ref=poll.ref))
    _keep(response, poll, STATION, token, expires=station.expires_at)
    return response


def _keep(response: Response, poll: Poll, name: str, value: str, **options: Any) -> None:
    response.set_cookie(
        name,
        value,
        path=url_for("voting.kiosk", ref=poll.ref),
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        **options,
    )


@blueprint.post("/<ref>/stations/<uuid:station_id>/close")
def station_close(ref: str, station_id: Any) -> Response:
    """Close a kiosk from the officer's own desk."""
    poll = queries.get_poll(ref)
    service.close_station(officer=current.actor(), station=queries.get_station(poll, station_id))
    return redirect(url_for("voting.stations", ref=ref))


@blueprint.route("/<ref>/kiosk", methods=["GET", "POST"])
def kiosk(ref: str) -> Any:
    """Welcome a voter, take the code, show the ballot, show what was chosen, take it, give the receipt."""
    poll = queries.get_poll(ref)
    visitor = _visitor(poll)
    if request.method == "GET":
        return _welcome(poll, visitor)
    if not visitor.turn:
        return redirect(url_for("voting.kiosk", ref=ref))
    step = request.form.get("step", "enter")
    if step == "enter":
        return _enter(poll, visitor)
    try:
        service.open_turn(poll=poll, visitor=visitor, token=request.form.get("token", ""))
    except NotPermitted:
        return redirect(url_for("voting.kiosk", ref=ref))
    return _vote(poll, visitor, step)


def _visitor(poll: Poll) -> Visitor:
    token = request.cookies.get(STATION, "")
    station = queries.find_live_station(poll, token) if token else None
    return Visitor(station, request.cookies.get(TURN, ""), address())


def _welcome(poll: Poll, visitor: Visitor) -> Response:
    """Show the welcome page and begin a new turn: whatever pages came before are dead from here on."""
    was_station = STATION in request.cookies and visitor.station is None
    html, status = _show("kiosk", poll, visitor, "enter", form=CodeForm(formdata=None), was_station=was_station)
    response = make_response(html, status)
    _keep(response, poll, TURN, secrets.token_urlsafe(16))
    return response


def _show(template: str, poll: Poll, visitor: Visitor, step: str, **context: Any) -> tuple[str, int]:
    return page(
        f"voting/{template}.html",
        poll=poll,
        station=visitor.station,
        seconds=SECONDS[step] if visitor.station else 0,
        why_not=policy.why_not_in_time(poll, clock.now()),
        **context,
    )


def _enter(poll: Poll, visitor: Visitor) -> tuple[str, int]:
    form = CodeForm()
    if not form.validate_on_submit():
        return _show("kiosk", poll, visitor, "enter", form=form, was_station=False)
    try:
        require(policy.why_not_in_time(poll, clock.now()))
        entrance = service.enter(poll=poll, visitor=visitor, typed=form.code.data or "")
    except DomainError as error:
        return _show("kiosk_refused", poll, visitor, "refused", message=error.message)[0], error.status
    if entrance.refusal:
        # Not an error status: the counted try has to be kept
        form.code.errors = [entrance.refusal]
        return _show("kiosk", poll, visitor, "enter", form=form, was_station=False)[0], 200
    return _ballot(poll, visitor, entrance.token, Entry())


def _ballot(poll: Poll, visitor: Visitor, token: str, entry: Entry, problem: str | None = None) -> tuple[str, int]:
    options = list(poll.options)
    random.Random(token).shuffle(options)  # noqa: S311 - a fair order, the same while this voter goes back and forth
    html, _status = _show(
        "kiosk_ballot",
        poll,
        visitor,
        "ballot",
        form=BlankForm(),
        options=options,
        entry=entry,
        token=token,
        problem=problem,
        labels=CATEGORY_LABELS,
    )
    return html, 422 if problem else 200


def _vote(poll: Poll, visitor: Visitor, step: str) -> Response | tuple[str, int]:
    token = request.form.get("token", "")
    entry = entry_of(poll.kind, request.form.to_dict(flat=False))
    if step == "cast":
        try:
            receipt = service.cast_with_code(poll=poll, visitor=visitor, token=token, marking=entry.marking)
        except DomainError as error:
            return _show("kiosk_refused", poll, visitor, "refused", message=error.message)[0], error.status
        return OnceSaved(lambda: _show("kiosk_receipt", poll, visitor, "receipt", receipt=receipt))
    if step == "choose":
        return _ballot(poll, visitor, token, entry)
    problem = entry.problem or why_not_valid(queries.terms_of(poll), entry.marking)
    if problem:
        return _ballot(poll, visitor, token, entry, problem)
    note_start(poll=poll, channel=Channel.KIOSK if visitor.station else Channel.WEB)
    carried = list(fields_of(poll.kind, entry.marking))
    checked = {"entry": entry, "carried": carried, "labels": CATEGORY_LABELS}
    return _show("kiosk_check", poll, visitor, "check", form=BlankForm(), token=token, **checked)
