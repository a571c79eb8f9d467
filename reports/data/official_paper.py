"""What an official paper of the street says, in the parts GB/T 9704-2012 gives it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.table import Table


class Level(StrEnum):
    """A paragraph, or a heading: 一、黑体, （一）楷体, 1. 仿宋. Numbers are part of the text."""

    TEXT = "p"
    FIRST = "h2"
    SECOND = "h3"
    THIRD = "h4"


@dataclass(frozen=True)
class Block:
    """A paragraph or heading of the body, or a table when `table` is given."""

    text: str = ""
    level: Level = Level.TEXT
    table: Table | None = None


@dataclass(frozen=True)
class OfficialPaper:
    """One paper.

    `masthead` is the red 发文机关标志, e.g. 梧桐街道办事处文件; without it the paper is a plain announcement (公示,
    公告). `number` is written 梧街社建〔2026〕3号; `series` is what stands before the 3 and is filled in when the paper
    is issued. `title` holds its lines as they shall break. A sealed paper leaves room for the seal over signature and
    date. `copies_to` and `printed_by` make up the 版记, which is left out when both are empty. `reference` is the
    number the paper is filed and checked under.
    """

    title: tuple[str, ...]
    body: tuple[Block, ...]
    signed_by: str
    signed_on: date
    check_code: str
    verify_url: str
    issued_at: datetime
    masthead: str = ""
    number: str = ""
    series: str = ""
    reference: str = ""
    addressee: str = ""
    annexes: tuple[str, ...] = ()
    note: str = ""
    copies_to: str = ""
    printed_by: str = ""
    is_sealed: bool = True
    is_draft: bool = True
    signatories: tuple[Signatory, ...] = ()
    balances: tuple[Balance, ...] = ()

    @property
    def full_title(self) -> str:
        """Return the title as one line."""
        return "".join(self.title)
