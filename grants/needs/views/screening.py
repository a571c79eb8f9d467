"""Screening: the officers' list with work on many needs at once, and the page for a single one."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound, RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import choices, errors_on, page
from grants.foundation.web.listing import Window
from grants.needs import policy, queries, service
from grants.needs.forms import ScreenForm
from grants.needs.models import Need
from grants.needs.rules import NEED_FLOW, NeedAction, NeedStatus, Triage
from grants.needs.views.blueprint import blueprint
from grants.needs.views.labels import LABELS
from grants.needs.views.places import round_choice
from grants.people import current
from grants.people.models import User
from grants.rounds import queries as rounds
from grants.rounds.models import Round
from grants.rounds.rules import Category, Phase

WORKED_HERE = (NeedAction.EXAMINE, NeedAction.MERGE, NeedAction.HAND_OVER, NeedAction.DECLINE, NeedAction.ADOPT)
TABS = (NeedStatus.RAISED, NeedStatus.EXAMINED, NeedStatus.DISPUTED, NeedStatus.DELIBERATED, NeedStatus.ADOPTED)


@blueprint.route("/screening", methods=["GET", "POST"])
def screening() -> Response | tuple[str, int]:
    """Show what waits in one status and do one thing to all that are ticked."""
    actor, round = current.actor(), _round()
    status = _status()
    form = _form(action for action in NEED_FLOW.actions(status) if action in WORKED_HERE)
    if form.validate_on_submit():
        with errors_on(form):
            chosen = queries.list_needs_by_ref(form.needs.data or [])
            refusals = service.screen_many(needs=chosen, officer=actor, decision=_decision(form))
            _tell(len(chosen), refusals)
            return redirect(url_for("needs.screening", status=status.value, round=round.ref))
    scope = policy.communities_of(actor)
    return page(
        "needs/screening.html",
        form=form,
        round=round,
        rounds=round_choice(Phase.SCREENING).rounds,
        status=status,
        tabs=TABS,
        counts=queries.count_by_status(round.ref, scope),
        needs=queries.list_for_screening(round.ref, status, Window.of(request.args, size=50), scope),
        threshold=round.settings["need_support_threshold"],
        labels=LABELS,
    )


def _round() -> Round:
    ref = request.args.get("round")
    found = rounds.get_round(ref) if ref else round_choice(Phase.SCREENING).chosen
    if found is None:
        raise NotFound(_("目前没有进行中的届次，需求筛选将在新一届开始后开放。"))
    return found


def _status() -> NeedStatus:
    wanted = request.args.get("status", "")
    return next((status for status in TABS if status.value == wanted), NeedStatus.RAISED)


def _form(actions: Any) -> ScreenForm:
    form = ScreenForm()
    form.action.choices = choices({action: LABELS.action[action] for action in actions})
    return form


def _decision(form: ScreenForm) -> service.Decision:
    return service.Decision(
        action=NeedAction(form.action.data),
        reason=form.reason.data or "",
        triage=Triage(form.triage.data) if form.triage.data else None,
        category=Category(form.category.data) if form.category.data else None,
        department=form.department.data or "",
        target=_target(form.target.data),
        public_photos={UUID(identity) for identity in form.public_photos.data or []},
    )


def _target(ref: str | None) -> Need | None:
    if not ref:
        return None
    try:
        return queries.get_need(ref.upper())
    except NotFound:
        raise RuleBroken(_("没有编号为 %(ref)s 的需求，请核对。", ref=ref), "target") from None


def _tell(chosen: int, refusals: list[service.Refusal]) -> None:
    flash(_("已办理 %(count)s 条。", count=chosen - len(refusals)), "success")
    for refusal in refusals:
        flash(_("%(ref)s 未办理：%(reason)s", ref=refusal.ref, reason=refusal.reason), "warning")


@blueprint.route("/<ref>/screen", methods=["GET", "POST"])
def screen(ref: str) -> Response | tuple[str, int]:
    """Deal with one need, everything about it in view."""
    need, actor = queries.get_need(ref), current.actor()
    require(policy.why_not_screen(actor, need))
    refusals = _refusals(actor, need)
    form = _form(action for action, reason in refusals.items() if reason is None)
    if form.validate_on_submit():
        with errors_on(form):
            service.screen(need=need, officer=actor, decision=_decision(form))
            flash(_("%(ref)s 已办理：%(status)s。", ref=ref, status=LABELS.status[need.status]), "success")
            return redirect(url_for("needs.show", ref=ref))
    return page(
        "needs/screen.html",
        form=form,
        need=need,
        refusals=refusals,
        attachments=queries.list_attachments(need, public_only=False),
        decisions=queries.list_decisions(ref),
        similar=queries.list_similar(
            round_id=need.round_id, community_id=need.community_id, text=queries.text_of(need), but=need.id
        ),
        labels=LABELS,
    )


def _refusals(actor: User, need: Need) -> dict[NeedAction, str | None]:
    """Return what the status allows, each with the rule that forbids it now."""
    allowed = [action for action in WORKED_HERE if NEED_FLOW.allows(need.status, action)]
    return {action: policy.why_not_do(actor, need, action) for action in allowed}
