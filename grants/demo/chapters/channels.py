"""Voting away from one's own screen: a kiosk, printed codes, two batches of paper, neighbours who were helped."""

from datetime import date, timedelta

from sqlalchemy import select

from grants.demo.teller import Teller
from grants.foundation import clock
from grants.foundation.database import db
from grants.people.models import Resident, User
from grants.voting import queries
from grants.voting.models import PaperBatch, Poll, RollEntry
from grants.voting.service import assisting, codes, kiosk, paper


def serve(teller: Teller, poll: Poll, day: date) -> None:
    """Run every channel of an open poll: a kiosk and codes, one batch posted, another being keyed, two helped."""
    officer, second = teller.officer_of(poll.community), teller.user("programme-1")
    waiting = _still_to_vote(poll)
    with teller.on(day, 9):
        kiosk.open_station(officer=officer, poll=poll, name="社区服务大厅 1 号机", hours=9)
        codes.issue_codes(officer=officer, poll=poll, residents=waiting[:12])
        for resident, reason in zip(waiting[12:14], ("视力不便", "行动不便，上门办理"), strict=False):
            _help(officer, poll, resident, reason)
    with teller.on(day, 10):
        posted = _batch(teller, officer, second, poll, "社区服务大厅", waiting[14:22])
        _key(posted, officer, second, ["1", "2", "1", "2 1", "1", "2", "1", ""])
        paper.post_batch(officer=officer, batch=posted)
    with teller.on(day + timedelta(days=1), 10):
        keying = _batch(teller, officer, second, poll, "枫林苑便民点", waiting[22:27])
        for number, text in enumerate(["1", "1 2", "2", "1", "2"], start=1):
            paper.key_slip(officer=officer, batch=keying, number=number, text=text)


def _still_to_vote(poll: Poll) -> list[Resident]:
    """List people without an account whose right is unused, in the order of the roll."""
    statement = (
        select(Resident)
        .join(RollEntry, RollEntry.person_key == Resident.person_key)
        .where(RollEntry.poll_id == poll.id, RollEntry.has_voted.is_(False), Resident.user_id.is_(None))
        .order_by(Resident.person_key)
        .limit(40)
    )
    return list(db.session.scalars(statement))


def _help(officer: User, poll: Poll, resident: Resident, reason: str) -> None:
    token = assisting.begin(officer=officer, poll=poll, resident=resident, reason=reason)
    assisting.cast_for(officer=officer, poll=poll, token=token, marking={poll.options[0].code: 1})


def _batch(teller: Teller, officer: User, second: User, poll: Poll, station: str, voters: list[Resident]) -> PaperBatch:
    batch = paper.open_batch(officer=officer, poll=poll, station=station, voted_on=clock.today())
    db.session.flush()
    for number, resident in enumerate(voters, start=1):
        paper.take_stub(officer=officer, batch=batch, number=number, resident=resident)
    accepted = queries.accepted_stubs(batch)
    paper.count_slips(officer=officer, batch=batch, slips=accepted)
    paper.sign_batch(officer=second, batch=batch, slips=accepted)
    return batch


def _key(batch: PaperBatch, first: User, second: User, texts: list[str]) -> None:
    for keyer in (first, second):
        for number, _done in queries.list_slips_for(batch, keyer.id):
            text = texts[number - 1]
            paper.key_slip(officer=keyer, batch=batch, number=number, text=text, is_spoiled=not text)
