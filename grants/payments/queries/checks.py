"""Spot checks of vouchers: one, those of a project, and what can be drawn."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from grants.agreements.models import Agreement
from grants.agreements.queries import readable_by
from grants.foundation.database import db, get_by_id, get_one
from grants.foundation.web.listing import Page, Window, paginate
from grants.payments.models import Voucher, VoucherCheck, VoucherCheckItem
from grants.payments.rules import VoucherStatus
from grants.people.models import User


def list_vouchers_to_draw(agreement_id: uuid.UUID) -> list[Voucher]:
    """List the vouchers of an agreement that a spot check draws from: all that were not refused."""
    statement = select(Voucher).where(Voucher.agreement_id == agreement_id, Voucher.status != VoucherStatus.REFUSED)
    return list(db.session.scalars(statement.order_by(Voucher.ref)))


def get_check(ref: str) -> VoucherCheck:
    """Return a spot check with its sample, or raise NotFound."""
    statement = (
        select(VoucherCheck)
        .where(VoucherCheck.ref == ref)
        .options(
            selectinload(VoucherCheck.items).joinedload(VoucherCheckItem.voucher).joinedload(Voucher.budget_line),
            joinedload(VoucherCheck.agreement).joinedload(Agreement.project),
        )
    )
    found: VoucherCheck = get_one(statement)
    return found


def get_check_item(identity: uuid.UUID) -> VoucherCheckItem:
    """Return one drawn voucher, or raise NotFound."""
    found: VoucherCheckItem = get_by_id(VoucherCheckItem, identity)
    return found


def list_checks_of(agreement_id: uuid.UUID) -> list[VoucherCheck]:
    """List the spot checks of a project, the newest first."""
    statement = select(VoucherCheck).where(VoucherCheck.agreement_id == agreement_id)
    options = (selectinload(VoucherCheck.items), joinedload(VoucherCheck.drawn_by))
    return list(db.session.scalars(statement.options(*options).order_by(VoucherCheck.drawn_at.desc())))


def list_checks(window: Window, actor: User) -> Page[VoucherCheck]:
    """List the spot checks of all projects this actor may read, the newest first."""
    statement = (
        select(VoucherCheck)
        .join(Agreement, Agreement.id == VoucherCheck.agreement_id)
        .where(readable_by(actor))
        .options(selectinload(VoucherCheck.items), joinedload(VoucherCheck.agreement).joinedload(Agreement.project))
    )
    return paginate(statement, window, order=VoucherCheck.drawn_at, key=VoucherCheck.id)
