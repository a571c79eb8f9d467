"""The board: it grows in shuffled batches, only at its end, and anyone finds their leaf on it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.jobs import sweeper
from grants.voting import queries, service
from grants.voting.models import Ballot, BoardLeaf, Checkpoint, Poll
from grants.voting.rules import merkle_root
from grants.voting.service import board
from grants.voting.service.casting import put_in_box
from tests.browsing import Browser
from tests.integration.voting.test_sealing import account, close, poll_of_street, seal, vote

Browse = Callable[[str | None], Browser]


def post_batches() -> int:
    posted = board.post_due_batches()
    db.session.commit()
    return posted


def test_fewer_than_twenty_wait_and_ten_always_stay_behind(ctx: Flask) -> None:
    poll, keys = poll_of_street(45)
    for key in keys[:19]:
        vote(poll, key)
    assert not board.is_batch_due()
    assert post_batches() == 0
    for key in keys[19:33]:
        vote(poll, key)
    assert board.is_batch_due()
    assert post_batches() == 1
    assert queries.count_board(poll) == 20
    for key in keys[33:43]:
        vote(poll, key)
    assert post_batches() == 1
    assert [point.size for point in queries.list_checkpoints(poll)] == [20, 30]
    close(poll)
    seal(poll)
    assert [point.size for point in queries.list_checkpoints(poll)] == [20, 30, 43]


def test_the_board_only_grows_at_its_end_and_every_root_is_over_a_prefix(ctx: Flask) -> None:
    poll, keys = poll_of_street(60)
    seen: list[list[str]] = []
    for start in (0, 20, 40):
        for key in keys[start : start + 20]:
            vote(poll, key)
        post_batches()
        seen.append(list(queries.list_board_leaves(poll)))
    close(poll)
    seal(poll)
    final = list(queries.list_board_leaves(poll))
    assert sorted(final) == sorted(leaf for _code, _choices, _salt, leaf in queries.list_box(poll))
    assert all(final[: len(earlier)] == earlier for earlier in seen)
    for point in queries.list_checkpoints(poll):
        assert point.root == merkle_root(final[: point.size])
    entries = db.session.scalars(db.select(audit.AuditEntry).where(audit.AuditEntry.action == "poll:checkpoint")).all()
    assert [point.root in entry.details for point, entry in zip(queries.list_checkpoints(poll), entries, strict=True)]


def test_a_batch_does_not_keep_the_order_of_casting(ctx: Flask) -> None:
    poll, keys = poll_of_street(60)
    codes = [vote(poll, key) for key in keys]
    cast = [queries.find_spot(poll, code=code).leaf for code in codes]  # type: ignore[union-attr]
    post_batches()
    shown = list(queries.list_board_leaves(poll))
    assert len(shown) == 50
    # Chance keeps one leaf in its place on average
    assert sum(a == b for a, b in zip([leaf for leaf in cast if leaf in set(shown)], shown, strict=True)) < 10


def test_after_the_close_the_rest_goes_up_by_itself(ctx: Flask) -> None:
    poll, keys = poll_of_street(4)
    for key in keys:
        vote(poll, key)
    assert post_batches() == 0
    close(poll)
    assert post_batches() == 1
    assert queries.count_waiting_leaves(poll) == 0
    assert post_batches() == 0


def test_the_sweeper_asks_for_a_batch_once_in_five_minutes(ctx: Flask) -> None:
    poll, keys = poll_of_street(40)
    assert sweeper.start_frequent() == 0
    for key in keys[:20]:
        vote(poll, key)
    assert sweeper.start_frequent() == 1
    assert queries.count_board(poll) == 10
    for key in keys[20:]:
        vote(poll, key)
    moment = queries.list_checkpoints(poll)[0].at
    assert sweeper.start_frequent(moment) == 0


def test_a_ballot_taken_from_the_box_after_it_was_on_the_board_is_noticed(ctx: Flask) -> None:
    poll, keys = poll_of_street(20)
    codes = [vote(poll, key) for key in keys]
    post_batches()
    close(poll)
    shown = next(spot for code in codes if (spot := queries.find_spot(poll, code=code)) and spot.checkpoint)
    db.session.execute(db.delete(Ballot).where(Ballot.code == shown.code))
    put_in_box(poll, {"02": 1})
    db.session.commit()
    with pytest.raises(RuleBroken, match="公示板"):
        seal(poll)
    db.session.rollback()


def test_the_database_lets_the_board_only_grow(ctx: Flask) -> None:
    poll, keys = poll_of_street(20)
    for key in keys:
        vote(poll, key)
    post_batches()
    for statement in (
        db.update(BoardLeaf).values(leaf="0" * 64),
        db.delete(BoardLeaf),
        db.update(Checkpoint).values(root="0" * 64),
        db.delete(Checkpoint),
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


def test_a_receipt_is_found_waiting_then_on_the_board(app: Flask, browse: Browse) -> None:
    with app.app_context():
        poll, keys = poll_of_street(25)
        ref = poll.ref
        code = vote(poll, keys[0])
    look_up = f"/polls/{ref}/receipt"
    assert "已收下，等待下一批公示" in browse(None).post(look_up, {"code": code}, status=200).text
    with app.app_context():
        poll = queries.get_poll(ref)
        for key in keys[1:]:
            vote(poll, key)
        close(poll)
        post_batches()
        spot = queries.find_spot(poll, code=code)
        assert spot is not None
        leaf = spot.leaf
    for typed in (code, code.lower().replace("-", " "), leaf, leaf.upper()):
        assert "在公示板上，第 1 批" in browse(None).post(look_up, {"code": typed}, status=200).text
    for typed in ("AAAA-AAAA-AAAA-AAAA", "0" * 64, "hello", "%"):
        assert "没有" in browse(None).post(look_up, {"code": typed}, status=200).text
    browse(None).get(f"{look_up}?code={code}")
    assert leaf in browse(None).get(f"/polls/{ref}/board").html


def count(ref: str) -> Poll:
    """Close, seal and count a poll."""
    poll = queries.get_poll(ref)
    close(poll)
    seal(poll)
    service.count_poll(officer=account("leader-1"), poll=poll)
    db.session.commit()
    return poll
