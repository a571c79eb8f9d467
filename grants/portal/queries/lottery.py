"""The yearly statement on lottery money (福彩公益金): every project with scale, execution, results and grade."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import EvaluationStatus
from grants.foundation.database import db
from grants.funds import queries as funds
from grants.funds.models import Fund
from grants.funds.queries.balances import EMPTY, FundSummary, ProjectMoney
from grants.funds.rules import FundSource
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.supervision.queries import ActivityTotals, totals_of


@dataclass(frozen=True)
class LotteryProject:
    """One project paid with lottery money, with what the public is told of it each year."""

    agreement: Agreement
    money: ProjectMoney
    totals: ActivityTotals
    evaluation: Evaluation | None

    @property
    def executed_percent(self) -> float | None:
        """Return what was paid of what the project was given, in percent."""
        return round(100 * self.money.paid_fen / self.money.awarded_fen, 1) if self.money.awarded_fen else None


@dataclass(frozen=True)
class Statement:
    """The statement of one year: the funds with where their money is, and the projects."""

    year: int
    funds: list[tuple[Fund, FundSummary]]
    projects: list[LotteryProject]


def list_lottery_years() -> list[int]:
    """List the years for which there is lottery money, the newest first."""
    statement = select(Fund.year).where(Fund.source == FundSource.LOTTERY).distinct().order_by(Fund.year.desc())
    return list(db.session.scalars(statement))


def lottery_statement(year: int) -> Statement:
    """Return the statement of a year; projects of rehearsals are left out."""
    own = list(
        db.session.scalars(select(Fund).where(Fund.source == FundSource.LOTTERY, Fund.year == year).order_by(Fund.ref))
    )
    agreements = list(
        db.session.scalars(
            select(Agreement)
            .join(Project, Project.id == Agreement.project_id)
            .join(Round, Round.id == Project.round_id)
            .where(Round.fund_id.in_([fund.id for fund in own]), Agreement.signed_on.is_not(None))
            .options(
                joinedload(Agreement.organisation),
                joinedload(Agreement.project).joinedload(Project.round),
                joinedload(Agreement.project).joinedload(Project.community),
            )
            .order_by(Project.ref)
        )
    )
    agreements = [one for one in agreements if not one.project.round.is_rehearsal]
    summaries = {fund.id: funds.fund_summary(fund) for fund in own}
    return Statement(year, [(fund, summaries[fund.id]) for fund in own], _projects(agreements))


def _projects(agreements: list[Agreement]) -> list[LotteryProject]:
    money = funds.summarise_projects(one.project.ref for one in agreements)
    totals = totals_of([one.id for one in agreements])
    published = select(Evaluation).where(
        Evaluation.agreement_id.in_([one.id for one in agreements]), Evaluation.status == EvaluationStatus.PUBLISHED
    )
    grades = {one.agreement_id: one for one in db.session.scalars(published)}
    return [
        LotteryProject(
            one,
            money.get(one.project.ref, EMPTY),
            totals.get(one.id, ActivityTotals()),
            grades.get(one.id),
        )
        for one in agreements
    ]
