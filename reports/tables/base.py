"""From plain rows to printed tables: sums with pandas, exact to the 分."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import pandas as pd

from grants.foundation.money import yuan
from reports.data.table import CENTRE, DATE, LEFT, RIGHT, Column, Row, Table

__all__ = [
    "CENTRE",
    "DATE",
    "LEFT",
    "RIGHT",
    "TOTAL",
    "Column",
    "DoesNotReconcile",
    "Row",
    "Table",
    "at",
    "frame",
    "group_row",
    "plain",
    "reconcile",
    "records",
    "sums_by",
    "total",
    "total_row",
]

TOTAL = "合计"


class DoesNotReconcile(ValueError):
    """Two sums that must be equal differ; the paper is not made."""


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
