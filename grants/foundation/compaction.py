"""Rewriting tables, so that deleted rows and the order in which the others came are gone from the database's files."""

import re
import time
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from grants.foundation.database import db

WAIT_FOR_LOCK = "SET lock_timeout = '5s'"
TRIES = 40
PAUSE_S = 0.25


def secure_deletes() -> None:
    """Have this connection overwrite what it deletes with zeros (SQLite; PostgreSQL needs `compact` afterwards)."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA secure_delete = ON"))


def compact(*tables: str) -> None:
    """Rewrite these tables (SQLite: the whole file and its log); nobody's transaction of this process may be open.

    Others wait meanwhile. Raises OperationalError when somebody else holds the tables for long: ask again later.
    """
    if db.engine.dialect.name == "postgresql":
        _compact_postgresql(tables)
    else:
        _compact_sqlite()


def _compact_postgresql(tables: tuple[str, ...]) -> None:
    quote = db.engine.dialect.identifier_preparer.quote
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(WAIT_FOR_LOCK))
        try:
            for table in tables:
                _vacuum(connection, quote(table))
        finally:
            connection.execute(text("RESET lock_timeout"))


def _vacuum(connection: Connection, table: str) -> None:
    """Rewrite a table, again and again while rows stay that an older transaction of anybody may still see."""
    driver: Any = connection.connection.driver_connection
    for _try in range(TRIES):
        reports: list[str] = []
        driver.add_notice_handler(lambda notice, into=reports: into.append(notice.message_detail or ""))
        connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {table}")
        # "3 dead row versions cannot be removed yet."
        if not any(re.match("[1-9]", report) for report in reports):
            return
        time.sleep(PAUSE_S)
    raise OperationalError("VACUUM FULL", None, RuntimeError("a transaction from before is still open"))


def _compact_sqlite() -> None:
    # The engine begins a transaction for every connection it hands out; VACUUM runs only outside one
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        for _try in range(TRIES):
            if not cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                break
            time.sleep(PAUSE_S)
        cursor.close()
    finally:
        connection.close()
