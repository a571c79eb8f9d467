"""From the call to the award: ranking, two persons, notice, money; and what stops each step."""

from decimal import Decimal
from fractions import Fraction

import pytest

from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.funds.queries import project_money
from grants.projects.rules import ProjectStatus
from grants.rounds import service as rounds_service
from grants.rounds.rules import NoticeStatus
from grants.selection import service
from grants.selection.queries import application_of_project, find_candidate, judging, list_due_for, ranking, results
from grants.selection.rules import ApplicationStatus, CallStatus, ReviewStatus
from tests.factories import funds, rounds, selection
from tests.factories.selection import later

pytestmark = pytest.mark.usefixtures("ctx")


def test_a_call_goes_all_the_way_to_an_award_with_its_money() -> None:
    stage = selection.make_stage()
    call = selection.make_awarded(stage)
    chosen = application_of_project(stage.project.id)
    assert chosen is not None
    assert call.status is CallStatus.AWARDED
    assert stage.project.status is ProjectStatus.AWARDED
    assert {one.status for one in call.applications} == {ApplicationStatus.SELECTED, ApplicationStatus.NOT_SELECTED}
    assert chosen.blind_label == "A"
    assert project_money(stage.project.ref).awarded_fen == chosen.fiscal_fen == 30_000_00
    assert call.decided_by_id != call.seconded_by_id
    funds.assert_ledger_holds()


def test_what_is_stored_equals_a_recount_from_the_scores() -> None:
    stage = selection.make_stage(organisations=3)
    call = selection.make_ranked(stage, {"A": 0.82, "B": 0.91, "C": 0.7})
    weights = stage.round.settings["selection_weights"]
    for row in ranking(call):
        totals = sorted(
            sum(Fraction(str(score.points)) for score in review.scores)
            for review in judging.list_reviews(call)
            if review.application_id == row.application.id
        )
        middle = totals[1:-1]
        expert = round(float(sum(middle) / len(middle)), 2)
        jury = [one.total for one in judging.list_jury_scores(call) if one.application_id == row.application.id]
        assert row.expert == pytest.approx(expert)
        assert row.jury == pytest.approx(sum(jury) / len(jury))
        assert row.community == 85
        whole = (
            row.expert * weights["expert"] + row.jury * weights["jury"] + row.community * weights["community"]
        ) / 100
        assert row.composite == pytest.approx(whole, abs=0.005)
    assert [row.label for row in ranking(call)] == ["B", "A", "C"]
    assert results.differing(call) == []
    stored = {one.ref: (one.composite_score, one.rank) for one in call.applications}
    assert {one.key: (float(one.composite), one.rank) for one in results.compute(call)} == stored
    next(iter(call.applications)).composite_score = 99.99
    assert results.differing(call) != []


def test_nothing_is_ranked_before_everybody_has_spoken() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    with later(call, days=2), pytest.raises(RuleBroken, match="利益冲突声明"):
        service.rank_call(call=call, officer=stage.programme)
    selection.declare_all(call)
    with later(call, days=2), pytest.raises(RuleBroken, match="没有锁定"):
        service.rank_call(call=call, officer=stage.programme)
    selection.score_all(call)
    with later(call, days=2), pytest.raises(RuleBroken, match="居民评分"):
        service.rank_call(call=call, officer=stage.programme)
    selection.jury_all(call)
    with later(call, days=2), pytest.raises(RuleBroken, match="社区意见"):
        service.rank_call(call=call, officer=stage.programme)
    selection.opinions(stage, call)
    with later(call, days=2):
        service.rank_call(call=call, officer=stage.programme)
    assert call.status is CallStatus.RANKED


def test_a_score_far_from_the_others_asks_its_expert_for_a_reason() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    selection.declare_all(call)
    sheets = judging.list_reviews(call)
    odd = next(one for one in sheets if one.application.blind_label == "A")
    for review in sheets:
        selection.score(review, 0.5 if review is odd else 0.9)
    selection.jury_all(call)
    selection.opinions(stage, call)
    assert results.deviating(call) == [odd]
    assert any("偏离" in item.title for item in list_due_for(odd.member.expert))
    with later(call, days=2), pytest.raises(RuleBroken, match="偏离较大"):
        service.rank_call(call=call, officer=stage.programme)
    with later(call, days=2):
        with pytest.raises(RuleBroken, match="书面说明"):
            service.explain_deviation(review=odd, actor=odd.member.expert, reason=" ")
        service.explain_deviation(review=odd, actor=odd.member.expert, reason="预算与活动场次明显不匹配。")
        service.rank_call(call=call, officer=stage.programme)


