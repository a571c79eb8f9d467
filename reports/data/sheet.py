"""A report, form or register of the street: headings with text, facts, tables and charts, in the order of print."""

from dataclasses import dataclass
from enum import IntEnum

from reports.charts import Chart
from reports.data.balance import Balance
from reports.data.common import Stamp
from reports.data.table import Table


class Depth(IntEnum):
    """How a heading is numbered: 附件1, 一、, （一）; FRONT is a heading without number, such as 摘要."""

    FRONT = -1
    ANNEX = 0
    SECTION = 1
    SUBSECTION = 2


@dataclass(frozen=True)
class Part:
    """A heading (none where empty) and what stands under it. A turned part has landscape pages of its own."""

    heading: str = ""
    depth: Depth = Depth.SECTION
    text: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    is_turned: bool = False


@dataclass(frozen=True)
class Sheet:
    """One paper. With a cover it has contents too; `is_wide` turns all its pages. `facts` stand on the cover."""

    stamp: Stamp
    title: str
    about: str
    parts: tuple[Part, ...]
    above: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    balances: tuple[Balance, ...] = ()
    has_cover: bool = False
    is_wide: bool = False
