"""Changes of a running agreement, and its suspension: applied as a whole, by different people, within the rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from grants.agreements import policy, queries, service
from grants.agreements.models import Agreement
from grants.agreements.rules import CHANGE_FLOW, ChangeAction, ChangeKind, ChangeStatus, MilestoneDraft
from grants.foundation import clock
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.people.rules import Role
from tests.browsing import Browser
from tests.factories import agreements, people
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]


def amounts(agreement: Agreement) -> list[int]:
    """Return what stands in the budget lines now."""
    db.session.refresh(agreement)
    return [line.amount_fen for line in agreement.budget_lines]


def test_a_small_move_takes_effect_at_once_and_stays_measured_against_what_was_approved(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    change = agreements.make_change(parties, agreement, ChangeStatus.FILED)
    assert change.status is ChangeStatus.FILED
    assert amounts(agreement) == [3_900_000, 1_600_000, 500_000, 500_000]
    again = agreements.wish(ChangeKind.BUDGET, **{"1": 3_840_000, "2": 1_660_000})
    second = service.propose_change(agreement=agreement, by=parties.member, wish=again)
    assert second.status is ChangeStatus.PROPOSED, "together the two moves are above a tenth of the line"
    assert second.ref == f"{agreement.ref}-BG2"


def test_a_large_move_waits_for_two_people_and_is_applied_as_a_whole(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    asked = agreements.wish(ChangeKind.BUDGET, **agreements.LARGE_MOVE)
    change = agreements.make_change(parties, agreement, ChangeStatus.ENDORSED, asked)
    assert amounts(agreement)[0] == 4_000_000
    with pytest.raises(NotPermitted):
        service.approve_change(amendment=change, by=parties.programme)
    service.approve_change(amendment=change, by=parties.leader)
    assert amounts(agreement) == [3_700_000, 1_800_000, 500_000, 500_000]
    assert agreement.budget_lines[1].baseline_fen == 1_800_000
    rows = queries.describe_change(change)
    assert [(row.before, row.after) for row in rows] == [("40,000.00", "37,000.00"), ("15,000.00", "18,000.00")]
    assert sum(one.amount_fen for one in agreement.tranches) == agreement.amount_fen == agreements.ASKED_FEN


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ({"1": 4_000_001}, "总额内调剂"),
        ({"1": 3_400_000, "2": 2_100_000}, "上限"),
        ({}, "没有变化"),
    ],
)
def test_a_move_outside_the_rules_is_refused_with_the_rule(parties: Parties, moves: dict[str, int], words: str) -> None:
    agreement = agreements.make_signed(parties)
    with pytest.raises(RuleBroken, match=words) as refusal:
        service.propose_change(
            agreement=agreement,
            by=parties.member,
            wish=agreements.wish(ChangeKind.BUDGET, **(moves or {"1": 4_000_000})),
        )
    assert refusal.value.field == "lines"


def test_a_line_is_not_moved_below_what_is_spent_of_it(parties: Parties, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = agreements.make_signed(parties)
    spent = {agreement.budget_lines[0].id: 3_950_000}
    monkeypatch.setattr("grants.agreements.service.changes._spending", [lambda _id: spent])
    with pytest.raises(RuleBroken, match="已列支"):
        agreements.make_change(parties, agreement, ChangeStatus.FILED)


def test_leader_term_targets_and_region_change_by_approval(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    later = agreement.ends_on + timedelta(days=60)
    agreements.make_change(
        parties, agreement, ChangeStatus.APPROVED, agreements.wish(ChangeKind.PERIOD, ends_on=later.isoformat())
    )
    assert (agreement.ends_on, agreement.milestones[-1].due_on) == (later, later)
    with pytest.raises(RuleBroken, match="最多延期一次"):
        agreements.make_change(
            parties,
            agreement,
            ChangeStatus.PROPOSED,
            agreements.wish(ChangeKind.PERIOD, ends_on=(later + timedelta(days=1)).isoformat()),
        )
    numbers = {"person_target": 100, "attendance_target": 1400, "activity_target": 24}
    agreements.make_change(parties, agreement, ChangeStatus.APPROVED, agreements.wish(ChangeKind.TARGETS, **numbers))
    assert (agreement.person_target, agreement.attendance_target) == (100, 1400)
    with pytest.raises(NotPermitted, match="不超过 2 次"):
        agreements.make_change(parties, agreement, ChangeStatus.PROPOSED)


def test_a_wish_touches_nothing_but_what_its_kind_is_about(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    asked = agreements.wish(ChangeKind.REGION, region="枫林社区", amount_fen=1)
    change = agreements.make_change(parties, agreement, ChangeStatus.APPROVED, asked)
    assert change.after == {"region": "枫林社区"}
    assert (agreement.region, agreement.amount_fen) == ("枫林社区", agreements.ASKED_FEN)


def test_nothing_is_changed_in_the_last_month(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    with clock.set_to(now() + timedelta(days=230)), pytest.raises(NotPermitted, match="最后一个月"):
        agreements.make_change(parties, agreement, ChangeStatus.PROPOSED)


@pytest.mark.parametrize("status", ChangeStatus)
def test_only_what_the_table_allows_can_be_done(parties: Parties, status: ChangeStatus) -> None:
    change = agreements.make_change(parties, agreements.make_signed(parties), status)
    does: dict[ChangeAction, Callable[[], None]] = {
        ChangeAction.ENDORSE: lambda: service.endorse_change(amendment=change, by=parties.programme),
        ChangeAction.APPROVE: lambda: service.approve_change(amendment=change, by=parties.leader),
        ChangeAction.REFUSE: lambda: service.refuse_change(amendment=change, by=parties.leader, note="不妥"),
        ChangeAction.WITHDRAW: lambda: service.withdraw_change(amendment=change, by=parties.member),
    }
    refused = [action for action in does if not CHANGE_FLOW.allows(status, action)]
    for action in refused:
        with pytest.raises(TransitionRefused):
            does[action]()
    assert change.status is status
    assert len(refused) >= 1


def test_who_may_do_what_with_a_change(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    other = people.make_organisation("晨曦志愿服务中心")
    stranger = people.make_user("org-2", Role.ORGANISATION, organisation=other)
    for outsider in (stranger, parties.programme, parties.leader, parties.community_officer):
        with pytest.raises(NotPermitted):
            service.propose_change(agreement=agreement, by=outsider, wish=agreements.wish())
    change = agreements.make_change(parties, agreement, ChangeStatus.PROPOSED)
    with pytest.raises(NotPermitted, match="审批中"):
        agreements.make_change(parties, agreement, ChangeStatus.PROPOSED)
    for outsider in (stranger, parties.member, parties.leader):
        with pytest.raises(NotPermitted):
            service.endorse_change(amendment=change, by=outsider)
    with pytest.raises(NotPermitted):
        service.withdraw_change(amendment=change, by=stranger)
    assert policy.possible_with(stranger, change) == set()
    assert policy.possible_with(parties.programme, change) == {ChangeAction.ENDORSE, ChangeAction.REFUSE}
    assert any("办理协议变更" in item.title for item in queries.list_due_for(parties.programme))
    service.endorse_change(amendment=change, by=parties.programme)
    assert any("办理协议变更" in item.title for item in queries.list_due_for(parties.leader))


def test_a_suspended_agreement_goes_on_by_two_people(parties: Parties) -> None:
    agreement = agreements.make_signed(parties)
    assert policy.why_not_payable(agreement) is None
    with pytest.raises(NotPermitted):
        service.suspend_agreement(agreement=agreement, by=parties.member, reason="停")
    service.suspend_agreement(agreement=agreement, by=parties.leader, reason="账目不清，停止拨付。")
    assert "账目不清" in str(policy.why_not_payable(agreement))
    assert {state.waits_for for state in queries.tranche_states(agreement)} == {"协议已暂停，恢复后再办理"}
    with pytest.raises(NotPermitted, match="已经暂停"):
        service.suspend_agreement(agreement=agreement, by=parties.leader, reason="再停")
    with pytest.raises(NotPermitted, match="先由"):
        service.resume_agreement(agreement=agreement, by=parties.leader)
    service.propose_resume(agreement=agreement, by=parties.leader, note="账目已补齐。")
    with pytest.raises(NotPermitted, match="不能自己"):
        service.resume_agreement(agreement=agreement, by=parties.leader)
    second = people.make_user("leader-9", Role.APPROVER)
    assert any("批准恢复" in item.title for item in queries.list_due_for(second))
    service.resume_agreement(agreement=agreement, by=second)
    assert policy.why_not_payable(agreement) is None
    with pytest.raises(TransitionRefused):
        service.resume_agreement(agreement=agreement, by=second)


def signed(app: Flask) -> str:
    """Make a signed agreement and an organisation that has no part in it; return its reference."""
    with app.app_context():
        agreement = agreements.make_signed(agreements.make_parties())
        people.make_user("org-2", Role.ORGANISATION, organisation=people.make_organisation("晨曦志愿服务中心"))
        db.session.commit()
        return agreement.ref


WORDS = {
    "reason": "原负责人调离。",
    "impact_progress": "无",
    "impact_cost": "无",
    "impact_resources": "已交接",
    "impact_other": "",
}


def test_a_change_page_by_page(app: Flask, browse: Browse) -> None:
    ref = signed(app)
    member, officer, leader = browse("org-1"), browse("programme-1"), browse("leader-1")
    new = f"/agreements/{ref}/changes/new"
    refused = member.post(f"{new}/leader", {**WORDS, "leader_name": "周敏"}, status=422)
    assert "与现在不同" in refused.text
    assert "原负责人调离。" in refused.text, "what was typed stays"
    assert "请写明变更理由" in member.post(f"{new}/leader", {"leader_name": "陈晓"}, status=422).text
    late = (today() + timedelta(days=400)).isoformat()
    assert "不超过 3 个月" in member.post(f"{new}/period", {**WORDS, "ends_on": late}, status=422).text
    lines = {"lines-0": "41,000", "lines-1": "15,000", "lines-2": "5,000", "lines-3": "5,000"}
    assert "总额内调剂" in member.post(f"{new}/budget", {**WORDS, **lines}, status=422).text
    member.get(f"{new}/nonsense", status=404)
    member.post(f"{new}/budget", {**WORDS, **lines, "lines-0": "39,000", "lines-1": "16,000"})
    assert "已备案" in officer.get(f"/agreements/{ref}/changes/").text
    for kind in ("targets", "region"):
        assert "变更理由" in member.get(f"{new}/{kind}").text
    member.post(f"{new}/leader", {**WORDS, "leader_name": "陈晓"})
    change = f"/agreements/{ref}/changes/2"
    assert "审批中" in member.get(f"/agreements/{ref}/changes/").text
    assert "请写明" in officer.post(change, {"decision": "refuse", "note": ""}, status=422).text
    member.post(change, {"decision": "agree"}, status=403)
    officer.post(change, {"decision": "agree", "note": "情况属实"})
    leader.post(change, {"decision": "agree"})
    shown = member.get(f"/agreements/{ref}")
    assert "陈晓" in shown.text
    assert "已批准" in member.get(change).text
    member.post(f"{change}/withdraw", status=409)
    for page in ("/changes/", "/changes/2", "/changes/new/leader", "/suspend", "/resume"):
        browse("org-2").get(f"/agreements/{ref}{page}", status=403)


def test_suspension_page_by_page(app: Flask, browse: Browse) -> None:
    ref = signed(app)
    officer, leader = browse("programme-1"), browse("leader-1")
    assert "请写明" in officer.post(f"/agreements/{ref}/suspend", {"reason": ""}, status=422).text
    officer.post(f"/agreements/{ref}/suspend", {"reason": "账目不清"})
    assert "账目不清" in browse("org-1").get(f"/agreements/{ref}").text
    assert "已暂停" in leader.get("/agreements/").text
    officer.post(f"/agreements/{ref}/resume", {"note": "账目已补齐"})
    officer.get(f"/agreements/{ref}/resume", status=403)
    assert "账目已补齐" in leader.get(f"/agreements/{ref}/resume").text
    leader.post(f"/agreements/{ref}/resume")
    assert "履行中" in officer.get(f"/agreements/{ref}").text
    assert "账目已补齐" in officer.get(f"/agreements/{ref}/changes/").text


def test_two_who_edit_one_draft_do_not_overwrite_each_other(parties: Parties) -> None:
    agreement = agreements.make_draft(parties)
    asked = service.asked_lines(agreement.application)
    content = service.Content(
        agreement.starts_on,
        agreement.ends_on,
        agreement.terms,
        asked,
        [MilestoneDraft(one.name, one.due_on) for one in agreement.milestones],
        version=1,
    )
    service.revise_agreement(agreement=agreement, by=parties.member, content=content)
    assert agreement.version == 2
    with pytest.raises(TransitionRefused, match="新的一版"):
        service.revise_agreement(agreement=agreement, by=parties.programme, content=content)


def test_the_organisation_edits_and_agrees_only_to_its_own_draft_until_it_is_offered(parties: Parties) -> None:
    agreement = agreements.make_draft(parties)
    other = people.make_user("org-2", Role.ORGANISATION, organisation=people.make_organisation("晨曦志愿服务中心"))
    assert policy.why_not_edit(parties.member, agreement) is None
    assert policy.why_not_edit(other, agreement) is not None
    for outsider in (other, parties.programme, parties.leader):
        with pytest.raises(NotPermitted):
            service.agree_draft(agreement=agreement, by=outsider, version=1)
    with pytest.raises(TransitionRefused, match="最新一版"):
        service.agree_draft(agreement=agreement, by=parties.member, version=2)
    service.agree_draft(agreement=agreement, by=parties.member, version=1)
    with pytest.raises(DomainError, match="已经同意"):
        service.agree_draft(agreement=agreement, by=parties.member, version=1)
    with pytest.raises(NotPermitted):
        service.offer_agreement(agreement=agreement, officer=parties.member)
    service.offer_agreement(agreement=agreement, officer=parties.programme)
    assert policy.why_not_edit(parties.member, agreement) is not None
    assert policy.why_not_edit(parties.programme, agreement) is None
