"""What the mid-term evaluation, a later stage, tells an agreement: whether its middle tranches may be paid."""

from datetime import date
from enum import StrEnum

from grants.foundation.i18n import _


class MidtermResult(StrEnum):
    """How the mid-term evaluation ended; one under appeal is not settled yet."""

    PASSED = "passed"
    FAILED = "failed"
    APPEALED = "appealed"


def why_midterm_blocks(result: MidtermResult | None, counts_on: date | None, today: date) -> str | None:
    """Say why the middle tranches wait for the mid-term evaluation: it counts from the day after its objections end."""
    if result is None:
        return _("中期评估还没有公布结果。")
    if result is MidtermResult.APPEALED:
        return _("中期评估结果正在复核，复核结束前暂停拨付。")
    if result is MidtermResult.FAILED:
        return _("中期评估不合格，暂停拨付；整改后重新评估合格才能申请。")
    if counts_on is not None and today < counts_on:
        return _("中期评估结果正在公示，%(day)s 起生效。", day=counts_on.isoformat())
    return None
