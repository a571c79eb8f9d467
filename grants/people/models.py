"""Accounts and their roles, places, the residents' roll and the register of organisations."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now, today
from grants.foundation.database import Model, uuid_key
from grants.foundation.models import StoredFile
from grants.people.rules import (
    STAFF,
    AccountStatus,
    CommunityKind,
    Gender,
    LegalKind,
    MemberRole,
    OrganisationStatus,
    PlaceKind,
    Role,
)


class Place(Model):
    """A node of the tree street → community → grid → estate."""

    __tablename__ = "place"
    id: Mapped[uuid.UUID] = uuid_key()
    kind: Mapped[PlaceKind] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    population: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("place.id"), index=True)
    parent: Mapped["Place | None"] = relationship(remote_side="Place.id")
    __table_args__ = (CheckConstraint("(kind = 'street') = (parent_id IS NULL)", name="only_street_is_root"),)


class User(Model):
    """An account. Residents, members, experts and staff all sign in with one."""

    __tablename__ = "user"
    id: Mapped[uuid.UUID] = uuid_key()
    login: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(120))
    phone_cipher: Mapped[str | None] = mapped_column(Text)
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_cipher: Mapped[str | None] = mapped_column(Text)
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)
    status: Mapped[AccountStatus] = mapped_column(default=AccountStatus.ACTIVE)
    created_at: Mapped[datetime] = mapped_column(default=now)
    grants: Mapped[list["RoleGrant"]] = relationship(
        foreign_keys="RoleGrant.user_id", back_populates="user", lazy="selectin"
    )
    memberships: Mapped[list["OrganisationMember"]] = relationship(back_populates="user")
    resident: Mapped["Resident | None"] = relationship(back_populates="user", uselist=False)

    @property
    def is_active(self) -> bool:
        """Tell whether the account may be used."""
        return self.status is AccountStatus.ACTIVE

    @property
    def is_authenticated(self) -> bool:
        """An account row always stands for somebody signed in."""
        return True

    @property
    def live_grants(self) -> list["RoleGrant"]:
        """Return the role grants in force today."""
        return [grant for grant in self.grants if grant.is_live]

    @property
    def roles(self) -> set[Role]:
        """Return the roles held today."""
        return {grant.role for grant in self.live_grants}

    @property
    def is_staff(self) -> bool:
        """Tell whether any role asks for a second factor."""
        return bool(self.roles & STAFF)

    def has_role(self, *roles: Role) -> bool:
        """Tell whether any of these roles is held today."""
        return not self.roles.isdisjoint(roles)

    @property
    def community_ids(self) -> set[uuid.UUID]:
        """Return the communities this account works for as a community officer."""
        return {g.place_id for g in self.live_grants if g.role is Role.COMMUNITY and g.place_id}

    @property
    def organisation_ids(self) -> set[uuid.UUID]:
        """Return the organisations this account acts for today; one that nobody has examined yet acts for nothing."""
        named = [grant.organisation for grant in self.live_grants if grant.organisation is not None]
        return {organisation.id for organisation in named if not organisation.is_pending}


class RoleGrant(Model):
    """A role given to an account, for a place or an organisation where it needs one, with an end.

    A grant that somebody proposed is in force once a second person agreed; one made at set-up names no proposer.
    """

    __tablename__ = "role_grant"
    id: Mapped[uuid.UUID] = uuid_key()
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[Role]
    place_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("place.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    starts_on: Mapped[date] = mapped_column(default=today)
    ends_on: Mapped[date | None]
    granted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    granted_at: Mapped[datetime] = mapped_column(default=now)
    reason: Mapped[str] = mapped_column(String(200), default="")
    seconded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    seconded_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(foreign_keys=[user_id], back_populates="grants")
    granted_by: Mapped[User | None] = relationship(foreign_keys=[granted_by_id])
    seconded_by: Mapped[User | None] = relationship(foreign_keys=[seconded_by_id])
    place: Mapped[Place | None] = relationship()
    organisation: Mapped["Organisation | None"] = relationship()
    __table_args__ = (
        CheckConstraint("role <> 'visitor'", name="visitor_needs_no_grant"),
        CheckConstraint("(role = 'organisation') = (organisation_id IS NOT NULL)", name="member_names_organisation"),
        CheckConstraint("role <> 'community' OR place_id IS NOT NULL", name="officer_names_community"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("granted_by_id <> user_id AND seconded_by_id <> user_id", name="never_to_oneself"),
        CheckConstraint(
            "seconded_by_id IS NULL OR (granted_by_id IS NOT NULL AND granted_by_id <> seconded_by_id)",
            name="two_persons",
        ),
        CheckConstraint("(seconded_by_id IS NULL) = (seconded_at IS NULL)", name="seconded_with_date"),
    )

    @property
    def is_waiting(self) -> bool:
        """Tell whether the grant still needs its second person."""
        return self.granted_by_id is not None and self.seconded_by_id is None and self.revoked_at is None

    @property
    def is_live(self) -> bool:
        """Tell whether the grant is in force today."""
        day = today()
        if self.revoked_at is not None or self.is_waiting:
            return False
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class UserSession(Model):
    """A signed-in session; deleting trust in it takes one row, at the next request."""

    __tablename__ = "user_session"
    id: Mapped[uuid.UUID] = uuid_key()
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    stepped_up_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    user: Mapped[User] = relationship(lazy="joined")


class SignInAttempt(Model):
    """A try to sign in, counted for lockout; strict for an account, loose for an address."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[uuid.UUID] = uuid_key()
    login: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(default=now)
    succeeded: Mapped[bool]
    __table_args__ = (
        Index("ix_sign_in_attempt_login_at", "login", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
    )


class SecondFactorReset(Model):
    """A lost authenticator: one person asks for its removal, another agrees, and the owner enrols a new one."""

    __tablename__ = "second_factor_reset"
    id: Mapped[uuid.UUID] = uuid_key()
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    requested_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    requested_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    is_agreed: Mapped[bool | None]
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    requested_by: Mapped[User] = relationship(foreign_keys=[requested_by_id])
    __table_args__ = (
        CheckConstraint("requested_by_id <> decided_by_id", name="two_persons"),
        CheckConstraint("user_id <> requested_by_id AND user_id <> decided_by_id", name="never_ones_own"),
        CheckConstraint(
            "(decided_by_id IS NULL) = (is_agreed IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name="decision_is_whole",
        ),
    )


class Resident(Model):
    """A person on the residents' roll; identity numbers are encrypted, found by blind index only."""

    __tablename__ = "resident"
    id: Mapped[uuid.UUID] = uuid_key()
    name: Mapped[str] = mapped_column(String(60))
    id_number_cipher: Mapped[str] = mapped_column(Text)
    id_number_index: Mapped[str] = mapped_column(String(64), unique=True)
    person_key: Mapped[str] = mapped_column(String(64), unique=True)
    phone_cipher: Mapped[str | None] = mapped_column(Text)
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    born_on: Mapped[date]
    gender: Mapped[Gender]
    community_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("place.id"), index=True)
    grid_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("place.id"))
    estate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("place.id"))
    is_away: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    community: Mapped[Place] = relationship(foreign_keys=[community_id])
    grid: Mapped[Place | None] = relationship(foreign_keys=[grid_id])
    estate: Mapped[Place | None] = relationship(foreign_keys=[estate_id])
    user: Mapped[User | None] = relationship(back_populates="resident")
    __table_args__ = (
        Index("ix_resident_community_id_name", "community_id", "name", "id"),
        Index("ix_resident_name", "name", "id"),
    )


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


