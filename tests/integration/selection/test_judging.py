"""Panels, recusals, replacements, juries: who sits, who stands aside, and what counts afterwards."""

from datetime import date, timedelta

import pytest

from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.people.rules import Role
from grants.rounds.queries import phase_of
from grants.rounds.rules import Phase
from grants.selection import service
from grants.selection.models import Score
from grants.selection.queries import judging, list_due_for, results
from grants.selection.queries.service_record import summarise_service
from grants.selection.rules import ReviewStatus, Speciality, Tie
from grants.selection.rules.scoring import lot
from grants.selection.service import DeclaredTie
from tests.factories import people, selection
from tests.factories.selection import later

pytestmark = pytest.mark.usefixtures("ctx")


def test_the_panel_is_odd_has_finance_and_can_be_drawn_again_from_its_log() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    members = selection.panel(call)
    assert len(members) == 5
    assert any(member.is_finance for member in members)
    log = call.panel_log
    assert log["order"] == sorted(log["pool"], key=lambda login: lot(log["seed"], login))
    assert [member.expert.login for member in members] == log["chosen"]
    assert log["witness"] == "罗正清"
    assert sorted(one.blind_label or "" for one in call.applications) == ["A", "B"]
    with later(call), pytest.raises(NotPermitted):
        service.draw_panel(call=call, officer=stage.programme, seed="又一个种子")


def test_officers_and_members_of_organisations_are_never_drawn() -> None:
    stage = selection.make_stage(experts=6)
    both = people.make_user("programme-9", Role.PROGRAMME)
    out = stage.experts[0]
    service.keep_expert(
        user=out, officer=stage.programme, speciality=Speciality.LAW, is_in_pool=False, note="本年度不参加"
    )
    with pytest.raises(RuleBroken, match="没有评审专家角色"):
        service.keep_expert(user=both, officer=stage.programme, speciality=Speciality.LAW)
    call = selection.make_reviewing(stage)
    assert out.login not in call.panel_log["pool"]


def test_ties_to_an_organisation_or_its_host_recuse_and_open_no_sheet() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    member = selection.panel(call)[0]
    tied = next(one for one in call.applications if one.organisation_id == stage.organisations[0].id)
    with later(call):
        ties = [DeclaredTie(stage.organisations[0], Tie.OTHER)]
        with pytest.raises(RuleBroken, match="什么关系"):
            service.declare_conflicts(member=member, actor=member.expert, ties=ties)
        with pytest.raises(NotPermitted):
            service.declare_conflicts(member=member, actor=stage.experts[-1], ties=[])
        count = service.declare_conflicts(
            member=member, actor=member.expert, ties=[DeclaredTie(stage.organisations[0], Tie.KIN)]
        )
        assert count == 1
        with pytest.raises(NotPermitted):
            service.declare_conflicts(member=member, actor=member.expert, ties=[])
    sheets = judging.list_sheets(member)
    assert tied.id not in {one.application_id for one in sheets}
    assert len(sheets) == 1


def test_a_recusal_in_the_middle_takes_the_points_out_of_the_count() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    selection.declare_all(call)
    sheets = judging.list_reviews(call)
    gone = sheets[0]
    selection.score(gone, 0.1, lock=False)
    with later(call):
        service.recuse(review=gone, actor=gone.member.expert, reason="认出是曾任职的单位。")
    for review in sheets[1:]:
        selection.score(review, 0.8)
    evidence = next(one for one in results.evidence(call) if one.application.id == gone.application_id)
    assert gone.status is ReviewStatus.RECUSED
    assert len(evidence.locked) == 4
    assert evidence.recused_count == 1
    assert min(evidence.totals) > 70


def test_too_few_scores_stop_the_ranking_until_a_reserve_takes_the_seat() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    first, *rest = selection.panel(call)
    with later(call):
        seated = service.replace_member(member=first, officer=stage.programme, reason="因病不能参加。")
    assert seated.expert.login in call.panel_log["reserves"]
    assert judging.find_member(call, first.expert) is None
    assert any(member.is_finance for member in selection.panel(call))
    selection.declare_all(call)
    for review in judging.list_reviews(call):
        selection.score(review, 0.8)
    selection.jury_all(call)
    selection.opinions(stage, call)
    assert results.blockers(call) == []
    with later(call), pytest.raises(NotPermitted, match="锁定"):
        service.replace_member(member=rest[0], officer=stage.programme, reason="换人")


def test_a_locked_sheet_takes_no_more_points_from_anybody() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    selection.declare_all(call)
    sheet, other = judging.list_reviews(call)[:2]
    selection.score(sheet, 0.8)
    with later(call):
        for actor in (sheet.member.expert, stage.programme, stage.leader, other.member.expert):
            with pytest.raises(NotPermitted):
                service.save_scores(review=sheet, actor=actor, points={"need_votes": None})
        with pytest.raises(NotPermitted):
            service.lock_review(review=sheet, actor=sheet.member.expert)
        with pytest.raises(NotPermitted):
            service.recuse(review=sheet, actor=sheet.member.expert, reason="后悔")
    assert all(isinstance(score, Score) for score in sheet.scores)


