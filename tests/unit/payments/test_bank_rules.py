"""Reading a bank statement: heads are found under titles, odd days and sums are understood, income is left out."""

from datetime import date

import pytest

from grants.payments.rules import BankColumn, StatementLine, day_of, guess_columns, header_place, out_fen, read_lines

STATEMENT = [
    ["账户明细", "", "", "", "", ""],
    ["记账日期", "对方户名", "借方发生额", "贷方发生额", "交易流水号", "摘要"],
    ["2026-05-12", "银杏社区服务中心", "30,000.00", "", "HD0001", "BF-2026-01-0001"],
    ["2026-05-13", "区财政局", "", "800000", "HD0002", "拨入"],
    ["合计", "", "30,000.00", "800000", "", ""],
]


def test_the_heads_are_found_below_the_title_and_each_column_is_taken_once() -> None:
    assert header_place(STATEMENT) == 1
    assert guess_columns(STATEMENT[1]) == {
        BankColumn.DATE: 0,
        BankColumn.AMOUNT: 2,
        BankColumn.REFERENCE: 4,
        BankColumn.PAYEE: 1,
        BankColumn.MEMO: 5,
    }


def test_only_what_the_street_paid_is_read() -> None:
    lines, skipped = read_lines(STATEMENT, guess_columns(STATEMENT[1]))
    assert lines == [StatementLine(date(2026, 5, 12), 3_000_000, "HD0001", "银杏社区服务中心", "BF-2026-01-0001")]
    assert skipped == [4, 5]


@pytest.mark.parametrize("text", ["2026-05-12", "2026/5/12", "20260512", "2026年5月12日", "2026-05-12 00:00:00"])
def test_a_day_is_understood_however_the_bank_writes_it(text: str) -> None:
    assert day_of(text) == date(2026, 5, 12)


@pytest.mark.parametrize(
    ("text", "fen"),
    [("30,000.00", 3_000_000), ("￥0.07", 7), ("'12", 1_200), ("-5", None), ("", None), ("0.001", None), ("NaN", None)],
)
def test_a_sum_is_whole_fen_or_nothing(text: str, fen: int | None) -> None:
    assert out_fen(text) == fen
    assert day_of("2026-02-30") is None
