"""Look-ups of needs, their supporters, stamps and meetings."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Select, Text, Uuid, column, func, literal_column, or_, select, table
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.database import db, get_one
from grants.foundation.due import DueItem
from grants.foundation.i18n import _, _l
from grants.foundation.identifiers import normalise
from grants.foundation.sealing import vault
from grants.foundation.web.listing import Page, Window, paginate
from grants.needs.models import Meeting, MeetingDecision, Need, NeedAttachment, NeedStamp, NeedSupport
from grants.needs.rules import (
    ENDED,
    OPEN_FOR_MEETING,
    OPEN_FOR_POLL,
    SIMILAR_FROM,
    NeedStatus,
    Triage,
    bigrams,
    export_cells,
    likeness,
    search_words,
)
from grants.people import queries as people
from grants.people.models import Place, Resident, User
from grants.people.rules import Role
from grants.rounds import queries as rounds
from grants.rounds.models import Round
from grants.rounds.rules import Category, Phase

E = TypeVar("E", bound=StrEnum)

MANY_HITS = 500
_NEED_TEXT = table("need_text", column("need_id", Uuid()), column("words", Text()))
"""SQLite's full-text table, which triggers keep; the words are pairs of characters, so no sign of the query syntax."""

_DUE = {
    NeedStatus.RAISED: _l("%(count)s 条需求待两委审事"),
    NeedStatus.EXAMINED: _l("%(count)s 条需求待民主议事"),
    NeedStatus.DISPUTED: _l("%(count)s 条有争议的需求待居民（代表）会议"),
    NeedStatus.DELIBERATED: _l("%(count)s 条议事通过的需求待采纳"),
}
"""What officers have to do about a need in each status."""


@dataclass(frozen=True)
class NeedFilter:
    """Which needs a list shows; an empty part does not narrow it."""

    round_ref: str = ""
    community: str = ""
    category: Category | None = None
    status: NeedStatus | None = None
    text: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "NeedFilter":
        """Read the filter from a query string; what is not understood is left out."""
        return cls(
            round_ref=args.get("round", "").strip(),
            community=args.get("community", "").strip(),
            category=_member(Category, args.get("category")),
            status=_member(NeedStatus, args.get("status")),
            text=args.get("q", "").strip()[:60],
        )

    @property
    def count(self) -> int:
        """Return how many parts narrow the list, the words searched for left aside."""
        return sum(bool(part) for part in (self.round_ref, self.community, self.category, self.status))


def _member(kind: type[E], value: str | None) -> E | None:
    try:
        return kind(value) if value else None
    except ValueError:
        return None


def get_need(ref: str) -> Need:
    """Return a need by its reference."""
    need: Need = get_one(
        select(Need)
        .where(Need.ref == ref)
        .options(joinedload(Need.round), joinedload(Need.community), joinedload(Need.grid), joinedload(Need.proposer))
    )
    return need


def list_needs_by_ref(refs: Collection[str]) -> list[Need]:
    """List the needs with these references, oldest first; unknown references are left out."""
    return list(db.session.scalars(select(Need).where(Need.ref.in_(refs)).order_by(Need.created_at, Need.id)))


def select_needs(filters: NeedFilter) -> Select[Any]:
    """Return the select of the needs that a filter lets through."""
    statement = select(Need)
    if filters.round_ref:
        statement = statement.where(
            Need.round_id == select(Round.id).where(Round.ref == filters.round_ref).scalar_subquery()
        )
    if filters.community:
        place = select(Place.id).where(Place.code == filters.community).scalar_subquery()
        statement = statement.where(Need.community_id == place)
    if filters.category:
        statement = statement.where(Need.category == filters.category)
    if filters.status:
        statement = statement.where(Need.status == filters.status)
    for word in filters.text.split():
        statement = statement.where(_mentions(word))
    return statement


def _mentions(word: str) -> Any:
    """Return the condition that a need mentions a word or has this reference.

    Few hits are fetched from the full-text index; where there are many, the newest of them are found sooner by reading
    needs in the order of the list.
    """
    if word.upper().startswith("XQ-"):
        return Need.ref.startswith(word.upper(), autoescape=True)
    pairs = search_words(word)
    if len(pairs) >= 2:
        hits = list(db.session.scalars(_index_hits(pairs).limit(MANY_HITS)))
        if len(hits) < MANY_HITS:
            return Need.id.in_(hits)
    columns = (Need.title, Need.body, Need.place_text)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _index_hits(pairs: str) -> Select[Any]:
    """Return the select of the needs whose text holds these pairs one after the other."""
    if db.engine.dialect.name == "sqlite":
        return select(_NEED_TEXT.c.need_id).where(_NEED_TEXT.c.words.match(f'"{pairs}"'))
    plainly: Any = literal_column("'simple'")  # as in the index, which a bound value would not match
    words = func.to_tsvector(plainly, Need.search_text)
    return select(Need.id).where(words.bool_op("@@")(func.phraseto_tsquery(plainly, pairs)))


