"""Fee standards: what may be paid a head for lectures, advice and volunteering, and where that is written."""

from dataclasses import dataclass
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.rounds.rules import BudgetCode


class FeeBasis(StrEnum):
    """By which standard a fee is paid."""

    LECTURE_ASSOCIATE = "lecture_associate"
    LECTURE_FULL = "lecture_full"
    LECTURE_ACADEMICIAN = "lecture_academician"
    ADVICE_SENIOR = "advice_senior"
    ADVICE_OTHER = "advice_other"
    VOLUNTEER = "volunteer"


LECTURES = _l("《中央和国家机关培训费管理办法》（财行〔2016〕540号）")
ADVICE = _l("《中央财政科研项目专家咨询费管理办法》（财科教〔2017〕128号）")
ALLOWANCE = _l("本届志愿者补贴标准")


@dataclass(frozen=True)
class FeeStandard:
    """The most that is paid a unit after tax, in 分, with its unit and source."""

    label: Text
    unit: Text
    most_fen: int
    source: Text
    code: BudgetCode


FEE_STANDARDS: dict[FeeBasis, FeeStandard] = {
    FeeBasis.LECTURE_ASSOCIATE: FeeStandard(
        _l("讲课费：副高级及以下"), _l("学时"), 50_000, LECTURES, BudgetCode.EXPERTS
    ),
    FeeBasis.LECTURE_FULL: FeeStandard(_l("讲课费：正高级"), _l("学时"), 100_000, LECTURES, BudgetCode.EXPERTS),
    FeeBasis.LECTURE_ACADEMICIAN: FeeStandard(
        _l("讲课费：院士、全国知名专家"), _l("学时"), 150_000, LECTURES, BudgetCode.EXPERTS
    ),
    FeeBasis.ADVICE_SENIOR: FeeStandard(_l("咨询费：高级职称专家"), _l("人·天"), 240_000, ADVICE, BudgetCode.EXPERTS),
    FeeBasis.ADVICE_OTHER: FeeStandard(_l("咨询费：其他专业人员"), _l("人·天"), 150_000, ADVICE, BudgetCode.EXPERTS),
    FeeBasis.VOLUNTEER: FeeStandard(_l("志愿者补贴"), _l("人·天"), 10_000, ALLOWANCE, BudgetCode.VOLUNTEERS),
}
"""财行〔2016〕540号 and 财科教〔2017〕128号 name the ceilings; volunteers get at most 100 元 a day."""

FEE_CODES = frozenset(standard.code for standard in FEE_STANDARDS.values())
"""Budget lines whose spending is a fee, so that each voucher names its standard."""


def why_over_standard(code: BudgetCode, basis: FeeBasis | None, units: int | None, amount_fen: int) -> str | None:
    """Say which fee standard a spending breaks, quoting it; `units` are hours of 45 minutes or person-days."""
    if basis is None:
        return _("这个科目按标准列支，请选择计发标准并填写数量。") if code in FEE_CODES else None
    standard = FEE_STANDARDS[basis]
    if standard.code is not code:
        return _("“%(standard)s”不能列在这个科目。", standard=standard.label)
    if not units or units < 1:
        return _("请填写数量（%(unit)s）。", unit=standard.unit)
    if amount_fen <= standard.most_fen * units:
        return None
    return _(
        "按%(source)s，%(standard)s每%(unit)s不超过 %(most)s 元（税后）：%(units)s %(unit)s最多 %(sum)s 元，"
        "这张票据 %(amount)s 元，超出标准。",
        source=standard.source,
        standard=standard.label,
        unit=standard.unit,
        most=yuan(standard.most_fen),
        units=units,
        sum=yuan(standard.most_fen * units),
        amount=yuan(amount_fen),
    )
