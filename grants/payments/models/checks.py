"""Spot checks of vouchers (财务抽查), and the warnings that were sent."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.payments.models.vouchers import Voucher
from grants.payments.rules import AlertLevel, FindingResult
from grants.people.models import User


class VoucherCheck(Model):
    """One spot check of a project's vouchers; the seed shows that nobody chose them."""

    __tablename__ = "voucher_check"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    population_count: Mapped[int]
    sample_count: Mapped[int]
    drawn_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    drawn_at: Mapped[datetime] = mapped_column(default=now)
    conclusion: Mapped[str | None] = mapped_column(Text)
    closed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    agreement: Mapped[Agreement] = relationship()
    drawn_by: Mapped[User] = relationship(foreign_keys=[drawn_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    items: Mapped[list["VoucherCheckItem"]] = relationship(back_populates="check", order_by="VoucherCheckItem.position")
    __table_args__ = (
        CheckConstraint("sample_count BETWEEN 1 AND population_count", name="sample_of_population"),
        CheckConstraint(
            "(closed_at IS NULL) = (conclusion IS NULL) AND (closed_at IS NULL) = (closed_by_id IS NULL)",
            name="closed_by_somebody_with_words",
        ),
        Index("ix_voucher_check_drawn_at_id", "drawn_at", "id"),
    )

    @property
    def faulty_count(self) -> int:
        """Return how many of the drawn vouchers were found faulty."""
        return sum(1 for item in self.items if item.result is FindingResult.FAULTY)

    @property
    def open_count(self) -> int:
        """Return how many of the drawn vouchers nobody has looked at."""
        return sum(1 for item in self.items if item.result is None)


class VoucherCheckItem(Model):
    """One drawn voucher and what was found; not by whoever accepted it."""

    __tablename__ = "voucher_check_item"
    id: Mapped[uuid.UUID] = uuid_key()
    check_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("voucher_check.id"))
    position: Mapped[int]
    voucher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("voucher.id"))
    result: Mapped[FindingResult | None]
    finding: Mapped[str] = mapped_column(Text, default="")
    found_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    found_at: Mapped[datetime | None]
    check: Mapped[VoucherCheck] = relationship(back_populates="items")
    voucher: Mapped[Voucher] = relationship()
    found_by: Mapped[User | None] = relationship()
    __table_args__ = (
        UniqueConstraint("check_id", "position"),
        UniqueConstraint("check_id", "voucher_id"),
        CheckConstraint(
            "(result IS NULL) = (found_at IS NULL) AND (result IS NULL) = (found_by_id IS NULL)",
            name="found_by_somebody",
        ),
        CheckConstraint("result IS NULL OR result <> 'faulty' OR length(finding) > 0", name="words_when_faulty"),
    )


class PaymentAlert(Model):
    """A warning that a step uses up its days; one of a level for the time since a signature."""

    __tablename__ = "payment_alert"
    id: Mapped[uuid.UUID] = uuid_key()
    step_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_step.id"))
    level: Mapped[AlertLevel]
    at: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (UniqueConstraint("step_id", "level"),)
