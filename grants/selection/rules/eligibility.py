"""Eligibility: twelve conditions, what can be computed of each, and the sentence that says why.

Periods are counted as 民法典 arts. 201–202 say: the first day is not counted, and the last day is the corresponding
one (29 February ends on the 28th). All applicants of a call are measured on the same day, the day it closes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.people.rules.dossier import STILL_LISTED
from grants.selection.rules.settings import setting


class Condition(StrEnum):
    """The conditions of eligibility, each decided with a reason."""

    REGISTERED = "registered"
    SCOPE = "scope"
    NOT_ABNORMAL = "not_abnormal"
    NOT_DISHONEST = "not_dishonest"
    NO_VIOLATION = "no_violation"
    NO_BREACH = "no_breach"
    NO_POOR_GRADE = "no_poor_grade"
    INSPECTIONS = "inspections"
    NOT_DOUBLE = "not_double"
    PAYEE = "payee"
    WITHIN_LIMIT = "within_limit"
    WITHIN_CEILING = "within_ceiling"


CONDITION_LABELS: dict[Condition, Text] = {
    Condition.REGISTERED: _l("依法登记满一年（备案组织由承接机构代为申报）"),
    Condition.SCOPE: _l("项目在章程业务范围内"),
    Condition.NOT_ABNORMAL: _l("一年内未列入活动异常名录"),
    Condition.NOT_DISHONEST: _l("两年内未列入严重违法失信名单"),
    Condition.NO_VIOLATION: _l("三年内无重大违法记录"),
    Condition.NO_BREACH: _l("三年内没有因自身原因终止的项目"),
    Condition.NO_POOR_GRADE: _l("两年内没有评价不合格的项目"),
    Condition.INSPECTIONS: _l("近两年年检（年报）合格"),
    Condition.NOT_DOUBLE: _l("同一项目未重复获得财政资金"),
    Condition.PAYEE: _l("收款主体为独立法人且账户已登记"),
    Condition.WITHIN_LIMIT: _l("本届申报数量未超限"),
    Condition.WITHIN_CEILING: _l("申请金额未超过项目限额"),
}


PASSED = frozenset({"合格", "优秀"})
"""Conclusions of a yearly inspection (年检/年报) that count; 基本合格 does not."""


@dataclass(frozen=True)
class Registrant:
    """What the register knows of an organisation that answers for an application."""

    name: str
    is_filed: bool
    is_listed: bool
    registered_on: date
    inspections: Mapping[str, Any]
    abnormal_until: date | None
    dishonest_until: date | None
    violation_on: date | None
    breach_on: date | None = None
    poor_grade_on: date | None = None


@dataclass(frozen=True)
class Funded:
    """Another project for which the applicant was chosen, with the time it is paid for."""

    ref: str
    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Case:
    """Everything the conditions look at, gathered by the caller."""

    applicant: Registrant
    host: Registrant | None
    payee_problem: str | None
    fiscal_fen: int
    ceiling_fen: int
    application_count: int
    application_limit: int
    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    funded: tuple[Funded, ...] = ()

    @property
    def answerable(self) -> Registrant | None:
        """Return the legal person that answers: the applicant, or the host of one that is only filed (备案)."""
        return self.host if self.applicant.is_filed else self.applicant

    @property
    def everybody(self) -> list[Registrant]:
        """Return applicant and host; a bad record of either counts."""
        return [one for one in (self.applicant, self.host if self.applicant.is_filed else None) if one]


@dataclass(frozen=True)
class Finding:
    """What was computed for a condition; `is_met` is None where only a person can judge."""

    condition: Condition
    is_met: bool | None
    reason: str


def corresponding_day(day: date, years: int) -> date:
    """Return the last day of a period of years that begins after `day`."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def findings(case: Case, *, day: date, settings: Mapping[str, Any]) -> list[Finding]:
    """Compute all conditions as they stand on `day`, in their fixed order."""
    return [
        _registered(case, day, setting(settings, "registered_years")),
        Finding(Condition.SCOPE, None, _("请对照章程业务范围与项目内容判断。")),
        _clear_since(case, Condition.NOT_ABNORMAL, "abnormal_until", day, setting(settings, "abnormal_clear_years")),
        _clear_since(case, Condition.NOT_DISHONEST, "dishonest_until", day, setting(settings, "dishonest_clear_years")),
        _clear_since(case, Condition.NO_VIOLATION, "violation_on", day, setting(settings, "violation_clear_years")),
        _clear_since(case, Condition.NO_BREACH, "breach_on", day, setting(settings, "breach_clear_years")),
        _clear_since(case, Condition.NO_POOR_GRADE, "poor_grade_on", day, setting(settings, "poor_grade_clear_years")),
        _inspected(case, day, setting(settings, "inspection_years")),
        _not_double(case),
        Finding(Condition.PAYEE, case.payee_problem is None, case.payee_problem or _("收款主体符合要求。")),
        _within_limit(case),
        _within_ceiling(case),
    ]


