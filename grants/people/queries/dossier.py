"""The file of one organisation: its members and invitations, papers, people and history."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import today
from grants.foundation.database import db, get_by_id
from grants.people.models import (
    MemberInvitation,
    Organisation,
    OrganisationDocument,
    OrganisationMember,
    OrganisationWorker,
    StandingRecord,
    User,
)
from grants.people.queries.lookups import token_hash
from grants.people.rules import MemberRole, OrganisationStatus
from grants.people.rules.dossier import NOTICE_DAYS, SOCIAL_WORKERS, StandingKind, worst_day

# Members and invitations


def list_members(organisation_id: uuid.UUID) -> Sequence[OrganisationMember]:
    """List who acts for an organisation, heads first."""
    statement = (
        select(OrganisationMember)
        .join(OrganisationMember.user)
        .where(OrganisationMember.organisation_id == organisation_id)
        .options(joinedload(OrganisationMember.user))
        .order_by(OrganisationMember.role != MemberRole.HEAD, User.login)
    )
    return db.session.scalars(statement).all()


def get_member(identity: uuid.UUID) -> OrganisationMember:
    """Return a membership by its key."""
    return get_by_id(OrganisationMember, identity)


def find_membership(organisation_id: uuid.UUID, user_id: uuid.UUID) -> OrganisationMember | None:
    """Return how an account belongs to an organisation."""
    statement = select(OrganisationMember).where(
        OrganisationMember.organisation_id == organisation_id, OrganisationMember.user_id == user_id
    )
    return db.session.scalars(statement).one_or_none()


def has_acting_head(organisation_id: uuid.UUID) -> bool:
    """Tell whether a head is left whose account works."""
    heads = [one.user for one in list_members(organisation_id) if one.role is MemberRole.HEAD]
    return any(head.is_active and any(g.organisation_id == organisation_id for g in head.live_grants) for head in heads)


def list_invitations(organisation_id: uuid.UUID) -> Sequence[MemberInvitation]:
    """List the invitations of an organisation, newest first."""
    statement = select(MemberInvitation).where(MemberInvitation.organisation_id == organisation_id)
    order = (MemberInvitation.invited_at.desc(), MemberInvitation.id)
    return db.session.scalars(statement.options(joinedload(MemberInvitation.invited_by)).order_by(*order)).all()


def get_invitation(identity: uuid.UUID) -> MemberInvitation:
    """Return an invitation by its key."""
    return get_by_id(MemberInvitation, identity)


def find_invitation_by_token(token: str) -> MemberInvitation | None:
    """Return the invitation that a link belongs to, locked, so that a link is used once."""
    statement = select(MemberInvitation).where(MemberInvitation.token_hash == token_hash(token))
    return db.session.scalars(statement.with_for_update()).one_or_none()


def find_waiting_invitation(organisation_id: uuid.UUID, email: str) -> MemberInvitation | None:
    """Return the invitation to this address that was neither accepted nor withdrawn."""
    statement = select(MemberInvitation).where(
        MemberInvitation.organisation_id == organisation_id,
        MemberInvitation.email == email,
        MemberInvitation.accepted_at.is_(None),
        MemberInvitation.revoked_at.is_(None),
    )
    return db.session.scalars(statement).one_or_none()


# Papers


def list_documents(organisation_id: uuid.UUID) -> Sequence[OrganisationDocument]:
    """List all papers of an organisation, current and replaced, by kind and newest first."""
    statement = (
        select(OrganisationDocument)
        .where(OrganisationDocument.organisation_id == organisation_id)
        .options(joinedload(OrganisationDocument.file), joinedload(OrganisationDocument.uploaded_by))
        .order_by(OrganisationDocument.kind, OrganisationDocument.issued_on.desc(), OrganisationDocument.id)
    )
    return db.session.scalars(statement).all()


def get_document(identity: uuid.UUID) -> OrganisationDocument:
    """Return a paper by its key."""
    return get_by_id(OrganisationDocument, identity)


def list_ending_documents(organisation_ids: set[uuid.UUID] | None = None) -> Sequence[OrganisationDocument]:
    """List current papers that have run out or will within the notice, of listed organisations or of some."""
    statement = (
        select(OrganisationDocument)
        .join(OrganisationDocument.organisation)
        .where(
            OrganisationDocument.replaced_by_id.is_(None),
            OrganisationDocument.expires_on <= today() + timedelta(days=NOTICE_DAYS),
            Organisation.status == OrganisationStatus.LISTED,
        )
        .options(joinedload(OrganisationDocument.organisation))
        .order_by(OrganisationDocument.expires_on, OrganisationDocument.id)
    )
    if organisation_ids is not None:
        statement = statement.where(OrganisationDocument.organisation_id.in_(organisation_ids))
    return db.session.scalars(statement).all()


# People


def list_workers(organisation_id: uuid.UUID) -> Sequence[OrganisationWorker]:
    """List who works for an organisation now, full-time first."""
    statement = select(OrganisationWorker).where(
        OrganisationWorker.organisation_id == organisation_id, OrganisationWorker.left_on.is_(None)
    )
    order = (OrganisationWorker.is_full_time.desc(), OrganisationWorker.entered_at, OrganisationWorker.id)
    return db.session.scalars(statement.order_by(*order)).all()


def get_worker(identity: uuid.UUID) -> OrganisationWorker:
    """Return somebody on the list of people by their key."""
    return get_by_id(OrganisationWorker, identity)


def list_ending_workers(organisation_ids: set[uuid.UUID]) -> Sequence[OrganisationWorker]:
    """List people whose certificate has run out or will within the notice, of some organisations."""
    statement = (
        select(OrganisationWorker)
        .where(
            OrganisationWorker.organisation_id.in_(organisation_ids),
            OrganisationWorker.left_on.is_(None),
            OrganisationWorker.expires_on <= today() + timedelta(days=NOTICE_DAYS),
        )
        .options(joinedload(OrganisationWorker.organisation))
        .order_by(OrganisationWorker.expires_on, OrganisationWorker.id)
    )
    return db.session.scalars(statement).all()


@dataclass(frozen=True)
class WorkerCount:
    """What the list of people adds up to."""

    full_time: int
    part_time: int
    social_workers: int
    insured: int


def summarise_workers(organisation_id: uuid.UUID) -> WorkerCount:
    """Add up the people who work for an organisation now."""
    found = list_workers(organisation_id)
    full_time = sum(1 for one in found if one.is_full_time)
    return WorkerCount(
        full_time,
        len(found) - full_time,
        sum(1 for one in found if one.certificate in SOCIAL_WORKERS),
        sum(1 for one in found if one.has_insurance),
    )


def list_shared_certificates(organisation_id: uuid.UUID) -> dict[str, list[str]]:
    """Return the certificates of an organisation that others list as well: blind index to their names."""
    held = [one.number_index for one in list_workers(organisation_id) if one.number_index is not None]
    statement = (
        select(OrganisationWorker.number_index, Organisation.name)
        .join(OrganisationWorker.organisation)
        .where(
            OrganisationWorker.number_index.in_(held),
            OrganisationWorker.organisation_id != organisation_id,
            OrganisationWorker.left_on.is_(None),
        )
        .order_by(Organisation.name)
    )
    shared: dict[str, list[str]] = {}
    for index, name in db.session.execute(statement) if held else []:
        shared.setdefault(str(index), []).append(name)
    return shared


# History


def list_records(organisation_id: uuid.UUID) -> Sequence[StandingRecord]:
    """List the history of checks, grades and sanctions, newest first."""
    statement = (
        select(StandingRecord)
        .where(StandingRecord.organisation_id == organisation_id)
        .options(joinedload(StandingRecord.recorded_by))
        .order_by(StandingRecord.recorded_at.desc(), StandingRecord.id)
    )
    return db.session.scalars(statement).all()


def get_record(identity: uuid.UUID) -> StandingRecord:
    """Return a line of history by its key."""
    return get_by_id(StandingRecord, identity)


def find_worst_day(organisation_id: uuid.UUID, kind: StandingKind) -> date | None:
    """Return the day from which eligibility counts for one kind of sanction, None without any."""
    spans = [
        (one.starts_on, one.ends_on)
        for one in list_records(organisation_id)
        if one.kind is kind and one.starts_on is not None and one.withdrawn_at is None
    ]
    return worst_day(kind, spans)


@dataclass(frozen=True)
class OrganisationFile:
    """The whole file of one organisation, for members and the office."""

    members: Sequence[OrganisationMember]
    papers: Sequence[OrganisationDocument]
    workers: Sequence[OrganisationWorker]
    worker_count: WorkerCount
    records: Sequence[StandingRecord]


def read_file(organisation_id: uuid.UUID) -> OrganisationFile:
    """Read everything that the file of an organisation holds; of papers only the current ones."""
    return OrganisationFile(
        list_members(organisation_id),
        [paper for paper in list_documents(organisation_id) if paper.replaced_by_id is None],
        list_workers(organisation_id),
        summarise_workers(organisation_id),
        list_records(organisation_id),
    )
