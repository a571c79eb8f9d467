"""Drafting pages: choosing needs, the texts, the estimate, the promises, and handing the draft in."""

from typing import Any, NoReturn

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.needs import queries as needs_queries
from grants.needs.models import Need
from grants.people import current
from grants.people import queries as people
from grants.people.models import Place, User
from grants.people.rules import Role
from grants.projects import policy, queries, service
from grants.projects.forms import CostForm, IndicatorForm, ProjectForm, TokenForm
from grants.projects.models import Project
from grants.projects.rules import FIVE_LINKS, IndicatorKind, Measure
from grants.projects.views.blueprint import blueprint
from grants.projects.views.labels import LABELS
from grants.rounds import queries as rounds
from grants.rounds.models import Round
from grants.rounds.queries import RoundChoice
from grants.rounds.rules import Category, Phase
from grants.voting import queries as voting


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Draft a project: first choose the needs that it answers, then write it."""
    actor, chosen = current.actor(), needs_queries.list_needs_by_ref(request.args.getlist("need"))
    choice = _rounds(chosen)
    round = choice.chosen or _no_round()
    offered = _adopted(actor, round)
    if request.method == "GET" and not chosen:
        return page(
            "projects/choose.html", choice=choice, round=round, needs=offered, votes=_votes(offered), labels=LABELS
        )
    form = ProjectForm(data=_suggested(chosen) if chosen else None)
    _offer(form, offered)
    if form.validate_on_submit():
        with errors_on(form):
            picked = needs_queries.list_needs_by_ref(form.needs.data or [])
            project = service.draft_project(officer=actor, needs=picked, text=_text(form), place=_place(form, picked))
            flash(_("草案已保存，编号 %(ref)s。接下来填写测算明细。", ref=project.ref), "success")
            return redirect(url_for("projects.costs", ref=project.ref))
    return page("projects/edit.html", form=form, project=None, round=round, labels=LABELS)


def _rounds(chosen: list[Need]) -> RoundChoice:
    """Return the rounds a project may be drafted in, and that of the needs chosen or the address."""
    return rounds.choose_round(Phase.PROJECTS, chosen[0].round.ref if chosen else request.args.get("round"))


def _no_round() -> NoReturn:
    raise NotFound(_("目前没有进行中的届次，项目在新一届开始后起草。"))


def _adopted(actor: User, round: Round) -> list[Need]:
    """Return the adopted needs that this officer may answer."""
    found = needs_queries.list_adopted(round)
    if actor.has_role(Role.PROGRAMME):
        return found
    return [need for need in found if need.community_id in actor.community_ids]


def _votes(needs: list[Need]) -> dict[str, Any]:
    return {need.ref: result for need in needs if (result := voting.result_for(need.ref)) is not None}


def _offer(form: ProjectForm, offered: list[Need]) -> None:
    votes = _votes(offered)
    form.needs.choices = [(need.ref, _described(need, votes.get(need.ref))) for need in offered]


def _described(need: Need, result: Any) -> str:
    words = _("%(ref)s %(title)s（%(place)s，%(count)s 人需要）", ref=need.ref, title=need.title,
              place=need.community.name, count=need.support_count)  # fmt: skip
    return f"{words} {_('投票 %(votes)s 票', votes=result.votes)}" if result is not None else words


def _suggested(chosen: list[Need]) -> dict[str, Any]:
    """Return what the needs already say about their project, so that nobody types it again."""
    first = chosen[0]
    return {
        "needs": [need.ref for need in chosen],
        "is_street_wide": len({need.community_id for need in chosen}) > 1,
        "title": first.title,
        "category": first.category.value,
        "service_point": first.place_text,
    }


def _place(form: ProjectForm, picked: list[Need]) -> Place | None:
    if form.is_street_wide.data:
        return people.get_street()
    return picked[0].community if picked else None


def _text(form: ProjectForm) -> service.ProjectText:
    return service.ProjectText(
        title=form.title.data or "",
        summary=form.summary.data or "",
        category=Category(form.category.data),
        objective=form.objective.data or "",
        public_benefit=form.public_benefit.data or "",
        innovation=form.innovation.data or "",
        locality=form.locality.data or "",
        five_links=form.five_links,
        service_point=form.service_point.data or "",
        direct_beneficiary_count=form.direct_beneficiary_count.data or 0,
        vulnerable_percent=form.vulnerable_percent.data or 0,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
    )


def _draft(ref: str) -> Project:
    project = queries.get_project(ref)
    require(policy.why_not_edit(current.actor(), project))
    return project


@blueprint.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Response | tuple[str, int]:
    """Change the texts of a draft."""
    project, actor = _draft(ref), current.actor()
    form = ProjectForm(data=_written(project))
    _offer(form, _adopted(actor, project.round))
    if form.validate_on_submit():
        with errors_on(form):
            picked = needs_queries.list_needs_by_ref(form.needs.data or [])
            service.edit_project(
                project=project, officer=actor, needs=picked, text=_text(form), place=_place(form, picked)
            )
            flash(_("草案已保存。"), "success")
            return redirect(url_for("projects.costs", ref=ref))
    return page("projects/edit.html", form=form, project=project, round=project.round, labels=LABELS)


def _written(project: Project) -> dict[str, Any]:
    names = ("title", "summary", "objective", "public_benefit", "innovation", "locality", "service_point",
             "direct_beneficiary_count", "vulnerable_percent", "starts_on", "ends_on")  # fmt: skip
    return {
        **{name: getattr(project, name) for name in names},
        **{f"link_{key}": project.five_links.get(key, "") for key in FIVE_LINKS},
        "needs": [need.ref for need in project.needs],
        "is_street_wide": project.community.id == project.round.street_id,
        "category": project.category.value,
    }


@blueprint.route("/<ref>/costs", methods=["GET", "POST"])
def costs(ref: str) -> Response | tuple[str, int]:
    """Write the cost estimate line by line; its sum is the ceiling."""
    project = _draft(ref)
    form = CostForm(data={"lines": [_cost(line) for line in project.costs]})
    if not form.is_submitted():
        form.pad(len(project.costs) + 3)
    elif not form.turn(request.form.get("do", "")) and form.validate():
        with errors_on(form):
            service.set_costs(project=project, officer=current.actor(), lines=form.cost_lines())
            flash(_("测算明细已保存。"), "success")
            return redirect(url_for("projects.indicators", ref=ref))
    return page(
        "projects/costs.html",
        form=form,
        project=project,
        shares=form.shares(project.round.settings["budget_caps_percent"]),
        uncommitted_fen=queries.uncommitted_fen(project.round, project.category),
        labels=LABELS,
    )


def _cost(line: Any) -> dict[str, Any]:
    return {
        "code": line.code.value,
        "content": line.content,
        "unit_price": line.unit_price_fen,
        "quantity": line.quantity,
    }


@blueprint.route("/<ref>/indicators", methods=["GET", "POST"])
def indicators(ref: str) -> Response | tuple[str, int]:
    """Write what the project promises: outputs, effects, satisfaction."""
    project = _draft(ref)
    form = IndicatorForm(data={"lines": [_promise(line) for line in project.indicators] or _starting(project)})
    if not form.is_submitted():
        form.pad(len(project.indicators) + 1)
    elif not form.turn(request.form.get("do", "")) and form.validate():
        with errors_on(form):
            service.set_indicators(project=project, officer=current.actor(), lines=form.indicator_lines())
            flash(_("绩效指标已保存。"), "success")
            return redirect(url_for("projects.work", ref=ref))
    return page("projects/indicators.html", form=form, project=project, labels=LABELS)


def _promise(line: Any) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "name": line.name,
        "unit": line.unit,
        "target": line.target,
        "measure": line.measure.value,
        "evidence": line.evidence,
    }


def _starting(project: Project) -> list[dict[str, Any]]:
    """Return the promises that hardly any project goes without, for the officer to complete."""
    target = project.round.settings["satisfaction_target"]
    people_count = project.direct_beneficiary_count or None
    return [
        {"kind": IndicatorKind.OUTPUT_COUNT.value, "name": _("开展服务活动"), "unit": _("场"),
         "measure": Measure.ACTIVITY_COUNT.value, "evidence": _("活动记录")},
        {"kind": IndicatorKind.OUTPUT_COUNT.value, "name": _("服务居民"), "unit": _("人"), "target": people_count,
         "measure": Measure.PERSON_COUNT.value, "evidence": _("签到表")},
        {"kind": IndicatorKind.EFFECT_SOCIAL.value, "name": "", "unit": "%", "measure": Measure.MANUAL.value},
        {"kind": IndicatorKind.SATISFACTION.value, "name": _("居民满意率"), "unit": "%", "target": target,
         "measure": Measure.SATISFACTION_PERCENT.value, "evidence": _("满意度问卷")},
    ]  # fmt: skip


@blueprint.post("/<ref>/submit")
def submit(ref: str) -> Response:
    """Hand the draft in for decision."""
    project, form = queries.get_project(ref), TokenForm()
    with errors_on(form):
        service.submit_costs(project=project, officer=current.actor())
        flash(_("已提交，等待分管领导决策。"), "success")
    return to_work(ref, form)


@blueprint.post("/<ref>/revise")
def revise(ref: str) -> Response:
    """Take the project back to a draft."""
    project, form = queries.get_project(ref), TokenForm()
    with errors_on(form):
        service.revise_project(project=project, officer=current.actor())
        flash(_("已退回草案，可以继续修改。"), "success")
    return to_work(ref, form)


def to_work(ref: str, form: TokenForm) -> Response:
    """Go to the work page and say there why something was refused."""
    for message in form.form_errors:
        flash(message, "warning")
    return redirect(url_for("projects.work", ref=ref))