def _registered(case: Case, day: date, years: int) -> Finding:
    body = case.answerable
    if body is None:
        return Finding(Condition.REGISTERED, False, _("备案组织还没有登记承接机构，不具备独立法人资格。"))
    if not body.is_listed:
        return Finding(Condition.REGISTERED, False, _("%(name)s未在社会组织目录中，或已被暂停。", name=body.name))
    since = corresponding_day(body.registered_on, years)
    values = {"name": body.name, "on": body.registered_on.isoformat(), "since": since.isoformat(), "years": years}
    if day >= since:
        return Finding(Condition.REGISTERED, True, _("%(name)s于 %(on)s 登记，已满 %(years)s 年。", **values))
    text = _("%(name)s于 %(on)s 登记，到 %(since)s 才满 %(years)s 年。", **values)
    return Finding(Condition.REGISTERED, False, text)


_CLEAR_TEXTS: dict[Condition, tuple[Text, Text, Text]] = {
    Condition.NOT_ABNORMAL: (
        _l("没有列入活动异常名录的记录。"),
        _l("%(name)s于 %(on)s 移出活动异常名录，至 %(last)s 已满 %(years)s 年。"),
        _l("%(name)s的活动异常名录记录到 %(on)s，须过 %(last)s（满 %(years)s 年）才符合条件。"),
    ),
    Condition.NOT_DISHONEST: (
        _l("没有列入严重违法失信名单的记录。"),
        _l("%(name)s于 %(on)s 移出严重违法失信名单，至 %(last)s 已满 %(years)s 年。"),
        _l("%(name)s的严重违法失信记录到 %(on)s，须过 %(last)s（满 %(years)s 年）才符合条件。"),
    ),
    Condition.NO_VIOLATION: (
        _l("没有重大违法记录。"),
        _l("%(name)s于 %(on)s 有重大违法记录，至 %(last)s 已满 %(years)s 年。"),
        _l("%(name)s于 %(on)s 有重大违法记录，须过 %(last)s（满 %(years)s 年）才符合条件。"),
    ),
    Condition.NO_BREACH: (
        _l("没有因自身原因终止项目的记录。"),
        _l("%(name)s于 %(on)s 因自身原因终止项目，至 %(last)s 已满 %(years)s 年。"),
        _l("%(name)s于 %(on)s 因自身原因终止项目，须过 %(last)s（满 %(years)s 年）才符合条件。"),
    ),
    Condition.NO_POOR_GRADE: (
        _l("没有项目评价不合格的记录。"),
        _l("%(name)s的项目于 %(on)s 评价不合格，至 %(last)s 已满 %(years)s 年。"),
        _l("%(name)s的项目于 %(on)s 评价不合格，须过 %(last)s（满 %(years)s 年）才符合条件。"),
    ),
}


