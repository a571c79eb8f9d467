"""The final evaluation: computed points, judged points, self-assessment, decision by a second person."""

import uuid
from collections.abc import Mapping

from grants.agreements import service as agreements
from grants.agreements.models import Agreement
from grants.evaluation import policy, queries
from grants.evaluation.models import Evaluation, EvaluationPoint
from grants.evaluation.rules import (
    EVALUATION_FLOW,
    EvaluationAction,
    Grade,
    SurveyStatus,
    VetoItem,
    band_table,
    computed_points,
    grade_of,
)
from grants.evaluation.service import measuring
from grants.evaluation.service.midterm import setting, window_end
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.numbering import next_reference
from grants.needs import service as needs
from grants.needs.rules import Step
from grants.people.models import User
from grants.people.service import standing
from grants.projects import service as projects
from grants.projects.rules import ProjectAction
from grants.rounds import queries as rounds
from grants.rounds.models import Criterion
from grants.rounds.rules import ScoreTableKind


def draft_evaluation(*, officer: User, agreement: Agreement) -> Evaluation:
    """Start the final evaluation of a project and fill in what can be computed."""
    require(policy.why_not_draft(officer, agreement))
    if queries.find_evaluation_of(agreement.id) is not None:
        raise TransitionRefused(_("这个项目已经开始末期评价。"))
    evaluation = Evaluation(
        id=uuid.uuid4(),
        ref=next_reference(f"PJ-{agreement.project.round.number:02d}"),
        agreement_id=agreement.id,
        drafted_by_id=officer.id,
    )
    db.session.add(evaluation)
    db.session.flush()
    compute(evaluation)
    audit.record("evaluation:draft", actor=officer, subject=evaluation, project=agreement.project.ref)
    return evaluation


def criteria_of(evaluation: Evaluation) -> list[Criterion]:
    """Return the lines of the round's final table."""
    return list(rounds.score_table(evaluation.agreement.project.round, ScoreTableKind.FINAL).items)


def compute(evaluation: Evaluation) -> None:
    """Compute the points that have a formula and the indicators that are counted, from what is on record now."""
    criteria = criteria_of(evaluation)
    facts = queries.facts_of(evaluation.agreement)
    measuring.read_records(evaluation, facts)
    for code, points in computed_points(facts, {item.code: item.max_points for item in criteria}).items():
        criterion = next(item for item in criteria if item.code == code)
        _put(evaluation, criterion, points.points, points.basis, is_computed=True)
    db.session.flush()
    db.session.refresh(evaluation, ["points"])


def _put(evaluation: Evaluation, criterion: Criterion, points: float, basis: str, *, is_computed: bool) -> None:
    line = next((item for item in evaluation.points if item.criterion_id == criterion.id), None)
    if line is None:
        line = EvaluationPoint(evaluation_id=evaluation.id, criterion_id=criterion.id)
        db.session.add(line)
    line.points, line.basis, line.is_computed = points, basis, is_computed


def set_points(
    *, officer: User, evaluation: Evaluation, points: Mapping[str, tuple[float, str]], texts: Mapping[str, str]
) -> None:
    """Set judged points ({criterion code: (points, basis)}) and the texts of the report.

    Computed lines cannot be set by hand; every judged line needs its basis when it is below the full points.
    """
    require(policy.why_not_score(officer, evaluation))
    compute(evaluation)
    computed = {line.criterion.code for line in evaluation.points if line.is_computed}
    for criterion in criteria_of(evaluation):
        if criterion.code in computed or criterion.code not in points:
            continue
        value, basis = points[criterion.code]
        if not 0 <= value <= criterion.max_points:
            raise RuleBroken(_("“%(name)s”应在 0 至 %(max)d 分之间。", name=criterion.name, max=criterion.max_points))
        if value < criterion.max_points and not basis.strip():
            raise RuleBroken(_("“%(name)s”扣分须写明依据。", name=criterion.name))
        _put(evaluation, criterion, value, basis.strip(), is_computed=False)
    for name in ("conclusion", "strengths", "problems", "suggestions"):
        setattr(evaluation, name, texts.get(name, getattr(evaluation, name)))
    evaluation.veto_item = VetoItem(texts["veto_item"]) if texts.get("veto_item") else None
    evaluation.veto_reason = (texts.get("veto_reason") or None) if evaluation.veto_item else None
    if evaluation.veto_item and not evaluation.veto_reason:
        raise RuleBroken(_("一票否决须写明事实和依据。"), "veto_reason")
    db.session.flush()
    db.session.refresh(evaluation, ["points"])
    audit.record("evaluation:score", actor=officer, subject=evaluation)


