"""Which projects have ended, and what of their money was proven: what the final account of the ledger rests on."""

import uuid
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement, BudgetLine
from grants.agreements.rules import AgreementStatus, Liability
from grants.foundation.database import db
from grants.funds.rules import EndCause, Ending
from grants.payments.models import Voucher
from grants.payments.queries.money import is_final_settled
from grants.payments.rules import VoucherStatus
from grants.projects.models import Project
from grants.selection.rules import MoneySource

ENDED = (AgreementStatus.COMPLETED, AgreementStatus.TERMINATED)
CAUSES = {Liability.OWN_FAULT: EndCause.OWN_FAULT, Liability.FORCE_MAJEURE: EndCause.FORCE_MAJEURE}


def list_endings(project_ref: str | None = None) -> Iterator[Ending]:
    """Yield the projects whose agreement was fulfilled or terminated; all of them, or the one that is named."""
    statement = (
        select(Agreement)
        .join(Project, Project.id == Agreement.project_id)
        .where(Agreement.status.in_(ENDED))
        .options(joinedload(Agreement.project), joinedload(Agreement.organisation))
        .order_by(Agreement.ref)
    )
    if project_ref is not None:
        statement = statement.where(Project.ref == project_ref)
    agreements = list(db.session.scalars(statement))
    vouchers = _vouchers([one.id for one in agreements])
    for agreement in agreements:
        yield _ending(agreement, vouchers)


def _vouchers(agreement_ids: list[uuid.UUID]) -> dict[tuple[uuid.UUID, VoucherStatus], tuple[int, int]]:
    """Return count and sum of the vouchers for public money, by agreement and status."""
    statement = (
        select(Voucher.agreement_id, Voucher.status, func.count(), func.sum(Voucher.amount_fen))
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(Voucher.agreement_id.in_(agreement_ids), BudgetLine.source == MoneySource.FISCAL)
        .group_by(Voucher.agreement_id, Voucher.status)
    )
    rows = db.session.execute(statement)
    return {(agreement, status): (int(count), int(total)) for agreement, status, count, total in rows}


def _ending(agreement: Agreement, vouchers: dict[tuple[uuid.UUID, VoucherStatus], tuple[int, int]]) -> Ending:
    is_completed = agreement.status is AgreementStatus.COMPLETED
    ended_on = agreement.completed_on if is_completed else agreement.terminated_on
    return Ending(
        project_ref=agreement.project.ref,
        project_title=agreement.project.title,
        agreement_ref=agreement.ref,
        organisation_id=agreement.organisation_id,
        organisation_name=agreement.organisation.name,
        cause=EndCause.COMPLETED if agreement.liability is None else CAUSES[agreement.liability],
        ended_on=ended_on or agreement.ends_on,
        accepted_fen=vouchers.get((agreement.id, VoucherStatus.ACCEPTED), (0, 0))[1],
        unchecked_count=vouchers.get((agreement.id, VoucherStatus.ENTERED), (0, 0))[0],
        is_payable=is_completed and not is_final_settled(agreement),
    )
