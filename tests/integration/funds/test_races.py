"""Fifty hands at once: money is never spent twice, on either engine."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.funds import queries, service
from grants.people.models import User
from tests.factories import funds

HANDS = 50
PROJECT = "GYCT-2026-01-0001"


def prepare(app: Flask, amount_fen: int) -> object:
    with app.app_context():
        funds.make_project_money(PROJECT, amount_fen=amount_fen)
        maker = funds.hand("ledger-maker").id
        db.session.commit()
        return maker


def together(app: Flask, maker: object, request_id: str) -> Counter[str]:
    """Let every hand reserve 100 分 at the same moment; `request_id` may name the hand."""
    start = Barrier(HANDS)

    def reserve(number: int) -> str:
        with app.app_context():
            start.wait(30)
            try:
                service.reserve(
                    project_ref=PROJECT,
                    amount_fen=100,
                    request_id=request_id.format(number),
                    maker=db.session.get_one(User, maker),
                )
                db.session.commit()
            except RuleBroken:
                db.session.rollback()
                return "refused"
            finally:
                db.session.remove()
            return "reserved"

    with ThreadPoolExecutor(HANDS) as pool:
        return Counter(pool.map(reserve, range(HANDS)))


def test_fifty_parallel_reservations_never_overspend(app: Flask) -> None:
    maker = prepare(app, 1_750)
    assert together(app, maker, "hand-{}") == {"reserved": 17, "refused": 33}
    with app.app_context():
        money = queries.project_money(PROJECT)
        assert (money.available_fen, money.reserved_fen) == (50, 1_700)
        funds.assert_ledger_holds()


def test_the_same_request_sent_fifty_times_posts_once(app: Flask) -> None:
    maker = prepare(app, 1_000)
    assert together(app, maker, "the-same") == {"reserved": 50}
    with app.app_context():
        assert queries.project_money(PROJECT).reserved_fen == 100
        funds.assert_ledger_holds()
