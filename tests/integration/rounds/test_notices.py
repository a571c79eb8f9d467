"""Notices: their window in working days, objections under real names, and how they end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from grants.foundation.clock import set_to
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.foundation.models import Notification
from grants.foundation.workdays import CalendarMissing
from grants.people.models import User
from grants.rounds import queries, service
from grants.rounds.models import Notice, Objection, Round
from grants.rounds.rules import NoticeStatus, ObjectionStatus
from tests.factories import people
from tests.factories import rounds as make


@pytest.fixture
def staff(ctx: Flask) -> dict[str, User]:
    """Make the street and its officers."""
    people.make_street()
    return people.make_staff()


@pytest.fixture
def opened(staff: dict[str, User]) -> Round:
    """Make an open round."""
    return make.make_round()


@pytest.fixture
def notice(opened: Round) -> Notice:
    """Publish a notice."""
    return make.make_notice(opened)


def object_to(notice: Notice, **changes: str) -> Objection:
    wanted = {"name": "李建国", "contact": "13800001234", "text": "该项目与去年项目重复。"}
    return service.raise_objection(notice=notice, **(wanted | changes))


def test_a_window_skips_holidays_and_counts_working_weekends(opened: Round) -> None:
    with set_to(datetime(2026, 9, 24, 2, tzinfo=UTC)):  # a Thursday; the mid-autumn holiday begins on Friday
        published = make.make_notice(opened)
        assert published.ends_on == date(2026, 10, 9)
        assert queries.notice_days(published) == 5


def test_a_year_without_a_calendar_is_refused_in_plain_words(opened: Round) -> None:
    with (
        set_to(datetime(2060, 3, 1, tzinfo=UTC)),
        pytest.raises(CalendarMissing, match="还没有 2060 年的节假日调休安排"),
    ):
        make.make_notice(opened)


def test_a_notice_ends_after_its_window(notice: Notice, staff: dict[str, User]) -> None:
    with pytest.raises(RuleBroken, match="期满后才能办结"):
        service.end_notice(notice=notice, officer=staff["programme-1"])
    make.end_notice(notice)
    assert notice.status is NoticeStatus.ENDED
    with pytest.raises(TransitionRefused):
        make.end_notice(notice)


def test_an_open_objection_keeps_a_notice_open(notice: Notice, staff: dict[str, User]) -> None:
    objection = object_to(notice)
    with make.after_window(notice), pytest.raises(RuleBroken, match="还有 1 件异议没有答复"):
        service.end_notice(notice=notice, officer=staff["programme-1"])
    service.answer_objection(
        objection=objection, officer=staff["programme-1"], is_upheld=False, answer="经核实，服务对象不同，不属重复。"
    )
    make.end_notice(notice)
    assert notice.status is NoticeStatus.ENDED


def test_an_upheld_objection_leads_to_withdrawal(notice: Notice, staff: dict[str, User]) -> None:
    objection = object_to(notice)
    service.answer_objection(objection=objection, officer=staff["programme-1"], is_upheld=True, answer="情况属实。")
    assert objection.status is ObjectionStatus.UPHELD
    with make.after_window(notice), pytest.raises(RuleBroken, match="请撤回本公示"):
        service.end_notice(notice=notice, officer=staff["programme-1"])
    service.withdraw_notice(notice=notice, officer=staff["programme-1"], reason="异议成立，重新决策")
    assert notice.status is NoticeStatus.WITHDRAWN


def test_an_objection_needs_a_name_a_way_to_answer_and_a_reason(notice: Notice) -> None:
    for changes, field in (
        ({"name": "李"}, "name"),
        ({"contact": "不告诉你"}, "contact"),
        ({"contact": "@"}, "contact"),
        ({"text": "  "}, "text"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            object_to(notice, **changes)
        assert refusal.value.field == field
    assert object_to(notice, contact="li@example.com").status is ObjectionStatus.OPEN


def test_objections_are_taken_until_the_last_moment_of_the_window(notice: Notice) -> None:
    with make.after_window(notice), pytest.raises(RuleBroken, match="不再受理异议"):
        object_to(notice)
    from grants.foundation.clock import start_of

    with set_to(start_of(notice.ends_on + timedelta(days=1)) - timedelta(seconds=1)):
        object_to(notice)


def test_contact_data_are_sealed_and_every_look_is_on_record(notice: Notice, staff: dict[str, User]) -> None:
    objection = object_to(notice)
    assert "1380000" not in objection.contact_cipher
    for login in ("finance-1", "supervisor-1", "community-1"):
        with pytest.raises(NotPermitted):
            service.reveal_contact(objection=objection, officer=staff[login], reason="想看")
    with pytest.raises(RuleBroken, match="理由"):
        service.reveal_contact(objection=objection, officer=staff["programme-1"], reason=" ")
    assert service.reveal_contact(objection=objection, officer=staff["programme-1"], reason="电话答复") == "13800001234"


def test_who_objected_with_an_account_hears_of_the_answer(notice: Notice, staff: dict[str, User]) -> None:
    resident = people.make_resident("resident-1")
    assert resident.user is not None
    objection = service.raise_objection(
        notice=notice, name="张桂兰", contact="13800001234", text="重复", actor=resident.user
    )
    service.answer_objection(objection=objection, officer=staff["programme-1"], is_upheld=False, answer="不属重复。")
    with pytest.raises(TransitionRefused):
        service.answer_objection(objection=objection, officer=staff["leader-1"], is_upheld=True, answer="改主意了")
    told = db.session.scalars(select(Notification)).all()
    assert [(message.user_id, message.body) for message in told] == [(resident.user.id, "不属重复。")]


def test_the_desk_of_the_programme_officer_lists_objections_and_notices_that_are_over(
    notice: Notice, staff: dict[str, User]
) -> None:
    object_to(notice)
    with make.after_window(notice):
        titles = [item.title for item in queries.list_due_for(staff["programme-1"])]
    assert titles == [f"答复异议 {notice.objections[0].ref}", "公示期满，办结公示"]
    assert queries.list_due_for(staff["finance-1"]) == []
