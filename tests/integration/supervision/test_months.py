"""Monthly plans and reports: filed in time or late, figures from the records, read by both sides."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.agreements.queries import get_agreement
from grants.foundation.clock import SHANGHAI, set_to, start_of, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import queries, service
from grants.supervision.models import MonthlyPlan, ProgressReport, ReportRemark
from grants.supervision.rules import RemarkSide, ReportStatus, first_of, last_of, month_after, month_of, report_due_on
from tests.browsing import Browser
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]


def file_plan(parties: Parties, agreement: Agreement, month: str, **changes: Any) -> MonthlyPlan:
    """File a plan with some parts replaced."""
    parts: dict[str, Any] = {
        "content": "每周二、四助餐，月末座谈。",
        "activity_count": 9,
        "attendance_count": 300,
        **changes,
    }
    return service.file_plan(agreement=agreement, by=parties.member, month=month, **parts)


def submit(agreement: Agreement, by: User, month: str) -> ProgressReport:
    """Hand a month's report in on the day it is due."""
    with set_to(start_of(report_due_on(month, 5)) + timedelta(hours=9)):
        words = service.Words(progress="助餐八场，老人满意。", spending="购买食材。")
        report = service.submit_report(agreement=agreement, by=by, month=month, words=words)
        db.session.flush()
    return report


def titles(user: User) -> list[str]:
    """Return what the desk of somebody says."""
    return [item.title for item in queries.list_due_for(user)]


def test_a_plan_may_be_changed_until_its_day_and_a_late_one_is_still_taken(
    parties: Parties, agreement: Agreement
) -> None:
    following = month_after(month_of(today()))
    plan = file_plan(parties, agreement, following)
    db.session.flush()
    with set_to(start_of(first_of(following)) + timedelta(days=4, hours=20)):
        assert file_plan(parties, agreement, following, activity_count=7) is plan
    with (
        set_to(start_of(first_of(following)) + timedelta(days=5, hours=1)),
        pytest.raises(RuleBroken, match="不能修改"),
    ):
        file_plan(parties, agreement, following, activity_count=1)
    assert plan.activity_count == 7
    later = month_after(following)
    with set_to(start_of(last_of(later)) + timedelta(hours=8)):
        assert f"报送 {later} 月度计划" in " ".join(titles(parties.member))
        file_plan(parties, agreement, later)
        db.session.flush()
        assert f"报送 {later} 月度计划" not in " ".join(titles(parties.member))


@pytest.mark.parametrize(
    "changes",
    [{"content": " "}, {"activity_count": -1}, {"attendance_count": -1}, {"month": "far"}, {"month": "before"}],
)
def test_a_plan_that_says_nothing_or_is_for_another_time_is_refused(
    parties: Parties, agreement: Agreement, changes: dict[str, Any]
) -> None:
    this = month_of(today())
    months = {"far": month_after(month_after(this)), "before": month_of(agreement.starts_on - timedelta(days=40))}
    changes = {**changes, "month": months.get(changes.get("month", ""), this)}
    with pytest.raises(RuleBroken):
        file_plan(parties, agreement, **changes)


def test_figures_come_from_the_records_of_the_month_and_stand_once_handed_in(
    parties: Parties, agreement: Agreement
) -> None:
    month = month_of(today())
    supervision.make_recorded(parties, agreement, person_count=30, attendance_count=41, volunteer_count=6)
    supervision.make_announced(parties, agreement)
    words = service.Words(progress="助餐一场。")
    with set_to(start_of(first_of(month)) + timedelta(hours=9)):
        draft = service.save_report(agreement=agreement, by=parties.member, month=month, words=words)
        db.session.flush()
        assert draft.status is ReportStatus.DRAFT
        if last_of(month) > agreement.starts_on:
            with pytest.raises(RuleBroken, match="还没有结束"):
                service.submit_report(agreement=agreement, by=parties.member, month=month, words=words)
    report = submit(agreement, parties.member, month)
    assert report is draft
    assert (report.activity_count, report.person_count, report.attendance_count, report.volunteer_count) == (
        1,
        30,
        41,
        6,
    )
    with pytest.raises(RuleBroken, match="已经报送"):
        service.save_report(agreement=agreement, by=parties.member, month=month, words=words)


def test_a_late_report_is_on_the_desks_of_those_who_write_and_read_it_until_each_side_has_remarked(
    parties: Parties, agreement: Agreement
) -> None:
    month = month_of(today())
    other = people.make_user("community-9", Role.COMMUNITY, place=people.community(2))
    due_on = report_due_on(month, 5)
    with set_to(start_of(due_on) + timedelta(hours=9)):
        assert f"报送 {month} 月报" in " ".join(titles(parties.member))
        assert "催报" not in " ".join(titles(parties.programme)), "the day itself is in time"
    with set_to(start_of(due_on) + timedelta(days=1, hours=9)):
        for reader in (parties.programme, parties.community_officer):
            assert f"催报 {month} 月报" in " ".join(titles(reader))
        assert "催报" not in " ".join(titles(other))
        report = submit(agreement, parties.member, month)
        assert f"审阅 {month} 月报" in " ".join(titles(parties.programme))
        assert f"审阅 {month} 月报" not in " ".join(titles(other))
        service.remark_on_report(report=report, by=parties.programme, text="已阅。")
        db.session.flush()
        assert f"审阅 {month} 月报" not in " ".join(titles(parties.programme))
        assert f"审阅 {month} 月报" in " ".join(titles(parties.community_officer))
        with pytest.raises(NotPermitted, match="已经审阅"):
            service.remark_on_report(report=report, by=parties.programme, text="再看一遍。")
        remark = service.remark_on_report(report=report, by=parties.community_officer, text="人数属实。")
        assert remark.side is RemarkSide.COMMUNITY


