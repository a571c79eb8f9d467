"""How a statement of the bank is read: its heads, its days and sums, its lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from grants.foundation.i18n import Text, _l


class BankColumn(StrEnum):
    """What a column of a bank statement says."""

    DATE = "date"
    AMOUNT = "amount"
    REFERENCE = "reference"
    PAYEE = "payee"
    MEMO = "memo"


BANK_COLUMN_LABELS: dict[BankColumn, Text] = {
    BankColumn.DATE: _l("交易日期"),
    BankColumn.AMOUNT: _l("支出金额"),
    BankColumn.REFERENCE: _l("银行回单编号"),
    BankColumn.PAYEE: _l("收款户名"),
    BankColumn.MEMO: _l("摘要或附言"),
}
BANK_COLUMN_WORDS: dict[BankColumn, tuple[str, ...]] = {
    BankColumn.DATE: ("交易日期", "记账日期", "入账日期", "日期", "交易时间"),
    BankColumn.AMOUNT: ("借方发生额", "借方金额", "支出金额", "付款金额", "支出", "借方", "交易金额", "发生额", "金额"),
    BankColumn.REFERENCE: ("回单编号", "回单号", "银行回单", "流水号", "凭证号", "业务编号"),
    BankColumn.PAYEE: ("对方户名", "收款人名称", "收款户名", "对方名称", "收款人", "户名"),
    BankColumn.MEMO: ("摘要", "附言", "用途", "备注"),
}
"""How banks head their columns; of several words the earlier one is the better sign."""

NEEDED_COLUMNS = (BankColumn.DATE, BankColumn.AMOUNT, BankColumn.REFERENCE)
SUGGEST_WITHIN_DAYS = 10
"""A line this near to the recorded day of payment, over the same amount, is worth showing as a suggestion."""


def guess_columns(header: Sequence[str]) -> dict[BankColumn, int]:
    """Return which column of a statement means what, as far as the heads say; no column is taken twice."""
    found: dict[BankColumn, int] = {}
    for column, words in BANK_COLUMN_WORDS.items():
        places = (
            place for word in words for place, head in enumerate(header) if word in head and place not in found.values()
        )
        place = next(places, None)
        if place is not None:
            found[column] = place
    return found


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """Return which row holds the heads: the first that names what is needed, for banks put titles above it."""
    for number, row in enumerate(rows[:20]):
        if all(column in guess_columns(row) for column in NEEDED_COLUMNS):
            return number
    return 0


_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")


def day_of(cell: str) -> date | None:
    """Return the day a cell says: 2026-05-12, 2026/5/12, 20260512, 2026年5月12日, with or without a time of day."""
    found = _DAY.match(cell.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def out_fen(cell: str) -> int | None:
    """Return what a cell of the amount column says was paid, in 分; None for an empty one, incoming money or no sum."""
    text = cell.strip().lstrip("'").replace("¥", "").replace("￥", "").replace(",", "").replace("，", "")
    try:
        amount = Decimal(text) * 100
    except InvalidOperation:
        return None
    return int(amount) if amount == amount.to_integral_value() and amount > 0 else None


@dataclass(frozen=True)
class StatementLine:
    """A payment that a statement names."""

    booked_on: date
    amount_fen: int
    reference: str
    payee: str = ""
    memo: str = ""


def read_lines(
    rows: Sequence[Sequence[str]], columns: Mapping[BankColumn, int]
) -> tuple[list[StatementLine], list[int]]:
    """Return the payments below the heads, and the numbers (from 1) of rows that say none: income, sums, remarks."""
    lines, skipped = [], []
    start = header_place(rows) + 1
    for number, row in enumerate(rows[start:], start=start + 1):
        said = {column: row[place].strip() if place < len(row) else "" for column, place in columns.items()}
        day, amount = day_of(said[BankColumn.DATE]), out_fen(said[BankColumn.AMOUNT])
        reference = said[BankColumn.REFERENCE].lstrip("'")[:60]
        if day is None or amount is None or not reference:
            skipped.append(number)
            continue
        payee, memo = said.get(BankColumn.PAYEE, "")[:120], said.get(BankColumn.MEMO, "")[:200]
        lines.append(StatementLine(day, amount, reference, payee, memo))
    return lines, skipped