def list_needs(window: Window, filters: NeedFilter, *, by_support: bool = False) -> Page[Need]:
    """List needs newest first, or those that most residents asked for first."""
    statement = select_needs(filters).options(joinedload(Need.community), joinedload(Need.round))
    return paginate(statement, window, order=Need.support_count if by_support else Need.created_at, key=Need.id)


def list_need_rows(filters: NeedFilter) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of an export under EXPORT_HEADER, newest first, without any personal data."""
    statement = (
        select_needs(filters)
        .join(Place, Place.id == Need.community_id)
        .join(Round, Round.id == Need.round_id)
        .with_only_columns(
            Need.ref,
            Round.name,
            Place.name,
            Need.category,
            Need.title,
            Need.body,
            Need.place_text,
            Need.target_group,
            Need.urgency,
            Need.source,
            Need.status,
            Need.support_count,
            Need.created_at,
            Need.answer,
            Need.handed_to,
        )
        .order_by(Need.created_at.desc(), Need.id.desc())
    )
    for row in db.session.execute(statement):
        yield export_cells(row)


def count_by_status(round_ref: str, community_ids: Collection[uuid.UUID] | None = None) -> dict[NeedStatus, int]:
    """Count the needs of a round by status, of the whole street or of some communities."""
    statement = select_needs(NeedFilter(round_ref=round_ref)).with_only_columns(Need.status, func.count())
    if community_ids is not None:
        statement = statement.where(Need.community_id.in_(community_ids))
    return {status: count for status, count in db.session.execute(statement.group_by(Need.status))}


def list_for_screening(
    round_ref: str, status: NeedStatus, window: Window, community_ids: Collection[uuid.UUID] | None = None
) -> Page[Need]:
    """List what officers have to deal with, most asked for first."""
    statement = select_needs(NeedFilter(round_ref=round_ref, status=status)).options(
        joinedload(Need.community), joinedload(Need.proposer)
    )
    if community_ids is not None:
        statement = statement.where(Need.community_id.in_(community_ids))
    return paginate(statement, window, order=Need.support_count, key=Need.id)


def list_adopted(round: Round, community: Place | None = None) -> list[Need]:
    """List the adopted needs of a round, most asked for first; a project may be drafted from them."""
    statement = select(Need).where(Need.round_id == round.id, Need.status == NeedStatus.ADOPTED)
    if community is not None:
        statement = statement.where(Need.community_id == community.id)
    return list(db.session.scalars(statement.order_by(Need.support_count.desc(), Need.id)))


def list_for_meeting(round: Round, community: Place) -> list[Need]:
    """List the needs that a meeting of this community may put on its agenda."""
    statement = select(Need).where(
        Need.round_id == round.id, Need.community_id == community.id, Need.status.in_(OPEN_FOR_MEETING)
    )
    return list(db.session.scalars(statement.order_by(Need.support_count.desc(), Need.created_at, Need.id)))


def list_for_poll(round: Round, community: Place) -> list[Need]:
    """List the needs that residents of this community may be asked to vote on: met by service, without dispute."""
    statement = select(Need).where(
        Need.round_id == round.id,
        Need.community_id == community.id,
        Need.status.in_(OPEN_FOR_POLL),
        Need.triage == Triage.SERVICE,
    )
    return list(db.session.scalars(statement.order_by(Need.support_count.desc(), Need.created_at, Need.id)))


def list_merged_into(need: Need) -> list[Need]:
    """List the needs that were united with this one, oldest first."""
    statement = select(Need).where(Need.merged_into_id == need.id).order_by(Need.created_at, Need.id)
    return list(db.session.scalars(statement))


@dataclass(frozen=True)
class SimilarNeed:
    """A need that may mean the same, and how alike it is (0 to 100)."""

    ref: str
    title: str
    place_text: str
    status: NeedStatus
    support_count: int
    likeness: int


def list_similar(
    *, round_id: uuid.UUID, community_id: uuid.UUID, text: str, but: uuid.UUID | None = None, limit: int = 5
) -> list[SimilarNeed]:
    """List needs of the same round and community that read alike, the most alike first."""
    columns = (Need.ref, Need.title, Need.place_text, Need.status, Need.support_count, Need.body)
    statement = select(*columns).where(
        Need.round_id == round_id, Need.community_id == community_id, Need.status.not_in(ENDED)
    )
    if but is not None:
        statement = statement.where(Need.id != but)
    wanted = bigrams(text)
    scored = (
        (likeness(wanted, bigrams(f"{row.title} {row.place_text} {row.body}")), row)
        for row in db.session.execute(statement)
    )
    found = [
        SimilarNeed(row.ref, row.title, row.place_text, row.status, row.support_count, score)
        for score, row in scored
        if score >= SIMILAR_FROM
    ]
    return sorted(found, key=lambda one: (-one.likeness, -one.support_count, one.ref))[:limit]


def text_of(need: Need) -> str:
    """Return what a need says, for comparing."""
    return f"{need.title} {need.place_text} {need.body}"


def list_due_for(actor: User) -> list[DueItem]:
    """List what waits for this officer in the rounds going on, a line a step, due by the end of the screening phase."""
    if not actor.has_role(Role.COMMUNITY, Role.PROGRAMME):
        return []
    scope = None if actor.has_role(Role.PROGRAMME) else actor.community_ids
    return [item for round in rounds.list_open_rounds() for item in _due_in(round, scope)]


def _due_in(round: Round, scope: Collection[uuid.UUID] | None) -> list[DueItem]:
    counts = count_by_status(round.ref, scope)
    phase = rounds.phase_of(round, Phase.SCREENING)
    return [
        DueItem(
            title=str(label % {"count": counts[status]}),
            href=f"/needs/screening?round={round.ref}&status={status}",
            stage=_("需求"),
            meta=round.label,
            due_on=phase.ends_on if phase else None,
        )
        for status, label in _DUE.items()
        if counts.get(status)
    ]


def has_seconded(need: Need, resident: Resident | None) -> bool:
    """Tell whether a resident already stands behind a need."""
    return resident is not None and db.session.get(NeedSupport, (need.id, resident.id)) is not None


def find_resident(id_number: str) -> Resident | None:
    """Return the resident with an identity number, however it was typed."""
    return people.find_resident_by_id_index(vault().blind_index("resident.id_number", normalise(id_number)))


def list_stamps(need: Need) -> list[NeedStamp]:
    """List the stamps a need has earned, oldest first."""
    return list(db.session.scalars(select(NeedStamp).where(NeedStamp.need_id == need.id).order_by(NeedStamp.at)))


def list_attachments(need: Need, *, public_only: bool) -> list[NeedAttachment]:
    """List the photos of a need: all of them, or those that an officer released."""
    statement = select(NeedAttachment).where(NeedAttachment.need_id == need.id).options(joinedload(NeedAttachment.file))
    if public_only:
        statement = statement.where(NeedAttachment.is_public)
    return list(db.session.scalars(statement))


def get_attachment(need: Need, file_id: uuid.UUID) -> NeedAttachment:
    """Return a need's photo."""
    attachment: NeedAttachment = get_one(
        select(NeedAttachment).where(NeedAttachment.need_id == need.id, NeedAttachment.file_id == file_id)
    )
    return attachment


