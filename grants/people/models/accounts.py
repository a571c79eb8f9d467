"""Places, accounts and their roles, and whom an account stands for: a resident, an organisation.

They know each other, which is why they share a file.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
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
    def watched_community_ids(self) -> set[uuid.UUID]:
        """Return the communities whose projects this account watches for their residents (居务监督)."""
        return {g.place_id for g in self.live_grants if g.role is Role.COMMUNITY_SUPERVISOR and g.place_id}

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
        CheckConstraint(
            "role NOT IN ('community', 'community_supervisor') OR place_id IS NOT NULL", name="officer_names_community"
        ),
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
    breach_on: Mapped[date | None]
    poor_grade_on: Mapped[date | None]
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
