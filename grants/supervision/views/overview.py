"""Where everybody starts: the agreements one watches, one agreement's file, a resident's tasks."""

from collections.abc import Iterator
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements.policy import acts_for, why_not_read
from grants.agreements.queries import Filters, list_agreements
from grants.agreements.rules import AGREEMENT_STATUS_LABELS, AgreementStatus
from grants.foundation.i18n import _, _l
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.rules import Role
from grants.supervision import policy, queries
from grants.supervision.views.blueprint import blueprint, watched
from grants.supervision.views.labels import LABELS

EXPORT_SIZE = 10_000
HEADER = (
    _l("协议编号"),
    _l("项目"),
    _l("承接组织"),
    _l("社区"),
    _l("状态"),
    _l("活动场次"),
    _l("人数"),
    _l("人次"),
    _l("未销号整改"),
    _l("最近活动"),
)


@blueprint.get("/")
def index() -> Response | tuple[str, int]:
    """Show what goes on under the agreements of this actor's organisations, community or street."""
    actor = current.actor()
    if policy.is_only_resident(actor):
        return redirect(url_for("supervision.tasks"))
    status = request.args.get("status", AgreementStatus.SIGNED.value)
    filters = Filters(
        AgreementStatus(status) if status in set(AgreementStatus) else None, text=request.args.get("q", "").strip()
    )
    is_export = "format" in request.args
    found = list_agreements(Window(size=EXPORT_SIZE) if is_export else Window.of(request.args), actor, filters)
    rows = queries.summarise(found.items)
    if is_export:
        return table_response(request.args["format"], _("实施监督"), HEADER, _cells(rows))
    return page("supervision/index.html", found=found, rows=rows, filters=filters, is_street=actor.is_staff, **LABELS)


def _cells(rows: list[queries.WatchRow]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield (
            row.agreement.ref,
            row.agreement.project.title,
            row.agreement.organisation.name,
            row.agreement.project.community.name,
            str(AGREEMENT_STATUS_LABELS[row.agreement.status]),
            row.totals.activity_count,
            row.totals.person_count,
            row.totals.attendance_count,
            row.open_order_count,
            row.last_on,
        )


@blueprint.get("/<ref>/")
def show(ref: str) -> tuple[str, int]:
    """Show the supervision file of one agreement: activities, red flags, who watches, visits and orders."""
    agreement, actor = watched(ref), current.actor()
    is_resident = queries.is_supervisor_of(actor, agreement.id)
    return page(
        "supervision/show.html",
        agreement=agreement,
        totals=queries.totals(agreement.id),
        signed_in_count=queries.count_signed_in_residents(agreement.id),
        activities=queries.list_activities(agreement.id),
        # What may be wrong is for those who check; the organisation reads it in an order, with the facts established
        flags=[] if acts_for(actor, agreement) else queries.list_flags(agreement),
        clearances=[] if acts_for(actor, agreement) else queries.list_clearances(agreement.id),
        may_clear=policy.why_not_clear_flag(actor, agreement) is None,
        shows_flags=not acts_for(actor, agreement),
        supervisors=queries.list_supervisors(agreement.id),
        visits=queries.list_visits(agreement.id),
        inspections=queries.list_inspections(
            agreement.id, is_done_only=acts_for(actor, agreement) or policy.is_only_resident(actor)
        ),
        orders=queries.list_rectifications(agreement.id),
        complaint_counts=queries.count_complaints(agreement.project.ref),
        may_announce=policy.why_not_announce(actor, agreement) is None,
        may_visit=policy.why_not_visit(actor, agreement) is None,
        may_order=policy.why_not_rectify(actor, agreement) is None,
        opinions=queries.list_opinions(agreement.id)
        if policy.why_not_read_opinions(actor, agreement) is None
        else None,
        may_leave_opinion=policy.why_not_leave_opinion(actor, agreement) is None,
        may_answer_opinion=actor.has_role(Role.PROGRAMME),
        may_inspect=policy.why_not_plan_inspection(actor, agreement) is None,
        may_draw=policy.why_not_draw(actor, agreement) is None,
        may_verify={one.position for one in agreement.milestones if policy.why_not_verify(actor, one) is None},
        is_resident=is_resident,
        may_open_agreement=why_not_read(actor, agreement) is None,
        **LABELS,
    )


@blueprint.get("/tasks")
def tasks() -> tuple[str, int]:
    """Show a resident what they were drawn to watch, what waits for them, and where they signed in."""
    actor = current.actor()
    return page(
        "supervision/tasks.html",
        agreements=queries.list_supervised(actor),
        due=[item for item in queries.list_due_for(actor) if "/milestones/" in item.href],
        registrations=queries.list_registrations_of(actor),
        attended=queries.list_sign_ins_of(actor),
        upcoming=queries.list_upcoming(actor.resident.community_id if actor.resident else None),
        **LABELS,
    )
