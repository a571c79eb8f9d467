"""How the voting runs, in figures that anybody may recompute and that reveal no choice."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from grants.foundation import clock
from grants.foundation.database import db
from grants.foundation.models import AuditEntry
from grants.people.models import User
from grants.voting.models import Ballot, PaperBatch, PaperSlip, PaperStub, Poll, PollOutage, RollEntry, SealedBallot
from grants.voting.rules import BatchStatus, Channel, PollStatus, read

LEAST_SHARE_RISE = 0.1
"""Ballots with at most one choice may be so much more of all than in the vote before; beyond that somebody looks."""


@dataclass(frozen=True)
class Sums:
    """The control sums of a poll at one moment: who has used a right, and what lies in the box."""

    entitled: int
    voted: int
    ballots: int
    accepted: int
    waiting: int
    in_box: int
    channels: dict[Channel, int]

    @property
    def without_ballot(self) -> int:
        """Return how many paper voters left a blank, spoiled or no slip."""
        return self.accepted - self.waiting - self.in_box

    @property
    def expected(self) -> int:
        """Return how many ballots must lie in the box: roll marks less paper not yet, or never, put in."""
        return self.voted - self.waiting - self.without_ballot

    @property
    def agrees(self) -> bool:
        """Tell whether the box holds exactly what the roll says."""
        return self.ballots == self.expected

    @property
    def over(self) -> int:
        """Return how many ballots lie in the box beyond the rights used; it must be 0."""
        return max(0, self.ballots - self.expected)

    def ballots_of(self, channel: Channel) -> int:
        """Return how many ballots of a channel lie in the box, by its roll marks."""
        marks = self.channels.get(channel, 0)
        return marks - (self.waiting + self.without_ballot if channel is Channel.PAPER else 0)


def control_sums(poll: Poll) -> Sums:
    """Take all sums in one statement, so that ballots cast meanwhile cannot part them."""
    roll = select(func.count()).select_from(RollEntry).where(RollEntry.poll_id == poll.id)
    stubs = (
        select(func.count())
        .select_from(PaperStub)
        .join(PaperBatch, PaperBatch.id == PaperStub.batch_id)
        .where(PaperBatch.poll_id == poll.id, PaperStub.is_accepted)
    )
    slips = (
        select(func.count())
        .select_from(PaperSlip)
        .join(PaperBatch, PaperBatch.id == PaperSlip.batch_id)
        .where(PaperBatch.poll_id == poll.id, PaperBatch.status == BatchStatus.POSTED, PaperSlip.settled_choices != "")
    )
    boxes = [select(func.count()).select_from(box).where(box.poll_id == poll.id) for box in (Ballot, SealedBallot)]
    parts: list[Select[Any]] = [
        roll,
        roll.where(RollEntry.has_voted),
        *boxes,
        stubs,
        stubs.where(PaperBatch.status != BatchStatus.POSTED),
        slips,
        *(roll.where(RollEntry.channel == channel) for channel in Channel),
    ]
    entitled, voted, box, sealed, accepted, waiting, in_box, *channels = db.session.execute(
        select(*(part.scalar_subquery() for part in parts))
    ).one()
    marks = dict(zip(Channel, channels, strict=True))
    return Sums(entitled, voted, box + sealed, accepted, waiting, in_box, marks)


@dataclass(frozen=True)
class StationHour:
    """How many ballots a kiosk (or the web, or a helper) brought within one hour."""

    where: str
    hour: datetime
    count: int


def _events(poll: Poll, action: str) -> Any:
    return (AuditEntry.subject_type == "Poll", AuditEntry.subject_id == str(poll.id), AuditEntry.action == action)


def list_station_hours(poll: Poll) -> list[StationHour]:
    """Count the ballots of every kiosk by the hour, from the audit chain, the earliest first."""
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.details).where(
            *_events(poll, "ballot:cast"), AuditEntry.details.like('%"station"%')
        )
    )
    counts: Counter[tuple[datetime, str]] = Counter()
    for at, details in rows:
        hour = clock.local(at).replace(minute=0, second=0, microsecond=0)
        counts[hour, str(json.loads(details)["station"])] += 1
    return [StationHour(where, hour, count) for (hour, where), count in sorted(counts.items())]


def count_started(poll: Poll) -> int:
    """Count how often somebody came to the last look at a filled-in ballot."""
    statement = select(func.count()).select_from(AuditEntry).where(*_events(poll, "ballot:start"))
    return db.session.execute(statement).scalar_one()


def count_refused_stubs(poll: Poll) -> int:
    """Count the paper stubs that were refused, most of them because their holders had voted."""
    statement = (
        select(func.count())
        .select_from(PaperStub)
        .join(PaperBatch, PaperBatch.id == PaperStub.batch_id)
        .where(PaperBatch.poll_id == poll.id, PaperStub.is_accepted.is_(False))
    )
    return db.session.execute(statement).scalar_one()


def count_wrong_codes(poll: Poll) -> int:
    """Count how often a wrong activation code was typed."""
    statement = select(func.count()).select_from(AuditEntry).where(*_events(poll, "poll:refuse_code"))
    return db.session.execute(statement).scalar_one()


def short_ballots(poll: Poll) -> tuple[int, int]:
    """Return how many ballots of a closed poll name at most one option, and of how many; says nothing of which."""
    short = total = 0
    for box in (Ballot, SealedBallot):
        rows = db.session.execute(select(box.choices, func.count()).where(box.poll_id == poll.id).group_by(box.choices))
        for choices, count in rows:
            total += count
            short += count if len(read(poll.kind, choices)) <= 1 else 0
    return short, total


def find_poll_before(poll: Poll) -> Poll | None:
    """Return the last vote of the same place and kind that was counted before this one opened."""
    return db.session.scalars(
        select(Poll)
        .where(
            Poll.community_id == poll.community_id,
            Poll.kind == poll.kind,
            Poll.status == PollStatus.COUNTED,
            Poll.closes_at <= poll.opens_at,
        )
        .order_by(Poll.closes_at.desc())
        .limit(1)
    ).one_or_none()


def list_helpers(poll: Poll) -> list[tuple[str, int]]:
    """List (helper, how many votes with their help), the most first; for the supervisor only."""
    rows = db.session.execute(
        select(User.display_name, func.count())
        .join(RollEntry, RollEntry.helper_id == User.id)
        .where(RollEntry.poll_id == poll.id, RollEntry.has_voted)
        .group_by(User.id, User.display_name)
        .order_by(func.count().desc(), User.display_name)
    )
    return [(name, count) for name, count in rows]


def count_helped(poll: Poll) -> int:
    """Count the votes that somebody helped with, on paper or at the counter."""
    statement = select(func.count()).select_from(RollEntry)
    helped = (RollEntry.poll_id == poll.id, RollEntry.has_voted, RollEntry.helper_id.is_not(None))
    return db.session.execute(statement.where(*helped)).scalar_one()


def list_downtimes(poll: Poll) -> list[tuple[PollOutage, int]]:
    """List the times in which residents could not vote, each with its length in whole minutes, the earliest first."""
    statement = select(PollOutage).where(PollOutage.poll_id == poll.id).order_by(PollOutage.began_at)
    return [(one, round((one.ended_at - one.began_at).total_seconds() / 60)) for one in db.session.scalars(statement)]
