"""Voting in three screens: choose, check, cast. Works without JavaScript and with the keyboard."""

import random
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken
from grants.foundation.i18n import _
from grants.foundation.web.answers import OnceSaved
from grants.foundation.web.forms import page
from grants.people import current
from grants.people.models import Resident
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting import policy, queries, service
from grants.voting.models import Poll, PollOption
from grants.voting.rules import Channel, Entry, Marking, PollKind, entry_of, fields_of, why_not_valid
from grants.voting.views import blueprint

STEPS = ("choose", "filter", "check", "cast")


@dataclass(frozen=True)
class Search:
    """What narrows the list of options; an option that is not shown keeps its choice."""

    words: str
    category: str

    @classmethod
    def asked(cls) -> "Search":
        """Read the search from the address or the form."""
        return cls(request.values.get("q", "").strip()[:60], request.values.get("category", ""))

    def shows(self, option: PollOption) -> bool:
        """Tell whether an option is to be seen."""
        text = f"{option.code} {option.title} {option.summary}".casefold()
        return self.words.casefold() in text and self.category in {"", option.category.value}


@blueprint.app_template_filter("ballot_fields")
def _fields(marking: Marking, kind: PollKind) -> list[tuple[str, str]]:
    return list(fields_of(kind, marking))


@blueprint.app_template_filter("marked_order")
def _in_order(options: list[PollOption], marking: Marking, kind: PollKind) -> list[PollOption]:
    """Return chosen options as a reader expects them: ranks upwards, points downwards, the rest as published."""
    if kind is PollKind.RANKING:
        return sorted(options, key=lambda option: marking[option.code])
    return sorted(options, key=lambda option: (-marking[option.code], option.code))


@blueprint.route("/<ref>/ballot", methods=["GET", "POST"])
def ballot(ref: str) -> Response | tuple[str, int]:
    """Show the ballot, show what was chosen, take it."""
    poll = queries.get_poll(ref)
    resident = _voter()
    entry, step, token = _sent(poll)
    if step == "cast" and token and not entry.problem:
        return _cast(poll, resident, entry, token)
    if request.method == "POST":
        problem = _why_not(poll, resident, entry, step, token)
        if step == "check" and problem is None:
            service.note_start(poll=poll, channel=Channel.WEB)
            return page("voting/check.html", poll=poll, entry=entry, token=token, labels=CATEGORY_LABELS)
        return _choose(poll, resident, entry, token, problem)
    return _choose(poll, resident, entry, "", None)


def _voter() -> Resident:
    resident = current.actor().resident
    if resident is None:
        raise NotPermitted(_("投票请使用居民账号。您可以查看，但不能投票。"))
    return resident


def _sent(poll: Poll) -> tuple[Entry, str, str]:
    if request.method != "POST":
        return Entry(), "choose", ""
    entry = entry_of(poll.kind, request.form.to_dict(flat=False))
    return entry, request.form.get("step", ""), request.form.get("token", "")


def _why_not(poll: Poll, resident: Resident, entry: Entry, step: str, token: str) -> str | None:
    """Say why what was sent leads to no further screen."""
    if step not in STEPS:
        return _("没有看懂这一步，请重新操作。")
    try:
        if service.open_form(poll=poll, token=token).person_key != resident.person_key:
            return _("选票页面已失效，请重新打开选票。")
    except RuleBroken as error:
        return error.message
    if step in {"check", "cast"}:
        return entry.problem or why_not_valid(queries.terms_of(poll), entry.marking)
    return None


def _choose(poll: Poll, resident: Resident, entry: Entry, token: str, problem: str | None) -> tuple[str, int]:
    right = queries.find_roll_entry(poll, resident.person_key)
    if right is None and resident.community_id not in {place.id for place in queries.list_areas(poll)}:
        raise NotPermitted(_("这次投票只面向%(place)s的居民。您可以查看，但不能投票。", place=poll.community.name))
    token = _kept(poll, resident, token) or service.mint_form(poll=poll, person_key=resident.person_key)
    options = list(poll.options)
    random.Random(token).shuffle(options)  # noqa: S311 - a fair order, the same while this voter goes back and forth
    search = Search.asked()
    html, _status = page(
        "voting/ballot.html",
        poll=poll,
        options=options,
        shown={option.code for option in options if search.shows(option)},
        search=search,
        entry=entry,
        token=token,
        problem=problem,
        right=right,
        why_not=policy.why_not_in_time(poll, clock.now()),
        labels=CATEGORY_LABELS,
    )
    return html, 422 if problem else 200


def _kept(poll: Poll, resident: Resident, token: str) -> str:
    """Return the token while it is this voter's, so that a form keeps its order and its code; else nothing."""
    try:
        return token if token and service.open_form(poll=poll, token=token).person_key == resident.person_key else ""
    except RuleBroken:
        return ""


def _cast(poll: Poll, resident: Resident, entry: Entry, token: str) -> Response | tuple[str, int]:
    try:
        receipt = service.cast(poll=poll, person_key=resident.person_key, marking=entry.marking, token=token)
    except DomainError as error:
        html, _status = page("voting/refused.html", poll=poll, message=error.message)
        return html, error.status
    return OnceSaved(lambda: page("voting/receipt.html", poll=poll, receipt=receipt))
