"""What was agreed, paid and spent under the agreements of a round, and what the ledger has of it."""

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from grants.agreements.models import Agreement, BudgetLine
from grants.foundation.database import db
from grants.funds.models import Account, Entry, Journal
from grants.funds.rules import AccountKind, JournalKind
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import VoucherStatus
from grants.people.models import Organisation, Place
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.selection.rules import MoneySource
from reports.gather.evaluation_rows import PAID


@dataclass(frozen=True)
class AgreedProject:
    """One signed agreement of a round; amounts in 分. `spent_fen` is public money, `all_spent_fen` all of it."""

    agreement_id: uuid.UUID
    ref: str
    title: str
    category: Category
    community: str
    organisation: str
    fiscal_fen: int
    social_fen: int
    paid_fen: int
    spent_fen: int
    all_spent_fen: int

    @property
    def agreed_fen(self) -> int:
        """Return public money and money from society together."""
        return self.fiscal_fen + self.social_fen


def agreed_projects(found: Round) -> list[AgreedProject]:
    """List the signed agreements of a round in the order of their projects."""
    paid = (
        select(PaymentRequest.agreement_id, func.sum(PaymentRequest.amount_fen).label("fen"))
        .where(PaymentRequest.status.in_(PAID))
        .group_by(PaymentRequest.agreement_id)
        .subquery()
    )
    spent = (
        select(
            Voucher.agreement_id,
            func.sum(Voucher.amount_fen).label("fen"),
            func.sum(Voucher.amount_fen).filter(BudgetLine.source == MoneySource.FISCAL).label("fiscal_fen"),
        )
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(Voucher.status == VoucherStatus.ACCEPTED)
        .group_by(Voucher.agreement_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Agreement.id,
            Project.ref,
            Project.title,
            Project.category,
            Place.name,
            Organisation.name,
            Agreement.amount_fen,
            Agreement.social_fen,
            func.coalesce(paid.c.fen, 0),
            func.coalesce(spent.c.fiscal_fen, 0),
            func.coalesce(spent.c.fen, 0),
        )
        .join(Agreement, Agreement.project_id == Project.id)
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .join(Place, Place.id == Project.community_id)
        .outerjoin(paid, paid.c.agreement_id == Agreement.id)
        .outerjoin(spent, spent.c.agreement_id == Agreement.id)
        .where(Project.round_id == found.id, Agreement.signed_on.is_not(None))
        .order_by(Project.ref)
    )
    return [AgreedProject(*row[:6], *(int(fen) for fen in row[6:])) for row in rows]


def booked_by_project(found: Round) -> int:
    """Return what the ledger has as paid to the projects of a round, reversals deducted, in 分."""
    statement = (
        select(func.coalesce(func.sum(Entry.amount_fen), 0))
        .join(Account, Account.id == Entry.account_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .where(
            Account.kind == AccountKind.PAID,
            Account.key.in_(select(Project.ref).where(Project.round_id == found.id)),
            Journal.kind != JournalKind.RETURN,
        )
    )
    return int(db.session.execute(statement).scalar_one())
