"""What a count is made from and shown beside: the ballots by what they say, and who took part."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from grants.foundation.database import db
from grants.people.models import Place
from grants.people.rules import AgeBand
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting.models import BoardLeaf, Poll, RollEntry, SealedBallot
from grants.voting.rules import PollKind
from grants.voting.rules.stories import Story


def list_spellings(poll: Poll) -> list[tuple[str, int]]:
    """List what the sealed ballots say, each spelling once with how many ballots say it; never before the count."""
    rows = db.session.execute(
        select(SealedBallot.choices, func.count())
        .where(SealedBallot.poll_id == poll.id)
        .group_by(SealedBallot.choices)
        .order_by(SealedBallot.choices)
    )
    return [(choices, count) for choices, count in rows]


def list_leaves(poll: Poll) -> Sequence[str]:
    """List the leaves of a sealed poll in the order of the board, of which the published root is."""
    statement = select(BoardLeaf.leaf).where(BoardLeaf.poll_id == poll.id).order_by(BoardLeaf.position)
    return db.session.scalars(statement).all()


def voters_by_community(poll: Poll) -> list[tuple[str, int, int]]:
    """List (community, entitled, voted) in the order of the communities' codes; small cells included."""
    rows = db.session.execute(
        select(Place.name, func.count(), func.count().filter(RollEntry.has_voted))
        .join(Place, Place.id == RollEntry.community_id)
        .where(RollEntry.poll_id == poll.id)
        .group_by(Place.code, Place.name)
        .order_by(Place.code)
    )
    return [(name, entitled, voted) for name, entitled, voted in rows]


def voters_by_age(poll: Poll) -> list[tuple[AgeBand, int, int]]:
    """List (age band, entitled, voted) from young to old; small cells included."""
    rows = db.session.execute(
        select(RollEntry.age_band, func.count(), func.count().filter(RollEntry.has_voted))
        .where(RollEntry.poll_id == poll.id)
        .group_by(RollEntry.age_band)
    )
    found = {band: (entitled, voted) for band, entitled, voted in rows}
    return [(band, *found[band]) for band in AgeBand if band in found]


def community_codes(poll: Poll) -> dict[uuid.UUID, tuple[str, str]]:
    """Return code and name of the communities that the options of a poll are in; options without one are the poll's."""
    ids = {option.community_id or poll.community_id for option in poll.options}
    rows = db.session.execute(select(Place.id, Place.code, Place.name).where(Place.id.in_(ids)))
    return {key: (code, name) for key, code, name in rows}


def story_of(poll: Poll) -> Story:
    """Return the story of a counted poll; raises ValueError for one that is not."""
    if poll.result is None:
        raise ValueError(f"{poll.ref} is not counted")
    return Story(
        result=poll.result,
        titles={option.code: option.title for option in poll.options},
        costs={option.code: option.cost_fen for option in poll.options},
        envelopes={option.code: str(CATEGORY_LABELS[option.category]) for option in poll.options},
        kind_has_points=poll.kind.has_points or poll.kind is PollKind.RANKING,
    )
