"""Rows as lines of JSON that read the same on either engine, and their way back past the guards of the tables."""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Connection, Date, Enum, Numeric, Table, Time, Uuid, bindparam, insert, select, update
from sqlalchemy.types import TypeEngine

from grants.foundation.database import UtcDateTime

_BATCH = 500
Row = list[Any]


@dataclass(frozen=True)
class Staged:
    """A table whose guards take a row only step by step: first with the values of `first`, at the end as it was.

    The second step goes in the order of the column `order`, so that the guards see the history as it happened.
    """

    table: str
    first: Mapping[str, Any]
    order: str = "id"


def dump(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield every row as one line: a JSON array in the order of the columns."""
    statement = select(*table.columns).order_by(*table.primary_key.columns)
    # SQLite hands out 5 where PostgreSQL hands out 5.0
    numbers = [place for place, column in enumerate(table.columns) if isinstance(column.type, Numeric)]
    with connection.execution_options(yield_per=2000).execute(statement) as rows:
        for found in rows:
            row = list(found)
            for place in numbers:
                row[place] = None if row[place] is None else float(row[place])
            yield json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no plain form")


def parse(table: Table, lines: Iterable[bytes]) -> Iterator[Row]:
    """Yield rows as the columns take them."""
    readers = [_reader(column.type) for column in table.columns]
    for line in lines:
        yield [None if value is None else read(value) for read, value in zip(readers, json.loads(line), strict=True)]


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class
    plain: dict[type[TypeEngine[Any]], Callable[[Any], Any]] = {
        Uuid: uuid.UUID,
        Date: date.fromisoformat,
        Time: time.fromisoformat,
    }
    return next((read for known, read in plain.items() if isinstance(kind, known)), lambda value: value)


def load(connection: Connection, table: Table, rows: Iterable[Row], first: Mapping[str, Any]) -> int:
    """Insert rows, those they refer to before them; `first` replaces values of a staged table. Returns how many."""
    statement = insert(table).values({column.name: _bind(column.name, column.type) for column in table.columns})
    places = {column.name: place for place, column in enumerate(table.columns)}
    count = 0
    ordered = _parents_first(table, rows)
    while batch := list(islice(ordered, _BATCH)):
        values = [{f"v_{name}": row[place] for name, place in places.items()} for row in batch]
        if first:
            provisional = {f"v_{name}": value for name, value in first.items()}
            values = [row | provisional for row in values]
        connection.execute(statement, values)
        count += len(batch)
    return count


def settle(connection: Connection, table: Table, rows: Iterable[Row], staged: Staged) -> None:
    """Take the second step of a staged table: the columns that were held back get their values."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    held = list(staged.first)
    statement = (
        update(table)
        .where(table.c.id == bindparam("v_id", type_=table.c.id.type))
        .values({name: _bind(name, table.c[name].type) for name in held})
    )
    changed = [row for row in rows if any(row[places[name]] != staged.first[name] for name in held)]
    for row in sorted(changed, key=lambda row: row[places[staged.order]]):
        connection.execute(statement, {f"v_{name}": row[places[name]] for name in ("id", *held)})


def _bind(name: str, kind: TypeEngine[Any]) -> Any:
    # An absent value is NULL in either engine, not the JSON word null
    return bindparam(f"v_{name}", type_=JSON(none_as_null=True) if isinstance(kind, JSON) else kind)


def _parents_first(table: Table, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows so that a row comes after those of its own table which it names (a place after its district)."""
    parents = [
        place
        for place, column in enumerate(table.columns)
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    if not parents:
        yield from rows
        return
    key = next(place for place, column in enumerate(table.columns) if column.primary_key)
    known: set[Any] = {None}
    waiting: dict[Any, list[Row]] = defaultdict(list)
    for arrived in rows:
        ready = [arrived]
        while ready:
            row = ready.pop()
            missing = next((row[place] for place in parents if row[place] not in known), None)
            if missing is not None:
                waiting[missing].append(row)
                continue
            known.add(row[key])
            ready += waiting.pop(row[key], [])
            yield row
    for left in waiting.values():
        # The database refuses what names a row that is nowhere
        yield from left
