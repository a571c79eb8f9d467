"""Score sheets: written as one goes, locked for good, explained when they deviate, voided by two persons only."""

from collections.abc import Mapping
from decimal import Decimal

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import NotFound, RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.queries import get_user
from grants.rounds.models import Criterion
from grants.rounds.rules import ScoreTableKind
from grants.selection.models import Review, Score
from grants.selection.policy import judging as policy
from grants.selection.queries import judging as queries
from grants.selection.rules import REVIEW_FLOW, ReviewAction
from grants.selection.rules.scoring import why_not_points
from grants.selection.service.holding import hold
from grants.selection.service.panel import mark_conflict


def _criteria(review: Review) -> list[Criterion]:
    return queries.criteria(review.application.call.project.round, ScoreTableKind.SELECTION)


def save_scores(
    *, review: Review, actor: User, points: Mapping[str, Decimal | None], comment: str | None = None
) -> None:
    """Keep what the expert has given so far, by criterion; None takes points away again."""
    hold(review)
    require(policy.why_not_score(actor, review))
    by_code = {criterion.code: criterion for criterion in _criteria(review)}
    given = {score.criterion_id: score for score in review.scores}
    for code, value in points.items():
        criterion = by_code.get(code)
        if criterion is None:
            raise NotFound(_("评分表里没有这一项。"))
        _check_points(criterion, value)
        _put(review, criterion, value, given.get(criterion.id))
    if comment is not None:
        review.comment = comment.strip()
    audit.record("review:save", actor=actor, subject=review, count=len(points))


def _check_points(criterion: Criterion, value: Decimal | None) -> None:
    if value is not None and why_not_points(value, criterion.max_points):
        text = _("“%(name)s”应为 0 至 %(max)s 分，可以有半分。", name=criterion.name, max=criterion.max_points)
        raise RuleBroken(text, f"points_{criterion.code}")


def _put(review: Review, criterion: Criterion, value: Decimal | None, score: Score | None) -> None:
    if value is None:
        if score is not None:
            review.scores.remove(score)
            db.session.delete(score)
    elif score is not None:
        score.points = float(value)
    else:
        review.scores.append(Score(criterion_id=criterion.id, criterion=criterion, points=float(value)))


def lock_review(*, review: Review, actor: User) -> None:
    """Lock a complete sheet; from now on neither its expert nor anybody else changes it."""
    hold(review)
    require(policy.why_not_score(actor, review))
    given = {score.criterion_id for score in review.scores}
    for criterion in _criteria(review):
        if criterion.id not in given:
            raise RuleBroken(_("“%(name)s”还没有打分。", name=criterion.name), f"points_{criterion.code}")
    if not review.comment:
        raise RuleBroken(_("请填写评审意见，申报组织会读到（不显示您的姓名）。"), "comment")
    review.status = REVIEW_FLOW.next(review.status, ReviewAction.LOCK)
    review.locked_at = now()
    audit.record("review:lock", actor=actor, subject=review, total=review.total)


def recuse(*, review: Review, actor: User, reason: str) -> None:
    """Stand aside from an application that the expert recognised; its sheet is closed to them from then on."""
    hold(review)
    require(policy.why_not_score(actor, review))
    if not reason.strip():
        raise RuleBroken(_("请说明需要回避的理由。"), "reason")
    review.status = REVIEW_FLOW.next(review.status, ReviewAction.RECUSE)
    mark_conflict(review=review, reason=reason.strip())
    audit.record("review:recuse", actor=actor, subject=review, reason=reason)


def explain_deviation(*, review: Review, actor: User, reason: str) -> None:
    """Say why a locked score lies far from the others; the score itself stays."""
    require(policy.why_not_explain(actor, review))
    if not reason.strip():
        raise RuleBroken(_("请书面说明偏离理由。"), "reason")
    review.deviation_reason = reason.strip()
    audit.record("review:explain", actor=actor, subject=review, reason=reason)


def propose_void(*, review: Review, officer: User, reason: str) -> None:
    """Propose to void a locked sheet, with the reason; nothing changes until a second person signs."""
    hold(review)
    require(policy.why_not_void(officer, review))
    if not reason.strip():
        raise RuleBroken(_("请写明作废理由。"), "reason")
    review.void_reason, review.void_proposed_by_id = reason.strip(), officer.id
    audit.record("review:propose_void", actor=officer, subject=review, reason=reason)


def decide_void(*, review: Review, officer: User, is_approved: bool) -> Review | None:
    """Sign or refuse the voiding; when it is signed the expert gets a fresh sheet, and the old one stays on record."""
    hold(review)
    if review.void_proposed_by_id is None:
        raise NotFound(_("没有等待批准的作废申请。"))
    require(policy.why_not_decide_void(officer, review, get_user(review.void_proposed_by_id)))
    fresh = None
    if is_approved:
        review.status = REVIEW_FLOW.next(review.status, ReviewAction.VOID)
        review.void_seconded_by_id = officer.id
        db.session.flush()
        fresh = Review(application=review.application, member=review.member)
        db.session.add(fresh)
    else:
        review.void_reason = review.void_proposed_by_id = None
    audit.record("review:decide_void", actor=officer, subject=review, is_approved=is_approved)
    return fresh
