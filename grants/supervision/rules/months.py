"""Monthly plans and reports, and the arithmetic of months."""

from datetime import date, timedelta
from enum import StrEnum

from grants.foundation.i18n import Text, _l
from grants.foundation.workflow import Workflow


class ReportStatus(StrEnum):
    """A monthly report is written, then handed in; its figures stand from then on."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class ReportAction(StrEnum):
    """What can be done with a monthly report."""

    SUBMIT = "submit"


REPORT_FLOW = Workflow({(ReportStatus.DRAFT, ReportAction.SUBMIT): ReportStatus.SUBMITTED})

REPORT_STATUS_LABELS: dict[ReportStatus, Text] = {
    ReportStatus.DRAFT: _l("草稿"),
    ReportStatus.SUBMITTED: _l("已报送"),
}


class RemarkSide(StrEnum):
    """Who reads a monthly report: the community where the project runs, and the programme."""

    COMMUNITY = "community"
    PROGRAMME = "programme"


REMARK_SIDE_LABELS: dict[RemarkSide, Text] = {
    RemarkSide.COMMUNITY: _l("社区居委会"),
    RemarkSide.PROGRAMME: _l("社区建设部"),
}


def month_of(day: date) -> str:
    """Return the month of a day as it is written in records, for example 2026-03."""
    return f"{day:%Y-%m}"


def first_of(month: str) -> date:
    """Return the first day of a month; ValueError when the text is no month."""
    if len(month) != 7:
        raise ValueError(month)
    return date.fromisoformat(f"{month}-01")


def month_after(month: str) -> str:
    """Return the month that follows."""
    return month_of(first_of(month) + timedelta(days=31))


def last_of(month: str) -> date:
    """Return the last day of a month."""
    return first_of(month_after(month)) - timedelta(days=1)


def months_between(start: date, end: date) -> list[str]:
    """Return every month that has a day of the span, the earliest first; none when the span is empty."""
    months: list[str] = []
    month = month_of(start)
    while first_of(month) <= end:
        months.append(month)
        month = month_after(month)
    return months


def plan_due_on(month: str, day: int, since: date) -> date:
    """Return the day of the month itself by which its plan is filed; not before the agreement is in force."""
    return max(first_of(month).replace(day=day), since)


def report_due_on(month: str, day: int) -> date:
    """Return the day of the following month by which a month's report is handed in."""
    return first_of(month_after(month)).replace(day=day)


def share_of_time(start: date, end: date, day: date) -> int:
    """Return how much of a term is over on a day, in per cent from 0 to 100; the last day counts as over."""
    whole = (end - start).days + 1
    gone = min(max((day - start).days + 1, 0), whole)
    return gone * 100 // whole
