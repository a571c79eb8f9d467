"""The department's evaluation: what the evaluating group found on site may differ from the records, with its reason."""

from grants.evaluation import policy, queries
from grants.evaluation.models import DepartmentPoint
from grants.evaluation.rules import DEPARTMENT_TABLE
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import NotFound, RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.rounds.models import Round


def set_department_points(*, officer: User, round: Round, code: str, points: float | None, reason: str) -> None:
    """Set the points of one indicator, with the reason; None goes back to the points computed from the records."""
    require(policy.why_not_set_department_points(officer, round))
    if code not in DEPARTMENT_TABLE:
        raise NotFound(_("没有这项指标。"))
    most, kept = DEPARTMENT_TABLE[code][3], queries.department_points(round.id).get(code)
    if points is None:
        if kept is not None:
            db.session.delete(kept)
    else:
        if not 0 <= points <= most:
            raise RuleBroken(_("得分应在 0 至 %(most)d 分之间。", most=most), "points")
        if not reason.strip():
            raise RuleBroken(_("请写明实地核查的事实和调整理由"), "reason")
        if kept is None:
            kept = DepartmentPoint(round_id=round.id, code=code)
            db.session.add(kept)
        kept.points, kept.reason, kept.made_by_id, kept.at = points, reason.strip(), officer.id, clock.now()
    audit.record("evaluation:department", actor=officer, subject=round, indicator=code, points=points)
