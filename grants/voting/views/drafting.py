"""Drafting a poll: what is asked, how is voted, how is counted; everything beyond that has a sensible value."""

import re
import uuid
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.people import queries as people
from grants.people.models import Place
from grants.rounds import queries as rounds
from grants.rounds.rules import CATEGORY_LABELS, Category, Phase
from grants.voting import policy, queries, service
from grants.voting.forms import PollForm
from grants.voting.models import Poll
from grants.voting.rules import CountingRule, PollKind, Publication, full_settings
from grants.voting.service import Method, OptionDraft
from grants.voting.views import blueprint

GREEDY, EQUAL_SHARES = ("skip", "overrun_percent"), ("utility", "completion", "increment", "start_share", "fill")


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Draft a poll."""
    form = _poll_form()
    if form.validate_on_submit() and "more" not in request.form:
        with errors_on(form):
            poll = service.draft_poll(
                officer=current.actor(),
                round=rounds.get_round(form.round_id.data),
                community=people.get_place(uuid.UUID(form.community_id.data)),
                **_terms(form),
            )
            flash(_("投票草案已保存，请核对后由社区建设部锁定规则。"), "success")
            return redirect(url_for("voting.show", ref=poll.ref))
    return page("voting/edit.html", form=form, poll=None, why_not=None, **_names(form))


@blueprint.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Response | tuple[str, int]:
    """Change a draft."""
    poll = queries.get_poll(ref)
    queries.require_visible(poll, current.actor())
    form = _poll_form(poll)
    if form.validate_on_submit() and "more" not in request.form:
        with errors_on(form):
            service.edit_poll(officer=current.actor(), poll=poll, **_terms(form))
            flash(_("修改已保存。"), "success")
            return redirect(url_for("voting.show", ref=ref))
    why_not = policy.why_not_edit(current.actor(), poll)
    return page("voting/edit.html", form=form, poll=poll, why_not=why_not, **_names(form))


def _places(poll: Poll | None) -> list[Place]:
    """Return where the actor may hold a poll; the street as a whole comes last."""
    if poll is not None:
        return [poll.community]
    places = [*people.list_communities(), people.get_street()]
    return [place for place in places if policy.why_not_draft(current.actor(), place.id) is None]


def _poll_form(poll: Poll | None = None) -> PollForm:
    form = PollForm(data=_initial(poll) if poll else {"increment": 100})
    choice = rounds.choose_round(Phase.POLL, request.args.get("round"))
    form.round_id.choices = [(poll.round.ref, poll.round.label)] if poll else choice.options
    places = _places(poll)
    form.community_id.choices = [(str(place.id), place.name) for place in places]
    communities = [(place.code, place.name) for place in people.list_communities()]
    for line in form.options:
        line.form.community.choices = [("", _("不区分")), *communities]
    _lines(form.envelopes, [category.value for category in Category])
    _lines(form.floors, [code for code, _name in communities])
    if "more" in request.form:
        for _line in range(3):
            form.options.append_entry()
            form.options[-1].form.community.choices = [("", _("不区分")), *communities]
    return form


def _lines(fields: Any, codes: list[str]) -> None:
    """Give every category or community its line, with what was typed or stored for it."""
    known = {line.form.code.data for line in fields}
    for code in codes:
        if code not in known:
            fields.append_entry({"code": code, "amount": None})


def _names(form: PollForm) -> dict[str, Any]:
    labels = {category.value: label for category, label in CATEGORY_LABELS.items()}
    communities = {place.code: place.name for place in people.list_communities()}
    return {"category_names": labels, "community_names": communities}


def _initial(poll: Poll) -> dict[str, Any]:
    settings = full_settings(poll.kind, poll.rule, poll.rule_options)
    plain = ("title", "question", "max_choices", "min_choices", "points", "budget_fen", "minimum_age")
    known = {name: settings[name] for name in (*GREEDY, *EQUAL_SHARES, "comparison", "threshold") if name in settings}
    known["skip"] = "1" if settings.get("skip", True) else ""
    share = settings.get("start_share")
    return {
        **{name: getattr(poll, name) for name in plain},
        **known,
        "start_share": int(share) if share else None,
        "round_id": poll.round.ref,
        "community_id": str(poll.community_id),
        "kind": poll.kind.value,
        "rule": poll.rule.value,
        "publication": poll.publication.value,
        "opens_at": clock.local(poll.opens_at),
        "closes_at": clock.local(poll.closes_at),
        "exclusion_groups": "\n".join(" ".join(group) for group in settings.get("exclusion_groups", [])),
        "envelopes": [{"code": code, "amount": fen} for code, fen in settings.get("envelopes", {}).items()],
        "floors": [{"code": code, "amount": fen} for code, fen in settings.get("floors", {}).items()],
        "options": [
            {
                "title": option.title,
                "category": option.category.value,
                "cost": option.cost_fen or None,
                "subject_ref": option.subject_ref,
                "community": option.community.code if option.community and poll.is_street_wide else "",
                "beneficiary": option.beneficiary,
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
        "budget_fen": form.budget_fen.data or 0,
        "opens_at": _street_time(form.opens_at.data),
        "closes_at": _street_time(form.closes_at.data),
        "method": Method(
            kind=PollKind(form.kind.data),
            rule=CountingRule(form.rule.data),
            rule_options=_rule_options(form),
            publication=Publication(form.publication.data) if form.publication.data else None,
            points=form.points.data,
            min_choices=form.min_choices.data or 1,
            minimum_age=form.minimum_age.data or 18,
        ),
        "options": [
            OptionDraft(
                title=line["title"],
                summary=line["summary"] or "",
                category=Category(line["category"]),
                cost_fen=line["cost"] or 0,
                subject_ref=line["subject_ref"] or "",
                community=line["community"] or "",
                beneficiary=line["beneficiary"] or "",
            )
            for line in form.options.data
            if line["title"]
        ],
    }


def _rule_options(form: PollForm) -> dict[str, Any]:
    """Return the settings that the chosen rule knows; what was left alone takes its sensible value later."""
    rule = CountingRule(form.rule.data)
    threshold = {} if form.threshold.data is None else {"threshold": form.threshold.data}
    if rule is CountingRule.SUPPORT:
        return threshold
    limits = {"envelopes": _amounts(form.envelopes), "floors": _amounts(form.floors)}
    common = threshold | limits | {"exclusion_groups": _groups(form.exclusion_groups.data or "")}
    if rule is CountingRule.GREEDY:
        return common | {"skip": form.skip.data == "1", "overrun_percent": form.overrun_percent.data}
    share = form.start_share.data
    own: dict[str, Any] = {name: getattr(form, name).data for name in ("completion", "fill", "comparison")}
    own |= {"increment": form.increment.data or 100, "start_share": str(share) if share else None}
    return common | own | ({"utility": form.utility.data} if form.utility.data else {})


def _amounts(fields: Any) -> dict[str, int]:
    return {line["code"]: line["amount"] for line in fields.data if line["amount"] is not None}


def _groups(text: str) -> list[list[str]]:
    groups = [re.findall(r"[0-9]+", line) for line in text.splitlines()]
    if any(line.strip() and not group for line, group in zip(text.splitlines(), groups, strict=True)):
        raise RuleBroken(_("请用选项编号填写，例如 01 03。"), "exclusion_groups")
    return [sorted({f"{int(code):02d}" for code in group}) for group in groups if group]


def _street_time(typed: datetime | None) -> datetime:
    """Take what was typed for the time of day in the street; the form has made sure that there is something."""
    return (typed or datetime.min).replace(tzinfo=clock.SHANGHAI)
