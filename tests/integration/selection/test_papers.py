"""Applications: deadlines by the clock, receipts, the one correction, eligibility, limits, payees."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import now, set_to
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.people.rules import OrganisationStatus
from grants.projects.rules import Measure, ProjectStatus
from grants.rounds.rules import BudgetCode
from grants.selection import queries, service
from grants.selection.jobs import close_due_calls
from grants.selection.models import EligibilityCheck, JuryScore, Score, Submission
from grants.selection.queries import judging, list_due_for
from grants.selection.queries import papers as paper_queries
from grants.selection.rules import ApplicationStatus, BudgetRow, CallStatus, Condition, DocumentKind, Group, TargetRow
from grants.selection.rules.completeness import missing
from grants.selection.rules.merging import Base
from grants.selection.service import Decision, EditConflict
from tests.factories import projects, selection
from tests.factories.selection import later

pytestmark = pytest.mark.usefixtures("ctx")


def test_a_call_is_published_once_and_only_for_a_funded_project() -> None:
    stage = selection.make_stage()
    with pytest.raises(NotPermitted):
        service.publish_call(project=stage.project, officer=stage.leader, closes_at=now() + timedelta(days=9))
    with pytest.raises(RuleBroken, match="截止时间"):
        service.publish_call(project=stage.project, officer=stage.programme, closes_at=now())
    call = selection.make_call(stage)
    assert call.ref == "ZM-2026-01-0001"
    assert stage.project.status is ProjectStatus.CALLED
    with pytest.raises(NotPermitted):
        selection.make_call(stage)


def test_nothing_is_handed_in_after_the_deadline_and_nobody_closes_before_it() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    application = selection.make_complete(stage, call)
    with pytest.raises(NotPermitted, match="还没有到"):
        service.close_call(call=call, officer=stage.programme)
    with set_to(call.closes_at):
        for attempt in (
            lambda: service.submit_application(application=application, actor=stage.members[0], has_declared=True),
            lambda: service.save_application(
                application=application, actor=stage.members[0], base=application.version, values={"title": "新"}
            ),
            lambda: service.withdraw_application(application=application, actor=stage.members[0]),
            lambda: selection.make_draft(stage, call, 1),
            lambda: selection.attach(application, stage.members[0], DocumentKind.OTHER),
        ):
            with pytest.raises(NotPermitted, match="截止"):
                attempt()
    with set_to(call.closes_at - timedelta(seconds=1)):
        service.submit_application(application=application, actor=stage.members[0], has_declared=True)


def test_the_clockwork_closes_what_is_due() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    assert service.close_due_calls() == 0
    with later(call):
        close_due_calls(None)  # type: ignore[arg-type]
        assert call.status is CallStatus.CLOSED
        assert service.close_due_calls() == 0


def test_a_deadline_is_extended_by_two_persons_with_two_roles() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    later_on = call.closes_at + timedelta(days=5)
    with pytest.raises(NotPermitted):
        service.propose_extension(call=call, officer=stage.members[0], closes_at=later_on, reason="来不及")
    extension = service.propose_extension(
        call=call, officer=stage.programme, closes_at=later_on, reason="申报组织不足三家。"
    )
    for login in ("programme-1", "programme-2", "finance-1"):
        with pytest.raises(NotPermitted):
            service.decide_extension(extension=extension, officer=stage.staff[login], is_approved=True)
    service.decide_extension(extension=extension, officer=stage.leader, is_approved=True)
    assert call.closes_at == later_on


def test_submitting_names_what_is_missing_and_gives_one_receipt() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    application = selection.make_complete(stage, call)
    actor = stage.members[0]
    with pytest.raises(RuleBroken, match="诚信承诺") as refusal:
        service.submit_application(application=application, actor=actor, has_declared=False)
    assert refusal.value.field == "has_declared"
    service.save_application(application=application, actor=actor, base=application.version, values={"team": []})
    with pytest.raises(RuleBroken, match="项目团队"):
        service.submit_application(application=application, actor=actor, has_declared=True)
    values = {"team": selection.content(stage.project)["team"]}
    service.save_application(application=application, actor=actor, base=application.version, values=values)
    kept = service.submit_application(application=application, actor=actor, has_declared=True)
    assert application.receipt_number == "HZ-2026-01-0001"
    assert kept.content["title"] == application.title
    assert len(kept.content_hash) == 64


def test_budget_caps_are_checked_on_the_server() -> None:
    stage = selection.make_stage()
    application = selection.make_complete(stage, selection.make_call(stage))
    actor = stage.members[0]
    over = [
        BudgetRow(BudgetCode.MATERIALS, "物资", 8_999_00, 1),
        BudgetRow(BudgetCode.MANAGEMENT, "管理费", 1_001_00, 1),
    ]
    service.save_application(application=application, actor=actor, base=application.version, values={"fiscal": over})
    with pytest.raises(RuleBroken, match="管理费"):
        service.submit_application(application=application, actor=actor, has_declared=True)
    ceiling = stage.project.ceiling_fen
    above = [BudgetRow(BudgetCode.MATERIALS, "物资", ceiling + 1, 1)]
    service.save_application(application=application, actor=actor, base=application.version, values={"fiscal": above})
    with pytest.raises(RuleBroken, match="超过项目限额"):
        service.submit_application(application=application, actor=actor, has_declared=True)


def test_the_completeness_is_right_at_every_moment() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    application = selection.make_draft(stage, call)
    actor = stage.members[0]
    left = [len(missing(paper_queries.paper_of(application)))]
    for key, value in selection.content(stage.project).items():
        service.save_application(application=application, actor=actor, base=application.version, values={key: value})
        left.append(len(missing(paper_queries.paper_of(application))))
    selection.attach(application, actor, DocumentKind.REGISTRATION, DocumentKind.INSPECTION, DocumentKind.PLEDGE)
    left.append(len(missing(paper_queries.paper_of(application))))
    assert left[0] > 15
    assert left[-1] == 1  # only the declaration, which goes with handing in
    service.save_application(
        application=application,
        actor=actor,
        base=application.version,
        values={},
        unfinished={"fiscal": [{"code": "01"}]},
    )
    assert any("填了一半" in text for _group, text in missing(paper_queries.paper_of(application)))


def test_a_returned_application_has_one_chance_and_a_last_day() -> None:
    stage = selection.make_stage()
    call = selection.make_closed(stage)
    first, second = call.applications
    with later(call):
        service.return_application(
            application=first, officer=stage.programme, sections={Group.TEXTS: "请补充预算测算依据。"}
        )
        service.return_application(
            application=second, officer=stage.programme, sections={Group.DOCUMENTS: "请补充年检结论。"}
        )
        assert any(item.due_on == first.correct_until for item in list_due_for(stage.members[0]))
        with pytest.raises(NotPermitted):
            service.draw_panel(call=call, officer=stage.programme, seed=selection.SEED)
        actor = stage.members[0]
        service.save_application(
            application=first, actor=actor, base=first.version, values={"overview": "补正后的概况。"}
        )
        service.submit_application(application=first, actor=actor, has_declared=True)
        assert first.receipt_number == "HZ-2026-01-0001"
        assert [one.number for one in paper_queries.list_submissions(first)] == [1, 2]
        with pytest.raises(NotPermitted, match="补正机会"):
            service.return_application(application=first, officer=stage.programme, sections={Group.TEXTS: "再补。"})
        with pytest.raises(NotPermitted, match="期限还没有到"):
            service.lapse_application(application=second, officer=stage.programme)
    with later(call, days=40):
        with pytest.raises(NotPermitted, match="补正期限已过"):
            service.submit_application(application=second, actor=stage.members[1], has_declared=True)
        service.lapse_application(application=second, officer=stage.programme)
    assert second.status is ApplicationStatus.INELIGIBLE
    assert second.refusal_reason is not None
    assert "年检结论" in second.refusal_reason


def test_withdrawing_and_resuming_before_the_deadline() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    application = selection.make_submitted(stage, call)
    actor = stage.members[0]
    service.withdraw_application(application=application, actor=actor)
    assert application.status is ApplicationStatus.WITHDRAWN
    assert queries.list_applications(call) == []
    service.resume_application(application=application, actor=actor)
    service.submit_application(application=application, actor=actor, has_declared=True)
    assert application.receipt_number == "HZ-2026-01-0001"


def test_eligibility_is_decided_condition_by_condition_with_reasons() -> None:
    stage = selection.make_stage()
    stage.organisations[0].abnormal_until = now().date()
    call = selection.make_closed(stage)
    first, second = call.applications
    with later(call):
        wrong = {**selection.ALL_MET}
        with pytest.raises(RuleBroken, match="不一致") as refusal:
            service.decide_eligibility(application=first, officer=stage.programme, decisions=wrong)
        assert refusal.value.field == "reason_not_abnormal"
        decisions = {**selection.ALL_MET, Condition.SCOPE: Decision(False)}
        with pytest.raises(RuleBroken, match="请写明不符合"):
            service.decide_eligibility(application=second, officer=stage.programme, decisions=decisions)
        overridden = {**selection.ALL_MET, Condition.NOT_ABNORMAL: Decision(True, "名录已撤销，附决定书。")}
        assert service.decide_eligibility(application=first, officer=stage.programme, decisions=overridden)
        check = next(one for one in judging.list_checks(first) if one.condition is Condition.NOT_ABNORMAL)
        assert (check.is_met, check.computed_is_met) == (True, False)
        assert "须过" in check.finding
        refused = {**selection.ALL_MET, Condition.SCOPE: Decision(False, "项目内容超出章程业务范围。")}
        assert not service.decide_eligibility(application=second, officer=stage.programme, decisions=refused)
    assert second.status is ApplicationStatus.INELIGIBLE
    assert "超出章程" in (second.refusal_reason or "")
    with pytest.raises(NotPermitted):
        service.decide_eligibility(application=second, officer=stage.programme, decisions=selection.ALL_MET)


def test_an_organisation_hands_in_no_more_than_the_round_allows() -> None:
    stage = selection.make_stage(applications_per_organisation=1)
    call = selection.make_call(stage)
    selection.make_submitted(stage, call)
    stage.project = projects.make_funded(stage.round, title="第二个项目")
    second = selection.make_complete(stage, selection.make_call(stage))
    with pytest.raises(RuleBroken, match="最多申报 1 个"):
        service.submit_application(application=second, actor=stage.members[0], has_declared=True)


def test_a_filed_organisation_is_paid_through_its_host_and_never_itself() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    filed, member = selection.make_filed(stage.organisations[0])
    application = service.start_application(call=call, organisation=filed, actor=member)
    assert application.payee is stage.organisations[0]
    with pytest.raises(RuleBroken, match="承接机构"):
        service.save_application(
            application=application, actor=member, base=application.version, values={"payee": filed.ref}
        )
    with pytest.raises(RuleBroken, match="承接机构"):
        service.save_application(
            application=application,
            actor=member,
            base=application.version,
            values={"payee": stage.organisations[1].ref},
        )
    findings = {one.condition: one for one in queries.compute_eligibility(application)}
    assert findings[Condition.PAYEE].is_met is True
    gaps = [text for _group, text in missing(paper_queries.paper_of(application))]
    assert any("承接机构协议" in text for text in gaps)


def test_a_suspended_or_foreign_organisation_cannot_begin() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    with pytest.raises(NotPermitted):
        service.start_application(call=call, organisation=stage.organisations[1], actor=stage.members[0])
    with pytest.raises(NotPermitted):
        service.start_application(call=call, organisation=None, actor=stage.programme)
    stage.organisations[0].status = OrganisationStatus.SUSPENDED
    with pytest.raises(NotPermitted, match="暂停"):
        selection.make_draft(stage, call)
    selection.make_draft(stage, call, 1)
    with pytest.raises(RuleBroken, match="已有本项目"):
        selection.make_draft(stage, call, 1)


def test_a_program_with_an_old_version_is_told_of_the_conflict() -> None:
    stage = selection.make_stage()
    application = selection.make_complete(stage, selection.make_call(stage))
    actor = stage.members[0]
    old = application.version
    service.save_application(application=application, actor=actor, base=old, values={"overview": "甲"})
    with pytest.raises(EditConflict) as conflict:
        service.save_application(
            application=application, actor=actor, base=old, values={"overview": "乙", "risks": "丙"}
        )
    assert set(conflict.value.keys) == {"overview", "risks"}
    assert conflict.value.theirs["overview"] == "甲"
    assert conflict.value.merged["overview"] == "乙"
    assert application.sections["overview"] == "甲"
    own = Base(old, "page-1")
    service.save_application(
        application=application, actor=actor, base=Base(application.version, "page-1"), values={"overview": "丁"}
    )
    service.save_application(application=application, actor=actor, base=own, values={"overview": "戊"})
    assert application.sections["overview"] == "戊"


def test_the_database_itself_keeps_locked_scores_and_submissions() -> None:
    stage = selection.make_stage()
    call = selection.make_scored(stage)
    db.session.commit()
    review = judging.list_reviews(call)[0]
    criterion_id = review.scores[0].criterion_id
    for statement in (
        db.update(Score).where(Score.review_id == review.id).values(points=1),
        db.delete(Score).where(Score.review_id == review.id),
        db.insert(Score).values(id=review.id, review_id=review.id, criterion_id=criterion_id, points=1),
        db.update(type(review)).where(type(review).id == review.id).values(comment="改"),
        db.update(type(review)).where(type(review).id == review.id).values(status="open", locked_at=None),
        db.update(JuryScore).values(total=100),
        db.delete(JuryScore),
        db.update(Submission).values(content_hash="0" * 64),
        db.delete(Submission),
    ):
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
        db.session.rollback()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"is_met": False, "computed_is_met": None, "reason": ""}, "reason_when_unmet"),
        ({"is_met": True, "computed_is_met": False, "reason": ""}, "reason_when_overridden"),
    ],
)
def test_the_database_asks_for_reasons_too(change: dict[str, object], name: str) -> None:
    stage = selection.make_stage()
    application = selection.make_submitted(stage, selection.make_call(stage))
    db.session.flush()
    db.session.add(
        EligibilityCheck(application=application, condition=Condition.SCOPE, decided_by_id=stage.programme.id, **change)
    )
    with pytest.raises(IntegrityError, match=name):
        db.session.flush()


def test_a_call_without_an_eligible_application_cannot_go_on() -> None:
    stage = selection.make_stage()
    call = selection.make_closed(stage)
    with later(call):
        for application in call.applications:
            decisions = {**selection.ALL_MET, Condition.SCOPE: Decision(False, "超出范围。")}
            service.decide_eligibility(application=application, officer=stage.programme, decisions=decisions)
        with pytest.raises(NotPermitted, match="流标"):
            service.draw_panel(call=call, officer=stage.programme, seed=selection.SEED)
        service.fail_call(call=call, officer=stage.programme, reason="没有合格申报。")
        with pytest.raises(TransitionRefused):
            service.close_call(call=call, officer=None)


def test_points_of_the_whole_table_come_to_a_hundred() -> None:
    stage = selection.make_stage()
    call = selection.make_call(stage)
    assert sum(selection.criteria(call).values()) == 100
    assert sum(selection.points(call, 1.0).values()) == Decimal(100)


def test_who_is_reached_is_kept_and_cannot_be_more_vulnerable_than_there_are() -> None:
    stage = selection.make_stage()
    reach = {"indirect_target": 300, "vulnerable_target": 121, "service_point": "梧桐里 3 号助餐点"}
    application = selection.make_complete(stage, selection.make_call(stage), **reach)
    assert paper_queries.raw_content(application) | {key: str(value) for key, value in reach.items()} == (
        paper_queries.raw_content(application)
    )
    assert any("困难群体人数多于" in text for _group, text in missing(paper_queries.paper_of(application)))
    actor = stage.members[0]
    service.save_application(
        application=application, actor=actor, base=application.version, values={"vulnerable_target": 120}
    )
    service.submit_application(application=application, actor=actor, has_declared=True)
    application.vulnerable_target = -1
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_scale_and_the_indicators_that_measure_it_promise_the_same() -> None:
    stage = selection.make_stage()
    application = selection.make_complete(stage, selection.make_call(stage), activity_target=48, person_target=90)
    promised = {one.indicator.measure: one.target for one in application.targets}
    assert promised[Measure.ACTIVITY_COUNT] == 48
    assert promised[Measure.PERSON_COUNT] == 90
    rows = [
        TargetRow(str(one.indicator_id), 7.0)
        for one in application.targets
        if one.indicator.measure is not Measure.MANUAL
    ]
    service.save_application(
        application=application, actor=stage.members[0], base=application.version, values={"targets": rows}
    )
    promised = {one.indicator.measure: one.target for one in application.targets}
    assert promised[Measure.ACTIVITY_COUNT] == 48
    assert promised[Measure.SATISFACTION_PERCENT] == 7
