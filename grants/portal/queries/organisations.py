"""What everybody may know of an organisation: its projects, grades and money over the rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import EvaluationStatus, Grade
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.funds import queries as funds
from grants.funds.queries.balances import ProjectMoney
from grants.people import queries as people
from grants.people.models import Organisation
from grants.projects.models import Project


@dataclass(frozen=True)
class Work:
    """One project of an organisation, with its published grade."""

    agreement: Agreement
    money: ProjectMoney
    evaluation: Evaluation | None

    @property
    def total(self) -> float | None:
        """Return the published points."""
        return None if self.evaluation is None else self.evaluation.total

    @property
    def grade(self) -> Grade | None:
        """Return the published grade."""
        return None if self.evaluation is None else self.evaluation.grade


@dataclass(frozen=True)
class Profile:
    """An organisation and what it has done here."""

    organisation: Organisation
    works: Sequence[Work]

    @property
    def paid_fen(self) -> int:
        """Return what was paid to it for all projects, in 分."""
        return sum(work.money.paid_fen for work in self.works)

    @property
    def agreed_fen(self) -> int:
        """Return the sum of its agreements, in 分."""
        return sum(work.agreement.amount_fen for work in self.works)


def read_profile(ref: str) -> Profile:
    """Return the public profile of an organisation on the register, or raise NotFound."""
    organisation = people.get_organisation(ref)
    if organisation.is_pending:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    statement = (
        select(Agreement, Evaluation)
        .outerjoin(
            Evaluation,
            (Evaluation.agreement_id == Agreement.id) & (Evaluation.status == EvaluationStatus.PUBLISHED),
        )
        .where(Agreement.organisation_id == organisation.id, Agreement.signed_on.is_not(None))
        .options(joinedload(Agreement.project).joinedload(Project.round))
        .order_by(Agreement.signed_on.desc(), Agreement.ref)
    )
    rows = db.session.execute(statement).unique().all()
    money = funds.summarise_projects([agreement.project.ref for agreement, _found in rows])
    works = [Work(one, money.get(one.project.ref, ProjectMoney()), found) for one, found in rows]
    return Profile(organisation, works)
