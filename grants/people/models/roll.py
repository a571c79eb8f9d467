"""Imports of the residents' roll."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.people.models.accounts import Place, User


class RollImport(Model):
    """One import of the residents' roll: the file, what it would bring and what could not be read.

    The lines read wait sealed in `draft_cipher` until somebody applies or drops the import; then they are gone.
    """

    __tablename__ = "roll_import"
    id: Mapped[uuid.UUID] = uuid_key()
    file_name: Mapped[str] = mapped_column(String(160))
    community_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("place.id"))
    created_count: Mapped[int]
    updated_count: Mapped[int]
    rejected: Mapped[list[Any]]
    imported_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    draft_cipher: Mapped[str | None] = mapped_column(Text)
    applied_at: Mapped[datetime | None]
    applied_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    community: Mapped[Place | None] = relationship()
    imported_by: Mapped[User | None] = relationship(foreign_keys=[imported_by_id])
    applied_by: Mapped[User | None] = relationship(foreign_keys=[applied_by_id])
    __table_args__ = (CheckConstraint("applied_at IS NULL OR draft_cipher IS NULL", name="draft_goes_when_applied"),)