class Organisation(Model):
    """An organisation on the register (一组织一档)."""

    __tablename__ = "organisation"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")
    legal_kind: Mapped[LegalKind]
    community_kind: Mapped[CommunityKind]
    status: Mapped[OrganisationStatus] = mapped_column(default=OrganisationStatus.PENDING)
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    filing_number: Mapped[str | None] = mapped_column(String(40))
    registered_on: Mapped[date]
    registered_with: Mapped[str] = mapped_column(String(80), default="")
    scope: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(160), default="")
    head_name: Mapped[str] = mapped_column(String(60))
    phone_cipher: Mapped[str | None] = mapped_column(Text)
    staff_count: Mapped[int] = mapped_column(default=0)
    social_worker_count: Mapped[int] = mapped_column(default=0)
    assessment_grade: Mapped[str | None] = mapped_column(String(4))
    assessment_expires_on: Mapped[date | None]
    inspections: Mapped[dict[str, Any]] = mapped_column(default=dict)
    abnormal_until: Mapped[date | None]
    dishonest_until: Mapped[date | None]
    violation_on: Mapped[date | None]
    profile: Mapped[str] = mapped_column(Text, default="")
    party_building: Mapped[str] = mapped_column(String(200), default="")
    bank_name: Mapped[str | None] = mapped_column(String(120))
    account_name: Mapped[str | None] = mapped_column(String(120))
    account_cipher: Mapped[str | None] = mapped_column(Text)
    account_index: Mapped[str | None] = mapped_column(String(64))
    account_last4: Mapped[str | None] = mapped_column(String(4))
    host_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    certificate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    review_note: Mapped[str | None] = mapped_column(String(300))
    reviewed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None]
    certificate: Mapped[StoredFile | None] = relationship()
    host: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")
    members: Mapped[list["OrganisationMember"]] = relationship(back_populates="organisation")
    __table_args__ = (
        CheckConstraint("legal_kind = 'filed' OR uscc IS NOT NULL", name="registered_has_uscc"),
        CheckConstraint("legal_kind <> 'filed' OR account_cipher IS NULL", name="filed_is_never_payee"),
        CheckConstraint("review_note IS NULL OR status = 'pending'", name="returned_only_while_pending"),
    )

    @property
    def is_pending(self) -> bool:
        """Tell whether it still waits to be put on the register."""
        return self.status is OrganisationStatus.PENDING

    @property
    def can_be_payee(self) -> bool:
        """Tell whether money may be paid to it: a legal person with an account on file."""
        return self.legal_kind is not LegalKind.FILED and self.account_cipher is not None


