"""The file of one organisation (一组织一档): invitations, documents, people with certificates, standing."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now, today
from grants.foundation.database import Model, uuid_key
from grants.foundation.models import StoredFile
from grants.people.models.accounts import Organisation, User
from grants.people.rules import MemberRole
from grants.people.rules.dossier import (
    CertificateKind,
    DocumentKind,
    InvitationState,
    StandingKind,
    Validity,
    invitation_state,
    validity,
)

_OPEN = "accepted_at IS NULL AND revoked_at IS NULL"


class MemberInvitation(Model):
    """A colleague asked to act for an organisation by a link that works once; only its hash is kept."""

    __tablename__ = "member_invitation"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(120))
    role: Mapped[MemberRole]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    invited_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[User] = relationship(foreign_keys=[invited_by_id])
    __table_args__ = (
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by_somebody"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="accepted_or_revoked"),
        CheckConstraint("accepted_by_id <> invited_by_id", name="never_to_oneself"),
        CheckConstraint("expires_at > invited_at", name="expires_after_invited"),
        Index(
            "uq_member_invitation_open",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    @property
    def state(self) -> InvitationState:
        """Return where the invitation stands now."""
        return invitation_state(self.accepted_at, self.revoked_at, self.expires_at, now())


class OrganisationDocument(Model):
    """A paper of an organisation with its dates; a newer version replaces it and it stays readable."""

    __tablename__ = "organisation_document"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[DocumentKind]
    note: Mapped[str] = mapped_column(String(120), default="")
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    uploaded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    replaced_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation_document.id"), unique=True)
    organisation: Mapped[Organisation] = relationship()
    file: Mapped[StoredFile] = relationship()
    uploaded_by: Mapped[User] = relationship()
    __table_args__ = (
        CheckConstraint("expires_on IS NULL OR expires_on >= issued_on", name="expires_after_issue"),
        CheckConstraint("replaced_by_id <> id", name="never_replaces_itself"),
    )

    @property
    def validity(self) -> Validity:
        """Return whether the paper holds today."""
        return validity(self.expires_on, today())


class OrganisationWorker(Model):
    """Somebody who works for an organisation, with the certificate they hold.

    Of its number only a blind index is kept, which shows one lent to two organisations, and the last four signs.
    """

    __tablename__ = "organisation_worker"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    post: Mapped[str] = mapped_column(String(60))
    is_full_time: Mapped[bool]
    has_insurance: Mapped[bool]
    certificate: Mapped[CertificateKind]
    number_index: Mapped[str | None] = mapped_column(String(64), index=True)
    number_tail: Mapped[str | None] = mapped_column(String(4))
    expires_on: Mapped[date | None]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime] = mapped_column(default=now)
    left_on: Mapped[date | None]
    organisation: Mapped[Organisation] = relationship()
    __table_args__ = (
        CheckConstraint("(certificate = 'none') = (number_index IS NULL)", name="certificate_has_number"),
        CheckConstraint("(number_index IS NULL) = (number_tail IS NULL)", name="number_is_whole"),
        CheckConstraint("certificate <> 'none' OR expires_on IS NULL", name="only_certificates_expire"),
    )

    @property
    def validity(self) -> Validity:
        """Return whether the certificate holds today."""
        return validity(self.expires_on, today())


class StandingRecord(Model):
    """One line of an organisation's history: a yearly check, a grade, or a sanction from the public registers."""

    __tablename__ = "standing_record"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[StandingKind]
    year: Mapped[int | None]
    result: Mapped[str] = mapped_column(String(20), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(160))
    note: Mapped[str] = mapped_column(String(200), default="")
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    withdraw_reason: Mapped[str | None] = mapped_column(String(200))
    organisation: Mapped[Organisation] = relationship()
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    __table_args__ = (
        CheckConstraint("(kind = 'inspection') = (year IS NOT NULL)", name="inspection_names_year"),
        CheckConstraint("kind IN ('inspection', 'assessment') OR starts_on IS NOT NULL", name="sanction_has_date"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (withdraw_reason IS NULL)",
            name="withdrawal_is_whole",
        ),
    )

    @property
    def is_open(self) -> bool:
        """Tell whether an entry in a public list has not been taken out again."""
        return self.kind.is_listing and self.ends_on is None and self.withdrawn_at is None
