"""When a step is due, and what waits for whom."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from grants.agreements.models import Agreement
from grants.foundation.clock import local, today
from grants.foundation.database import db
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.foundation.workdays import CalendarMissing, HolidayTable, add_working_days, working_days_between
from grants.payments.models import PaymentAlert, PaymentRequest, PaymentStep, Voucher
from grants.payments.queries.opinions import count_unanswered
from grants.payments.queries.steps import signers
from grants.payments.rules import (
    PAYMENT_STATUS_LABELS,
    UNDER_WAY,
    AlertLevel,
    Deadline,
    PaymentStatus,
    VoucherStatus,
    step_in,
)
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.models import Project
from grants.rounds.queries import holiday_table


def _step_days(request: PaymentRequest) -> tuple[date, int] | None:
    """Return since when the next step waits and how many working days it has; None where nothing is due."""
    step = step_in(request.status)
    if step is None or not step.days_setting or not request.steps:
        return None
    days = int(request.agreement.project.round.settings["step_working_days"][step.days_setting])
    return local(max(item.at for item in request.steps)).date(), days


def due_on(request: PaymentRequest, table: HolidayTable | None = None) -> date | None:
    """Return the day by which the next step should be taken: so many working days after the last one.

    None where nothing is due, or where the calendar of that year is not imported yet.
    """
    found = _step_days(request)
    try:
        return add_working_days(*found, table or holiday_table()) if found else None
    except CalendarMissing:
        return None


def deadline_of(request: PaymentRequest, table: HolidayTable | None = None) -> Deadline | None:
    """Return how much of its working days the next step has used up by today; None as for `due_on`."""
    found, table = _step_days(request), table or holiday_table()
    due = due_on(request, table)
    if found is None or due is None:
        return None
    since, days = found
    try:
        return Deadline(due, days, working_days_between(since, today(), table))
    except CalendarMissing:
        return None


_ROLE_STATUS = (
    (Role.PROGRAMME, (PaymentStatus.COMMUNITY_PASSED,)),
    (Role.FINANCE, (PaymentStatus.PROGRAMME_PASSED, PaymentStatus.APPROVED)),
    (Role.APPROVER, (PaymentStatus.FINANCE_PASSED,)),
)


def list_due_for(actor: User) -> list[DueItem]:
    """List the requests this person can sign, pay, correct or confirm, and for finance the vouchers to check."""
    conditions: list[Any] = [
        PaymentRequest.status.in_(statuses) for role, statuses in _ROLE_STATUS if actor.has_role(role)
    ]
    if actor.community_ids:
        conditions.append(
            (PaymentRequest.status == PaymentStatus.REQUESTED) & Project.community_id.in_(actor.community_ids)
        )
    if actor.organisation_ids:
        conditions.append(
            PaymentRequest.status.in_((PaymentStatus.RETURNED, PaymentStatus.PAID))
            & Agreement.organisation_id.in_(actor.organisation_ids)
        )
    items = _requests(actor, conditions) if conditions else []
    return items + ([*_vouchers(), *_opinions()] if actor.has_role(Role.FINANCE) else [])


def _requests(actor: User, conditions: list[Any]) -> list[DueItem]:
    statement = (
        select(PaymentRequest)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(db.or_(*conditions))
        .options(
            selectinload(PaymentRequest.steps),
            joinedload(PaymentRequest.agreement).joinedload(Agreement.project).joinedload(Project.round),
        )
        .order_by(PaymentRequest.created_at)
    )
    table = holiday_table()
    return [
        DueItem(
            title=_("%(status)s：%(ref)s", status=PAYMENT_STATUS_LABELS[request.status], ref=request.ref),
            href=f"/payments/{request.ref}",
            stage=_("资金拨付"),
            meta=_meta(request, deadline_of(request, table)),
            due_on=due_on(request, table),
        )
        for request in db.session.scalars(statement).unique()
        if request.status in (PaymentStatus.RETURNED, PaymentStatus.PAID) or actor.id not in signers(request)
    ]


def _meta(request: PaymentRequest, deadline: Deadline | None) -> str:
    facts = _("%(project)s，%(amount)s 元", project=request.agreement.project.title, amount=yuan(request.amount_fen))
    return f"{facts}，{deadline.words}" if deadline and deadline.is_near else facts


def _vouchers() -> list[DueItem]:
    count = db.session.execute(
        select(func.count()).select_from(Voucher).where(Voucher.status == VoucherStatus.ENTERED)
    ).scalar_one()
    if not count:
        return []
    return [
        DueItem(
            title=_("审核支出票据（%(count)s 张）", count=count),
            href="/payments/vouchers/?status=entered",
            stage=_("资金拨付"),
        )
    ]


def _opinions() -> list[DueItem]:
    count = count_unanswered()
    if not count:
        return []
    return [DueItem(title=_("答复监督意见（%(count)s 条）", count=count), href="/payments/desk", stage=_("资金拨付"))]


def list_pressing() -> list[tuple[PaymentRequest, Deadline]]:
    """List the requests whose next step has used 80 percent of its days or more, the oldest first."""
    statement = (
        select(PaymentRequest)
        .where(PaymentRequest.status.in_(UNDER_WAY))
        .options(
            selectinload(PaymentRequest.steps),
            joinedload(PaymentRequest.agreement).joinedload(Agreement.project).joinedload(Project.round),
        )
        .order_by(PaymentRequest.created_at, PaymentRequest.id)
    )
    table = holiday_table()
    terms = ((request, deadline_of(request, table)) for request in db.session.scalars(statement).unique())
    return [(request, term) for request, term in terms if term is not None and term.is_near]


def was_warned(step: PaymentStep, level: AlertLevel) -> bool:
    """Tell whether the warning of this level was sent since a signature."""
    statement = select(PaymentAlert.id).where(PaymentAlert.step_id == step.id, PaymentAlert.level == level)
    return db.session.scalar(statement) is not None
