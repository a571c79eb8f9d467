"""Assisted voting at the counter or at somebody's home: find the resident, say why, fill in, check, cast, print."""

import uuid
from typing import Any

from flask import request
from wtforms import SelectField, StringField
from wtforms.validators import Length

from grants.foundation.errors import DomainError, RuleBroken, require
from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import Form, page
from grants.people import current
from grants.people import queries as people
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting import policy, queries
from grants.voting.forms import BlankForm, FindForm
from grants.voting.models import Poll
from grants.voting.rules import why_not_valid
from grants.voting.rules.entries import Entry, entry_of, fields_of
from grants.voting.service import assisting as service
from grants.voting.views import blueprint
from grants.voting.views.finding import find_on_roll

REASONS = (_l("视力不便"), _l("行动不便，上门办理"), _l("不会使用设备"), _l("不识字"), _l("其他"))


class HelpForm(Form):
    """Why somebody cannot vote alone."""

    why = SelectField(_l("需要协助的原因"))
    note = StringField(_l("补充说明"), [Length(max=60)])

    @property
    def reason(self) -> str:
        """Return the reason as it goes on the roll."""
        return "：".join(part for part in (self.why.data, self.note.data) if part)


def _help_form(**options: Any) -> HelpForm:
    form = HelpForm(**options)
    form.why.choices = [(str(reason), str(reason)) for reason in REASONS]
    return form


@blueprint.route("/<ref>/assist", methods=["GET", "POST"])
def assist(ref: str) -> tuple[str, int]:
    """Help one resident to vote, in four steps on one address."""
    poll, actor = queries.get_poll(ref), current.actor()
    require(policy.why_not_serve(actor, poll))
    step = request.form.get("step", "find") if request.method == "POST" else ""
    try:
        made: tuple[str, int] = _STEPS.get(step, _start)(poll)
    except DomainError as error:
        html, _status = _start(poll, problem=error.message)
        return html, error.status
    return made


def _start(poll: Poll, **more: Any) -> tuple[str, int]:
    context = {
        "poll": poll,
        "find": FindForm(formdata=None),
        "help_form": _help_form(formdata=None),
        "found": None,
        "problem": None,
        "why_not": policy.why_not_assist(current.actor(), poll),
    }
    return page("voting/assist.html", **{**context, **more})


def _find(poll: Poll) -> tuple[str, int]:
    require(policy.why_not_assist(current.actor(), poll))
    form = FindForm()
    found = find_on_roll(current.actor(), poll, form) if form.validate_on_submit() else None
    return _start(poll, find=form, found=found)


def _begin(poll: Poll) -> tuple[str, int]:
    form = _help_form()
    if not form.validate_on_submit():
        return _start(poll, help_form=form)
    try:
        resident = people.get_resident(uuid.UUID(request.form.get("resident", "")))
    except ValueError as error:
        raise RuleBroken(_("请先查找并选择居民。")) from error
    token = service.begin(officer=current.actor(), poll=poll, resident=resident, reason=form.reason)
    return _ballot(poll, token, Entry())


def _ballot(poll: Poll, token: str, entry: Entry, problem: str | None = None) -> tuple[str, int]:
    begun = service.go_on(officer=current.actor(), poll=poll, token=token)
    html, _status = page(
        "voting/assist_ballot.html",
        poll=poll,
        form=BlankForm(),
        options=poll.options,
        entry=entry,
        token=token,
        begun=begun,
        problem=problem,
        labels=CATEGORY_LABELS,
    )
    return html, 422 if problem else 200


def _choose(poll: Poll) -> tuple[str, int]:
    return _ballot(poll, request.form.get("token", ""), entry_of(poll.kind, request.form.to_dict(flat=False)))


def _check(poll: Poll) -> tuple[str, int]:
    token = request.form.get("token", "")
    entry = entry_of(poll.kind, request.form.to_dict(flat=False))
    problem = entry.problem or why_not_valid(queries.terms_of(poll), entry.marking)
    if problem:
        return _ballot(poll, token, entry, problem)
    begun = service.go_on(officer=current.actor(), poll=poll, token=token)
    carried = list(fields_of(poll.kind, entry.marking))
    return page(
        "voting/assist_check.html",
        poll=poll,
        form=BlankForm(),
        token=token,
        begun=begun,
        entry=entry,
        carried=carried,
        labels=CATEGORY_LABELS,
    )


def _cast(poll: Poll) -> tuple[str, int]:
    entry = entry_of(poll.kind, request.form.to_dict(flat=False))
    receipt = service.cast_for(
        officer=current.actor(), poll=poll, token=request.form.get("token", ""), marking=entry.marking
    )
    return page("voting/assist_receipt.html", poll=poll, receipt=receipt)


_STEPS: dict[str, Any] = {"find": _find, "begin": _begin, "choose": _choose, "check": _check, "cast": _cast}
