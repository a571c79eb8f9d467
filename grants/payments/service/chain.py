"""What every step of a request has in common: the lock, the record, the money that is held."""

from typing import Any

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.funds import queries as ledger_queries
from grants.funds import service as ledger
from grants.payments import queries
from grants.payments.models import PaymentRequest, PaymentStep
from grants.payments.rules import PAYMENT_FLOW, PaymentAction
from grants.people.models import User


def lock(request: PaymentRequest) -> None:
    """Read the request again and hold it, so that of two hands the second sees what the first has done."""
    db.session.execute(select(PaymentRequest.id).where(PaymentRequest.id == request.id).with_for_update())
    db.session.expire(request)


def take(
    request: PaymentRequest, action: PaymentAction, actor: User, note: str = "", *, cycle: int = 0, **columns: Any
) -> None:
    """Record a step and move the request on, with the columns that belong to its new status.

    The signature is written first: the database counts them when it lets a payment through.
    """
    status = PAYMENT_FLOW.next(request.status, action)
    step = PaymentStep(
        cycle=cycle or queries.current_cycle(request),
        action=action,
        actor_id=actor.id,
        actor=actor,
        note=note,
        at=now(),
    )
    request.steps.append(step)
    db.session.flush()
    for name, value in columns.items():
        setattr(request, name, value)
    request.status = status
    audit.record(f"payment:{action}", actor=actor, subject=request, cycle=step.cycle, note=note)


def reservation_of(request: PaymentRequest) -> str:
    """Return the ledger's request id of the reservation of the present cycle."""
    return f"{request.ref}/{queries.current_cycle(request)}/reserve"


def free_money(request: PaymentRequest, actor: User) -> None:
    """Release what is held for the request in this cycle, if anything is."""
    reservation = reservation_of(request)
    if ledger_queries.find_journal(reservation) is not None:
        ledger.release(
            project_ref=request.agreement.project.ref,
            reservation=reservation,
            request_id=f"{request.ref}/{queries.current_cycle(request)}/release",
            maker=actor,
            memo=request.ref,
        )
