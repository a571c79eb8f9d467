"""What every printed table is made of: ready text in rows, no pandas."""

from dataclasses import dataclass

LEFT, CENTRE, RIGHT, DATE = "left", "centre", "right", "date"


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
