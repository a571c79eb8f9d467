"""The mid-term evaluation: the organisation reports, the office scores, a leader decides; open to objection."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from grants.agreements import service as agreements
from grants.agreements.models import Agreement
from grants.agreements.rules import MidtermResult
from grants.evaluation import policy, queries
from grants.evaluation.models import Midterm, MidtermPoint
from grants.evaluation.rules import MIDTERM_FLOW, MidtermAction, midterm_points, midterm_total
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.foundation.workdays import add_working_days
from grants.people.models import User
from grants.rounds import queries as rounds
from grants.rounds.models import Criterion, Round
from grants.rounds.rules import DEFAULT_SETTINGS, ScoreTableKind


@dataclass(frozen=True)
class Adjustment:
    """Points given beyond the table or taken off, each with its reason."""

    bonus: float = 0
    bonus_reason: str = ""
    malus: float = 0
    malus_reason: str = ""


def setting(round: Round, key: str) -> int:
    """Return a number of the round's rules; a round from before it was a rule has the default."""
    return int(round.settings.get(key, DEFAULT_SETTINGS[key]))


def open_midterm(*, officer: User, agreement: Agreement) -> Midterm:
    """Call on the organisation to report by the round's deadline; reporting late fails."""
    require(policy.why_not_open_midterm(officer, agreement))
    round, latest = agreement.project.round, queries.find_midterm_of(agreement.id)
    midterm = Midterm(
        id=uuid.uuid4(),
        ref=next_reference(f"ZQ-{round.number:02d}"),
        agreement_id=agreement.id,
        attempt=latest.attempt + 1 if latest is not None else 1,
        report_due_on=clock.today() + timedelta(days=setting(round, "midterm_report_days")),
        opened_by_id=officer.id,
    )
    db.session.add(midterm)
    db.session.flush()
    title = _("请在 %(day)s 前报送中期自评：%(title)s", day=midterm.report_due_on, title=agreement.project.title)
    _tell(midterm, title)
    audit.record("midterm:open", actor=officer, subject=midterm, project=agreement.project.ref)
    return midterm


def _tell(midterm: Midterm, title: str) -> None:
    for member in midterm.agreement.organisation.members:
        notify(member.user_id, title, href=f"/evaluations/midterms/{midterm.ref}")


def report_midterm(*, member: User, midterm: Midterm, report: str, problems: str) -> None:
    """Hand in the organisation's own assessment; it cannot be changed afterwards."""
    require(policy.why_not_report_midterm(member, midterm))
    if not report.strip():
        raise RuleBroken(_("请填写自评内容"), "report")
    midterm.report, midterm.report_problems = report, problems
    midterm.reported_at, midterm.reported_by_id = clock.now(), member.id
    audit.record("midterm:report", actor=member, subject=midterm)


def midterm_criteria(midterm: Midterm) -> list[Criterion]:
    """Return the lines of the round's mid-term table."""
    return list(rounds.score_table(midterm.agreement.project.round, ScoreTableKind.MIDTERM).items)


def compute_midterm(midterm: Midterm) -> None:
    """Compute the points that have a formula, from what is on record now."""
    criteria = {item.code: item for item in midterm_criteria(midterm)}
    found = midterm_points(
        queries.progress_of(midterm.agreement), {code: item.max_points for code, item in criteria.items()}
    )
    for code, points in found.items():
        _put(midterm, criteria[code], points.points, points.basis, is_computed=True)
    db.session.flush()
    db.session.refresh(midterm, ["points"])


def _put(midterm: Midterm, criterion: Criterion, points: float, basis: str, *, is_computed: bool) -> None:
    line = next((item for item in midterm.points if item.criterion_id == criterion.id), None)
    if line is None:
        line = MidtermPoint(midterm_id=midterm.id, criterion_id=criterion.id)
        db.session.add(line)
    line.points, line.basis, line.is_computed = points, basis, is_computed


def score_midterm(
    *,
    officer: User,
    midterm: Midterm,
    points: Mapping[str, tuple[float, str]],
    adjustment: Adjustment,
    texts: Mapping[str, str],
) -> None:
    """Set judged points ({criterion code: (points, basis)}), bonus, malus and texts.

    Computed lines cannot be set; points below the highest need their basis, bonus and malus their reason.
    """
    require(policy.why_not_score_midterm(officer, midterm))
    compute_midterm(midterm)
    computed = {line.criterion.code for line in midterm.points if line.is_computed}
    for criterion in midterm_criteria(midterm):
        if criterion.code in computed or criterion.code not in points:
            continue
        value, basis = points[criterion.code]
        check_points(criterion, value, basis)
        _put(midterm, criterion, value, basis.strip(), is_computed=False)
    _adjust(midterm, adjustment)
    midterm.conclusion, midterm.suggestions = texts.get("conclusion", ""), texts.get("suggestions", "")
    midterm.scored_by = officer
    db.session.flush()
    db.session.refresh(midterm, ["points"])
    audit.record("midterm:score", actor=officer, subject=midterm)


