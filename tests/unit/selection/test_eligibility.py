"""Eligibility: periods to the day, and the sentence that says why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.people.rules.dossier import STILL_LISTED
from grants.selection.rules.eligibility import (
    Case,
    Condition,
    Finding,
    Funded,
    Registrant,
    corresponding_day,
    findings,
)

DAY = date(2026, 3, 31)
CLEAN = Registrant(
    "暖阳社工服务中心", False, True, date(2018, 3, 1), {"2024": "合格", "2025": "合格"}, None, None, None
)
CASE = Case(CLEAN, None, None, 5_000_000, 6_000_000, 1, 2)


def finding(condition: Condition, *, day: date = DAY, case: Case = CASE, **changes: object) -> Finding:
    changed = replace(case, applicant=replace(case.applicant, **changes))  # type: ignore[arg-type]
    return {one.condition: one for one in findings(changed, day=day, settings={})}[condition]


def test_a_clean_organisation_meets_all_that_can_be_computed() -> None:
    results = findings(CASE, day=DAY, settings={})
    assert [one.condition for one in results] == list(Condition)
    assert [one.is_met for one in results if one.condition is not Condition.SCOPE] == [True] * 11
    assert next(one for one in results if one.condition is Condition.SCOPE).is_met is None
    assert all(one.reason for one in results)


@pytest.mark.parametrize(
    ("field", "condition", "years"),
    [
        ("abnormal_until", Condition.NOT_ABNORMAL, 1),
        ("dishonest_until", Condition.NOT_DISHONEST, 2),
        ("violation_on", Condition.NO_VIOLATION, 3),
        ("breach_on", Condition.NO_BREACH, 3),
        ("poor_grade_on", Condition.NO_POOR_GRADE, 2),
    ],
)
def test_a_record_counts_until_the_corresponding_day_has_passed(field: str, condition: Condition, years: int) -> None:
    last_day_inside = date(DAY.year - years, DAY.month, DAY.day)
    inside = finding(condition, **{field: last_day_inside})
    assert inside.is_met is False
    assert last_day_inside.isoformat() in inside.reason
    assert DAY.isoformat() in inside.reason
    outside = finding(condition, **{field: last_day_inside - timedelta(days=1)})
    assert outside.is_met is True


def test_a_record_that_still_runs_counts() -> None:
    assert finding(Condition.NOT_ABNORMAL, abnormal_until=DAY + timedelta(days=90)).is_met is False


def test_registered_for_a_full_year_on_the_corresponding_day() -> None:
    assert finding(Condition.REGISTERED, registered_on=date(2025, 3, 31)).is_met is True
    late = finding(Condition.REGISTERED, registered_on=date(2025, 4, 1))
    assert late.is_met is False
    assert "2026-04-01" in late.reason


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(1, 5))
@settings(max_examples=300, deadline=None)
def test_periods_end_on_the_corresponding_day_or_the_last_of_the_month(day: date, years: int) -> None:
    end = corresponding_day(day, years)
    assert (end.year, end.month) == (day.year + years, day.month)
    assert end.day == day.day or (day.month, day.day, end.day) == (2, 29, 28)


def test_the_last_two_inspections_count_and_only_合格_passes() -> None:
    missing = finding(Condition.INSPECTIONS, inspections={"2024": "合格"})
    assert missing.is_met is False
    assert "2025 年没有记录" in missing.reason
    poor = finding(Condition.INSPECTIONS, inspections={"2024": "基本合格", "2025": "合格"})
    assert poor.is_met is False
    assert "基本合格" in poor.reason


def test_a_young_organisation_owes_no_inspection_for_years_before_it_existed() -> None:
    assert finding(Condition.INSPECTIONS, registered_on=date(2025, 2, 1), inspections={"2025": "合格"}).is_met is True


def test_a_filed_organisation_answers_through_its_host() -> None:
    filed = replace(CLEAN, name="银杏夕阳红舞蹈队", is_filed=True, inspections={})
    alone = Case(filed, None, "备案组织须由承接机构收款", 1, 2, 1, 2)
    results = {one.condition: one for one in findings(alone, day=DAY, settings={})}
    assert results[Condition.REGISTERED].is_met is False
    assert results[Condition.INSPECTIONS].is_met is False
    assert results[Condition.PAYEE].reason == "备案组织须由承接机构收款"
    hosted = replace(alone, host=CLEAN, payee_problem=None)
    assert all(one.is_met in (True, None) for one in findings(hosted, day=DAY, settings={}))
    stained = replace(hosted, host=replace(CLEAN, dishonest_until=date(2025, 1, 1)))
    results = {one.condition: one for one in findings(stained, day=DAY, settings={})}
    assert results[Condition.NOT_DISHONEST].is_met is False
    assert CLEAN.name in results[Condition.NOT_DISHONEST].reason


def test_limits_of_number_and_money() -> None:
    results = {
        one.condition: one
        for one in findings(replace(CASE, application_count=3, fiscal_fen=6_000_001), day=DAY, settings={})
    }
    assert results[Condition.WITHIN_LIMIT].is_met is False
    assert results[Condition.WITHIN_CEILING].is_met is False
    assert "60,000.01" in results[Condition.WITHIN_CEILING].reason


def test_the_round_may_set_its_own_periods() -> None:
    applicant = replace(CLEAN, dishonest_until=date(2024, 1, 1))
    result = {
        one.condition: one
        for one in findings(replace(CASE, applicant=applicant), day=DAY, settings={"dishonest_clear_years": 5})
    }
    assert result[Condition.NOT_DISHONEST].is_met is False


def test_the_same_project_is_not_paid_for_twice_at_the_same_time() -> None:
    ours = replace(CASE, title="暖心 食堂（二期）", starts_on=date(2026, 4, 1), ends_on=date(2026, 12, 31))

    def judged(title: str, first: date, last: date) -> Finding:
        case = replace(ours, funded=(Funded("SB-2025-01-0001", title, first, last),))
        return {one.condition: one for one in findings(case, day=DAY, settings={})}[Condition.NOT_DOUBLE]

    over = judged("暖心食堂(二期)", date(2025, 4, 1), date(2026, 4, 1))
    assert over.is_met is False
    assert "SB-2025-01-0001" in over.reason
    assert "2026-04-01" in over.reason
    assert judged("暖心食堂（二期）", date(2026, 12, 31), date(2027, 6, 1)).is_met is False
    assert judged("暖心食堂（二期）", date(2025, 4, 1), date(2026, 3, 31)).is_met is True
    assert judged("暖心食堂（二期）", date(2027, 1, 1), date(2027, 6, 1)).is_met is True
    assert judged("暖心食堂", date(2026, 4, 1), date(2026, 12, 31)).is_met is True


def test_who_is_still_listed_is_told_so_without_a_made_up_day() -> None:
    listed = finding(Condition.NOT_ABNORMAL, abnormal_until=STILL_LISTED)
    assert listed.is_met is False
    assert "仍在名单" in listed.reason
    assert "2099" not in listed.reason


@pytest.mark.parametrize(("count", "is_met"), [(2, True), (3, False)])
def test_the_limit_itself_is_within_the_limit(count: int, is_met: bool) -> None:
    assert finding(Condition.WITHIN_LIMIT, case=replace(CASE, application_count=count)).is_met is is_met
    exact = finding(Condition.WITHIN_CEILING, case=replace(CASE, fiscal_fen=CASE.ceiling_fen + count - 2))
    assert exact.is_met is is_met
