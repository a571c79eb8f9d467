"""The queries behind the 监督检查专报: what was done about each project, and checks of procedure over all records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus
from grants.foundation.database import db
from grants.foundation.money import yuan
from grants.payments.models import PaymentRequest, PaymentStep, Voucher
from grants.payments.rules import SIGNATURES, PaymentStatus, VoucherStatus
from grants.people.models import Organisation
from grants.projects.models import Project
from grants.rounds.models import Notice, Objection, Round
from grants.rounds.rules import ObjectionStatus
from grants.selection.models import Call, ConflictDeclaration, ExpertTie, Juror, PanelMember, Review
from grants.selection.rules import ReviewStatus
from grants.supervision.models import Activity, Complaint, Rectification, SiteVisit
from grants.supervision.rules import ActivityStatus, ComplaintStatus, RectificationStatus
from reports.gather.evaluation_rows import PAID
from reports.gather.summary_rows import get_round

__all__ = ["Checked", "Watched", "checks", "counts", "get_round", "orders", "watched"]

APPROVED = (PaymentStatus.APPROVED, *PAID)


@dataclass(frozen=True)
class Watched:
    """One project with what supervision has of it; amounts in 分."""

    ref: str
    title: str
    organisation: str
    is_running: bool
    starts_on: date
    activity_count: int
    last_on: date | None
    visit_count: int
    bad_visit_count: int
    order_count: int
    open_order_count: int
    refused_fen: int

    def is_silent(self, day: date, limit: int) -> bool:
        """Tell whether nothing was recorded for more than `limit` days."""
        return (self.last_on or self.starts_on) < day - timedelta(days=limit)


@dataclass(frozen=True)
class Checked:
    """One check: how many records it looked at and how many break the rule."""

    name: str
    rule: str
    total: int
    wrong: int


def _of_agreement(value: Any, key: Any, *conditions: Any) -> Any:
    return select(value).where(key == Agreement.id, *conditions).correlate(Agreement).scalar_subquery()


def watched(found: Round) -> list[Watched]:
    """List the signed agreements of a round with the sums of supervision."""
    recorded = Activity.status == ActivityStatus.RECORDED
    still_open = Rectification.status != RectificationStatus.CLOSED
    statement = (
        select(
            Project.ref,
            Project.title,
            Organisation.name,
            Agreement.status,
            Agreement.starts_on,
            _of_agreement(func.count(), Activity.agreement_id, recorded),
            _of_agreement(func.max(Activity.held_on), Activity.agreement_id, recorded),
            _of_agreement(func.count(), SiteVisit.agreement_id),
            _of_agreement(func.count(), SiteVisit.agreement_id, SiteVisit.is_satisfactory.is_(False)),
            _of_agreement(func.count(), Rectification.agreement_id),
            _of_agreement(func.count(), Rectification.agreement_id, still_open),
            _of_agreement(
                func.coalesce(func.sum(Voucher.amount_fen), 0),
                Voucher.agreement_id,
                Voucher.status == VoucherStatus.REFUSED,
            ),
        )
        .join(Project, Project.id == Agreement.project_id)
        .join(Organisation, Organisation.id == Agreement.organisation_id)
        .where(Project.round_id == found.id, Agreement.signed_on.is_not(None))
        .order_by(Project.ref)
    )
    made = []
    for row in db.session.execute(statement):
        values: list[Any] = list(row)
        values[3], values[11] = values[3] is AgreementStatus.SIGNED, int(values[11])
        made.append(Watched(*values))
    return made


def orders(found: Round) -> Sequence[Any]:
    """List the orders of a round with the title of their project."""
    return db.session.execute(
        select(Rectification, Project.title)
        .join(Agreement, Agreement.id == Rectification.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where(Project.round_id == found.id, Agreement.signed_on.is_not(None))
        .order_by(Rectification.issued_at, Rectification.ref)
    ).all()


def checks(found: Round) -> list[Checked]:
    """Check every payment and award of a round against the rules of procedure; three queries."""
    threshold = int(found.settings["office_meeting_threshold_fen"])
    own = select(Project.id).where(Project.round_id == found.id)
    signatures, persons = _signatures(own)
    live = PaymentRequest.status != PaymentStatus.REJECTED
    elsewhere = PaymentRequest.payee_account_index != Agreement.payee_account_index
    large = PaymentRequest.status.in_(APPROVED) & (PaymentRequest.amount_fen >= threshold)
    bare = large & (func.coalesce(PaymentRequest.office_record, "") == "")
    row = db.session.execute(
        select(
            func.count().filter(live),
            func.count().filter(live, elsewhere),
            func.count().filter(large),
            func.count().filter(bare),
            func.count(func.distinct(case((live, PaymentRequest.tranche_id)))),
        )
        .select_from(PaymentRequest)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .where(Agreement.project_id.in_(own))
    ).one()
    sent, other_account, over, unrecorded, tranches = (int(value) for value in row)
    agreed, exceeded, decided, alone = _awards(own)
    return [
        Checked("逐级签批", "同一笔拨付的每一道签批由不同的人办理", signatures, signatures - persons),
        Checked("收款账户", "收款账户与协议约定的账户一致", sent, other_account),
        Checked("重复拨付", "每一期只有一笔有效的拨付申请", sent, sent - tranches),
        Checked("超额拨付", "累计拨付不超过协议财政资金", agreed, exceeded),
        Checked("集体决策", f"单笔{yuan(threshold)}元及以上的，审批时写明办公会纪要", over, unrecorded),
        Checked("评审结果", "入选结果由两名不同的工作人员确认", decided, alone),
    ]


def _signatures(own: Any) -> tuple[int, int]:
    """Return the signatures given, and how many there are when each person counts once a request and cycle."""
    each = (
        select(func.count().label("all"), func.count(func.distinct(PaymentStep.actor_id)).label("persons"))
        .join(PaymentRequest, PaymentRequest.id == PaymentStep.request_id)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .where(Agreement.project_id.in_(own), PaymentStep.action.in_(SIGNATURES))
        .group_by(PaymentStep.request_id, PaymentStep.cycle)
        .subquery()
    )
    row = db.session.execute(
        select(func.coalesce(func.sum(each.c.all), 0), func.coalesce(func.sum(each.c.persons), 0))
    ).one()
    return int(row[0]), int(row[1])


def _awards(own: Any) -> tuple[int, int, int, int]:
    """Return agreements, those paid beyond their amount, decided calls, and those not decided by two persons."""
    paid = (
        select(func.coalesce(func.sum(PaymentRequest.amount_fen), 0))
        .where(PaymentRequest.agreement_id == Agreement.id, PaymentRequest.status.in_(PAID))
        .correlate(Agreement)
        .scalar_subquery()
    )
    agreements = select(func.count()).select_from(Agreement).where(Agreement.project_id.in_(own))
    agreements = agreements.where(Agreement.signed_on.is_not(None))
    calls = select(func.count()).select_from(Call).where(Call.project_id.in_(own), Call.awarded_at.is_not(None))
    one = Call.seconded_by_id.is_(None) | (Call.seconded_by_id == Call.decided_by_id)
    parts = (agreements, agreements.where(paid > Agreement.amount_fen), calls, calls.where(one))
    row = db.session.execute(select(*(part.scalar_subquery() for part in parts))).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def counts(found: Round) -> dict[str, int]:
    """Count what the brief mentions, in one query of many parts; reports of misconduct are not among them."""
    own = select(Project.id).where(Project.round_id == found.id)
    refs = select(Project.ref).where(Project.round_id == found.id)
    calls = select(Call.id).where(Call.project_id.in_(own))
    members = select(PanelMember.id).where(PanelMember.call_id.in_(calls))
    payments = (
        select(func.count())
        .select_from(PaymentRequest)
        .join(Agreement, Agreement.id == PaymentRequest.agreement_id)
        .where(Agreement.project_id.in_(own), PaymentRequest.status.in_(PAID))
    )
    complaints = select(func.count()).where(Complaint.project_ref.in_(refs), Complaint.is_whistleblowing.is_(False))
    notice = aliased(Notice)
    objections = (
        select(func.count(Objection.id))
        .join(notice, notice.id == Objection.notice_id)
        .where(notice.round_id == found.id)
    )
    parts: dict[str, Any] = {
        "payments": payments,
        "paid_fen": payments.with_only_columns(func.coalesce(func.sum(PaymentRequest.amount_fen), 0)),
        "complaints": complaints,
        "answered": complaints.where(Complaint.status == ComplaintStatus.ANSWERED),
        "objections": objections,
        "upheld": objections.where(Objection.status == ObjectionStatus.UPHELD),
        "calls": select(func.count()).where(Call.project_id.in_(own)),
        "panel": select(func.count()).where(PanelMember.call_id.in_(calls)),
        "replaced": select(func.count()).where(PanelMember.call_id.in_(calls), PanelMember.replaced_at.is_not(None)),
        "ties": select(func.count()).where(ExpertTie.member_id.in_(members)),
        "conflicts": select(func.count()).where(
            ConflictDeclaration.member_id.in_(members), ConflictDeclaration.has_conflict
        ),
        "voided": select(func.count()).where(Review.member_id.in_(members), Review.status == ReviewStatus.VOIDED),
        "jurors": select(func.count()).where(Juror.call_id.in_(calls)),
    }
    row = db.session.execute(select(*(part.scalar_subquery().label(name) for name, part in parts.items()))).one()
    return {name: int(value) for name, value in row._mapping.items()}
