"""The freeze: what decides the result is named in full, hashed, and refused to every hand from then on."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from grants.foundation import clock
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted
from grants.people import queries as people_queries
from grants.people.models import User
from grants.voting import queries, service
from grants.voting.rules import POLL_FLOW, PollAction, PollStatus
from grants.voting.service import Method
from tests.browsing import Browser
from tests.factories import people, voting

Browse = Callable[[str | None], Browser]


def _user(login: str) -> User:
    found = people_queries.find_user(login)
    assert found is not None
    return found


# The rule file and what the database refuses


def test_the_rule_file_names_everything_that_decides(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = queries.get_poll(ref)
        assert poll.rule_hash == hashlib.sha256((poll.rule_file or "").encode()).hexdigest()
        named = json.loads(poll.rule_file or "")
        assert poll.rule_file == json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert {"kind", "min_choices", "max_choices", "points", "budget_fen", "publication", "ties", "rule"} <= set(
            named
        )
        assert named["roll"] == {"hash": named["roll"]["hash"], "size": 1}
        keys = {"method", "threshold", "skip", "overrun_percent", "exclusion_groups", "envelopes", "floors"}
        assert set(named["rule"]) == keys
        assert [option["cost_fen"] for option in named["options"]] == [9_800_000, 5_200_000, 7_200_000, 9_900_000]


def test_equal_shares_are_frozen_in_full(app: Flask, ref: str) -> None:
    from grants.voting.counting.rule import rule_of
    from grants.voting.rules import CountingRule

    with app.app_context():
        method = Method(rule=CountingRule.EQUAL_SHARES, rule_options={"fill": "greedy", "increment": 1})
        round_ = queries.get_poll(ref).round
        poll = voting.make_draft(_user("programme-1"), round_, people.community(1), method=method)
        service.freeze_poll(officer=_user("programme-1"), poll=poll)
        named = json.loads(poll.rule_file or "")["rule"]
        assert {"utility", "completion", "increment", "start_share", "fill", "comparison", "threshold"} <= set(named)
        assert (named["fill"], named["increment"], named["utility"]) == ("greedy", 1, "cost")
        assert rule_of(named).fill == "greedy"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE poll SET rule_file = '{}'",
        "UPDATE poll SET rule_hash = 'x'",
        "UPDATE poll SET kind = 'ranking'",
        "UPDATE poll SET rule = 'mes'",
        "UPDATE poll SET rule_options = '{\"skip\": false}'",
        "UPDATE poll SET publication = 'open'",
        "UPDATE poll SET budget_fen = budget_fen + 1",
        "UPDATE poll SET max_choices = 4",
        "UPDATE poll SET min_choices = 2",
        "UPDATE poll SET minimum_age = 16",
        "UPDATE poll SET points = 3",
        "UPDATE poll SET title = 'x'",
        "UPDATE poll SET question = 'x'",
        "UPDATE poll SET closes_at = '2020-01-01 00:00:00'",
        "UPDATE poll SET closes_at = '2099-01-01 00:00:00'",
        "UPDATE poll SET opens_at = '2020-01-01 00:00:00'",
        "UPDATE poll SET status = 'draft', rule_hash = NULL",
        "DELETE FROM poll",
        "UPDATE poll_option SET cost_fen = 1",
        "UPDATE poll_option SET title = 'x'",
        "UPDATE poll_option SET summary = 'x'",
        "UPDATE poll_option SET code = '09' WHERE code = '01'",
        "UPDATE poll_option SET beneficiary = 'x'",
        "DELETE FROM poll_option",
        "INSERT INTO poll_option (id, poll_id, position, code, title, summary, category, cost_fen, subject_ref, "
        "beneficiary) SELECT poll_id, poll_id, 9, '09', 'x', '', 'welfare', 1, '', '' FROM poll_option LIMIT 1",
    ],
)
def test_raw_sql_cannot_change_a_frozen_poll(app: Flask, ref: str, statement: str) -> None:
    with app.app_context():
        with pytest.raises(DBAPIError, match=r"frozen|deadline"):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_a_draft_still_changes(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = voting.make_draft(_user("programme-1"), queries.get_poll(ref).round, people.community(1))
        method = Method(rule_options={"skip": False})
        service.edit_poll(
            officer=_user("programme-1"), poll=poll, options=voting.OPTIONS[:3], method=method, budget_fen=20_000_000
        )
        db.session.commit()
        assert (len(poll.options), poll.rule_options, poll.budget_fen) == (3, {"skip": False}, 20_000_000)


def test_every_status_allows_its_own_act_and_no_other() -> None:
    allowed = {
        PollStatus.DRAFT: PollAction.FREEZE,
        PollStatus.FROZEN: PollAction.OPEN,
        PollStatus.OPEN: PollAction.CLOSE,
        PollStatus.CLOSED: PollAction.SEAL,
        PollStatus.SEALED: PollAction.COUNT,
    }
    for status in PollStatus:
        for action in PollAction:
            assert POLL_FLOW.allows(status, action) == (allowed.get(status) is action), (status, action)


def test_every_act_out_of_its_turn_is_refused(app: Flask, ref: str) -> None:
    acts = {
        PollAction.FREEZE: (service.freeze_poll, "programme-1"),
        PollAction.OPEN: (service.open_poll, "leader-1"),
        PollAction.CLOSE: (service.close_poll, "leader-1"),
        PollAction.SEAL: (service.ask_seal, "programme-1"),
    }
    with app.app_context():
        poll = voting.make_draft(_user("programme-1"), queries.get_poll(ref).round, people.community(1))
        for due in acts:
            for other, (act, login) in acts.items():
                if other is not due:
                    with pytest.raises(DomainError):
                        act(officer=_user(login), poll=poll)
            if due is not PollAction.FREEZE:
                with pytest.raises(NotPermitted):
                    service.edit_poll(officer=_user("programme-1"), poll=poll, options=voting.OPTIONS)
            act, login = acts[due]
            with clock.set_to(poll.closes_at if due in {PollAction.CLOSE, PollAction.SEAL} else clock.now()):
                act(officer=_user(login), poll=poll)


def _together(app: Flask, act: Callable[[], object]) -> list[str]:
    """Do the same thing from four connections at once; return how each came out."""

    def once(_number: int) -> str:
        with app.app_context():
            try:
                act()
                db.session.commit()
            except DomainError as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(once, range(4)))


def test_pressing_at_once_freezes_opens_and_decides_once(app: Flask, ref: str) -> None:
    with app.app_context():
        poll = voting.make_draft(_user("programme-1"), queries.get_poll(ref).round, people.community(1))
        draft = poll.ref
        later = queries.get_poll(ref).closes_at + timedelta(days=1)
        amendment = service.propose_extension(
            officer=_user("programme-1"), poll=queries.get_poll(ref), closes_at=later, reason="下雨"
        )
        key = amendment.id
        db.session.commit()
    acts: list[Callable[[], object]] = [
        lambda: service.freeze_poll(officer=_user("programme-1"), poll=queries.get_poll(draft)),
        lambda: service.open_poll(officer=_user("leader-1"), poll=queries.get_poll(draft)),
        lambda: service.decide_amendment(
            officer=_user("leader-1"), amendment=queries.get_amendment(queries.get_poll(ref), key), adopt=True
        ),
    ]
    for act in acts:
        assert _together(app, act).count("done") == 1
    with app.app_context():
        assert queries.get_poll(ref).closes_at == later
        assert queries.turnout(queries.get_poll(draft)).entitled == 1
