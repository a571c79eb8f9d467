"""The progress bulletin: figures from the records, issued by a second person, then public and never changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.foundation.clock import set_to, start_of, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.foundation.models import Notification
from grants.supervision import policy, service
from grants.supervision.models import ProgressBulletin
from grants.supervision.rules import MonthReportState, month_of, report_due_on
from tests.browsing import Browser
from tests.factories import agreements, supervision
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]


def prepare(parties: Parties, agreement: Agreement, **changes: str) -> ProgressBulletin:
    """Prepare this month's bulletin on the day after reports are due."""
    month = month_of(today())
    with set_to(start_of(report_due_on(month, 5)) + timedelta(days=1, hours=9)):
        made = service.prepare_bulletin(
            round=agreement.project.round, month=month, officer=parties.programme, **changes
        )
        db.session.flush()
    return made


def test_the_lines_are_what_the_records_say_and_may_be_taken_anew(parties: Parties, agreement: Agreement) -> None:
    supervision.make_recorded(parties, agreement, person_count=30, attendance_count=41)
    supervision.make_announced(parties, agreement, team="")
    supervision.make_order(parties, agreement)
    made = prepare(parties, agreement)
    (line,) = made.lines
    assert (line.planned_count, line.held_count, line.attendance_count, line.open_order_count) == (None, 1, 41, 1)
    assert line.report_state is MonthReportState.MISSING
    assert line.open_flag_count == 1, "the activity that was announced and never recorded"
    supervision.make_recorded(parties, agreement, person_count=5, attendance_count=5)
    assert prepare(parties, agreement, remark="请抓紧。") is made
    (line,) = made.lines
    assert (line.held_count, line.attendance_count, made.remark) == (2, 46, "请抓紧。")


def test_a_month_that_runs_or_in_which_nothing_ran_has_no_bulletin(parties: Parties, agreement: Agreement) -> None:
    month, round = month_of(today()), agreement.project.round
    with set_to(start_of(today().replace(day=20))), pytest.raises(RuleBroken, match="还没有结束"):
        service.prepare_bulletin(round=round, month=month, officer=parties.programme)
    with pytest.raises(RuleBroken, match="没有履行中的项目"):
        service.prepare_bulletin(round=round, month="2019-01", officer=parties.programme)


def test_two_persons_make_a_bulletin_and_then_it_stands(parties: Parties, agreement: Agreement) -> None:
    made = prepare(parties, agreement)
    for actor in (parties.member, parties.community_officer, None):
        assert policy.why_not_read_bulletin(actor, made) is not None
    for actor in (parties.programme, parties.member):
        with pytest.raises(NotPermitted):
            service.issue_bulletin(bulletin=made, leader=actor)
    with pytest.raises(NotPermitted):
        service.prepare_bulletin(round=made.round, month=made.month, officer=parties.leader)
    service.issue_bulletin(bulletin=made, leader=parties.leader)
    db.session.flush()
    assert policy.why_not_read_bulletin(None, made) is None
    told = db.session.query(Notification).filter_by(
        user_id=parties.member.id, href=f"/supervision/bulletins/{made.ref}"
    )
    assert told.count() == 1
    with pytest.raises(NotPermitted, match="已经发布"):
        prepare(parties, agreement)


@pytest.mark.parametrize("change", ["line", "bulletin", "delete"])
def test_the_database_refuses_to_change_what_was_issued(parties: Parties, agreement: Agreement, change: str) -> None:
    made = prepare(parties, agreement)
    service.issue_bulletin(bulletin=made, leader=parties.leader)
    db.session.commit()
    if change == "line":
        made.lines[0].held_count = 99
    elif change == "bulletin":
        made.remark = "改"
    else:
        db.session.delete(made)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_database_refuses_a_bulletin_of_one_person(parties: Parties, agreement: Agreement) -> None:
    made = prepare(parties, agreement)
    made.issued_by_id, made.issued_at = parties.programme.id, made.prepared_at
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_bulletin_goes_from_draft_to_public_on_the_pages(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        agreement = agreements.make_signed(parties)
        made = prepare(parties, agreement, remark="各社区做好汛期安全。")
        ref, title, round_ref, month = made.ref, agreement.project.title, made.round.ref, made.month
        db.session.commit()
    page = f"/supervision/bulletins/{ref}"
    officer, leader, visitor = browse("programme-1"), browse("leader-1"), browse(None)
    assert "请按" in officer.post("/supervision/bulletins/new", {"round": round_ref, "month": "三月"}, status=422).text
    visitor.get(page, status=403)
    browse("org-1").get(page, status=403)
    assert ref not in visitor.get("/supervision/bulletins/").text
    officer.post(f"{page}/issue", {}, status=403)
    assert "重新汇总过" in leader.post(f"{page}/issue", {"as_read": "earlier"}, status=422).text
    leader.press(page, "批准并发布")
    shown = visitor.get(page)
    assert title in shown.text
    assert "各社区做好汛期安全。" in shown.text
    assert title in visitor.get(f"{page}?format=csv").html
    assert month in visitor.get("/supervision/bulletins/").text
    officer.post("/supervision/bulletins/new", {"round": round_ref, "month": month}, status=403)
