"""What a notice-board poster says."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.charts import Chart
from reports.data.balance import Balance
from reports.data.table import Table


@dataclass(frozen=True)
class Section:
    """A heading with text (one paragraph a line), and a table or chart when given."""

    heading: str
    text: str = ""
    table: Table | None = None
    chart: Chart | None = None


@dataclass(frozen=True)
class Poster:
    """One A3 poster for the board of a community. `reference` is the number it is filed and checked under.

    `mark` is what a paper on projects paid from certain money must show.
    """

    title: str
    lead: str
    sections: tuple[Section, ...]
    signed_by: str
    signed_on: date
    check_code: str
    verify_url: str
    issued_at: datetime
    is_draft: bool = True
    reference: str = ""
    balances: tuple[Balance, ...] = ()
    mark: str = ""
