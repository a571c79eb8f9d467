"""Appeals: the organisation objects within the window, others examine, the result is kept with before and after."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from grants.agreements import service as agreements
from grants.agreements.rules import AgreementStatus, MidtermResult
from grants.evaluation import policy
from grants.evaluation.models import Appeal, Evaluation, EvaluationPoint, Midterm, MidtermPoint
from grants.evaluation.rules import (
    MIDTERM_FLOW,
    AppealStatus,
    Grade,
    LineChange,
    MidtermAction,
    changed_lines,
    midterm_total,
    why_not_uphold,
)
from grants.evaluation.service.midterm import check_points, setting, tell_agreement
from grants.evaluation.service.scoring import decide_grade, note_poor_grade
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.people.models import User


@dataclass(frozen=True)
class Finding:
    """What the re-examination came to: raised points ({criterion code: (points, basis)}), a lifted veto, the answer."""

    is_upheld: bool
    answer: str
    points: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    lifts_veto: bool = False


def file_appeal(*, member: User, subject: Evaluation | Midterm, grounds: str) -> Appeal:
    """Object to a result; while a mid-term result is examined its tranche waits."""
    require(policy.why_not_appeal(member, subject))
    if not grounds.strip():
        raise RuleBroken(_("请写明申诉的事实和理由"), "grounds")
    is_final = isinstance(subject, Evaluation)
    appeal = Appeal(
        id=uuid.uuid4(),
        ref=next_reference(f"FH-{subject.agreement.project.round.number:02d}"),
        evaluation_id=subject.id if is_final else None,
        midterm_id=None if is_final else subject.id,
        grounds=grounds.strip(),
        filed_by_id=member.id,
        first_scored_by_id=subject.scored_by_id,
        first_decided_by_id=subject.published_by_id,
        total_before=subject.total,
        result_before=_result(subject),
    )
    db.session.add(appeal)
    if isinstance(subject, Midterm):
        agreements.note_midterm(agreement=subject.agreement, by=member, result=MidtermResult.APPEALED)
    audit.record("appeal:file", actor=member, subject=appeal, against=subject.ref)
    return appeal


def _result(subject: Evaluation | Midterm) -> str:
    """Return the result in words, as it will be read next to what comes after."""
    if isinstance(subject, Evaluation):
        return str(subject.grade_label or "")
    return _("合格") if subject.is_passed else _("不合格")


def judged_lines(subject: Evaluation | Midterm) -> Sequence[EvaluationPoint | MidtermPoint]:
    """Return the lines a re-examination may change: those that were judged, in the order of the table."""
    lines: Sequence[EvaluationPoint | MidtermPoint] = subject.points
    return sorted((line for line in lines if not line.is_computed), key=lambda line: line.criterion.position)


def decide_appeal(*, officer: User, appeal: Appeal, finding: Finding) -> None:
    """Answer an appeal; one that is upheld changes the result, which is never worse than before.

    Raises RuleBroken without an answer, or where it is upheld and nothing would change.
    """
    require(policy.why_not_examine(officer, appeal))
    if not finding.answer.strip():
        raise RuleBroken(_("请填写复核意见"), "answer")
    subject = appeal.subject
    changes = _uphold(subject, finding, officer) if finding.is_upheld else {}
    appeal.is_upheld, appeal.answer = finding.is_upheld, finding.answer.strip()
    appeal.changes = [asdict(change) for change in changes.values()]
    appeal.total_after, appeal.result_after = subject.total, _after(subject)
    appeal.examined_by_id, appeal.decided_at, appeal.status = officer.id, clock.now(), AppealStatus.DECIDED
    if isinstance(subject, Midterm) and subject.is_passed is not None:
        tell_agreement(subject, officer)
    title = _("评价申诉已复核：%(title)s", title=subject.agreement.project.title)
    for member in subject.agreement.organisation.members:
        notify(member.user_id, title, href=f"/evaluations/appeals/{appeal.ref}")
    audit.record("appeal:decide", actor=officer, subject=appeal, is_upheld=finding.is_upheld, after=appeal.result_after)


def _after(subject: Evaluation | Midterm) -> str:
    return _("重新报送") if subject.total is None else _result(subject)


def _uphold(subject: Evaluation | Midterm, finding: Finding, officer: User) -> dict[str, LineChange]:
    if isinstance(subject, Midterm) and subject.is_late:
        _reopen(subject, officer)
        return {}
    lines = {line.criterion.code: line for line in judged_lines(subject)}
    for code, (value, basis) in finding.points.items():
        if code in lines:
            check_points(lines[code].criterion, value, basis)
    before = {code: (line.criterion.name, line.points) for code, line in lines.items()}
    changes = changed_lines(before, finding.points)
    lifts = finding.lifts_veto and isinstance(subject, Evaluation) and subject.veto_item is not None
    refused = why_not_uphold(changes, lifts)
    if refused is not None:
        raise RuleBroken(refused)
    for code, change in changes.items():
        lines[code].points, lines[code].basis = change.after, change.basis
    if isinstance(subject, Evaluation):
        _regrade(subject, officer, lifts=lifts)
    else:
        whole = sum(line.points for line in subject.points)
        subject.total = midterm_total(whole, subject.bonus_points, subject.malus_points)
        subject.is_passed = subject.total >= setting(subject.agreement.project.round, "midterm_pass_score")
    return changes


def _reopen(midterm: Midterm, officer: User) -> None:
    """Give an organisation that was not late after all its days to report again."""
    midterm.status = MIDTERM_FLOW.next(midterm.status, MidtermAction.REOPEN)
    midterm.is_late, midterm.total, midterm.is_passed = False, None, None
    midterm.published_at = midterm.published_by_id = midterm.objections_until = midterm.submitted_at = None
    midterm.conclusion = ""
    days = setting(midterm.agreement.project.round, "midterm_report_days")
    midterm.report_due_on = clock.today() + timedelta(days=days)
    agreements.note_midterm(agreement=midterm.agreement, by=officer, result=None)


def _regrade(evaluation: Evaluation, officer: User, *, lifts: bool) -> None:
    was_failed = evaluation.grade is Grade.FAIL
    if lifts:
        evaluation.veto_item = evaluation.veto_reason = None
    evaluation.total = round(sum(line.points for line in evaluation.points), 2)
    evaluation.grade = decide_grade(evaluation)
    if was_failed and evaluation.grade is not Grade.FAIL:
        note_poor_grade(evaluation, officer, is_lifted=True)
        if evaluation.agreement.status is AgreementStatus.SIGNED:  # one that was terminated since stays so
            agreements.complete_agreement(agreement=evaluation.agreement, by=officer)
