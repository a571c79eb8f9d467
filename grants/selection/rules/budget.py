"""The two budget tables: sums, the share of each line code, and the caps of the round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.rounds.rules import BUDGET_LABELS, BudgetCode
from grants.selection.rules.paper import BudgetRow


@dataclass(frozen=True)
class CodeSum:
    """What one line code takes of the public money asked for, and how much it may take (None: no cap)."""

    code: BudgetCode
    amount_fen: int
    share_percent: float
    cap_percent: int | None
    cap_fen: int | None

    @property
    def is_over(self) -> bool:
        """Tell whether the code takes more than its cap."""
        return self.cap_fen is not None and self.amount_fen > self.cap_fen


def total(rows: Sequence[BudgetRow]) -> int:
    """Return the sum of a table in 分."""
    return sum(row.amount_fen for row in rows)


def code_sums(rows: Sequence[BudgetRow], caps: Mapping[str, int]) -> list[CodeSum]:
    """Return the sums by line code, in the order of the chart; a cap is a percent of the whole table, rounded down."""
    whole = total(rows)
    sums = []
    for code in BudgetCode:
        amount = sum(row.amount_fen for row in rows if row.code is code)
        if amount:
            percent = caps.get(code.value)
            cap = whole * percent // 100 if percent is not None else None
            sums.append(CodeSum(code, amount, round(100 * amount / whole, 1), percent, cap))
    return sums


def problems(
    fiscal: Sequence[BudgetRow], social: Sequence[BudgetRow], *, ceiling_fen: int, caps: Mapping[str, int]
) -> list[str]:
    """Say what is wrong with the two tables; empty when they may be submitted. Caps hold for public money only."""
    found = []
    asked = total(fiscal)
    if not fiscal:
        found.append(_("财政资金预算表还没有填写"))
    elif asked > ceiling_fen:
        found.append(
            _(
                "申请财政资金 %(asked)s 元，超过项目限额 %(ceiling)s 元",
                asked=yuan(asked),
                ceiling=yuan(ceiling_fen),
            )
        )
    for one in code_sums(fiscal, caps):
        if one.is_over and one.cap_fen is not None:
            found.append(
                _(
                    "%(code)s %(amount)s 元，超过财政资金的 %(percent)s%%（最多 %(cap)s 元）",
                    code=BUDGET_LABELS[one.code],
                    amount=yuan(one.amount_fen),
                    percent=one.cap_percent,
                    cap=yuan(one.cap_fen),
                )
            )
    return found


def leverage_percent(fiscal_fen: int, social_fen: int) -> float | None:
    """Return how much money of society stands beside each 100 元 of public money (撬动比)."""
    return round(100 * social_fen / fiscal_fen, 1) if fiscal_fen else None