def test_only_the_organisation_writes_and_only_the_two_sides_remark(parties: Parties, agreement: Agreement) -> None:
    month = month_of(today())
    other = people.make_user("community-9", Role.COMMUNITY, place=people.community(2))
    stranger = people.make_user("org-9", Role.ORGANISATION, organisation=people.make_organisation("晨曦志愿服务中心"))
    for actor in (parties.programme, stranger):
        with pytest.raises(NotPermitted):
            service.save_report(agreement=agreement, by=actor, month=month, words=service.Words())
    report = submit(agreement, parties.member, month)
    for actor in (parties.member, parties.leader, other, stranger):
        with pytest.raises(NotPermitted):
            service.remark_on_report(report=report, by=actor, text="已阅。")


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "submitted"},
        {"person_count": 3, "attendance_count": 2},
        {"month": "2026-3"},
        {"progress": "", "status": "submitted", "submitted_at": datetime(2026, 4, 1, tzinfo=SHANGHAI)},
    ],
)
def test_the_database_refuses_a_report_that_does_not_hang_together(
    parties: Parties, agreement: Agreement, changes: dict[str, Any]
) -> None:
    if "submitted_at" in changes:
        changes = {**changes, "submitted_by_id": parties.member.id}
    parts: dict[str, Any] = {"month": "2026-03", "progress": "助餐八场。", **changes}
    db.session.add(ProgressReport(agreement_id=agreement.id, **parts))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_one_plan_one_report_a_month_and_one_remark_a_side(parties: Parties, agreement: Agreement) -> None:
    report = submit(agreement, parties.member, month_of(today()))
    db.session.commit()
    plan: dict[str, Any] = {
        "agreement_id": agreement.id,
        "month": "2026-03",
        "activity_count": 1,
        "attendance_count": 1,
    }
    remark: dict[str, Any] = {"report_id": report.id, "side": RemarkSide.COMMUNITY, "text": "已阅。"}
    for twice in (
        lambda: MonthlyPlan(content="座谈", filed_by_id=parties.member.id, **plan),
        lambda: ProgressReport(agreement_id=agreement.id, month="2026-03"),
        lambda: ReportRemark(by_id=parties.leader.id, **remark),
    ):
        db.session.add_all([twice(), twice()])
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_a_month_goes_from_plan_to_remark_on_the_pages(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        agreement = agreements.make_signed(parties)
        ref, month = agreement.ref, month_of(today())
        people.make_user("org-9", Role.ORGANISATION, organisation=people.make_organisation("晨曦志愿服务中心"))
        db.session.commit()
    page = f"/supervision/{ref}/months/{month}"
    member, officer = browse("org-1"), browse("community-1")
    refused = member.post(f"{page}/plan", {"activity_count": "-1", "attendance_count": "40", "content": ""}, status=422)
    assert "请写明本月的工作安排" in refused.text
    assert "40" in refused.html
    member.submit(f"{page}/plan", {"activity_count": "2", "attendance_count": "40", "content": "月末座谈"})
    assert "月末座谈" in officer.get(page).text
    member.post(f"{page}/report", {"progress": "只有本方看得到的草稿", "then": "save"})
    saved = member.post(f"{page}/draft", {"progress": "自动保存的草稿"}, status=200)
    assert "saved_at" in saved.html
    assert "自动保存的草稿" in member.get(page).text
    assert "自动保存的草稿" not in officer.get(page).text, "a draft is its writers' own"
    officer.post(f"{page}/remark", {"text": "已阅。"}, status=403)
    with app.app_context():
        agreement = get_agreement(ref)
        submit(agreement, agreements_member(agreement), month)
        db.session.commit()
    assert "已经报送" in member.post(f"{page}/report", {"progress": "改一改"}, status=422).text
    assert "请写明审阅意见" in officer.post(f"{page}/remark", {"text": ""}, status=422).text
    officer.post(f"{page}/remark", {"text": "人数属实。"})
    assert "人数属实。" in member.get(page).text
    assert (
        "助餐" in member.get(f"/supervision/{ref}/months/").text
        or month in member.get(f"/supervision/{ref}/months/").text
    )
    for path in (page, f"/supervision/{ref}/months/", f"{page}/report"):
        browse("org-9").get(path, status=403)
    member.get(f"/supervision/{ref}/months/2026-13", status=404)


def agreements_member(agreement: Agreement) -> User:
    """Return the account that acts for the organisation."""
    return agreement.organisation.members[0].user


def test_the_street_sees_one_month_of_all_projects_and_exports_it(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        agreement = agreements.make_signed(parties)
        month = month_of(today())
        submit(agreement, parties.member, month)
        ref = agreement.ref
        db.session.commit()
    officer = browse("programme-1")
    assert ref in officer.get(f"/supervision/months/?month={month}").text
    assert ref in officer.get(f"/supervision/months/?month={month}&format=csv").html
    assert ref not in officer.get("/supervision/months/?month=2019-01").text
    officer.get("/supervision/months/?month=x", status=404)
