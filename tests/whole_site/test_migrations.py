"""Migrations: one head, numbered, agreeing with the models, and reversible on an empty database."""

import re
import warnings
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint

from grants.app import is_modelled
from grants.foundation.database import db

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def test_migrations_are_numbered_in_one_line() -> None:
    files = sorted(path.name for path in VERSIONS.glob("*.py"))
    numbers = [int(name[:4]) for name in files]
    assert numbers == list(range(1, len(files) + 1))
    for number, name in zip(numbers, files, strict=True):
        text = (VERSIONS / name).read_text("utf-8")
        before = "None" if number == 1 else f'"{number - 1:04d}"'
        assert re.search(rf"^down_revision = {before}$", text, re.M), name


def test_models_and_migrations_agree(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_modelled})
        assert compare_metadata(context, db.metadata) == []


def test_named_checks_are_in_the_database(app: Flask) -> None:
    wanted = {
        str(constraint.name)
        for table in db.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert len(wanted) > 100
    query = (
        "SELECT group_concat(sql, ' ') FROM sqlite_master"
        if db_is_sqlite(app)
        else "SELECT string_agg(conname, ' ') FROM pg_constraint"
    )
    with app.app_context():
        found = str(db.session.execute(db.text(query)).scalar_one())
    missing = {name for name in wanted if not re.search(rf"\b{name}\b", found)}
    assert missing == set()


def db_is_sqlite(app: Flask) -> bool:
    """Tell which engine a test runs on."""
    with app.app_context():
        return db.engine.dialect.name == "sqlite"


def test_everything_can_be_taken_back_and_made_again(app: Flask) -> None:
    with app.app_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        db.engine.dispose()
        downgrade(revision="base")
        db.engine.dispose()
        upgrade()
        db.engine.dispose()