def get_meeting(ref: str) -> Meeting:
    """Return the record of a meeting with its decisions."""
    meeting: Meeting = get_one(
        select(Meeting)
        .where(Meeting.ref == ref)
        .options(joinedload(Meeting.community), joinedload(Meeting.round), selectinload(Meeting.decisions))
    )
    return meeting


def list_meetings(window: Window, *, community: str = "") -> Page[Meeting]:
    """List meetings, the latest first."""
    statement = select(Meeting).options(joinedload(Meeting.community), selectinload(Meeting.decisions))
    if community:
        statement = statement.where(
            Meeting.community_id == select(Place.id).where(Place.code == community).scalar_subquery()
        )
    return paginate(statement, window, order=Meeting.created_at, key=Meeting.id)


def list_decisions(subject_ref: str) -> list[MeetingDecision]:
    """List how meetings voted on a need or project, the latest first."""
    statement = (
        select(MeetingDecision)
        .join(Meeting)
        .where(MeetingDecision.subject_ref == subject_ref)
        .options(joinedload(MeetingDecision.meeting))
        .order_by(Meeting.held_on.desc(), Meeting.created_at.desc())
    )
    return list(db.session.scalars(statement))


def find_meeting_passing(refs: Collection[str]) -> Meeting | None:
    """Return the latest meeting that passed any of these needs."""
    statement = (
        select(Meeting)
        .join(MeetingDecision)
        .where(MeetingDecision.subject_ref.in_(refs), MeetingDecision.is_passed)
        .order_by(Meeting.held_on.desc(), Meeting.created_at.desc())
        .limit(1)
    )
    return db.session.scalars(statement).first()
