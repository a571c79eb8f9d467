"""Changes to tables that exist, the same on both engines.

SQLite before 3.53 cannot alter a constraint. Its documented way for changes that leave the rows alone is to rewrite
the stored text of the table, which is what happens here; PostgreSQL is asked in the ordinary way.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

Column = tuple[str, str, TypeEngine[object], str]
"""Table, column, type, and what follows the type: default, NOT NULL, named constraints."""
Guard = tuple[str, str, str, str]
"""Table, event (INSERT, UPDATE, DELETE), what breaks the law in terms of NEW and OLD, the words of the refusal."""


def is_sqlite() -> bool:
    """Tell which engine is being migrated."""
    return op.get_bind().dialect.name == "sqlite"


def add_columns(columns: Sequence[Column]) -> None:
    """Add columns; one that must not be null needs a default for the rows that are there."""
    dialect = op.get_bind().dialect
    for table, column, kind, rest in columns:
        op.execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind.compile(dialect)} {rest}')


def drop_columns(columns: Sequence[Column]) -> None:
    """Take columns away again; a constraint over several of them goes first (drop_check)."""
    for table, column, _kind, _rest in reversed(columns):
        op.execute(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')


def replace_check(table: str, name: str, old: str, new: str, new_name: str | None = None) -> None:
    """Put another condition under the same name, or under a new one."""
    new_name = new_name or name
    if not is_sqlite():
        op.drop_constraint(name, table)
        op.create_check_constraint(op.f(new_name), table, new)
        return
    rewrite(table, f"CONSTRAINT {name} CHECK ({old})", f"CONSTRAINT {new_name} CHECK ({new})")


def add_check(table: str, name: str, condition: str) -> None:
    """Add a named condition over columns that exist; the rows that are there must fulfil it."""
    if not is_sqlite():
        op.create_check_constraint(op.f(name), table, condition)
        return
    broken = op.get_bind().execute(sa.text(f'SELECT count(*) FROM "{table}" WHERE NOT ({condition})')).scalar_one()  # noqa: S608
    if broken:
        raise RuntimeError(f"{name}: {broken} rows of {table} do not fulfil it")
    text = _text_of(table)
    end = text.rindex(")")
    rewrite(table, text, f"{text[:end]}, CONSTRAINT {name} CHECK ({condition}){text[end:]}")


def drop_check(table: str, name: str, condition: str) -> None:
    """Take away a condition that add_check added."""
    if not is_sqlite():
        op.drop_constraint(name, table)
        return
    rewrite(table, f", CONSTRAINT {name} CHECK ({condition})", "")


def add_guards(prefix: str, guards: Sequence[Guard]) -> None:
    """Have the database itself refuse what breaks a law; triggers are named TABLE_PREFIX_NUMBER."""
    for number, (table, event, broken, words) in enumerate(guards):
        name = f"{table}_{prefix}_{number}"
        if is_sqlite():
            body = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {broken} {body}")
            continue
        back = "OLD" if event == "DELETE" else "NEW"
        refuse = f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation';"
        body = f"BEGIN IF {broken} THEN {refuse} END IF; RETURN {back}; END"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def remove_guards(prefix: str, guards: Sequence[Guard]) -> None:
    """Take the guards away again, so that the tables can be changed back."""
    for number, (table, *_rest) in enumerate(guards):
        name = f"{table}_{prefix}_{number}"
        op.execute(f"DROP TRIGGER {name}" if is_sqlite() else f"DROP FUNCTION {name}() CASCADE")


def differs(column: str, *, is_json: bool = False) -> str:
    """Return the condition that an update changes a column, nulls included."""
    if is_sqlite():
        return f"NEW.{column} IS NOT OLD.{column}"
    cast = "::text" if is_json else ""
    return f"NEW.{column}{cast} IS DISTINCT FROM OLD.{column}{cast}"


def _text_of(table: str) -> str:
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name").bindparams(name=table)
    return str(op.get_bind().execute(query).scalar_one())


def rewrite(name: str, old: str, new: str, kind: str = "table") -> None:
    """Change the stored text of a table or trigger of SQLite in its place; the order of triggers stays."""
    op.execute("PRAGMA writable_schema = ON")
    change = sa.text(
        "UPDATE sqlite_master SET sql = replace(sql, :old, :new) "
        "WHERE type = :kind AND name = :name AND instr(sql, :old) > 0"
    ).bindparams(kind=kind, name=name, old=old, new=new)
    if op.get_bind().execute(change).rowcount != 1:
        raise RuntimeError(f"{name} does not read as expected; it was changed by hand")
    op.execute("PRAGMA writable_schema = RESET")
