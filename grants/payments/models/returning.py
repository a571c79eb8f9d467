"""What a request said each time it was sent, and the items to correct when it was sent back."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.payments.models.requests import PaymentRequest, PaymentStep
from grants.payments.rules import ItemKind
from grants.people.models import User


class PaymentSubmission(Model):
    """A request as it was sent in one cycle; never changed, so that before and now can be held side by side."""

    __tablename__ = "payment_submission"
    id: Mapped[uuid.UUID] = uuid_key()
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_request.id"))
    cycle: Mapped[int]
    amount_fen: Mapped[int] = fen()
    purpose: Mapped[str] = mapped_column(String(200))
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_account_last4: Mapped[str] = mapped_column(String(4))
    invoice_file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    request: Mapped[PaymentRequest] = relationship()
    invoice_file: Mapped[StoredFile] = relationship()
    __table_args__ = (
        UniqueConstraint("request_id", "cycle"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
    )


class ReturnItem(Model):
    """One item to correct; listed with the step that sent the request back, answered once, before it is sent again."""

    __tablename__ = "payment_return_item"
    id: Mapped[uuid.UUID] = uuid_key()
    step_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_step.id"))
    position: Mapped[int]
    kind: Mapped[ItemKind]
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    step: Mapped[PaymentStep] = relationship()
    answered_by: Mapped[User | None] = relationship()
    __table_args__ = (
        UniqueConstraint("step_id", "position"),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("answer IS NULL OR length(answer) > 0", name="answer_not_empty"),
    )
