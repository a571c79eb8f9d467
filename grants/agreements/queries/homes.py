"""To whom each project with an agreement belongs: what the book of social money is summed up by."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus
from grants.foundation.database import db
from grants.funds.rules import Home
from grants.projects.models import Project


def list_homes(project_ref: str | None = None) -> Iterator[Home]:
    """Yield the projects whose agreement was signed; all of them, or the one that is named."""
    statement = (
        select(Agreement)
        .join(Project, Project.id == Agreement.project_id)
        .where(Agreement.status != AgreementStatus.DRAFT)
        .options(joinedload(Agreement.project).joinedload(Project.round), joinedload(Agreement.organisation))
        .order_by(Project.ref)
    )
    if project_ref is not None:
        statement = statement.where(Project.ref == project_ref)
    for agreement in db.session.scalars(statement):
        project = agreement.project
        yield Home(
            project_ref=project.ref,
            project_title=project.title,
            round_ref=project.round.ref,
            round_label=project.round.label,
            organisation_id=agreement.organisation_id,
            organisation_name=agreement.organisation.name,
            promised_fen=agreement.social_fen,
        )
