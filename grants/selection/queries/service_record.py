"""What each expert of the pool has done so far: panels, recusals, how far from the others, how often late."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.clock import local
from grants.foundation.database import db
from grants.projects.models import Project
from grants.rounds.models import Round, RoundPhase
from grants.rounds.rules import Phase
from grants.selection.models import Application, Call, PanelMember, Review
from grants.selection.queries.results import exact
from grants.selection.rules import ReviewStatus
from grants.selection.rules.scoring import mean, two_decimals


@dataclass(frozen=True)
class ServiceRecord:
    """An expert's work; deviation in percent of the mean of all locked sheets, over calls that were ranked."""

    panel_count: int = 0
    replaced_count: int = 0
    sheet_count: int = 0
    recusal_count: int = 0
    late_count: int = 0
    mean_deviation: Decimal | None = None


NONE = ServiceRecord()


def summarise_service() -> dict[uuid.UUID, ServiceRecord]:
    """Return the record of every expert who ever sat on a panel, by account."""
    members = list(db.session.scalars(select(PanelMember).options(selectinload(PanelMember.declarations))))
    sheets = _sheets()
    deadlines = _deadlines()
    deviations = _deviations(sheets)
    by_member: dict[uuid.UUID, list[Review]] = defaultdict(list)
    for sheet in sheets:
        by_member[sheet.member_id].append(sheet)
    by_expert: dict[uuid.UUID, list[PanelMember]] = defaultdict(list)
    for member in members:
        by_expert[member.expert_id].append(member)
    return {expert: _record(seats, by_member, deadlines, deviations) for expert, seats in by_expert.items()}


def _sheets() -> list[Review]:
    statement = (
        select(Review)
        .where(Review.status == ReviewStatus.LOCKED)
        .options(selectinload(Review.scores), joinedload(Review.application).joinedload(Application.call))
    )
    return list(db.session.scalars(statement).unique())


def _deadlines() -> dict[uuid.UUID, date]:
    """Return by call the last day of its round's review."""
    statement = (
        select(Call.id, RoundPhase.ends_on)
        .join(Project, Project.id == Call.project_id)
        .join(Round, Round.id == Project.round_id)
        .join(RoundPhase, (RoundPhase.round_id == Round.id) & (RoundPhase.phase == Phase.REVIEW))
    )
    return {call: ends_on for call, ends_on in db.session.execute(statement)}


def _deviations(sheets: Iterable[Review]) -> dict[uuid.UUID, Fraction]:
    """Return by sheet how far its total lies from the mean, in percent of the mean; only where the ranking is made."""
    by_application: dict[uuid.UUID, list[Review]] = defaultdict(list)
    for sheet in sheets:
        if sheet.application.call.ranked_at is not None:
            by_application[sheet.application_id].append(sheet)
    found = {}
    for group in by_application.values():
        average = mean([exact(one.total) for one in group])
        for one in group:
            found[one.id] = abs(Fraction(exact(one.total)) - average) * 100 / average if average else Fraction(0)
    return found


def _record(
    seats: Sequence[PanelMember],
    by_member: dict[uuid.UUID, list[Review]],
    deadlines: dict[uuid.UUID, date],
    deviations: dict[uuid.UUID, Fraction],
) -> ServiceRecord:
    mine = [sheet for seat in seats for sheet in by_member[seat.id]]
    far = [deviations[sheet.id] for sheet in mine if sheet.id in deviations]
    return ServiceRecord(
        panel_count=len(seats),
        replaced_count=sum(seat.replaced_at is not None for seat in seats),
        sheet_count=len(mine),
        recusal_count=sum(one.has_conflict for seat in seats for one in seat.declarations),
        late_count=sum(_is_late(sheet, deadlines) for sheet in mine),
        mean_deviation=two_decimals(sum(far, Fraction(0)) / len(far)) if far else None,
    )


def _is_late(sheet: Review, deadlines: dict[uuid.UUID, date]) -> bool:
    ends_on = deadlines.get(sheet.application.call_id)
    return sheet.locked_at is not None and ends_on is not None and local(sheet.locked_at).date() > ends_on
