"""What was sent in each cycle and what was sent back: the items, their answers, before and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.database import db, get_one
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.payments.models import PaymentRequest, PaymentStep, PaymentSubmission, ReturnItem


@dataclass(frozen=True)
class Difference:
    """One part of a request that reads differently since the return."""

    label: str
    before: str
    now: str


@dataclass(frozen=True)
class Return:
    """One return of a request: who asked for what, what was answered, and what the request said before and says now."""

    cycle: int
    by: str
    at: datetime
    items: list[ReturnItem]
    before: PaymentSubmission | None
    now: PaymentSubmission | None

    @property
    def differences(self) -> list[Difference]:
        """Return what was changed between the two; empty while the request was not sent again."""
        if self.before is None or self.now is None:
            return []
        sides = zip(_parts(self.before), _parts(self.now), strict=True)
        return [Difference(label, old, new) for (label, old, key), (_same, new, other) in sides if key != other]


def _parts(sent: PaymentSubmission) -> list[tuple[str, str, object]]:
    """Return label, words and what is compared of each part of a request."""
    amount = _("%(amount)s 元", amount=yuan(sent.amount_fen))
    account = _("%(name)s，账号尾号 %(last4)s", name=sent.payee_name, last4=sent.payee_account_last4)
    return [
        (_("金额"), amount, sent.amount_fen),
        (_("用途"), sent.purpose, sent.purpose),
        (_("收款单位"), account, account),
        (_("发票或收据"), sent.invoice_file.name, sent.invoice_file.sha256),
    ]


def list_returns(request: PaymentRequest) -> list[Return]:
    """List the returns of a request that name items, the newest first."""
    statement = (
        select(ReturnItem)
        .join(PaymentStep, PaymentStep.id == ReturnItem.step_id)
        .where(PaymentStep.request_id == request.id)
        .options(joinedload(ReturnItem.step).joinedload(PaymentStep.actor), joinedload(ReturnItem.answered_by))
        .order_by(PaymentStep.cycle.desc(), ReturnItem.position)
    )
    grouped: dict[PaymentStep, list[ReturnItem]] = {}
    for item in db.session.scalars(statement):
        grouped.setdefault(item.step, []).append(item)
    sent = _submissions(request) if grouped else {}
    return [
        Return(
            step.cycle,
            step.actor.display_name,
            step.at,
            items,
            sent.get(step.cycle),
            sent.get(step.cycle + 1),
        )
        for step, items in grouped.items()
    ]


def _submissions(request: PaymentRequest) -> dict[int, PaymentSubmission]:
    statement = (
        select(PaymentSubmission)
        .where(PaymentSubmission.request_id == request.id)
        .options(joinedload(PaymentSubmission.invoice_file))
    )
    return {one.cycle: one for one in db.session.scalars(statement)}


def list_open_items(request: PaymentRequest) -> Sequence[ReturnItem]:
    """List the items of a returned request that wait for an answer, in their order."""
    statement = (
        select(ReturnItem)
        .join(PaymentStep, PaymentStep.id == ReturnItem.step_id)
        .where(PaymentStep.request_id == request.id, ReturnItem.answer.is_(None))
        .order_by(PaymentStep.cycle, ReturnItem.position)
    )
    return list(db.session.scalars(statement))


def get_submission(request: PaymentRequest, cycle: int) -> PaymentSubmission:
    """Return what a request said in one cycle, or raise NotFound."""
    statement = select(PaymentSubmission).where(
        PaymentSubmission.request_id == request.id, PaymentSubmission.cycle == cycle
    )
    found: PaymentSubmission = get_one(statement)
    return found
