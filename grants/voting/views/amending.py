"""Proposing and deciding what changes after a poll was frozen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.people.models import User
from grants.people.rules import ROLE_LABELS, Role
from grants.voting import policy, queries, service
from grants.voting.forms import ExtensionForm, OutageForm, RollForm, WordingForm
from grants.voting.models import Poll, PollAmendment
from grants.voting.rules import AMENDMENT_KIND_LABELS, AmendmentKind, AmendmentStatus, Channel
from grants.voting.rules.amendments import Wording
from grants.voting.views import blueprint

OFFICES = (Role.PROGRAMME, Role.APPROVER, Role.COMMUNITY)
KIND_OF = {"outage": AmendmentKind.EXTENSION} | {kind.value: kind for kind in AmendmentKind}


@blueprint.route("/<ref>/amend/<any(extension, wording, roll, outage):what>", methods=["GET", "POST"])
def amend(ref: str, what: str) -> Response | tuple[str, int]:
    """Propose a later deadline, corrected words or a voter who was left out; or note an outage."""
    poll = queries.get_poll(ref)
    queries.require_visible(poll, current.actor())
    form, propose = _FORMS[what](poll)
    if form.validate_on_submit():
        with errors_on(form):
            propose(form, poll, current.actor())
            flash(_("已提出，经另一位经办人确认后生效。"), "success")
            return redirect(url_for("voting.show", ref=ref, _anchor="amendments"))
    why_not = policy.why_not_amend(current.actor(), poll, KIND_OF[what])
    return page("voting/amend.html", poll=poll, form=form, what=what, why_not=why_not)


def _extension(poll: Poll) -> tuple[ExtensionForm, Callable[..., None]]:
    def propose(form: ExtensionForm, poll: Poll, officer: User) -> None:
        closes_at = _street_time(form.closes_at.data)
        service.propose_extension(officer=officer, poll=poll, closes_at=closes_at, reason=form.reason.data or "")

    return ExtensionForm(data={"closes_at": clock.local(poll.closes_at)}), propose


def _wording(poll: Poll) -> tuple[WordingForm, Callable[..., None]]:
    def propose(form: WordingForm, poll: Poll, officer: User) -> None:
        wording, text = Wording.parse(form.wording.data), form.text.data or ""
        service.propose_wording(officer=officer, poll=poll, wording=wording, text=text, reason=form.reason.data or "")

    form = WordingForm()
    form.wording.choices = [("title", _("投票名称")), ("question", _("投票说明"))]
    for option in poll.options:
        form.wording.choices += [
            (f"option_title:{option.code}", _("选项 %(code)s 的名称", code=option.code)),
            (f"option_summary:{option.code}", _("选项 %(code)s 的说明", code=option.code)),
        ]
    return form, propose


def _roll(_poll: Poll) -> tuple[RollForm, Callable[..., None]]:
    def propose(form: RollForm, poll: Poll, officer: User) -> None:
        resident = service.find_left_out(officer=officer, id_number=form.id_number.data or "")
        service.propose_roll(officer=officer, poll=poll, resident=resident, reason=form.reason.data or "")

    return RollForm(), propose


def _outage(_poll: Poll) -> tuple[OutageForm, Callable[..., None]]:
    def propose(form: OutageForm, poll: Poll, officer: User) -> None:
        service.record_outage(
            officer=officer,
            poll=poll,
            began_at=_street_time(form.began_at.data),
            ended_at=_street_time(form.ended_at.data),
            channel=Channel(form.channel.data) if form.channel.data else None,
            what=form.what.data or "",
        )

    return OutageForm(), propose


_FORMS: dict[str, Callable[[Poll], tuple[Any, Callable[..., None]]]] = {
    "extension": _extension,
    "wording": _wording,
    "roll": _roll,
    "outage": _outage,
}


@blueprint.post("/<ref>/amendments/<uuid:key>/<any(adopt, refuse):verb>")
def decide(ref: str, key: UUID, verb: str) -> Response:
    """Adopt or refuse an amendment, as its second person."""
    amendment = queries.get_amendment(queries.get_poll(ref), key)
    service.decide_amendment(officer=current.actor(), amendment=amendment, adopt=verb == "adopt")
    flash(_("变更已生效，并公布在本页。") if verb == "adopt" else _("变更未同意，理由和结果公布在本页。"), "success")
    return redirect(url_for("voting.show", ref=ref, _anchor="amendments"))


@dataclass(frozen=True)
class AmendmentLine:
    """An amendment as the poll's page tells it: offices, never persons."""

    amendment: PollAmendment
    title: str
    change: str
    proposed_by: str
    decided_by: str
    tone: str
    why_not_decide: str | None


def lines_of(poll: Poll, actor: User | None) -> list[AmendmentLine]:
    """Return the amendments of a poll as its page shows them."""
    tones = {AmendmentStatus.PROPOSED: "warn", AmendmentStatus.ADOPTED: "good", AmendmentStatus.REFUSED: "neutral"}
    return [
        AmendmentLine(
            amendment=one,
            title=str(AMENDMENT_KIND_LABELS[one.kind]),
            change=_change(one),
            proposed_by=_office(one.proposed_by),
            decided_by=_office(one.decided_by) if one.decided_by else "",
            tone=tones[one.status],
            why_not_decide=policy.why_not_decide_amendment(actor, one) if actor else "",
        )
        for one in queries.list_amendments(poll)
    ]


def _office(user: User) -> str:
    """Return the office somebody acts for; a person who left keeps the first office they held."""
    held = [grant for role in OFFICES for grant in user.grants if grant.role is role]
    live = [grant for grant in held if grant.is_live] or held
    if not live:
        return str(ROLE_LABELS[Role.PROGRAMME])
    place = live[0].place if live[0].role is Role.COMMUNITY else None
    return _("%(place)s居委会", place=place.name) if place else str(ROLE_LABELS[live[0].role])


def _change(amendment: PollAmendment) -> str:
    change = amendment.change
    if amendment.kind is AmendmentKind.ROLL:
        return _("为%(community)s增补 1 名居民", community=change["community"])
    if amendment.kind is AmendmentKind.WORDING:
        where = _("选项 %(code)s：", code=change["code"]) if change["code"] else ""
        return where + _("“%(before)s”改为“%(after)s”", before=change["before"], after=change["after"])
    if "minutes" in change:
        return _("因中断，所有投票方式的截止时间顺延 %(minutes)d 分钟", minutes=change["minutes"])
    moment = clock.local(datetime.fromisoformat(change["closes_at"]))
    return _("截止时间延长到 %(at)s", at=f"{moment:%Y-%m-%d %H:%M}")


def _street_time(typed: datetime | None) -> datetime:
    """Take what was typed for the time of day in the street; the form has made sure that there is something."""
    return (typed or datetime.min).replace(tzinfo=clock.SHANGHAI)
