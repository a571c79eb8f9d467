"""居务监督: sees everything about the own community, writes inspections, visits and opinions, no more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.people.models import RoleGrant, User
from grants.people.rules import Role, conflicting_roles
from grants.people.service import roles
from grants.supervision import policy, queries, service
from grants.supervision.models import Inspection
from grants.supervision.rules import INSPECTION_ITEMS, InspectionMethod, InspectionStatus, ItemGrade
from tests.browsing import Browser
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]


def make_watchers(parties: Parties) -> tuple[User, User]:
    """Make the supervisor of the project's community and that of another one."""
    own = people.make_user("watcher-1", Role.COMMUNITY_SUPERVISOR, place=parties.community)
    return own, people.make_user("watcher-2", Role.COMMUNITY_SUPERVISOR, place=people.community(2))


def plan(agreement: Agreement, by: User, to: User, method: InspectionMethod = InspectionMethod.ON_SITE) -> Inspection:
    made = service.plan_inspection(
        agreement=agreement, officer=by, method=method, due_on=today() + timedelta(days=5), assigned_to=to
    )
    db.session.flush()
    return made


def test_the_own_community_is_inspected_visited_and_commented_on(parties: Parties, agreement: Agreement) -> None:
    watcher, _other = make_watchers(parties)
    made = plan(agreement, watcher, watcher)
    assert "检查" in " ".join(item.title for item in queries.list_due_for(watcher))
    findings = [service.Finding(ItemGrade.GOOD) for _item in INSPECTION_ITEMS[made.method]]
    service.record_inspection(inspection=made, by=watcher, done_on=today(), findings=findings, summary="属实。")
    assert made.status is InspectionStatus.DONE
    service.record_visit(agreement=agreement, by=watcher, visited_on=today(), finding="来的人多", is_satisfactory=True)
    opinion = service.leave_opinion(agreement=agreement, by=watcher, text="请公开活动经费。")
    db.session.flush()
    service.answer_opinion(opinion=opinion, by=parties.programme, answer="已公开。")
    assert queries.list_opinions(agreement.id) == [opinion]


def test_another_community_is_closed(parties: Parties, agreement: Agreement) -> None:
    _own, other = make_watchers(parties)
    activity = supervision.make_recorded(parties, agreement)
    sheet = next(one for one in activity.evidence if one.kind == "sign_in")
    made = plan(agreement, parties.programme, parties.community_officer)
    complaint = supervision.make_complaint(agreement)
    for reason in (
        policy.why_not_watch(other, agreement),
        policy.why_not_open_evidence(other, sheet),
        policy.why_not_read_inspection(other, made),
        policy.why_not_read_opinions(other, agreement),
        policy.why_not_read_complaint(other, complaint),
    ):
        assert reason is not None
    with pytest.raises(NotPermitted):
        plan(agreement, other, other)
    with pytest.raises(RuleBroken):
        plan(agreement, parties.programme, other)
    with pytest.raises(NotPermitted):
        service.leave_opinion(agreement=agreement, by=other, text="越界。")
    with pytest.raises(NotPermitted):
        service.record_visit(agreement=agreement, by=other, visited_on=today(), finding="看了", is_satisfactory=True)


def test_nothing_is_ordered_changed_or_called_off_by_who_only_watches(parties: Parties, agreement: Agreement) -> None:
    watcher, _other = make_watchers(parties)
    colleague = people.make_user("watcher-3", Role.COMMUNITY_SUPERVISOR, place=parties.community)
    of_programme = plan(agreement, parties.programme, parties.community_officer)
    complaint, whistle = (
        supervision.make_complaint(agreement, is_whistleblowing=is_whistle) for is_whistle in (False, True)
    )
    assert policy.why_not_read_complaint(watcher, complaint) is None
    for reason in (
        policy.why_not_rectify(watcher, agreement),
        policy.why_not_clear_flag(watcher, agreement),
        policy.why_not_cancel_inspection(watcher, of_programme),
        policy.why_not_record_inspection(watcher, of_programme),
        policy.why_not_answer_complaint(watcher, complaint),
        policy.why_not_read_complaint(watcher, whistle),
        policy.why_not_read_calls(watcher, of_programme),
    ):
        assert reason is not None
    with pytest.raises(RuleBroken, match="由本人进行"):
        plan(agreement, watcher, colleague)
    with pytest.raises(RuleBroken, match="由工作人员进行"):
        plan(agreement, parties.programme, watcher, InspectionMethod.PHONE)


def test_the_role_is_for_one_community_and_not_for_who_runs_it(parties: Parties) -> None:
    assert conflicting_roles({Role.COMMUNITY}, Role.COMMUNITY_SUPERVISOR) == {Role.COMMUNITY}
    assert conflicting_roles({Role.RESIDENT}, Role.COMMUNITY_SUPERVISOR) == set()
    with pytest.raises(RuleBroken, match="社区"):
        roles.grant_at_setup(user=people.make_user("watcher-9"), role=Role.COMMUNITY_SUPERVISOR)
    db.session.add(RoleGrant(user_id=parties.member.id, role=Role.COMMUNITY_SUPERVISOR))
    with pytest.raises(IntegrityError, match="officer_names_community"):
        db.session.flush()


def test_the_pages_show_the_own_community_only(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        agreement = agreements.make_signed(parties)
        make_watchers(parties)
        supervision.make_order(parties, agreement)
        ref, title = agreement.ref, agreement.project.title
        db.session.commit()
    own, other = browse("watcher-1"), browse("watcher-2")
    for path in ("/supervision/", "/supervision/rectifications/", "/supervision/months/"):
        assert title in own.get(path).text
        assert title not in other.get(path).text
    other.get(f"/supervision/{ref}/", status=403)
    other.post(f"/supervision/{ref}/opinions/new", {"text": "越界"}, status=403)
    assert "提出监督意见" in own.get(f"/supervision/{ref}/").text
    assert "请" in own.post(f"/supervision/{ref}/opinions/new", {"text": ""}, status=422).text
    own.post(f"/supervision/{ref}/opinions/new", {"text": "请公开活动经费。"})
    assert "请公开活动经费。" in own.get(f"/supervision/{ref}/").text
    due_on = (today() + timedelta(days=3)).isoformat()
    wanted = {"method": "on_site", "assigned_to": "watcher-1", "due_on": due_on}
    own.post(f"/supervision/{ref}/inspections/new", wanted)
    assert title in own.get("/supervision/inspections/").text
    own.get(f"/agreements/{ref}", status=403)
    assert f"/agreements/{ref}" not in own.get(f"/supervision/{ref}/").html, "no link leads to a closed door"
