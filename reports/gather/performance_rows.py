"""What the indicators of the 绩效评价报告 are computed from: one query of many parts over a round."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from grants.agreements.models import Agreement, Milestone
from grants.agreements.rules import MilestoneStatus
from grants.evaluation import queries as evaluation
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import DEPARTMENT_TABLE, EvaluationStatus, Grade
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.needs.models import MeetingDecision, Need
from grants.needs.rules import NeedStatus
from grants.payments.models import Voucher
from grants.payments.rules import VoucherStatus
from grants.projects.models import Indicator, Project, ProjectNeed
from grants.projects.rules import EFFECTS, OUTPUTS, IndicatorKind
from grants.rounds.models import Envelope, Notice, Round
from grants.rounds.rules import NoticeStatus
from grants.selection.models import Application
from grants.supervision.models import Activity, Rectification, ResidentSupervisor
from grants.supervision.rules import ActivityStatus, RectificationStatus


def _has(kinds: Any) -> Any:
    return select(Indicator.id).where(Indicator.project_id == Project.id, Indicator.kind.in_(kinds)).exists()


def read(found: Round) -> dict[str, Any]:
    """Return every count and sum the indicators need, over the signed agreements of a round."""
    own = select(Agreement.id).join(Project, Project.id == Agreement.project_id)
    own = own.where(Project.round_id == found.id, Agreement.signed_on.is_not(None))
    parts = {**_decision(found, own), **_work(own), **_outcome(own)}
    row = db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
    return {**row._mapping, "on_time": _on_time(own)}


def set_by_hand(found: Round) -> dict[str, tuple[Decimal, str]]:
    """Return the points people set for a round, by the name of the indicator, with the reason."""
    return {
        DEPARTMENT_TABLE[code][2]: (Decimal(str(one.points)), one.reason)
        for code, one in evaluation.department_points(found.id).items()
    }


def _on_time(own: Any) -> int:
    """Count the verified milestones that were claimed by the day they were due, by the street's clock."""
    rows = db.session.execute(
        select(Milestone.claimed_at, Milestone.due_on).where(
            Milestone.agreement_id.in_(own), Milestone.status == MilestoneStatus.VERIFIED
        )
    )
    return sum(claimed is not None and local(claimed).date() <= due for claimed, due in rows)


def _decision(found: Round, own: Any) -> dict[str, Any]:
    agreed = select(Agreement.project_id).where(Agreement.id.in_(own))
    projects = select(func.count()).select_from(Project).where(Project.id.in_(agreed))
    adopted = (
        select(Need.id)
        .join(ProjectNeed, ProjectNeed.need_id == Need.id)
        .where(ProjectNeed.project_id == Project.id, Need.status == NeedStatus.ADOPTED)
        .exists()
    )
    deliberated = (
        select(MeetingDecision.id)
        .join(Need, Need.ref == MeetingDecision.subject_ref)
        .join(ProjectNeed, ProjectNeed.need_id == Need.id)
        .where(ProjectNeed.project_id == Project.id, MeetingDecision.is_passed)
        .exists()
    )
    announced = select(Notice.id).where(Notice.subject_ref == Project.ref, Notice.status == NoticeStatus.ENDED).exists()
    indicators = select(func.count()).select_from(Indicator).where(Indicator.project_id.in_(agreed))
    return {
        "projects": projects,
        "needed": projects.where(adopted),
        "proper": projects.where(deliberated, announced, Project.approved_by_id.is_not(None)),
        "whole_goals": projects.where(_has(OUTPUTS), _has(EFFECTS), _has((IndicatorKind.SATISFACTION,))),
        "indicators": indicators,
        "clear": indicators.where(Indicator.target > 0, Indicator.evidence != ""),
        "within_ceiling": projects.join(Agreement, Agreement.project_id == Project.id).where(
            Agreement.amount_fen <= Project.ceiling_fen
        ),
        "envelope_fen": select(func.coalesce(func.sum(Envelope.amount_fen), 0)).where(Envelope.round_id == found.id),
    }


def _work(own: Any) -> dict[str, Any]:
    agreements = select(func.count()).select_from(Agreement).where(Agreement.id.in_(own))
    watched = (
        select(ResidentSupervisor.id)
        .where(ResidentSupervisor.agreement_id == Agreement.id, ResidentSupervisor.stood_down_at.is_(None))
        .exists()
    )
    orders = select(func.count()).select_from(Rectification).where(Rectification.agreement_id.in_(own))
    vouchers = select(func.coalesce(func.sum(Voucher.amount_fen), 0)).where(Voucher.agreement_id.in_(own))
    return {
        "agreements": agreements,
        "watched": agreements.where(watched),
        "orders": orders,
        "closed": orders.where(Rectification.status == RectificationStatus.CLOSED),
        "refused_fen": vouchers.where(Voucher.status == VoucherStatus.REFUSED),
        "milestones": select(func.count()).select_from(Milestone).where(Milestone.agreement_id.in_(own)),
    }


def _outcome(own: Any) -> dict[str, Any]:
    held = Activity.agreement_id.in_(own) & (Activity.status == ActivityStatus.RECORDED)
    published = select(func.count()).select_from(Evaluation)
    published = published.where(Evaluation.agreement_id.in_(own), Evaluation.status == EvaluationStatus.PUBLISHED)
    applications = select(Agreement.application_id).where(Agreement.id.in_(own))
    return {
        "activities": select(func.count()).select_from(Activity).where(held),
        "activity_target": select(func.coalesce(func.sum(Application.activity_target), 0)).where(
            Application.id.in_(applications)
        ),
        "attendances": select(func.coalesce(func.sum(Activity.attendance_count), 0)).where(held),
        "published": published,
        "passed": published.where(Evaluation.grade != Grade.FAIL),
        "mean_total": published.with_only_columns(func.avg(Evaluation.total)),
    }
