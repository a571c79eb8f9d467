"""What every printed table is made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from grants.foundation.money import yuan

LEFT, CENTRE, RIGHT, DATE = "left", "centre", "right", "date"
TOTAL = "合计"


class DoesNotReconcile(ValueError):
    """Two sums that must be equal differ; the paper is not made."""


@dataclass(frozen=True)
class Column:
    """A column's heading, its share of the width in percent (3 to 80) and how its cells are set."""

    title: str
    width: int
    align: str = LEFT


@dataclass(frozen=True)
class Row:
    """A row of ready text. A group row has one cell, across the table; a total row stands out."""

    cells: tuple[str, ...]
    kind: str = "plain"


@dataclass(frozen=True)
class Table:
    """Caption, unit, columns and rows. `spans` are headings over several columns: (text, how many), "" for none."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str = ""
    note: str = ""
    spans: tuple[tuple[str, int], ...] = ()
    is_dense: bool = False

    def __post_init__(self) -> None:
        if sum(column.width for column in self.columns) != 100:
            raise ValueError(f"{self.caption}: the widths of the columns do not sum to 100")
        for row in self.rows:
            if len(row.cells) != (1 if row.kind == "group" else len(self.columns)):
                raise ValueError(f"{self.caption}: a row has {len(row.cells)} cells for {len(self.columns)} columns")
        if self.spans and sum(count for _text, count in self.spans) != len(self.columns):
            raise ValueError(f"{self.caption}: the upper headings do not cover the columns")


def frame(rows: Iterable[Any], kind: type) -> pd.DataFrame:
    """Return dataclass rows as a data frame with one column for each field, also when there are no rows."""
    listed = list(rows)
    return pd.DataFrame({field.name: [getattr(row, field.name) for row in listed] for field in fields(kind)})


def total(data: pd.DataFrame, column: str) -> int:
    """Return the exact sum of a column of whole numbers."""
    return sum(int(value) for value in data[column])


def sums_by(data: pd.DataFrame, key: str, columns: Sequence[str], order: Iterable[str]) -> pd.DataFrame:
    """Return the sums of `columns` for each value of `key`, in the given order, with a row of zeros where none is."""
    grouped = data.groupby(key, sort=False)[list(columns)].sum()
    return grouped.reindex(list(order), fill_value=0)


def records(data: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows as named tuples; the first field, Index, is the row's label."""
    yield from data.itertuples()


def at(data: pd.DataFrame, label: str, column: str) -> int:
    """Return one whole number of a summed table."""
    value: Any = data.at[label, column]
    return int(value)


def plain(data: pd.DataFrame, cells: Sequence[Callable[[Any], str]]) -> tuple[Row, ...]:
    """Return one row of text for each row of data; each function makes one cell from a named tuple."""
    return tuple(Row(tuple(cell(record) for cell in cells)) for record in records(data))


def total_row(cells: Sequence[str]) -> Row:
    """Return the row that sums a table up."""
    return Row(tuple(cells), "total")


def group_row(title: str) -> Row:
    """Return the heading of a group of rows."""
    return Row((title,), "group")


def reconcile(what: str, sums: Mapping[str, int]) -> int:
    """Return the one value all these sums of 分 share; raise DoesNotReconcile naming those that differ."""
    values = set(sums.values())
    if len(values) > 1:
        listed = "，".join(f"{name} {yuan(value)} 元" for name, value in sums.items())
        raise DoesNotReconcile(f"{what}不相符：{listed}")
    return values.pop()
