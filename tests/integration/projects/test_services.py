"""Projects through the services: right ways, wrong turns, money within the envelope."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from grants.foundation import clock
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.foundation.models import Notification
from grants.needs import queries as needs_queries
from grants.needs.rules import Step
from grants.people import queries as people_queries
from grants.people.models import RoleGrant, User
from grants.people.rules import Role
from grants.projects import policy, queries, service
from grants.projects.models import Project
from grants.projects.rules import LATER_ACTIONS, CostLine, ProjectAction, ProjectStatus
from grants.rounds import service as rounds_service
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode, Category, Phase
from tests.factories import needs, people, projects, rounds

pytestmark = pytest.mark.usefixtures("round")


def account(login: str) -> User:
    user = people_queries.find_user(login)
    assert user is not None
    return user


def test_a_project_is_drafted_from_an_adopted_need(round: Round) -> None:
    need = needs.make_adopted_need(round)
    project = projects.make_draft(round, need=need)
    assert project.ref == "GYCT-2026-01-0001"
    assert project.community is need.community
    assert project.needs == [need]
    assert project.meeting is needs_queries.find_meeting_passing([need.ref])
    assert queries.list_projects_answering(need.id) == [project]


def test_a_community_officer_drafts_for_the_own_community_only(round: Round) -> None:
    need = needs.make_adopted_need(round)
    assert projects.make_draft(round, need=need, officer=account("community-1")).drafted_by is account("community-1")
    for login in ("community-2", "leader-1", "finance-1", "supervisor-1", "admin-1", "resident-1"):
        with pytest.raises(NotPermitted):
            projects.make_draft(round, need=need, officer=account(login))


def test_only_adopted_needs_of_the_place_are_answered(round: Round) -> None:
    own, foreign = (
        needs.make_adopted_need(round),
        needs.make_adopted_need(round, actor=needs.make_proposer(people.community(2))),
    )
    pending = needs.make_deliberated_need(round)
    for chosen in ([], [pending], [own, foreign]):
        with pytest.raises(RuleBroken) as refusal:
            service.draft_project(officer=projects.programme(), needs=chosen, text=projects.text())
        assert refusal.value.field == "needs"
    street = people_queries.get_street()
    wide = service.draft_project(officer=projects.programme(), needs=[own, foreign], text=projects.text(), place=street)
    assert wide.community is street


def test_a_street_wide_project_is_for_the_programme(round: Round) -> None:
    need = needs.make_adopted_need(round)
    with pytest.raises(NotPermitted, match="面向全街道"):
        service.draft_project(
            officer=account("community-1"), needs=[need], text=projects.text(), place=people_queries.get_street()
        )


def test_outside_the_phase_nothing_is_drafted(round: Round) -> None:
    need = needs.make_adopted_need(round)
    for phase in round.phases:
        if phase.phase is Phase.PROJECTS:
            phase.ends_on = phase.starts_on
    db.session.flush()
    with pytest.raises(NotPermitted):
        projects.make_draft(round, need=need)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"ends_on": clock.today() - timedelta(days=1)}, "ends_on"),
        ({"vulnerable_percent": 101}, "vulnerable_percent"),
        ({"direct_beneficiary_count": -1}, "direct_beneficiary_count"),
    ],
)
def test_impossible_figures_are_refused_at_their_field(round: Round, parts: dict[str, object], field: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        projects.make_draft(round, **parts)
    assert refusal.value.field == field


def test_editing_replaces_texts_and_needs(round: Round) -> None:
    project, other = projects.make_draft(round), needs.make_adopted_need(round)
    service.edit_project(
        project=project, officer=projects.programme(), needs=[other], text=projects.text("枫林苑爱心食堂")
    )
    assert (project.title, project.needs) == ("枫林苑爱心食堂", [other])


def test_the_ceiling_is_the_sum_of_the_lines_and_lines_can_be_replaced(round: Round) -> None:
    project = projects.make_draft(round)
    service.set_costs(project=project, officer=projects.programme(), lines=projects.COSTS)
    assert project.ceiling_fen == 3_500_000
    service.set_costs(project=project, officer=projects.programme(), lines=projects.COSTS[:2])
    assert project.ceiling_fen == 1_500_000
    assert [line.position for line in project.costs] == [1, 2]


@pytest.mark.parametrize("bad", [{"unit_price_fen": 0}, {"quantity": 0}, {"content": " "}])
def test_a_line_without_content_price_or_quantity_is_refused(round: Round, bad: dict[str, object]) -> None:
    project = projects.make_draft(round)
    with pytest.raises(RuleBroken):
        service.set_costs(
            project=project,
            officer=projects.programme(),
            lines=[replace(projects.COSTS[0], **bad)],  # type: ignore[arg-type]
        )


def test_more_money_than_a_street_has_and_more_lines_than_a_page_are_refused(round: Round) -> None:
    project, officer = projects.make_draft(round), projects.programme()
    with pytest.raises(RuleBroken):
        service.set_costs(project=project, officer=officer, lines=[replace(projects.COSTS[0], quantity=1_000_000)])
    with pytest.raises(RuleBroken):
        service.set_costs(project=project, officer=officer, lines=list(projects.COSTS[:1]) * 61)
    with pytest.raises(RuleBroken):
        service.set_indicators(project=project, officer=officer, lines=[replace(projects.INDICATORS[0], target=-1)])


def test_submitting_names_everything_that_is_missing(round: Round) -> None:
    project = projects.make_draft(round, objective="", five_links={}, starts_on=None)
    with pytest.raises(RuleBroken) as refusal:
        service.submit_costs(project=project, officer=projects.programme())
    for word in ("项目目标", "五社联动", "起止日期", "测算明细", "产出", "效益", "满意度"):
        assert word in refusal.value.message


def test_submitting_over_a_cap_quotes_the_rule(round: Round) -> None:
    over = (CostLine(BudgetCode.MATERIALS, "物资", 850_000, 1), CostLine(BudgetCode.MANAGEMENT, "管理费", 150_000, 1))
    project = projects.make_complete_draft(round, costs=over)
    with pytest.raises(RuleBroken) as refusal:
        service.submit_costs(project=project, officer=projects.programme())
    assert (
        "“管理费”合计 1,500.00 元，占 15.0%，超过第1届公益创投规则规定的 10%（即 1,000.00 元）" in refusal.value.message
    )


def test_a_second_person_decides(round: Round) -> None:
    project = projects.make_costed(round)
    with pytest.raises(NotPermitted):
        service.approve_project(project=project, leader=account("programme-2"), note="同意")
    with pytest.raises(RuleBroken):
        service.approve_project(project=project, leader=projects.leader(), note=" ")
    service.approve_project(project=project, leader=projects.leader(), note="同意立项。")
    assert project.status is ProjectStatus.APPROVED
    assert (project.approved_by, project.approval_note) == (projects.leader(), "同意立项。")
    assert db.session.query(Notification).filter_by(user_id=projects.programme().id).count() == 1


@pytest.mark.parametrize("part", ["drafted", "submitted"])
def test_whoever_drafted_or_submitted_does_not_decide(round: Round, part: str) -> None:
    both = people.make_user("both-1", Role.PROGRAMME)
    db.session.add(RoleGrant(user_id=both.id, role=Role.APPROVER))
    db.session.flush()
    db.session.refresh(both)
    project = projects.make_complete_draft(round, officer=both if part == "drafted" else None)
    service.submit_costs(project=project, officer=both if part == "submitted" else projects.programme())
    for act in (
        lambda: service.approve_project(project=project, leader=both, note="同意"),
        lambda: service.reject_project(project=project, leader=both, reason="不同意"),
    ):
        with pytest.raises(NotPermitted, match="另一位领导"):
            act()


def test_rejecting_needs_a_reason(round: Round) -> None:
    project = projects.make_costed(round)
    with pytest.raises(RuleBroken):
        service.reject_project(project=project, leader=projects.leader(), reason="")
    service.reject_project(project=project, leader=projects.leader(), reason="与在建项目重复。")
    assert (project.status, project.rejection_reason) == (ProjectStatus.REJECTED, "与在建项目重复。")


def test_taking_back_before_the_decision_opens_the_draft_again(round: Round) -> None:
    project = projects.make_costed(round)
    with pytest.raises(TransitionRefused):
        service.set_costs(project=project, officer=projects.programme(), lines=projects.COSTS)
    service.revise_project(project=project, officer=projects.programme(), reason="补充测算依据")
    assert (project.status, project.costed_by_id) == (ProjectStatus.DRAFT, None)
    service.set_costs(project=project, officer=projects.programme(), lines=projects.COSTS)


def test_the_notice_says_what_is_decided(round: Round) -> None:
    project = projects.make_announced(round)
    notice = project.notice
    assert notice is not None
    assert notice.subject_ref == project.ref
    assert "35,000.00 元" in notice.body
    assert project.needs[0].ref in notice.body
    with pytest.raises(RuleBroken, match="尚未办结"):
        service.fund_project(project=project, officer=projects.programme())


def test_a_withdrawn_notice_opens_the_draft_again_and_voids_the_approval(round: Round) -> None:
    project = projects.make_announced(round)
    assert project.notice is not None
    with pytest.raises(RuleBroken, match="没有撤回"):
        service.revise_project(project=project, officer=projects.programme())
    rounds_service.withdraw_notice(notice=project.notice, officer=projects.programme(), reason="异议成立")
    with pytest.raises(RuleBroken, match="已撤回"):
        service.fund_project(project=project, officer=projects.programme())
    service.revise_project(project=project, officer=projects.programme())
    assert (project.status, project.approved_by_id, project.notice) == (ProjectStatus.DRAFT, None, None)


def test_funding_stamps_the_needs_and_tells_the_proposers(round: Round) -> None:
    project = projects.make_funded(round)
    need = project.needs[0]
    stamps = {given.step: given for given in needs_queries.list_stamps(need)}
    assert project.ref in stamps[Step.DECIDE].note
    assert need.proposer is not None
    titles = [row.title for row in db.session.query(Notification).filter_by(user_id=need.proposer.user_id)]
    assert "您提出的需求已立项" in titles


def test_an_envelope_is_never_promised_twice(round: Round) -> None:
    poor = rounds.make_round(2, envelope_fen=6_000_000)
    first, second = projects.make_noticed(poor), projects.make_noticed(poor)
    service.fund_project(project=first, officer=projects.programme())
    assert queries.uncommitted_fen(poor, Category.WELFARE) == 2_500_000
    with pytest.raises(RuleBroken, match=r"还有 25,000\.00 元未安排"):
        service.fund_project(project=second, officer=projects.programme())
    other = projects.make_noticed(poor, category=Category.VOLUNTEER)
    service.fund_project(project=other, officer=projects.programme())


@pytest.mark.parametrize("login", ["community-1", "leader-1", "finance-1", "supervisor-1"])
def test_announcing_and_funding_are_the_programme_s(round: Round, login: str) -> None:
    approved, noticed = projects.make_approved(round), projects.make_noticed(round)
    with pytest.raises(NotPermitted):
        service.announce_project(project=approved, officer=account(login))
    with pytest.raises(DomainError):
        service.fund_project(project=noticed, officer=account(login))


def test_later_stages_move_the_project_on_and_closing_is_dated(round: Round) -> None:
    project = projects.make_funded(round)
    for action, status in (
        (ProjectAction.CALL, ProjectStatus.CALLED),
        (ProjectAction.REOPEN_CALL, ProjectStatus.FUNDED),
        (ProjectAction.CALL, ProjectStatus.CALLED),
        (ProjectAction.AWARD, ProjectStatus.AWARDED),
        (ProjectAction.START, ProjectStatus.ACTIVE),
        (ProjectAction.EVALUATE, ProjectStatus.EVALUATED),
        (ProjectAction.CLOSE, ProjectStatus.CLOSED),
    ):
        service.advance(project=project, action=action, by=projects.programme())
        assert project.status is status
    assert project.closed_at is not None


def test_later_stages_do_not_decide_and_do_not_jump(round: Round) -> None:
    project = projects.make_costed(round)
    for action in ProjectAction:
        with pytest.raises(TransitionRefused):
            service.advance(project=project, action=action, by=None)
    assert project.status is ProjectStatus.COSTED


def test_once_awarded_the_money_is_no_longer_counted_as_a_promise(round: Round) -> None:
    project = projects.make_funded(round)
    service.advance(project=project, action=ProjectAction.CALL, by=None)
    assert queries.earmarked_fen(round.id, Category.WELFARE) == 3_500_000
    service.advance(project=project, action=ProjectAction.AWARD, by=None)
    assert queries.earmarked_fen(round.id, Category.WELFARE) == 0


BUILDERS: dict[ProjectStatus, Callable[[Round], Project]] = {
    ProjectStatus.DRAFT: projects.make_complete_draft,
    ProjectStatus.COSTED: projects.make_costed,
    ProjectStatus.APPROVED: projects.make_approved,
    ProjectStatus.ANNOUNCED: projects.make_noticed,
    ProjectStatus.FUNDED: projects.make_funded,
    ProjectStatus.REJECTED: projects.make_rejected,
}
ACTIONS: dict[ProjectAction, tuple[Callable[[User, Project], str | None], Callable[[Project], object]]] = {
    ProjectAction.COST: (
        policy.why_not_submit,
        lambda project: service.submit_costs(project=project, officer=projects.programme()),
    ),
    ProjectAction.REVISE: (
        policy.why_not_revise,
        lambda project: service.revise_project(project=project, officer=projects.programme()),
    ),
    ProjectAction.APPROVE: (
        policy.why_not_approve,
        lambda project: service.approve_project(project=project, leader=projects.leader(), note="同意。"),
    ),
    ProjectAction.REJECT: (
        policy.why_not_reject,
        lambda project: service.reject_project(project=project, leader=projects.leader(), reason="不同意。"),
    ),
    ProjectAction.ANNOUNCE: (
        policy.why_not_announce,
        lambda project: service.announce_project(project=project, officer=projects.programme()),
    ),
    ProjectAction.FUND: (
        policy.why_not_fund,
        lambda project: service.fund_project(project=project, officer=projects.programme()),
    ),
}


@pytest.mark.parametrize("status", list(BUILDERS))
@pytest.mark.parametrize("action", list(ACTIONS))
def test_the_policy_and_the_service_agree_in_every_status(
    round: Round, status: ProjectStatus, action: ProjectAction
) -> None:
    why_not, act = ACTIONS[action]
    project = BUILDERS[status](round)
    assert project.status is status
    actor = projects.leader() if action in {ProjectAction.APPROVE, ProjectAction.REJECT} else projects.programme()
    if why_not(actor, project) is None:
        act(project)
        assert project.status is not status
    else:
        with pytest.raises(DomainError):
            act(project)
        assert project.status is status


def test_every_action_is_either_decided_here_or_by_a_later_stage() -> None:
    assert set(ACTIONS) | LATER_ACTIONS == set(ProjectAction)


def test_the_desk_shows_each_what_they_can_act_on(round: Round) -> None:
    projects.make_complete_draft(round)
    projects.make_costed(round)
    projects.make_approved(round)
    announced, noticed = projects.make_announced(round), projects.make_noticed(round)

    def words(login: str) -> list[str]:
        return [item.title.split("：")[0] for item in queries.list_due_for(account(login))]

    assert words("programme-2") == ["完善项目草案", "发布立项公示", "公示期满后立项", "公示期满后立项"]
    assert words("community-1") == ["完善项目草案"]
    assert words("community-2") == []
    assert words("leader-1") == ["立项决策"]
    assert words("finance-1") == words("resident-1") == []
    blocked = {item.meta.split(" ")[0]: item.blocked_by for item in queries.list_due_for(account("programme-1"))}
    assert "尚未办结" in (blocked[announced.ref] or "")
    assert blocked[noticed.ref] is None


def test_the_public_does_not_see_what_is_not_yet_announced(round: Round) -> None:
    hidden = [
        projects.make_draft(round),
        projects.make_costed(round),
        projects.make_approved(round),
        projects.make_rejected(round),
    ]
    shown = [projects.make_announced(round), projects.make_funded(round)]
    dropped = projects.make_noticed(round)
    service.reject_project(project=dropped, leader=projects.leader(), reason="场地条件变化。")
    assert all(policy.why_not_see(None, project) for project in hidden)
    assert not any(policy.why_not_see(None, project) for project in [*shown, dropped])
    assert not any(policy.why_not_see(account("community-1"), project) for project in hidden)
    assert all(policy.why_not_see(account("community-2"), project) for project in hidden)
    window, everything = queries.Window(), queries.ProjectFilter()
    assert {project.ref for project in queries.list_projects(window, everything).items} == {
        project.ref for project in [*shown, dropped]
    }
    assert len(queries.list_projects(window, everything, account("leader-1")).items) == 7
    assert len(queries.list_projects(window, everything, account("community-1")).items) == 7
    assert len(queries.list_projects(window, everything, account("community-2")).items) == 3
