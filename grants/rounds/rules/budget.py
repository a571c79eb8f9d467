"""The chart of budget lines (预算科目)."""

from enum import StrEnum

from grants.foundation.i18n import Text, _l


class BudgetCode(StrEnum):
    """The chart of budget lines."""

    MATERIALS = "01"
    EXPERTS = "02"
    VOLUNTEERS = "03"
    STAFF = "04"
    VENUE = "05"
    PUBLICITY = "06"
    TRAVEL_MEALS = "07"
    INSURANCE = "08"
    MANAGEMENT = "09"
    TAXES = "10"
    CONTINGENCY = "11"


BUDGET_LABELS: dict[BudgetCode, Text] = {
    BudgetCode.MATERIALS: _l("活动物资费"),
    BudgetCode.EXPERTS: _l("专家/讲师费"),
    BudgetCode.VOLUNTEERS: _l("志愿者补贴"),
    BudgetCode.STAFF: _l("人员费"),
    BudgetCode.VENUE: _l("场地及设备租赁费"),
    BudgetCode.PUBLICITY: _l("宣传费"),
    BudgetCode.TRAVEL_MEALS: _l("交通费/餐费"),
    BudgetCode.INSURANCE: _l("保险费"),
    BudgetCode.MANAGEMENT: _l("管理费"),
    BudgetCode.TAXES: _l("税费"),
    BudgetCode.CONTINGENCY: _l("不可预见费"),
}
