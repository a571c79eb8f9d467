"""The database: base class, column types, connection settings and the write lock.

SQLite is the embedded default and PostgreSQL the server; both run the same models and rules.
"""

import enum
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Uuid,
    event,
    func,
    literal,
    select,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from grants.foundation import clock
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without zone, so the zone is checked in and put back out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Fen(TypeDecorator[int]):
    """Money in 分: a whole number, never a float."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise TypeError("money is stored in whole 分")
        return value


def _values(members: type[enum.Enum]) -> list[str]:
    return [member.value for member in members]


_TYPES: dict[Any, Any] = {
    datetime: UtcDateTime(),
    date: Date(),
    uuid.UUID: Uuid(),
    dict[str, Any]: JSON(),
    list[Any]: JSON(),
    list[str]: JSON(),
    enum.StrEnum: Enum(
        enum.StrEnum,
        native_enum=False,
        length=32,
        create_constraint=True,
        validate_strings=True,
        values_callable=_values,
    ),
}


class Base(DeclarativeBase):
    """Shared metadata and the column type that each Python type maps to."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map=_TYPES)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def uuid_key() -> Mapped[uuid.UUID]:
    """Return a primary-key column that fills itself with a random UUID."""
    return mapped_column(primary_key=True, default=uuid.uuid4)


def fen(**options: Any) -> Mapped[Any]:
    """Return a column that holds money in 分."""
    return mapped_column(Fen(), **options)


M = TypeVar("M", bound=Base)


def get_by_id(model: type[M], identity: Any) -> M:
    """Return the row with this primary key, or raise NotFound."""
    found = db.session.get(model, identity)
    if found is None:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return found


def get_one(statement: Any) -> Any:
    """Return the single row of a select, with whatever is joined to it, or raise NotFound."""
    found = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return found


def hold(thing: Base) -> None:
    """Lock a row and read it anew: two people who press at once come one after the other, until the commit.

    Only the row itself is locked: what was loaded along with it by an outer join may be absent, and PostgreSQL refuses
    to lock that.
    """
    db.session.flush()
    db.session.refresh(thing, with_for_update={"of": type(thing)})


def database_now() -> datetime:
    """Return the database's clock, the only one that decides a deadline."""
    if clock.is_set() or db.engine.dialect.name == "sqlite":
        # SQLite runs inside this process: the application's clock is the database's.
        return clock.now()
    moment: datetime = db.session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


def database_moment() -> Any:
    """Return the database's clock (see database_now) as an expression, to compare with inside a statement."""
    if clock.is_set() or db.engine.dialect.name == "sqlite":
        return literal(clock.now(), UtcDateTime())
    return func.clock_timestamp()


_writing: ContextVar[bool] = ContextVar("writing", default=True)


@contextmanager
def reading_only() -> Iterator[None]:
    """Let transactions begun inside take no write lock (pages that only show something)."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def configure_sqlite(engine: Engine) -> None:
    """Apply the pragmas of an embedded database and begin writing transactions at once.

    BEGIN IMMEDIATE makes a writer wait for its turn at the start; a transaction that begins
    by reading and then writes would fail with "database is locked" under load.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"journal_mode={'WAL' if wal_is_safe(connection) else 'DELETE'}",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "cache_size=-65536",
            "mmap_size=268435456",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def wal_is_safe(connection: Any) -> bool:
    """Tell whether the linked SQLite is free of the WAL-reset bug (fixed in 3.51.3, 3.50.7 and 3.44.6)."""
    text: str = connection.execute("SELECT sqlite_version()").fetchone()[0]
    version = tuple(int(part) for part in text.split("."))
    return version >= (3, 51, 3) or ((3, 50, 7) <= version < (3, 51, 0)) or ((3, 44, 6) <= version < (3, 45, 0))