def check_points(criterion: Criterion, value: float, basis: str) -> None:
    """Raise RuleBroken for judged points out of their range, or below the highest without a basis."""
    if not 0 <= value <= criterion.max_points:
        raise RuleBroken(_("“%(name)s”应在 0 至 %(max)d 分之间。", name=criterion.name, max=criterion.max_points))
    if value < criterion.max_points and not basis.strip():
        raise RuleBroken(_("“%(name)s”扣分须写明依据。", name=criterion.name))


def _adjust(midterm: Midterm, adjustment: Adjustment) -> None:
    most = setting(midterm.agreement.project.round, "midterm_bonus_limit")
    for field, value, reason in (
        ("bonus_points", adjustment.bonus, adjustment.bonus_reason),
        ("malus_points", adjustment.malus, adjustment.malus_reason),
    ):
        if not 0 <= value <= most:
            raise RuleBroken(_("加分、扣分都应在 0 至 %(most)d 分之间。", most=most), field)
        if value and not reason.strip():
            raise RuleBroken(_("加分、扣分须写明事由。"), field.replace("points", "reason"))
        setattr(midterm, field, value)
        setattr(midterm, field.replace("points", "reason"), reason.strip() if value else "")


def submit_midterm(*, officer: User, midterm: Midterm) -> None:
    """Hand the scores to the leader; every line scored, with a conclusion."""
    require(policy.why_not_score_midterm(officer, midterm))
    compute_midterm(midterm)
    scored = {line.criterion_id for line in midterm.points}
    missing = [item.name for item in midterm_criteria(midterm) if item.id not in scored]
    if missing:
        raise RuleBroken(_("还有未评分的项目：%(names)s", names="、".join(missing)))
    if not midterm.conclusion.strip():
        raise RuleBroken(_("请填写评估结论。"), "conclusion")
    whole = sum(line.points for line in midterm.points)
    _decide(midterm, officer, midterm_total(whole, midterm.bonus_points, midterm.malus_points))
    audit.record("midterm:submit", actor=officer, subject=midterm, total=midterm.total)


def _decide(midterm: Midterm, officer: User, total: float) -> None:
    midterm.total = total
    midterm.is_passed = total >= setting(midterm.agreement.project.round, "midterm_pass_score") and not midterm.is_late
    midterm.status = MIDTERM_FLOW.next(midterm.status, MidtermAction.SUBMIT)
    midterm.scored_by = officer
    midterm.submitted_at = clock.now()


def fail_late_midterm(*, officer: User, midterm: Midterm) -> None:
    """Note that the report was not handed in by its last day: no points, failed; the leader still has to publish."""
    require(policy.why_not_fail_late(officer, midterm))
    midterm.is_late = True
    midterm.conclusion = _("承接组织未在 %(day)s 前报送自评，按不合格处理。", day=midterm.report_due_on.isoformat())
    _decide(midterm, officer, 0.0)
    audit.record("midterm:late", actor=officer, subject=midterm, due_on=midterm.report_due_on.isoformat())


def send_back_midterm(*, leader: User, midterm: Midterm, reason: str) -> None:
    """Send the scores back; a noted lateness is lifted with it, and the report may be handed in anew."""
    require(policy.why_not_decide_midterm(leader, midterm))
    if not reason.strip():
        raise RuleBroken(_("请写明退回原因。"), "reason")
    midterm.status = MIDTERM_FLOW.next(midterm.status, MidtermAction.SEND_BACK)
    if midterm.is_late:
        days = setting(midterm.agreement.project.round, "midterm_report_days")
        midterm.report_due_on = clock.today() + timedelta(days=days)
    midterm.is_late, midterm.total, midterm.is_passed = False, None, None
    audit.record("midterm:send_back", actor=leader, subject=midterm, reason=reason)


def publish_midterm(*, leader: User, midterm: Midterm) -> None:
    """Publish the result: the objection window opens, and a pass counts for the next tranche from its end."""
    require(policy.why_not_decide_midterm(leader, midterm))
    until = window_end(midterm.agreement.project.round)
    midterm.status = MIDTERM_FLOW.next(midterm.status, MidtermAction.PUBLISH)
    midterm.published_by_id, midterm.published_at, midterm.objections_until = leader.id, clock.now(), until
    tell_agreement(midterm, leader)
    _tell(midterm, _("中期评估结果已公布：%(title)s", title=midterm.agreement.project.title))
    audit.record("midterm:publish", actor=leader, subject=midterm, is_passed=midterm.is_passed)


def window_end(round: Round) -> date:
    """Return the last day on which a result published today may be objected to."""
    return add_working_days(clock.today(), setting(round, "evaluation_objection_days"), rounds.holiday_table())


def tell_agreement(midterm: Midterm, by: User) -> None:
    """Let the agreement know the result; in a rehearsal a pass counts at once, as deadlines there do not bind."""
    counts_on = clock.today()
    if not midterm.agreement.project.round.is_rehearsal and midterm.objections_until is not None:
        counts_on = max(counts_on, midterm.objections_until + timedelta(days=1))
    agreements.note_midterm(
        agreement=midterm.agreement,
        by=by,
        result=MidtermResult.PASSED if midterm.is_passed else MidtermResult.FAILED,
        counts_on=counts_on,
    )
