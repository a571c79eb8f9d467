"""Sealing between close and count: two people, nothing lost, and no way back from a ballot to its voter."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from grants.foundation import clock
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.foundation.models import JobRun, JobStatus
from grants.people import queries as people_queries
from grants.people.models import User
from grants.voting import queries, service
from grants.voting.models import Ballot, Poll, RollEntry, SealedBallot
from grants.voting.rules import Channel, PollStatus
from grants.voting.service.sealing import FORGET_ORDER
from tests.browsing import Browser
from tests.conftest import Installation
from tests.factories import people, rounds, voting

Browse = Callable[[str | None], Browser]
VOTERS = 60


def account(login: str) -> User:
    user = people_queries.find_user(login)
    assert user is not None
    return user


def poll_of_street(voters: int = VOTERS) -> tuple[Poll, list[str]]:
    """Make an open poll in which `voters` people have voted one after the other; return their keys in that order."""
    people.make_street()
    staff = people.make_staff()
    for number in range(1, voters + 1):
        people.make_resident(f"resident-{number}", name=f"居民{number}")
    poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
    db.session.commit()
    keys = [account(f"resident-{number}").resident.person_key for number in range(1, voters + 1)]  # type: ignore[union-attr]
    return poll, keys


def vote(poll: Poll, key: str, option: str = "01") -> str:
    """Cast one ballot in a transaction of its own and return its code."""
    token = service.mint_form(poll=poll, person_key=key)
    receipt = service.cast(poll=poll, person_key=key, marking={option: 1}, token=token)
    db.session.commit()
    return receipt.code


def close(poll: Poll) -> None:
    with clock.set_to(poll.closes_at + timedelta(minutes=1)):
        service.close_poll(officer=account("leader-1"), poll=poll)
    db.session.commit()


def seal(poll: Poll) -> None:
    service.ask_seal(officer=account("programme-1"), poll=poll)
    service.witness_seal(supervisor=account("supervisor-1"), poll=poll)
    db.session.commit()


def test_sealing_takes_an_officer_and_the_supervisor(app: Flask, browse: Browse) -> None:
    with app.app_context():
        poll, keys = poll_of_street(3)
        ref = poll.ref
        vote(poll, keys[0])
        browse("leader-1").post(f"/polls/{ref}/seal", status=403)
        close(poll)
    browse("supervisor-1").post(f"/polls/{ref}/witness", status=403)
    browse("leader-1").post(f"/polls/{ref}/count", status=403)
    for login in ("supervisor-1", "community-1", "resident-1", "finance-1"):
        browse(login).post(f"/polls/{ref}/seal", status=403)
    browse("leader-1").press(f"/polls/{ref}", "申请封存票箱")
    browse("programme-1").post(f"/polls/{ref}/seal", status=403)
    for login in ("programme-1", "leader-1", "admin-1", "community-1"):
        browse(login).post(f"/polls/{ref}/witness", status=403)
    assert "见证封存票箱" in browse("supervisor-1").get("/desk").text
    browse("supervisor-1").press(f"/polls/{ref}", "见证并封存票箱")
    browse("supervisor-1").post(f"/polls/{ref}/witness", status=403)
    assert "已封存" in browse(None).get(f"/polls/{ref}").text
    browse("leader-1").press(f"/polls/{ref}", "公开抽签")
    browse("leader-1").press(f"/polls/{ref}", "计票并公布")
    browse(None).get(f"/polls/{ref}/result")


def test_every_ballot_is_there_after_sealing_and_found_by_its_code(ctx: Flask) -> None:
    poll, keys = poll_of_street(12)
    codes = [vote(poll, key) for key in keys]
    before = queries.list_box(poll)
    close(poll)
    seal(poll)
    assert poll.status is PollStatus.SEALED
    assert queries.list_box(poll) == before
    assert queries.count_ballots(poll) == 12
    assert all(queries.find_ballot(poll, code) for code in codes)
    assert db.session.scalars(db.select(Ballot)).all() == []


def test_a_box_that_does_not_add_up_is_not_sealed(ctx: Flask) -> None:
    poll, keys = poll_of_street(3)
    for key in keys:
        vote(poll, key)
    close(poll)
    service.ask_seal(officer=account("programme-1"), poll=poll)
    db.session.commit()
    stolen = db.session.scalars(db.select(Ballot)).first()
    assert stolen is not None
    kept = {name: getattr(stolen, name) for name in ("poll_id", "code", "salt", "leaf")}
    db.session.delete(stolen)
    db.session.commit()
    with pytest.raises(RuleBroken):
        service.witness_seal(supervisor=account("supervisor-1"), poll=poll)
    db.session.rollback()
    db.session.add(Ballot(**kept, choices="02"))
    db.session.commit()
    with pytest.raises(RuleBroken):
        service.witness_seal(supervisor=account("supervisor-1"), poll=poll)
    db.session.rollback()
    assert poll.status is PollStatus.CLOSED
    assert queries.count_ballots(poll) == 3


def test_nothing_is_sealed_twice_or_before_the_close(ctx: Flask) -> None:
    poll, keys = poll_of_street(2)
    vote(poll, keys[0])
    with pytest.raises(NotPermitted):
        service.ask_seal(officer=account("programme-1"), poll=poll)
    close(poll)
    seal(poll)
    for act in (lambda: service.ask_seal(officer=account("leader-1"), poll=poll), lambda: seal(poll)):
        with pytest.raises(NotPermitted):
            act()
        db.session.rollback()


# What somebody who holds the database can still join, by every order that its engine keeps


ORDERS = {
    "sqlite": (
        ("SELECT code FROM {ballots}", "SELECT person_key FROM roll_entry WHERE has_voted"),
        ("SELECT code FROM {ballots}", "SELECT person_key FROM roll_entry WHERE has_voted ORDER BY rowid"),
    ),
    "postgresql": (
        ("SELECT code FROM {ballots} ORDER BY ctid", "SELECT person_key FROM roll_entry WHERE has_voted ORDER BY ctid"),
        (
            "SELECT code FROM {ballots} ORDER BY xmin::text::bigint, ctid",
            "SELECT person_key FROM roll_entry WHERE has_voted ORDER BY xmin::text::bigint, ctid",
        ),
    ),
}


def relinked(engine: str, ballots: str, truth: dict[str, str]) -> int:
    """Return how many voters the best of the joins by order gives the right ballot."""
    hits = []
    for codes_by, keys_by in ORDERS[engine]:
        codes = list(db.session.execute(text(codes_by.format(ballots=ballots))).scalars())
        keys = list(db.session.execute(text(keys_by)).scalars())
        hits.append(sum(truth[key] == code for key, code in zip(keys, codes, strict=True)))
    db.session.rollback()
    return max(hits)


def by_transaction(ballots: str) -> int:
    """Return how many pairs of ballot and roll mark carry the same transaction number (PostgreSQL)."""
    statement = f"SELECT count(*) FROM {ballots} b JOIN roll_entry r ON b.xmin = r.xmin WHERE r.has_voted"  # noqa: S608
    return int(db.session.execute(text(statement)).scalar_one())


def test_sealing_leaves_no_join_from_ballot_to_voter(ctx: Flask, engine: str) -> None:
    poll, keys = poll_of_street()
    truth = {key: vote(poll, key) for key in keys}
    if engine == "postgresql":
        # The test can see what it is about: before the sealing everybody is found
        assert relinked(engine, "ballot", truth) == VOTERS
        assert by_transaction("ballot") == VOTERS
    close(poll)
    seal(poll)
    # Chance gives one hit on average; ten and more happen once in ten million
    assert relinked(engine, "sealed_ballot", truth) < 10
    if engine == "postgresql":
        # One transaction wrote all of them: every ballot goes with every voter
        assert by_transaction("sealed_ballot") == VOTERS * VOTERS


def test_the_files_of_the_database_forget_the_emptied_box(ctx: Flask, installation: Installation, engine: str) -> None:
    poll, keys = poll_of_street(20)
    codes = [vote(poll, key, "02") for key in keys]
    close(poll)
    seal(poll)
    db.session.rollback()
    job = db.session.scalars(db.select(JobRun).where(JobRun.kind == FORGET_ORDER)).one()
    assert (job.status, job.error) == (JobStatus.DONE, None)
    if engine == "postgresql":
        dead = "SELECT pg_relation_size('ballot')"
        assert db.session.execute(text(dead)).scalar_one() == 0
        return
    held = b"".join(path.read_bytes() for path in installation.directory.glob("grants.sqlite*"))
    assert [held.count(code.encode()) for code in codes] == [1] * len(codes)


def test_other_polls_keep_their_box_and_roll(ctx: Flask) -> None:
    poll, keys = poll_of_street(4)
    other = voting.make_open(account("programme-1"), account("leader-1"), poll.round, poll.community)
    db.session.commit()
    for key in keys:
        vote(poll, key)
    code = vote(other, keys[0], "03")
    close(poll)
    seal(poll)
    assert queries.find_ballot(other, code) is not None
    assert queries.count_ballots(other) == 1
    entry = queries.find_roll_entry(poll, keys[1])
    assert entry is not None
    assert (entry.has_voted, entry.channel) == (True, Channel.WEB)
    assert db.session.scalar(db.select(db.func.count()).select_from(RollEntry)) == 8
    assert db.session.scalar(db.select(db.func.count()).select_from(SealedBallot)) == 4