def test_the_award_takes_two_persons_with_two_roles() -> None:
    stage = selection.make_stage()
    call = selection.make_ranked(stage)
    with later(call, days=2):
        with pytest.raises(NotPermitted):
            service.propose_award(call=call, officer=stage.leader)
        with pytest.raises(NotPermitted):
            service.announce_award(call=call, leader=stage.leader)
        service.propose_award(call=call, officer=stage.programme)
        for other in ("programme-1", "programme-2", "finance-1", "supervisor-1", "admin-1"):
            with pytest.raises(NotPermitted):
                service.announce_award(call=call, leader=stage.staff[other])
        service.send_back_award(call=call, leader=stage.leader, reason="请补充说明第二名情况。")
        assert call.decided_by_id is None
        service.propose_award(call=call, officer=stage.programme)
        service.announce_award(call=call, leader=stage.leader)
    assert call.notice is not None
    assert "申报单位 A" in call.notice.body
    loser = next(one for one in call.applications if one.status is ApplicationStatus.NOT_SELECTED)
    assert loser.organisation.name not in call.notice.body


def test_the_award_waits_for_the_end_of_its_notice_and_for_every_objection() -> None:
    stage = selection.make_stage()
    call = selection.make_announced(stage)
    notice = call.notice
    assert notice is not None
    with later(call, days=2), pytest.raises(RuleBroken, match="公示期"):
        service.confirm_award(call=call, officer=stage.programme)
    with later(call, days=2):
        objection = rounds_service.raise_objection(
            notice=notice, name="王建军", contact="13800001234", text="该组织去年项目未结项。"
        )
    with rounds.after_window(notice):
        with pytest.raises(RuleBroken, match="异议"):
            service.confirm_award(call=call, officer=stage.programme)
        rounds_service.answer_objection(
            objection=objection, officer=stage.programme, is_upheld=True, answer="情况属实。"
        )
        with pytest.raises(TransitionRefused, match="异议成立"):
            service.confirm_award(call=call, officer=stage.programme)
        service.revoke_award(call=call, officer=stage.programme, reason="异议成立：去年项目未结项。")
        assert notice.status is NoticeStatus.WITHDRAWN
        second = find_candidate(call)
        assert second is not None
        assert second.blind_label == "B"
        service.propose_award(call=call, officer=stage.programme)
        service.announce_award(call=call, leader=stage.leader)
        assert second.status is ApplicationStatus.SELECTED
    assert call.notice is not None
    with rounds.after_window(call.notice):
        service.confirm_award(call=call, officer=stage.programme)
    assert application_of_project(stage.project.id) is second


def test_nobody_below_the_pass_score_is_chosen_and_the_project_may_be_called_for_again() -> None:
    stage = selection.make_stage()
    call = selection.make_ranked(stage, {"A": 0.3, "B": 0.3})
    with later(call, days=2):
        assert find_candidate(call) is None
        with pytest.raises(RuleBroken, match="合格线"):
            service.propose_award(call=call, officer=stage.programme)
        service.fail_call(call=call, officer=stage.programme, reason="两家申报均未达到合格线。")
    assert call.status is CallStatus.FAILED
    assert stage.project.status is ProjectStatus.FUNDED
    again = selection.make_call(stage)
    assert again.status is CallStatus.OPEN


def test_a_voided_sheet_stays_on_record_and_takes_two_persons() -> None:
    stage = selection.make_stage()
    call = selection.make_scored(stage)
    sheet = judging.list_reviews(call)[0]
    with later(call, days=2):
        service.propose_void(review=sheet, officer=stage.programme, reason="评分时误看了另一份材料。")
        with pytest.raises(NotPermitted):
            service.decide_void(review=sheet, officer=stage.staff["programme-2"], is_approved=True)
        fresh = service.decide_void(review=sheet, officer=stage.leader, is_approved=True)
    assert fresh is not None
    assert sheet.status is ReviewStatus.VOIDED
    assert sheet.total > 0
    assert results.blockers(call)
    selection.score(fresh, 0.8)
    with later(call, days=2):
        service.rank_call(call=call, officer=stage.programme)
        with pytest.raises(NotPermitted):
            service.propose_void(review=fresh, officer=stage.programme, reason="想改分")


def test_a_disqualified_application_leaves_the_ranking() -> None:
    stage = selection.make_stage()
    call = selection.make_ranked(stage)
    best = next(one for one in call.applications if one.rank == 1)
    with later(call, days=2):
        service.disqualify(application=best, officer=stage.programme, reason="提供虚假材料。")
        assert [row.label for row in ranking(call)] == ["B"]
        candidate = service.propose_award(call=call, officer=stage.programme)
    assert candidate.blind_label == "B"
    assert best.refusal_reason == "提供虚假材料。"


def test_points_are_kept_to_the_half() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    selection.declare_all(call)
    sheet = judging.list_reviews(call)[0]
    actor = sheet.member.expert
    with later(call):
        service.save_scores(review=sheet, actor=actor, points={"need_votes": Decimal("7.5")})
        with pytest.raises(RuleBroken):
            service.save_scores(review=sheet, actor=actor, points={"need_votes": Decimal("10.5")})
        with pytest.raises(RuleBroken):
            service.save_scores(review=sheet, actor=actor, points={"need_votes": Decimal("7.3")})
        assert sheet.total == 7.5
        service.save_scores(review=sheet, actor=actor, points={"need_votes": None})
        assert sheet.total == 0
        with pytest.raises(RuleBroken, match="还没有打分"):
            service.lock_review(review=sheet, actor=actor)
