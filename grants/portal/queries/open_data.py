"""The published rows of a round: projects, payments and needs, without any personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement, Tranche
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import EvaluationStatus, grade_label
from grants.foundation.database import db
from grants.foundation.money import yuan_plain
from grants.funds import queries as funds
from grants.funds.queries.balances import ProjectMoney
from grants.payments.models import PaymentRequest
from grants.payments.rules import PaymentStatus
from grants.people.models import Organisation
from grants.portal.queries.trace import HIDDEN
from grants.projects.models import Project
from grants.projects.rules import PROJECT_STATUS_LABELS
from grants.rounds.models import Round
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting.models import Poll
from grants.voting.rules import PollStatus

DONE = (PaymentStatus.PAID, PaymentStatus.CONFIRMED)


@dataclass(frozen=True)
class OpenProject:
    """One published project with who runs it, its money and its grade."""

    project: Project
    agreement: Agreement | None
    evaluation: Evaluation | None
    money: ProjectMoney

    @property
    def cells(self) -> tuple[object, ...]:
        """Return the line of a table under PROJECT_HEADER."""
        project, agreement, evaluation = self.project, self.agreement, self.evaluation
        return (
            project.ref,
            project.round.ref,
            project.title,
            str(CATEGORY_LABELS[project.category]),
            project.community.name,
            str(PROJECT_STATUS_LABELS[project.status]),
            yuan_plain(project.ceiling_fen),
            agreement.organisation.name if agreement else "",
            agreement.ref if agreement else "",
            agreement.signed_on if agreement else None,
            yuan_plain(agreement.amount_fen) if agreement else None,
            yuan_plain(self.money.paid_fen),
            str(grade_label(evaluation.grade, project.round.settings)) if evaluation and evaluation.grade else "",
            evaluation.total if evaluation else None,
        )


PROJECT_HEADER = (
    "项目编号", "届次", "项目名称", "类别", "社区", "状态", "资助上限（元）", "承接组织", "协议编号", "签订日期",
    "协议金额（元）", "已拨付（元）", "评价等次", "评价得分",
)  # fmt: skip
PROJECT_SUMS = (6, 10, 11)
PAYMENT_HEADER = ("拨付编号", "项目编号", "项目名称", "收款组织", "期次", "金额（元）", "拨付日期")
PAYMENT_SUMS = (5,)
"""The places of the money, which a workbook sums."""


def list_open_projects(round: Round | None = None) -> list[OpenProject]:
    """List the published projects, of one round or of all, by reference."""
    statement = (
        select(Project, Agreement, Evaluation)
        .outerjoin(Agreement, (Agreement.project_id == Project.id) & Agreement.signed_on.is_not(None))
        .outerjoin(
            Evaluation,
            (Evaluation.agreement_id == Agreement.id) & (Evaluation.status == EvaluationStatus.PUBLISHED),
        )
        .where(Project.status.not_in(HIDDEN))
        .options(joinedload(Project.round), joinedload(Project.community), joinedload(Agreement.organisation))
        .order_by(Project.ref)
    )
    if round is not None:
        statement = statement.where(Project.round_id == round.id)
    rows = db.session.execute(statement).unique().all()
    money = funds.summarise_projects([project.ref for project, _agreement, _evaluation in rows])
    return [OpenProject(*row, money.get(row[0].ref, ProjectMoney())) for row in rows]


@dataclass(frozen=True)
class OpenPayment:
    """One payment that left the street's account; money in 分."""

    ref: str
    project_ref: str
    title: str
    payee: str
    tranche: int
    amount_fen: int
    paid_on: date | None

    @property
    def cells(self) -> tuple[object, ...]:
        """Return the line of a table under PAYMENT_HEADER."""
        head = (self.ref, self.project_ref, self.title, self.payee, self.tranche)
        return (*head, yuan_plain(self.amount_fen), self.paid_on)


def list_open_payments(round: Round | None = None) -> list[OpenPayment]:
    """List the payments made, of one round or of all, by day."""
    statement = (
        select(
            PaymentRequest.ref,
            Project.ref,
            Project.title,
            Organisation.name,
            Tranche.number,
            PaymentRequest.amount_fen,
            PaymentRequest.paid_on,
        )
        .join(Tranche, Tranche.id == PaymentRequest.tranche_id)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .join(Organisation, Organisation.id == Agreement.payee_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(PaymentRequest.status.in_(DONE))
        .order_by(PaymentRequest.paid_on, PaymentRequest.ref)
    )
    if round is not None:
        statement = statement.where(Project.round_id == round.id)
    return [OpenPayment(*row) for row in db.session.execute(statement)]


def list_counted_polls(round: Round) -> Sequence[Poll]:
    """List the polls of a round whose result is published, with their options."""
    statement = select(Poll).where(Poll.round_id == round.id, Poll.status == PollStatus.COUNTED).order_by(Poll.ref)
    return db.session.scalars(statement.options(joinedload(Poll.community), joinedload(Poll.options))).unique().all()