def test_the_jury_are_grown_up_residents_of_the_community_without_office() -> None:
    stage = selection.make_stage(residents=3)
    home = stage.project.community
    child = people.make_resident("resident-91", place=home, born_on=date.today() - timedelta(days=365 * 12))
    away = people.make_resident("resident-92", place=people.community(2))
    member = people.make_resident(None, place=home)
    member.user_id = stage.members[0].id
    clerk = people.make_resident(None, place=home)
    clerk.user_id = stage.community.id
    call = selection.make_reviewing(stage)
    drawn = {juror.resident_id for juror in selection.jurors(call)}
    assert drawn.isdisjoint({child.id, away.id, member.id, clerk.id})
    assert drawn
    assert call.jury_log["pool_count"] >= len(drawn)
    with later(call), pytest.raises(NotPermitted):
        service.draw_jury(call=call, officer=stage.programme, seed=selection.SEED)


def test_a_jurors_score_is_final_and_standing_aside_counts_for_nothing() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    juror, other = selection.jurors(call)[:2]
    application = judging.list_labelled(call)[0]
    levels = {"jury_need": 5, "jury_trust": 5, "jury_join": 5}
    with later(call):
        assert juror.resident.user is not None
        assert other.resident.user is not None
        with pytest.raises(NotPermitted):
            service.score_as_juror(juror=juror, application=application, actor=other.resident.user, levels=levels)
        with pytest.raises(RuleBroken, match="请回答"):
            service.score_as_juror(
                juror=juror, application=application, actor=juror.resident.user, levels={"jury_need": 5}
            )
        given = service.score_as_juror(juror=juror, application=application, actor=juror.resident.user, levels=levels)
        assert given.total == 100
        with pytest.raises(RuleBroken, match="不能修改"):
            service.score_as_juror(juror=juror, application=application, actor=juror.resident.user, levels=levels)
        service.stand_aside(juror=other, application=application, actor=other.resident.user)
    evidence = next(one for one in results.evidence(call) if one.application.id == application.id)
    assert evidence.jury_totals == (100,)


def test_the_opinion_comes_from_the_projects_community_only() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    application = judging.list_labelled(call)[0]
    with later(call):
        for login in ("community-2", "programme-1", "leader-1"):
            with pytest.raises(NotPermitted):
                service.give_opinion(application=application, officer=stage.staff[login], points=90, text="好")
        with pytest.raises(RuleBroken):
            service.give_opinion(application=application, officer=stage.community, points=101, text="好")
        service.give_opinion(application=application, officer=stage.community, points=70, text="可以。")
        service.give_opinion(application=application, officer=stage.community, points=75, text="补充：场地可用。")
    opinion = judging.find_opinion(application)
    assert opinion is not None
    assert opinion.points == 75


def test_everybody_finds_on_the_desk_what_waits_for_them() -> None:
    stage = selection.make_stage()
    assert any("发布征集" in item.title for item in list_due_for(stage.programme))
    call = selection.make_reviewing(stage)
    member = selection.panel(call)[0]
    with later(call):
        assert any("利益冲突" in item.title for item in list_due_for(member.expert))
        assert any("居民评审团" in item.title for item in list_due_for(selection.jurors(call)[0].resident.user))
        assert len([item for item in list_due_for(stage.community) if "社区意见" in item.title]) == 2
        assert any(item.blocked_by for item in list_due_for(stage.programme))
        assert list_due_for(stage.staff["community-2"]) == []
        assert list_due_for(stage.staff["admin-1"]) == []
    selection.declare_all(call)
    with later(call):
        assert any("还有 2 份" in item.title for item in list_due_for(member.expert))
    selection.score_all(call)
    selection.jury_all(call)
    selection.opinions(stage, call)
    with later(call, days=2):
        service.rank_call(call=call, officer=stage.programme)
        assert any("拟入选" in item.title for item in list_due_for(stage.programme))
        service.propose_award(call=call, officer=stage.programme)
        assert any("审定" in item.title for item in list_due_for(stage.leader))


def test_the_pool_keeps_a_record_of_service() -> None:
    stage = selection.make_stage()
    call = selection.make_reviewing(stage)
    tied, other = selection.panel(call)[:2]
    with later(call):
        ties = [DeclaredTie(stage.organisations[0], Tie.KIN)]
        service.declare_conflicts(member=tied, actor=tied.expert, ties=ties)
        for member in selection.panel(call)[1:]:
            service.declare_conflicts(member=member, actor=member.expert, ties=[])
    for review in judging.list_reviews(call):
        selection.score(review, 0.9 if review.member is other else 0.8)
    found = summarise_service()
    assert found[other.expert_id].mean_deviation is None, "nobody sees how scores lie before the ranking"
    assert (found[tied.expert_id].sheet_count, found[tied.expert_id].recusal_count) == (1, 1)
    selection.jury_all(call)
    selection.opinions(stage, call)
    with later(call, days=2):
        service.rank_call(call=call, officer=stage.programme)
    totals = [
        sum(one.total for one in judging.list_reviews_of_member(member)) / 2
        for member in (other, selection.panel(call)[2])
    ]
    high, low = totals
    means = [(high + 4 * low) / 5, (high + 3 * low) / 4]
    expected = sum(abs(high - mean) / mean * 100 for mean in means) / 2
    record = summarise_service()[other.expert_id]
    assert float(record.mean_deviation or 0) == pytest.approx(expected, abs=0.006)
    phase = phase_of(stage.round, Phase.REVIEW)
    assert phase is not None
    assert record.late_count == 0
    phase.starts_on = phase.ends_on = (call.closes_at - timedelta(days=2)).date()
    db.session.flush()
    assert summarise_service()[other.expert_id].late_count == 2
