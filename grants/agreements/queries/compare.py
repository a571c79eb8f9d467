"""What the application asked for beside what is agreed, line by line and by code."""

from dataclasses import dataclass

from grants.agreements.models import Agreement
from grants.foundation.i18n import _
from grants.rounds.rules import BudgetCode
from grants.selection.rules import MoneySource


@dataclass(frozen=True)
class BudgetComparison:
    """What was asked for and what is agreed under one line code of one money source, in 分."""

    source: MoneySource
    code: BudgetCode
    requested_fen: int
    agreed_fen: int

    @property
    def difference_fen(self) -> int:
        """Return agreed minus requested."""
        return self.agreed_fen - self.requested_fen


def compare_budget(agreement: Agreement) -> list[BudgetComparison]:
    """Set the application's budget against the agreement's, by source and line code in the order of the chart."""
    compared = []
    for source in MoneySource:
        for code in BudgetCode:
            asked = sum(
                line.amount_fen
                for line in agreement.application.budget_lines
                if line.source is source and line.code is code
            )
            agreed = sum(
                line.amount_fen for line in agreement.budget_lines if line.source is source and line.code is code
            )
            if asked or agreed:
                compared.append(BudgetComparison(source, code, asked, agreed))
    return compared


@dataclass(frozen=True)
class LineComparison:
    """A line of the application beside the agreement's; None on the side that lacks it. Amounts in 分."""

    source: MoneySource
    before_code: BudgetCode | None
    before_content: str
    before_fen: int
    after_code: BudgetCode | None
    after_content: str
    after_fen: int
    reason: str

    @property
    def difference_fen(self) -> int:
        """Return agreed minus asked for."""
        return self.after_fen - self.before_fen

    @property
    def is_changed(self) -> bool:
        """Tell whether anything of the line differs."""
        before = (self.before_code, self.before_content, self.before_fen)
        return before != (self.after_code, self.after_content, self.after_fen)


def compare_lines(agreement: Agreement) -> list[LineComparison]:
    """Set the lines of the application beside the agreement's, then what the agreement adds."""
    agreed = {line.application_line_id: line for line in agreement.budget_lines if line.application_line_id}
    rows = []
    for number, asked in enumerate(agreement.application.budget_lines, start=1):
        line = agreed.get(asked.id)
        rows.append(
            LineComparison(
                line.source if line else asked.source,
                asked.code,
                asked.content,
                asked.amount_fen,
                line.code if line else None,
                line.content if line else "",
                line.amount_fen if line else 0,
                line.reason if line else str(agreement.dropped.get(str(number), "")),
            )
        )
    rows += [
        LineComparison(line.source, None, "", 0, line.code, line.content, line.amount_fen, line.reason)
        for line in agreement.budget_lines
        if line.application_line_id is None
    ]
    return rows


@dataclass(frozen=True)
class PlanComparison:
    """A promise that is no money: what the application said and what is agreed, as text."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Tell whether the two differ; what the application left open is no change."""
        return self.before not in ("", self.after)


def compare_plan(agreement: Agreement) -> list[PlanComparison]:
    """Set term, leader and scale of the application beside the agreement's."""
    application = agreement.application
    leader = next((one.name for one in application.team if one.is_leader), "")
    asked_from = application.starts_on.isoformat() if application.starts_on else ""
    asked_to = application.ends_on.isoformat() if application.ends_on else ""
    return [
        PlanComparison(_("开始日期"), asked_from, agreement.starts_on.isoformat()),
        PlanComparison(_("结束日期"), asked_to, agreement.ends_on.isoformat()),
        PlanComparison(_("项目负责人"), leader, agreement.leader_name),
        PlanComparison(_("服务人数"), str(application.person_target), str(agreement.person_target)),
        PlanComparison(_("服务人次"), str(application.attendance_target), str(agreement.attendance_target)),
        PlanComparison(_("活动场次"), str(application.activity_target), str(agreement.activity_target)),
    ]
