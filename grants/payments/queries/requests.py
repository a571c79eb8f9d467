"""Payment requests: one, and the lists that each side may read."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from grants.agreements.models import Agreement, Tranche
from grants.agreements.queries import readable_by
from grants.foundation.database import db, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.payments.models import PaymentRequest, PaymentStep, Voucher
from grants.payments.rules import PaymentStatus
from grants.people.models import Organisation, User
from grants.projects.models import Project

SORTS = {"created": PaymentRequest.created_at, "amount": PaymentRequest.amount_fen, "ref": PaymentRequest.ref}
"""Columns a list of requests can be sorted by."""


@dataclass(frozen=True)
class RequestFilter:
    """What a list of requests is narrowed to; an empty part does not narrow."""

    status: PaymentStatus | None = None
    community_id: uuid.UUID | None = None
    round_id: uuid.UUID | None = None
    words: str = ""

    @property
    def count(self) -> int:
        """Return how many parts narrow the list, the status tab and the search not counted."""
        return sum(1 for part in (self.community_id, self.round_id) if part)


def get_request(ref: str) -> PaymentRequest:
    """Return a request with everything needed to decide on it, or raise NotFound."""
    statement = (
        select(PaymentRequest)
        .where(PaymentRequest.ref == ref)
        .options(
            selectinload(PaymentRequest.steps).joinedload(PaymentStep.actor),
            joinedload(PaymentRequest.tranche),
            joinedload(PaymentRequest.agreement).joinedload(Agreement.project).joinedload(Project.community),
        )
    )
    request: PaymentRequest = get_one(statement)
    return request


def get_tranche(agreement_ref: str, number: int) -> Tranche:
    """Return a tranche by its agreement's reference and its number, or raise NotFound."""
    statement = select(Tranche).join(Agreement).where(Agreement.ref == agreement_ref, Tranche.number == number)
    tranche: Tranche = get_one(statement)
    return tranche


def find_live_request(tranche: Tranche) -> PaymentRequest | None:
    """Return the request for a tranche that was not rejected; there is at most one."""
    statement = select(PaymentRequest).where(
        PaymentRequest.tranche_id == tranche.id, PaymentRequest.status != PaymentStatus.REJECTED
    )
    return db.session.scalars(statement).one_or_none()


def find_latest_confirmed() -> PaymentRequest | None:
    """Return the payment that was confirmed last, whose agreement has vouchers."""
    statement = (
        select(PaymentRequest)
        .where(
            PaymentRequest.confirmed_at.is_not(None),
            select(Voucher.id).where(Voucher.agreement_id == PaymentRequest.agreement_id).exists(),
        )
        .order_by(PaymentRequest.confirmed_at.desc(), PaymentRequest.ref.desc())
    )
    return db.session.scalars(statement.limit(1)).one_or_none()


def list_requests_of(agreement_id: uuid.UUID) -> list[PaymentRequest]:
    """List the requests under an agreement in the order of their tranches."""
    statement = (
        select(PaymentRequest)
        .join(Tranche)
        .where(PaymentRequest.agreement_id == agreement_id)
        .order_by(Tranche.number, PaymentRequest.created_at)
    )
    return list(db.session.scalars(statement))


def _select(actor: User, narrow: RequestFilter) -> Select[Any]:
    statement = (
        select(PaymentRequest)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(readable_by(actor))
    )
    if narrow.status is not None:
        statement = statement.where(PaymentRequest.status == narrow.status)
    if narrow.community_id is not None:
        statement = statement.where(Project.community_id == narrow.community_id)
    if narrow.round_id is not None:
        statement = statement.where(Project.round_id == narrow.round_id)
    if narrow.words:
        statement = statement.join(Organisation, Organisation.id == Agreement.organisation_id).where(
            or_(
                *(
                    column.contains(narrow.words, autoescape=True)
                    for column in (PaymentRequest.ref, Project.title, Project.ref, Organisation.name)
                )
            )
        )
    return statement


def _names() -> tuple[LoaderOption, ...]:
    # Made when asked for, see grants.funds.queries.journals
    return (
        joinedload(PaymentRequest.tranche),
        joinedload(PaymentRequest.agreement).joinedload(Agreement.project).joinedload(Project.community),
        joinedload(PaymentRequest.agreement).joinedload(Agreement.organisation),
        selectinload(PaymentRequest.steps),
    )


def list_requests(window: Window, actor: User, narrow: RequestFilter, sort: str = "-created") -> Page[PaymentRequest]:
    """List the requests this actor may read; `sort` is a key of SORTS, with "-" in front for falling order."""
    order = SORTS.get(sort.removeprefix("-"), PaymentRequest.created_at)
    return paginate(
        _select(actor, narrow).options(*_names()),
        window,
        order=order,
        key=PaymentRequest.id,
        descending=sort.startswith("-"),
    )


def iterate_requests(actor: User, narrow: RequestFilter) -> Iterator[PaymentRequest]:
    """Read every request this actor may read in the order of their references, for an export."""
    statement = _select(actor, narrow).options(*_names()).order_by(PaymentRequest.ref)
    rows = db.session.scalars(statement.execution_options(yield_per=500))
    try:
        yield from rows
    finally:
        rows.close()


def count_by_status(actor: User, narrow: RequestFilter) -> dict[PaymentStatus, tuple[int, int]]:
    """Return number and sum in 分 of the requests this actor may read by status, under the other filters."""
    narrowed = _select(actor, replace(narrow, status=None)).subquery()
    rows = db.session.execute(
        select(narrowed.c.status, func.count(), func.sum(narrowed.c.amount_fen)).group_by(narrowed.c.status)
    )
    return {status: (int(count), int(total)) for status, count, total in rows}
