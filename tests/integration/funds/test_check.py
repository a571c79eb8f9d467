"""`flask ledger check` finds what somebody changed behind the back of the triggers."""

import json

import pytest
from flask import Flask
from sqlalchemy import text

from grants.foundation.database import db
from grants.funds import service
from tests.factories import funds

PROJECT = "GYCT-2026-01-0001"
TRIGGERS = {
    "account": ("account_balance_follows_entries", "account_follows_entries"),
    "entry": ("entry_no_update", "entry_append_only"),
    "journal": ("journal_posts_once", "journal_posts_once"),
}


@pytest.fixture
def books(app: Flask) -> Flask:
    """Make a project with a reservation and return the application."""
    with app.app_context():
        funds.make_project_money(PROJECT, amount_fen=1_000)
        service.reserve(project_ref=PROJECT, amount_fen=400, request_id="r1", maker=funds.hand("ledger-maker"))
        db.session.commit()
    return app


def tamper(app: Flask, engine: str, table: str, statement: str) -> None:
    """Switch a guard off, as somebody with the rights of the owner could, and change what it guards."""
    sqlite, postgresql = TRIGGERS[table]
    with app.app_context():
        drop = f"DROP TRIGGER {sqlite}" if engine == "sqlite" else f"DROP TRIGGER {postgresql} ON {table}"
        db.session.execute(text(drop))
        db.session.execute(text(statement))
        db.session.commit()


def test_an_honest_ledger_holds(books: Flask) -> None:
    result = books.test_cli_runner().invoke(args=["ledger", "check"])
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "1 funds, 1000 fen appropriated",
        *(f"{name}: holds" for name in ("ledger", "settlements", "payments", "events")),
    ]


@pytest.mark.parametrize(
    ("table", "statement", "named"),
    [
        (
            "account",
            "UPDATE account SET balance_fen = 601 WHERE kind = 'available'",
            "available GYCT-2026-01-0001: balance 601",
        ),
        ("entry", "UPDATE entry SET amount_fen = 401 WHERE amount_fen = 400", "entries sum to"),
        ("journal", "UPDATE journal SET memo = 'x' WHERE kind = 'reserve'", "content was changed"),
        ("journal", "UPDATE journal SET number = 99 WHERE kind = 'reserve'", "is missing"),
    ],
)
def test_what_was_changed_is_named(books: Flask, engine: str, table: str, statement: str, named: str) -> None:
    tamper(books, engine, table, statement)
    result = books.test_cli_runner().invoke(args=["ledger", "check"])
    assert result.exit_code == 1
    assert named in result.stderr


def test_the_check_speaks_json(books: Flask) -> None:
    result = books.test_cli_runner().invoke(args=["ledger", "check", "--json"])
    assert json.loads(result.stdout) == {
        "funds": 1,
        "checks": {"ledger": [], "settlements": [], "payments": [], "events": []},
        "faults": [],
    }