class OrganisationMember(Model):
    """A person who acts for an organisation."""

    __tablename__ = "organisation_member"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[MemberRole]
    organisation: Mapped[Organisation] = relationship(back_populates="members")
    user: Mapped[User] = relationship(back_populates="memberships")
    __table_args__ = (UniqueConstraint("organisation_id", "user_id"),)


class BankAccountChange(Model):
    """A new account to be paid to, as a member stated it; it counts once a programme officer has checked it."""

    __tablename__ = "bank_account_change"
    id: Mapped[uuid.UUID] = uuid_key()
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    bank_name: Mapped[str] = mapped_column(String(120))
    account_name: Mapped[str] = mapped_column(String(120))
    account_cipher: Mapped[str] = mapped_column(Text)
    account_index: Mapped[str] = mapped_column(String(64))
    account_last4: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str] = mapped_column(String(200))
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(300), default="")
    organisation: Mapped[Organisation] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    __table_args__ = (
        CheckConstraint("proposed_by_id <> decided_by_id", name="two_persons"),
        CheckConstraint(
            "(decided_by_id IS NULL) = (is_accepted IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name="decision_is_whole",
        ),
        Index(
            "uq_bank_account_change_open",
            "organisation_id",
            unique=True,
            sqlite_where=text("decided_by_id IS NULL"),
            postgresql_where=text("decided_by_id IS NULL"),
        ),
    )
