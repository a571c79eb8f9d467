"""Reading: the list, one agreement, what was asked against what is agreed, the signed copy."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Response, request, url_for

from grants.agreements import policy, queries
from grants.agreements.models import Agreement
from grants.agreements.rules import (
    AgreementAction,
    AgreementStatus,
    MilestoneAction,
)
from grants.agreements.views.blueprint import blueprint, readable
from grants.agreements.views.labels import LABELS, status_words
from grants.agreements.views.steps import next_step
from grants.foundation.errors import NotFound
from grants.foundation.files import send
from grants.foundation.i18n import _, _l
from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.funds.queries import project_money
from grants.people import current
from grants.people.queries import list_communities
from grants.people.rules import Role

EXPORT_SIZE = 10_000


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _filters() -> queries.Filters:
    status = request.args.get("status", "")
    return queries.Filters(
        AgreementStatus(status) if status in set(AgreementStatus) else None,
        _uuid(request.args.get("community")),
        _uuid(request.args.get("round")),
        request.args.get("q", "").strip(),
    )


@blueprint.get("/")
def index() -> Response | tuple[str, int]:
    """List the agreements of this actor's organisations, community or street; CSV and XLSX by ?format=."""
    actor, filters, sort = current.actor(), _filters(), request.args.get("sort", "-created")
    if request.args.get("format"):
        found = queries.list_agreements(Window(size=EXPORT_SIZE), actor, filters, sort)
        return table_response(request.args["format"], _("项目协议"), HEADER, _rows(found.items))
    may_draft = actor.has_role(Role.PROGRAMME)
    return page(
        "agreements/index.html",
        found=queries.list_agreements(Window.of(request.args), actor, filters, sort),
        counts=queries.count_by_status(actor, filters),
        waiting=queries.list_awaiting_draft() if may_draft else [],
        shows_waiting=request.args.get("status") == "awaiting" and may_draft,
        filters=filters,
        communities=list_communities(),
        rounds=queries.list_rounds_with_agreements(),
        may_draft=may_draft,
        **LABELS,
    )


HEADER = (
    _l("协议编号"),
    _l("项目"),
    _l("承接组织"),
    _l("社区"),
    _l("状态"),
    _l("资助金额（元）"),
    _l("社会资金（元）"),
    _l("开始日期"),
    _l("结束日期"),
    _l("已核实里程碑"),
)


def _rows(agreements: list[Agreement]) -> Iterator[tuple[Any, ...]]:
    for one in agreements:
        verified = sum(milestone.resident_at is not None for milestone in one.milestones)
        yield (
            one.ref,
            one.project.title,
            one.organisation.name,
            one.project.community.name,
            status_words(one),
            yuan_plain(one.amount_fen),
            yuan_plain(one.social_fen),
            one.starts_on,
            one.ends_on,
            f"{verified}/{len(one.milestones)}",
        )


@blueprint.get("/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show one agreement: parties, budget, milestones, tranches and what to do next."""
    agreement, actor = readable(ref), current.actor()
    return page(
        "agreements/show.html",
        agreement=agreement,
        step=next_step(actor, agreement),
        actions=policy.possible(actor, agreement),
        milestone_actions={one.position: policy.possible_on(actor, one) for one in agreement.milestones},
        may_edit=policy.why_not_edit(actor, agreement) is None,
        tranches=queries.tranche_states(agreement),
        changes=queries.list_amendments(agreement.id),
        may_suspend=policy.why_not_suspend(actor, agreement) is None,
        may_resume=policy.why_not_propose_resume(actor, agreement) is None
        or policy.why_not_resume(actor, agreement) is None,
        money=project_money(agreement.project.ref),
        Action=AgreementAction,
        MilestoneAction=MilestoneAction,
        **LABELS,
    )


@blueprint.get("/<ref>/compare")
def compare(ref: str) -> tuple[str, int]:
    """Set what was asked for against what is agreed, line by line, by code, and the plan."""
    agreement = readable(ref)
    return page(
        "agreements/compare.html",
        agreement=agreement,
        lines=queries.compare_lines(agreement),
        plan=queries.compare_plan(agreement),
        rows=queries.compare_budget(agreement),
        award_fen=queries.award_fen(agreement.application),
        back=url_for("agreements.show", ref=ref),
        **LABELS,
    )


@blueprint.get("/<ref>/signed-copy")
def signed_copy(ref: str) -> Response:
    """Hand out the signed copy to those who may read the agreement."""
    agreement = readable(ref)
    if agreement.signed_file is None:
        raise NotFound(_("这份协议还没有上传签章扫描件。"))
    return send(agreement.signed_file, inline=True)
