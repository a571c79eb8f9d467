"""Preparing, opening, extending and closing a round."""

from datetime import timedelta

import pytest
from flask import Flask

from grants.foundation.clock import set_to, start_of, today
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.funds import queries as fund_queries
from grants.people.models import User
from grants.rounds import policy, queries, service
from grants.rounds.models import Round
from grants.rounds.rules import Category, Phase, RoundStatus, ScoreTableKind, rules_hash
from grants.rounds.service import CriterionLine, PhaseDates
from tests.factories import funds, people
from tests.factories import rounds as make


@pytest.fixture
def staff(ctx: Flask) -> dict[str, User]:
    """Make the street and its officers."""
    people.make_street()
    return people.make_staff()


@pytest.fixture
def draft(staff: dict[str, User]) -> Round:
    """Make a round in preparation."""
    return make.make_draft_round()


def test_a_round_is_opened_by_three_people_and_fills_its_envelopes(draft: Round, staff: dict[str, User]) -> None:
    service.confirm_money(round=draft, officer=staff["finance-1"])
    service.open_round(round=draft, officer=staff["leader-1"])
    assert draft.status is RoundStatus.OPEN
    assert draft.settings_hash == rules_hash(queries.published_rules(draft))
    assert [row.left_fen for row in queries.summarise_envelopes(draft)] == [200_000] * 5
    journals = list(fund_queries.iterate_journals(draft.fund, fund_queries.JournalFilter(key=draft.ref)))
    assert {(item.maker_id, item.checker_id) for item in journals} == {(staff["finance-1"].id, staff["leader-1"].id)}
    funds.assert_ledger_holds()


def test_nobody_else_opens_a_round_and_not_before_finance_has_confirmed(draft: Round, staff: dict[str, User]) -> None:
    with pytest.raises(NotPermitted, match="财政尚未确认"):
        service.open_round(round=draft, officer=staff["leader-1"])
    with pytest.raises(NotPermitted, match="街道财政确认"):
        service.confirm_money(round=draft, officer=staff["programme-1"])
    service.confirm_money(round=draft, officer=staff["finance-1"])
    with pytest.raises(NotPermitted, match="分管领导"):
        service.open_round(round=draft, officer=staff["programme-1"])


def test_a_new_plan_has_to_be_confirmed_anew(draft: Round, staff: dict[str, User]) -> None:
    service.confirm_money(round=draft, officer=staff["finance-1"])
    service.set_envelopes(round=draft, officer=staff["programme-1"], amounts={Category.WELFARE: 500})
    with pytest.raises(NotPermitted, match="财政尚未确认"):
        service.open_round(round=draft, officer=staff["leader-1"])


def test_envelopes_beyond_the_fund_are_refused(draft: Round, staff: dict[str, User]) -> None:
    amounts = dict.fromkeys(Category, 200_001)
    service.set_envelopes(round=draft, officer=staff["programme-1"], amounts=amounts)
    with pytest.raises(RuleBroken, match=r"合计 10,000\.05 元，超过.*10,000\.00 元"):
        service.confirm_money(round=draft, officer=staff["finance-1"])


def test_an_open_round_is_frozen(draft: Round, staff: dict[str, User]) -> None:
    make.open_draft(draft)
    programme = staff["programme-1"]
    changes = (
        lambda: service.set_settings(round=draft, officer=programme, settings={"notice_working_days": 7}),
        lambda: service.set_envelopes(round=draft, officer=programme, amounts={}),
        lambda: service.set_phases(round=draft, officer=programme, dates={}),
        lambda: service.set_score_table(
            round=draft, officer=programme, kind=ScoreTableKind.JURY, lines=[CriterionLine("组", "项", 100)]
        ),
    )
    for change in changes:
        with pytest.raises(NotPermitted, match="规则已冻结"):
            change()
    with pytest.raises(TransitionRefused):
        service.open_round(round=draft, officer=staff["leader-1"])


def test_a_round_without_dates_is_not_opened_and_says_what_is_missing(draft: Round, staff: dict[str, User]) -> None:
    span = PhaseDates(today(), today())
    service.set_phases(round=draft, officer=staff["programme-1"], dates={Phase.NEEDS: span})
    service.confirm_money(round=draft, officer=staff["finance-1"])
    with pytest.raises(RuleBroken, match="还没有安排日期的阶段：需求筛选"):
        service.open_round(round=draft, officer=staff["leader-1"])


def test_a_score_table_sums_to_a_hundred(draft: Round, staff: dict[str, User]) -> None:
    with pytest.raises(RuleBroken, match="合计 99 分"):
        service.set_score_table(
            round=draft,
            officer=staff["programme-1"],
            kind=ScoreTableKind.JURY,
            lines=[CriterionLine("居民评审", "需要", 50), CriterionLine("居民评审", "可信", 49)],
        )
    lines = [CriterionLine("居民评审", "需要", 60, "jury_need"), CriterionLine("居民评审", "可信", 40)]
    service.set_score_table(round=draft, officer=staff["programme-1"], kind=ScoreTableKind.JURY, lines=lines)
    table = queries.score_table(draft, ScoreTableKind.JURY)
    assert [(item.name, item.max_points) for item in table.items] == [("需要", 60), ("可信", 40)]
    assert table.items[0].code == "jury_need"