def assess_self(*, member: User, evaluation: Evaluation, text: str) -> None:
    """Keep the organisation's own assessment."""
    require(policy.why_not_assess_self(member, evaluation))
    evaluation.self_assessment = text
    audit.record("evaluation:assess_self", actor=member, subject=evaluation)


def submit_evaluation(*, officer: User, evaluation: Evaluation) -> None:
    """Hand the evaluation to the leader; needs a closed survey, every line scored and a conclusion."""
    require(policy.why_not_score(officer, evaluation))
    survey = queries.find_survey_of(evaluation.agreement_id)
    if survey is None or survey.status is not SurveyStatus.CLOSED:
        raise RuleBroken(_("须先完成服务对象满意度调查，没有居民评价不能提交。"))
    compute(evaluation)
    scored = {line.criterion_id for line in evaluation.points}
    missing = [item.name for item in criteria_of(evaluation) if item.id not in scored]
    if missing:
        raise RuleBroken(_("还有未评分的项目：%(names)s", names="、".join(missing)))
    unmeasured = measuring.lacking(evaluation)
    if unmeasured:
        raise RuleBroken(_("还有绩效目标没有填写完成值：%(names)s", names="、".join(unmeasured)))
    if not evaluation.conclusion.strip():
        raise RuleBroken(_("请填写评价结论。"), "conclusion")
    evaluation.total = round(sum(line.points for line in evaluation.points), 2)
    _veto_by_residents(evaluation)
    evaluation.grade = decide_grade(evaluation)
    evaluation.scored_by_id = officer.id
    evaluation.status = EVALUATION_FLOW.next(evaluation.status, EvaluationAction.SUBMIT)
    evaluation.submitted_at = clock.now()
    audit.record("evaluation:submit", actor=officer, subject=evaluation, total=evaluation.total)


def _veto_by_residents(evaluation: Evaluation) -> None:
    """Fail a project with which too few of those it served are content, unless it fails already."""
    found = queries.survey_summary(evaluation.agreement_id)
    least = setting(evaluation.agreement.project.round, "veto_satisfaction_percent")
    if evaluation.veto_item is None and found.answers and found.satisfied_percent < least:
        evaluation.veto_item = VetoItem.SATISFACTION
        evaluation.veto_reason = _(
            "服务对象满意率 %(percent).1f%%（%(count)d 份答卷），低于本届规定的 %(least)d%%。",
            percent=found.satisfied_percent,
            count=found.answers,
            least=least,
        )


def decide_grade(evaluation: Evaluation) -> Grade:
    """Return the grade of a total by the round's lines and table."""
    settings = evaluation.agreement.project.round.settings
    veto = evaluation.veto_reason is not None
    return grade_of(evaluation.total or 0, settings["grade_bands"], veto, band_table(settings))


def note_poor_grade(evaluation: Evaluation, by: User, *, is_lifted: bool = False) -> None:
    """Put a failed evaluation on the organisation's record, which eligibility reads; an upheld appeal takes it off."""
    organisation = evaluation.agreement.organisation
    if is_lifted:
        standing.lift_poor_grade(officer=by, organisation=organisation, ref=evaluation.ref)
    else:
        standing.note_poor_grade(officer=by, organisation=organisation, ref=evaluation.ref)


def send_back_evaluation(*, leader: User, evaluation: Evaluation, reason: str) -> None:
    """Send the evaluation back to be scored again."""
    require(policy.why_not_decide(leader, evaluation))
    if not reason.strip():
        raise RuleBroken(_("请写明退回原因。"), "reason")
    evaluation.status = EVALUATION_FLOW.next(evaluation.status, EvaluationAction.SEND_BACK)
    audit.record("evaluation:send_back", actor=leader, subject=evaluation, reason=reason)


def publish_evaluation(*, leader: User, evaluation: Evaluation) -> None:
    """Publish the result; a pass completes the agreement, which opens the last tranche."""
    require(policy.why_not_decide(leader, evaluation))
    evaluation.status = EVALUATION_FLOW.next(evaluation.status, EvaluationAction.PUBLISH)
    evaluation.published_by_id = leader.id
    evaluation.published_at = clock.now()
    evaluation.objections_until = window_end(evaluation.agreement.project.round)
    project = evaluation.agreement.project
    projects.advance(project=project, action=ProjectAction.EVALUATE, by=leader)
    if evaluation.grade is not Grade.FAIL:
        agreements.complete_agreement(agreement=evaluation.agreement, by=leader)
    else:
        note_poor_grade(evaluation, leader)
    for need in project.needs:
        needs.stamp(need=need, step=Step.PUBLISH, note=_("评价结果已公布"), by=leader)
    audit.record("evaluation:publish", actor=leader, subject=evaluation, grade=evaluation.grade)