def _clear_since(case: Case, condition: Condition, field: str, day: date, years: int) -> Finding:
    clean, past, recent = _CLEAR_TEXTS[condition]
    marked = [(getattr(one, field), one.name) for one in case.everybody if getattr(one, field) is not None]
    if not marked:
        return Finding(condition, True, str(clean))
    on, name = max(marked)
    if on >= STILL_LISTED:
        values = {"name": name, "years": years}
        text = _("%(name)s目前仍在名单（名录）中，移出满 %(years)s 年后才符合条件。", **values)
        return Finding(condition, False, text)
    last = corresponding_day(on, years)
    is_met = day > last
    text = str(past if is_met else recent)
    return Finding(
        condition, is_met, text % {"name": name, "on": on.isoformat(), "last": last.isoformat(), "years": years}
    )


def _inspected(case: Case, day: date, years: int) -> Finding:
    body = case.answerable
    if body is None:
        return Finding(Condition.INSPECTIONS, False, _("备案组织还没有登记承接机构，没有年检记录。"))
    due = [year for year in range(day.year - years, day.year) if year >= body.registered_on.year]
    faults = [
        _("%(year)s 年为“%(result)s”", year=year, result=body.inspections[str(year)])
        if str(year) in body.inspections
        else _("%(year)s 年没有记录", year=year)
        for year in due
        if body.inspections.get(str(year)) not in PASSED
    ]
    if faults:
        text = _("%(name)s的年检：%(faults)s。", name=body.name, faults="，".join(faults))
        return Finding(Condition.INSPECTIONS, False, text)
    spoken = "、".join(str(year) for year in due)
    text = _("%(name)s %(years)s 年年检合格。", name=body.name, years=spoken) if due else _("成立当年，尚无年检要求。")
    return Finding(Condition.INSPECTIONS, True, text)


def _not_double(case: Case) -> Finding:
    """Compare with the projects the applicant was chosen for: the same name at the same time is paid for twice.

    A project of the same name in another year is a continuation; money from elsewhere only a person can know of.
    """
    for one in case.funded:
        if _plain(one.title) != _plain(case.title) or case.starts_on is None or case.ends_on is None:
            continue
        values = {"ref": one.ref, "title": one.title, "start": one.starts_on, "end": one.ends_on}
        if case.starts_on <= one.ends_on and one.starts_on <= case.ends_on:
            text = _("与已入选的 %(ref)s“%(title)s”（%(start)s 至 %(end)s）同名且实施期重叠。", **values)
            return Finding(Condition.NOT_DOUBLE, False, text)
    return Finding(
        Condition.NOT_DOUBLE, True, _("系统内没有同名且实施期重叠的入选项目；其他财政资金请对照非重复资助承诺书。")
    )


def _plain(title: str) -> str:
    return "".join(letter for letter in title if letter.isalnum()).casefold()


def _within_limit(case: Case) -> Finding:
    values = {"count": case.application_count, "limit": case.application_limit}
    if case.application_count <= case.application_limit:
        text = _("本届共申报 %(count)s 个项目，限 %(limit)s 个。", **values)
        return Finding(Condition.WITHIN_LIMIT, True, text)
    text = _("本届共申报 %(count)s 个项目，超过限额 %(limit)s 个。", **values)
    return Finding(Condition.WITHIN_LIMIT, False, text)


def _within_ceiling(case: Case) -> Finding:
    values = {"asked": yuan(case.fiscal_fen), "ceiling": yuan(case.ceiling_fen)}
    if 0 < case.fiscal_fen <= case.ceiling_fen:
        text = _("申请财政资金 %(asked)s 元，限额 %(ceiling)s 元。", **values)
        return Finding(Condition.WITHIN_CEILING, True, text)
    text = _("申请财政资金 %(asked)s 元，不在 0 至限额 %(ceiling)s 元之间。", **values)
    return Finding(Condition.WITHIN_CEILING, False, text)
