"""Raising a need in three steps, and entering one at the counter."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.needs import policy, queries, service
from grants.needs.forms import CounterForm, NeedFields, RaiseForm
from grants.needs.rules import NeedSource, TargetGroup, Urgency
from grants.needs.views.blueprint import blueprint
from grants.needs.views.labels import LABELS
from grants.needs.views.places import places_of
from grants.people import current
from grants.people import queries as people
from grants.people.models import Place, Resident, User
from grants.people.rules import PlaceKind
from grants.rounds import queries as rounds
from grants.rounds.models import Round
from grants.rounds.rules import Category, Phase


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Raise a need: what, then where and for whom, then check."""
    actor, form = current.actor(), RaiseForm()
    round = _chosen_round(form)
    if round is None or actor.resident is None:
        return page("needs/closed.html", reason=_why_closed(actor, round))
    form.grid.choices = _grids(actor.resident.community)
    step, is_ready = _turn(form)
    if is_ready:
        with errors_on(form):
            need = service.raise_need(round=round, actor=actor, text=_text(form), photos=_photos())
            flash(_("需求已提交，编号 %(ref)s。办理进展会在本页逐步公示。", ref=need.ref), "success")
            return redirect(url_for("needs.show", ref=need.ref))
    if form.errors or form.form_errors:
        step = form.step_of_error()
    form.step.data = str(step)
    return page(
        "needs/new.html",
        form=form,
        step=step,
        round=round,
        reason=policy.why_not_raise(actor, round),
        similar=_similar(round, actor.resident.community, form) if step == len(form.STEPS) else [],
        labels=LABELS,
    )


def _chosen_round(form: NeedFields) -> Round | None:
    """Offer the rounds that collect needs; the form keeps what was chosen through its steps."""
    choice = rounds.choose_round(Phase.NEEDS, form.round.data or request.args.get("round"), in_phase_only=True)
    form.round.choices = choice.options
    if not form.round.data and choice.chosen is not None:
        form.round.data = choice.chosen.ref
    return choice.chosen


def _why_closed(actor: User, round: Round | None) -> str:
    if round is None:
        return _("目前没有正在征集需求的届次，开放时间请留意公示公告。")
    return policy.why_not_raise(actor, round) or ""


def _turn(form: RaiseForm) -> tuple[int, bool]:
    """Return the step to show next and whether everything is there to be submitted."""
    if not form.is_submitted():
        return 1, False
    here, go = form.current_step, request.form.get("go")
    if go == "back":
        return max(1, here - 1), False
    wrong = form.first_wrong_step(here)
    if wrong is not None:
        return wrong, False
    last = len(form.STEPS)
    return min(here + 1, last), here == last and go == "submit"


def _similar(round: Round, community: Place, form: NeedFields) -> list[queries.SimilarNeed]:
    text = f"{form.title.data or ''} {form.place_text.data or ''} {form.body.data or ''}"
    return queries.list_similar(round_id=round.id, community_id=community.id, text=text)


def _grids(community: Place) -> list[tuple[str, str]]:
    grids = people.list_places(PlaceKind.GRID, community.id)
    return [("", _("不清楚，或涉及整个社区")), *((str(grid.id), grid.name) for grid in grids)]


def _text(form: NeedFields) -> service.NeedText:
    return service.NeedText(
        category=Category(form.category.data),
        title=form.title.data or "",
        body=form.body.data or "",
        place_text=form.place_text.data or "",
        target_group=TargetGroup(form.target_group.data),
        urgency=Urgency(form.urgency.data),
        grid=people.get_place(uuid.UUID(form.grid.data)) if form.grid.data else None,
    )


def _photos() -> list[Any]:
    return [upload for upload in request.files.getlist("photos") if upload.filename]


@blueprint.route("/counter", methods=["GET", "POST"])
def counter() -> Response | tuple[str, int]:
    """Enter a need for a resident who came, called or wrote; without a name for an unsigned paper."""
    actor, form = current.actor(), CounterForm()
    round, communities = _chosen_round(form), places_of(actor)
    if round is None or not communities:
        return page("needs/closed.html", reason=_("目前没有正在征集需求的届次，或您没有负责的社区。"))
    community = _chosen_community(form, communities)
    form.grid.choices = _grids(community)
    similar = _similar(round, community, form) if form.is_submitted() else []
    if form.validate_on_submit() and (form.is_checked.data or not similar):
        with errors_on(form):
            need = service.enter_need(
                round=round,
                officer=actor,
                community=community,
                source=NeedSource(form.source.data),
                text=_text(form),
                resident=_resident(form.id_number.data),
                photos=_photos(),
            )
            flash(_("已登记，编号 %(ref)s。请把编号告知居民，便于查询进展。", ref=need.ref), "success")
            return redirect(url_for("needs.counter", community=community.code, round=round.ref))
    return page("needs/counter.html", form=form, round=round, community=community, similar=similar, labels=LABELS)


def _chosen_community(form: CounterForm, communities: list[Place]) -> Place:
    form.community.choices = [(place.code, place.name) for place in communities]
    wanted = form.community.data or request.args.get("community")
    chosen = next((place for place in communities if place.code == wanted), communities[0])
    form.community.data = chosen.code
    return chosen


def _resident(id_number: str | None) -> Resident | None:
    if not id_number:
        return None
    resident = queries.find_resident(id_number)
    if resident is None:
        raise RuleBroken(_("居民名册中没有这个身份证号码，请核对；无法核实的请留空，按不署名登记。"), "id_number")
    return resident
