"""Sealed until the deadline, and calls published together."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from grants.foundation.clock import now, set_to, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.projects.rules import ProjectStatus
from grants.selection import queries, service
from grants.selection.models import ApplicationDocument, Call
from grants.selection.policy import papers as policy
from grants.selection.rules import DocumentKind, Group
from tests.browsing import Browser
from tests.factories import projects, selection
from tests.factories.selection import Stage

Browse = Callable[[str | None], Browser]
Staged = Callable[..., None]
CALL = "ZM-2026-01-0001"
PAPER = "SB-2026-01-0001"
OFFICERS = ("programme-1", "leader-1", "supervisor-1", "finance-1", "community-1")


def test_before_the_deadline_officers_see_a_number_and_nothing_else(app: Flask, browse: Browse, staged: Staged) -> None:
    def bring(stage: Stage) -> None:
        application = selection.make_complete(stage, selection.make_call(stage))
        selection.attach(application, stage.members[0], DocumentKind.FINANCE)
        service.submit_application(application=application, actor=stage.members[0], has_declared=True)

    staged(bring, sealed_until_deadline=True)
    with app.app_context():
        call = queries.get_call(CALL)
        closes_at = call.closes_at
        document = db.session.scalars(db.select(ApplicationDocument.id)).first()
    paper = f"/applications/{PAPER}"
    hidden = [paper, f"{paper}/documents/{document}", f"{paper}/submissions/1", f"{paper}/return"]
    for login in OFFICERS:
        officer = browse(login)
        for path in hidden:
            assert officer.client.get(path).status_code in {403, 404}, (login, path)
        for path in ("/applications/", f"/calls/{CALL}", "/"):
            text = officer.client.get(path, follow_redirects=True).get_data(as_text=True)
            assert "暖阳" not in text, (login, path)
            assert PAPER not in text, (login, path)
    for login in OFFICERS[:3]:
        officer = browse(login)
        page = officer.get(f"/calls/{CALL}/applications").text
        assert "已收到 1 份申报" in page
        assert "暖阳" not in page
        assert PAPER not in page
        for path in (
            f"/calls/{CALL}/applications.csv",
            f"/calls/{CALL}/applications.xlsx",
            f"/calls/{CALL}/eligibility",
        ):
            officer.get(path, status=403)
    assert "助餐餐具" in browse("org-1").get(paper).text
    with set_to(closes_at):
        opened = browse("programme-1")
        assert "助餐餐具" in opened.get(paper).text
        assert "暖阳" in opened.get(f"/calls/{CALL}/applications").text
        assert "暖阳" in opened.get("/applications/").text


@pytest.mark.usefixtures("ctx")
def test_the_seal_holds_in_the_services_and_only_where_the_round_wants_it() -> None:
    stage = selection.make_stage(sealed_until_deadline=True)
    call = selection.make_call(stage)
    application = selection.make_submitted(stage, call)
    assert policy.sight(stage.programme, application) is None
    assert policy.sight(stage.members[0], application) is policy.Sight.FULL
    with pytest.raises(NotPermitted, match="封存"):
        service.return_application(
            application=application, officer=stage.programme, sections={Group.BUDGET: "请补充。"}
        )
    with set_to(call.closes_at - timedelta(seconds=1)):
        assert policy.sight(stage.leader, application) is None
    with set_to(call.closes_at):
        assert policy.sight(stage.leader, application) is policy.Sight.FULL
    stage.round.settings = {**stage.round.settings, "sealed_until_deadline": False}
    assert policy.sight(stage.leader, application) is policy.Sight.FULL


@pytest.mark.usefixtures("ctx")
def test_calls_are_published_together_or_not_at_all() -> None:
    stage = selection.make_stage()
    second = projects.make_funded(stage.round)
    closes_at = now() + timedelta(days=20)
    both = [stage.project, second]
    with pytest.raises(RuleBroken, match="至少选择"):
        service.publish_calls(projects=[], officer=stage.programme, closes_at=closes_at, requirements="")
    with pytest.raises(RuleBroken), db.session.begin_nested():
        service.publish_calls(projects=[second, second], officer=stage.programme, closes_at=closes_at, requirements="")
    db.session.expire_all()
    assert second.status is ProjectStatus.FUNDED
    made = service.publish_calls(projects=both, officer=stage.programme, closes_at=closes_at, requirements="同一要求")
    assert {(one.closes_at, one.requirements) for one in made} == {(closes_at, "同一要求")}
    assert [one.status for one in both] == [ProjectStatus.CALLED, ProjectStatus.CALLED]


def test_a_batch_is_confirmed_on_a_page_of_its_own(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(lambda stage: projects.make_funded(stage.round))
    with app.app_context():
        refs = [one.ref for one in queries.list_callable_projects()]
    browse("leader-1").get("/calls/batch", status=403)
    officer = browse("programme-1")
    assert all(ref in officer.get("/calls/batch").text for ref in refs)
    asked = {"projects": refs, "closes_on": (today() + timedelta(days=20)).isoformat(), "requirements": "同一要求"}
    officer.post("/calls/batch", {**asked, "projects": []}, status=422)
    officer.post("/calls/batch", {**asked, "projects": ["PJ-00-0000"]}, status=422)
    assert "将一次发布 2 个征集公告" in officer.post("/calls/batch", asked, status=200).text
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Call)) == 0
    late = {**asked, "closes_on": "2020-01-01", "confirmed": "1"}
    assert "截止时间应晚于" in officer.post("/calls/batch", late, status=422).text
    officer.post("/calls/batch", {**asked, "confirmed": "1"}, status=302)
    with app.app_context():
        assert sorted(one.project.ref for one in db.session.scalars(db.select(Call))) == sorted(refs)