def test_settings_that_make_no_sense_name_their_field(draft: Round, staff: dict[str, User]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        service.set_settings(round=draft, officer=staff["programme-1"], settings={"tranche_percents": [50, 45, 5]})
    assert refusal.value.field == "tranche_percents"
    service.set_settings(round=draft, officer=staff["programme-1"], settings={"survey_minimum": 50})
    assert draft.settings["survey_minimum"] == 50


def test_a_round_can_be_made_like_an_earlier_one(draft: Round, staff: dict[str, User]) -> None:
    service.set_settings(round=draft, officer=staff["programme-1"], settings={"survey_minimum": 50})
    copy = service.create_round(name="第四届", year=2027, fund=draft.fund, officer=staff["programme-2"], like=draft)
    assert copy.settings == draft.settings
    assert copy.settings is not draft.settings
    assert sum(item.amount_fen for item in copy.envelopes) == 1_000_000
    assert copy.ref == f"JC-2027-{draft.number + 1:02d}"


def test_phases_come_in_order_and_end_after_they_start(draft: Round, staff: dict[str, User]) -> None:
    day = today()
    backwards = {Phase.NEEDS: PhaseDates(day, day - timedelta(days=1))}
    swapped = {Phase.NEEDS: PhaseDates(day, day), Phase.POLL: PhaseDates(day - timedelta(days=2), day)}
    for dates, words in ((backwards, "早于开始日期"), (swapped, "不能早于“需求征集”开始")):
        with pytest.raises(RuleBroken, match=words):
            service.set_phases(round=draft, officer=staff["programme-1"], dates=dates)


def test_a_phase_lets_steps_through_on_its_days_only(draft: Round) -> None:
    assert policy.why_not_in_phase(draft, Phase.NEEDS) == "第三届公益创投目前不在进行中。"
    make.open_draft(draft)
    dates = queries.phase_of(draft, Phase.SCREENING)
    assert dates is not None
    assert "从" in (policy.why_not_in_phase(draft, Phase.SCREENING) or "")
    for day, allowed in ((dates.starts_on, True), (dates.ends_on, True), (dates.ends_on + timedelta(days=1), False)):
        with set_to(start_of(day)):
            assert (policy.why_not_in_phase(draft, Phase.SCREENING) is None) is allowed
    with set_to(start_of(dates.ends_on + timedelta(days=1)) - timedelta(seconds=1)):
        assert policy.why_not_in_phase(draft, Phase.SCREENING) is None


def test_a_phase_is_extended_by_two_people(draft: Round, staff: dict[str, User]) -> None:
    make.open_draft(draft)
    phase = queries.phase_of(draft, Phase.NEEDS)
    assert phase is not None
    later = phase.ends_on + timedelta(days=5)
    wish = service.extend_phase(phase=phase, officer=staff["programme-1"], ends_on=later, reason="暴雨影响入户征集")
    with pytest.raises(RuleBroken, match="已有一项延期"):
        service.extend_phase(phase=phase, officer=staff["programme-2"], ends_on=later, reason="再延")
    with pytest.raises(NotPermitted, match="另一位同志"):
        service.agree_extension(extension=wish, officer=staff["programme-1"])
    frozen = draft.settings_hash
    service.agree_extension(extension=wish, officer=staff["leader-1"])
    assert phase.ends_on == later
    assert rules_hash(queries.published_rules(draft)) == frozen
    with pytest.raises(TransitionRefused):
        service.refuse_extension(extension=wish, officer=staff["leader-2"])


def test_a_closed_round_can_be_archived_and_its_rest_recalled(draft: Round, staff: dict[str, User]) -> None:
    make.open_draft(draft)
    with pytest.raises(TransitionRefused):
        service.archive_round(round=draft, officer=staff["programme-1"])
    service.close_round(round=draft, officer=staff["programme-1"])
    service.archive_round(round=draft, officer=staff["programme-1"])
    assert draft.status is RoundStatus.ARCHIVED
    assert queries.find_open_round() is None


def test_the_desk_shows_each_officer_their_part(draft: Round, staff: dict[str, User]) -> None:
    def titles(login: str) -> list[str]:
        return [item.title for item in queries.list_due_for(staff[login])]

    assert titles("programme-1") == ["筹备新一届"]
    assert titles("finance-1") == ["确认届次额度"]
    assert titles("leader-1") == titles("community-1") == []
    service.confirm_money(round=draft, officer=staff["finance-1"])
    assert titles("leader-1") == ["批准开启新一届"]
    assert titles("finance-1") == []
