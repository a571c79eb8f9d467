"""Look-ups of activities, their evidence and who signed in."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from grants.agreements.models import Agreement
from grants.foundation.clock import today
from grants.foundation.database import db, get_by_id, get_one
from grants.foundation.models import StoredFile
from grants.foundation.web.listing import Page, Window, paginate
from grants.people.models import Resident, User
from grants.projects.models import Project
from grants.supervision.models import Activity, ActivityEvidence, ActivitySignIn
from grants.supervision.rules import ActivityStatus, EvidenceKind


@dataclass(frozen=True)
class ActivityTotals:
    """What recorded activities add up to; `person_count` sums the persons (人数) of each, not distinct ones."""

    activity_count: int = 0
    person_count: int = 0
    attendance_count: int = 0
    volunteer_count: int = 0


def totals(agreement_id: uuid.UUID) -> ActivityTotals:
    """Return the sums over the recorded activities of an agreement."""
    return totals_of([agreement_id]).get(agreement_id, ActivityTotals())


def totals_of(agreement_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ActivityTotals]:
    """Return the sums over the recorded activities of several agreements, in one query."""
    statement = (
        select(
            Activity.agreement_id,
            func.count(),
            func.sum(Activity.person_count),
            func.sum(Activity.attendance_count),
            func.sum(Activity.volunteer_count),
        )
        .where(Activity.agreement_id.in_(agreement_ids), Activity.status == ActivityStatus.RECORDED)
        .group_by(Activity.agreement_id)
    )
    return {
        agreement: ActivityTotals(int(count), int(persons), int(attendances), int(volunteers))
        for agreement, count, persons, attendances, volunteers in db.session.execute(statement)
    }


def get_activity(ref: str) -> Activity:
    """Return an activity by its reference, or raise NotFound."""
    found: Activity = get_one(select(Activity).where(Activity.ref == ref))
    return found


def find_activity_by_code(code: str) -> Activity | None:
    """Return the activity with this sign-in code."""
    return db.session.scalars(select(Activity).where(Activity.sign_in_code == code)).one_or_none()


def list_activities(agreement_id: uuid.UUID) -> list[Activity]:
    """List the activities of an agreement, newest day first, evidence loaded."""
    statement = (
        select(Activity)
        .where(Activity.agreement_id == agreement_id)
        .options(selectinload(Activity.evidence).selectinload(ActivityEvidence.file))
        .order_by(Activity.held_on.desc(), Activity.starts.desc())
    )
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class ActivityFilters:
    """What a public list of activities is narrowed to; None leaves a column open."""

    status: ActivityStatus | None = None
    community_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None
    text: str = ""

    @property
    def active_count(self) -> int:
        """Return how many conditions are set, the status tab not counted."""
        return sum(value not in (None, "") for value in (self.community_id, self.project_id, self.text))


def select_public(filters: ActivityFilters) -> Select[Any]:
    """Return the select of activities anybody may read about."""
    statement = (
        select(Activity)
        .join(Agreement, Agreement.id == Activity.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .options(
            selectinload(Activity.agreement).selectinload(Agreement.project).selectinload(Project.community),
            selectinload(Activity.agreement).selectinload(Agreement.organisation),
        )
    )
    if filters.status is not None:
        statement = statement.where(Activity.status == filters.status)
    if filters.community_id is not None:
        statement = statement.where(Project.community_id == filters.community_id)
    if filters.project_id is not None:
        statement = statement.where(Project.id == filters.project_id)
    if filters.text:
        statement = statement.where(Activity.title.contains(filters.text, autoescape=True))
    return statement


def list_public_activities(window: Window, filters: ActivityFilters) -> Page[Activity]:
    """List activities for everybody: announced ones soonest first, all others newest first."""
    upcoming = filters.status is ActivityStatus.ANNOUNCED
    return paginate(select_public(filters), window, order=Activity.held_on, key=Activity.id, descending=not upcoming)


def list_activities_of_project(project_id: uuid.UUID) -> list[Activity]:
    """List what a project announced and did, newest first, without what was cancelled: for its public page."""
    statement = (
        select_public(ActivityFilters(project_id=project_id))
        .where(Activity.status != ActivityStatus.CANCELLED)
        .order_by(Activity.held_on.desc(), Activity.starts.desc())
    )
    return list(db.session.scalars(statement))


def list_upcoming(community_id: uuid.UUID | None = None, count: int = 6) -> list[Activity]:
    """List the next announced activities of the street or of one community, soonest first."""
    statement = select_public(ActivityFilters(ActivityStatus.ANNOUNCED, community_id)).where(
        Activity.held_on >= today()
    )
    return list(db.session.scalars(statement.order_by(Activity.held_on, Activity.starts).limit(count)))


def list_public_photos(agreement_id: uuid.UUID, count: int = 12) -> list[ActivityEvidence]:
    """List photos that may be shown to everybody: of recorded activities whose photos were cleared for it."""
    statement = (
        select(ActivityEvidence)
        .join(Activity, Activity.id == ActivityEvidence.activity_id)
        .where(
            Activity.agreement_id == agreement_id,
            Activity.status == ActivityStatus.RECORDED,
            Activity.has_cleared_photos,
            ActivityEvidence.kind == EvidenceKind.PHOTO,
        )
        .options(selectinload(ActivityEvidence.activity))
        .order_by(Activity.held_on.desc(), ActivityEvidence.id)
        .limit(count)
    )
    return list(db.session.scalars(statement))


def get_evidence(identity: uuid.UUID) -> ActivityEvidence:
    """Return a piece of evidence by its key, or raise NotFound."""
    return get_by_id(ActivityEvidence, identity)


def list_unrecorded(organisation_ids: Collection[uuid.UUID], until: date) -> list[Activity]:
    """List announced activities of some organisations whose day has come by `until`, oldest first."""
    statement = (
        select(Activity)
        .join(Agreement, Agreement.id == Activity.agreement_id)
        .where(
            Agreement.organisation_id.in_(organisation_ids),
            Activity.status == ActivityStatus.ANNOUNCED,
            Activity.held_on <= until,
        )
        .options(selectinload(Activity.agreement).selectinload(Agreement.project))
        .order_by(Activity.held_on)
    )
    return list(db.session.scalars(statement))


# Signing in


def has_signed_in(activity_id: uuid.UUID, resident_id: uuid.UUID) -> bool:
    """Tell whether a resident signed in to an activity."""
    return db.session.get(ActivitySignIn, (activity_id, resident_id)) is not None


def count_sign_ins(activity_id: uuid.UUID) -> int:
    """Count the residents who signed in to an activity by phone."""
    statement = select(func.count()).select_from(ActivitySignIn).where(ActivitySignIn.activity_id == activity_id)
    return db.session.execute(statement).scalar_one()


def count_signed_in_residents(agreement_id: uuid.UUID) -> int:
    """Count the distinct residents who signed in by phone to any activity of an agreement."""
    statement = (
        select(func.count(func.distinct(ActivitySignIn.resident_id)))
        .join(Activity, Activity.id == ActivitySignIn.activity_id)
        .where(Activity.agreement_id == agreement_id)
    )
    return db.session.execute(statement).scalar_one()


def list_signed_in_residents(agreement_id: uuid.UUID) -> list[Resident]:
    """List the distinct residents who signed in by phone: the people actually served, for the survey."""
    signed = (
        select(ActivitySignIn.resident_id)
        .join(Activity, Activity.id == ActivitySignIn.activity_id)
        .where(Activity.agreement_id == agreement_id)
    )
    return list(db.session.scalars(select(Resident).where(Resident.id.in_(signed)).order_by(Resident.id)))


def list_sign_ins_of(user: User) -> list[Activity]:
    """List the activities a person signed in to with their own account, newest first."""
    if user.resident is None:
        return []
    statement = (
        select(Activity)
        .join(ActivitySignIn, ActivitySignIn.activity_id == Activity.id)
        .where(ActivitySignIn.resident_id == user.resident.id)
        .order_by(Activity.held_on.desc())
    )
    return list(db.session.scalars(statement))


# Signs that something may be wrong


def reused_photos(activity_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Activity]]:
    """Return for each piece of evidence whose very file was handed in elsewhere too, the other activities.

    Compared are all activities of the street; a scanned sign-in sheet used twice is found in the same way.
    """
    mine, other = StoredFile.__table__.alias("mine"), StoredFile.__table__.alias("other")
    here, there = ActivityEvidence.__table__.alias("here"), ActivityEvidence.__table__.alias("there")
    statement = (
        select(here.c.id, there.c.activity_id)
        .join(mine, mine.c.id == here.c.file_id)
        .join(other, other.c.sha256 == mine.c.sha256)
        .join(there, there.c.file_id == other.c.id)
        .where(here.c.activity_id.in_(activity_ids), there.c.activity_id != here.c.activity_id)
        .distinct()
    )
    pairs = list(db.session.execute(statement))
    elsewhere = {
        activity.id: activity
        for activity in db.session.scalars(select(Activity).where(Activity.id.in_({place for _one, place in pairs})))
    }
    found: dict[uuid.UUID, list[Activity]] = {}
    for evidence, place in pairs:
        found.setdefault(evidence, []).append(elsewhere[place])
    return found


def last_recorded_on(agreement_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, date]:
    """Return the day of the newest recorded activity of each agreement that has one."""
    statement = (
        select(Activity.agreement_id, func.max(Activity.held_on))
        .where(Activity.agreement_id.in_(agreement_ids), Activity.status == ActivityStatus.RECORDED)
        .group_by(Activity.agreement_id)
    )
    return dict(db.session.execute(statement).all())


def first_recorded_on(agreement_id: uuid.UUID) -> date | None:
    """Return the day of the first recorded activity of an agreement."""
    statement = select(func.min(Activity.held_on)).where(
        Activity.agreement_id == agreement_id, Activity.status == ActivityStatus.RECORDED
    )
    return db.session.execute(statement).scalar_one()
