"""Funds and their append-only double-entry journal.

A journal is written open, given its entries and then posted once; triggers refuse to post one that does not sum
to zero or would overdraw an account, refuse entries on a posted one, and refuse every update and delete after.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.foundation.clock import now
from grants.foundation.database import Model, fen, uuid_key
from grants.foundation.models import StoredFile
from grants.funds.rules import (
    ACCOUNT_KIND_LABELS,
    AccountKind,
    ContributionKind,
    EndCause,
    FundSource,
    JournalKind,
    ProposalKind,
    ProposalStatus,
)
from grants.people.models import Organisation, User

NOT_DROPPED = text("status IN ('waiting', 'confirmed')")
ONE_SETTLEMENT = text("kind = 'settle' AND status IN ('waiting', 'confirmed')")


class Fund(Model):
    """Money of one source and year, tied to one matter (费随事转)."""

    __tablename__ = "fund"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[FundSource]
    year: Mapped[int]
    matter: Mapped[str] = mapped_column(String(160), default="")
    document_number: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    accounts: Mapped[list["Account"]] = relationship(back_populates="fund")


class Account(Model):
    """One pocket of a fund; `key` is the reference of the envelope or project it belongs to."""

    __tablename__ = "account"
    id: Mapped[uuid.UUID] = uuid_key()
    fund_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund.id"))
    kind: Mapped[AccountKind]
    key: Mapped[str] = mapped_column(String(60), default="", index=True)
    balance_fen: Mapped[int] = fen(default=0)
    fund: Mapped[Fund] = relationship(back_populates="accounts")

    @property
    def label(self) -> str:
        """Return how the account is called on a page: what it is for, and whose."""
        name = str(ACCOUNT_KIND_LABELS[self.kind])
        return f"{name} {self.key}" if self.key else name

    __table_args__ = (
        UniqueConstraint("fund_id", "kind", "key"),
        Index(
            "uq_account_one_fund_a_project",
            "key",
            unique=True,
            sqlite_where=text("kind = 'available'"),
            postgresql_where=text("kind = 'available'"),
        ),
        CheckConstraint("balance_fen >= 0 OR kind IN ('appropriation', 'carried_in')", name="never_overdrawn"),
    )


class Journal(Model):
    """One movement of money: who made, checked and paid it, and on what document."""

    __tablename__ = "journal"
    id: Mapped[uuid.UUID] = uuid_key()
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[JournalKind]
    request_id: Mapped[str] = mapped_column(String(120), unique=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("journal.id"), unique=True)
    resolves_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("journal.id"), unique=True)
    memo: Mapped[str] = mapped_column(Text, default="")
    booked_on: Mapped[date]
    maker_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    checker_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    payer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    document_hash: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(default=now)
    is_posted: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[list["Entry"]] = relationship(back_populates="journal", order_by="Entry.line")
    reverses: Mapped["Journal | None"] = relationship(foreign_keys=[reverses_id], remote_side=[id])
    resolves: Mapped["Journal | None"] = relationship(foreign_keys=[resolves_id], remote_side=[id])
    maker: Mapped[User | None] = relationship(foreign_keys=[maker_id])
    checker: Mapped[User | None] = relationship(foreign_keys=[checker_id])
    payer: Mapped[User | None] = relationship(foreign_keys=[payer_id])
    __table_args__ = (
        CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name="reversal_names_original"),
        CheckConstraint(
            "(kind IN ('release', 'pay')) = (resolves_id IS NOT NULL)", name="resolution_names_reservation"
        ),
        CheckConstraint(
            "kind NOT IN ('appropriate', 'allocate', 'award', 'return', 'carry', 'reverse')"
            " OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND maker_id <> checker_id)",
            name="earmarking_has_two_people",
        ),
        CheckConstraint(
            "kind <> 'pay' OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND payer_id IS NOT NULL"
            " AND maker_id <> checker_id AND maker_id <> payer_id AND checker_id <> payer_id)",
            name="payment_has_three_people",
        ),
    )

    @property
    def ref(self) -> str:
        """Return the voucher number that people quote; it follows the gapless number."""
        return f"JZ-{self.number:06d}"

    @property
    def amount_fen(self) -> int:
        """Return the sum moved, in 分."""
        return max(entry.amount_fen for entry in self.entries)

    @property
    def source(self) -> Account:
        """Return the account the money left."""
        return min(self.entries, key=lambda entry: entry.amount_fen).account

    @property
    def target(self) -> Account:
        """Return the account the money went to."""
        return max(self.entries, key=lambda entry: entry.amount_fen).account


class Entry(Model):
    """One side of a journal: an amount into (+) or out of (−) an account."""

    __tablename__ = "entry"
    id: Mapped[uuid.UUID] = uuid_key()
    journal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("journal.id"))
    line: Mapped[int]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), index=True)
    amount_fen: Mapped[int] = fen()
    journal: Mapped[Journal] = relationship(back_populates="entries")
    account: Mapped[Account] = relationship()
    __table_args__ = (
        UniqueConstraint("journal_id", "line"),
        CheckConstraint("amount_fen <> 0", name="amount_not_zero"),
    )


class FundProposal(Model):
    """A movement of budget money that one person proposes and a second one confirms; only then it is posted."""

    __tablename__ = "fund_proposal"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    fund_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund.id"), index=True)
    kind: Mapped[ProposalKind]
    key: Mapped[str] = mapped_column(String(60), default="")
    amount_fen: Mapped[int] = fen()
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("journal.id"))
    reason: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(String(60), default="")
    document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    status: Mapped[ProposalStatus] = mapped_column(default=ProposalStatus.WAITING, index=True)
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    refusal_reason: Mapped[str | None] = mapped_column(Text)
    journal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("journal.id"), unique=True)
    fund: Mapped[Fund] = relationship()
    document: Mapped[StoredFile | None] = relationship()
    reverses: Mapped[Journal | None] = relationship(foreign_keys=[reverses_id])
    journal: Mapped[Journal | None] = relationship(foreign_keys=[journal_id])
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    settlement: Mapped["Settlement | None"] = relationship(back_populates="proposal")
    __table_args__ = (
        CheckConstraint("amount_fen > 0 OR (kind = 'settle' AND amount_fen = 0)", name="amount_positive"),
        CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name="reversal_names_original"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_unless_waiting"),
        CheckConstraint(
            "(status = 'confirmed' AND amount_fen > 0) = (journal_id IS NOT NULL)", name="posted_iff_confirmed"
        ),
        CheckConstraint("(status = 'refused') = (refusal_reason IS NOT NULL)", name="reason_iff_refused"),
        CheckConstraint(
            "status NOT IN ('confirmed', 'refused') OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name="decided_by_second_person",
        ),
        Index(
            "uq_fund_proposal_one_settlement",
            "key",
            unique=True,
            sqlite_where=ONE_SETTLEMENT,
            postgresql_where=ONE_SETTLEMENT,
        ),
    )


class Settlement(Model):
    """The final account of one project, fixed when it is proposed; it stands once its proposal is confirmed.

    `paid_fen` is what the organisation was paid and has not given back, `accepted_fen` what of it finance accepted as
    spent, `unspent_fen` what was awarded and never paid, `recover_fen` what the organisation pays back by `due_on`.
    """

    __tablename__ = "settlement"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("fund_proposal.id"), unique=True)
    project_ref: Mapped[str] = mapped_column(String(60), index=True)
    project_title: Mapped[str] = mapped_column(String(80))
    agreement_ref: Mapped[str] = mapped_column(String(30))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    cause: Mapped[EndCause]
    ended_on: Mapped[date]
    awarded_fen: Mapped[int] = fen()
    paid_fen: Mapped[int] = fen()
    accepted_fen: Mapped[int] = fen()
    unspent_fen: Mapped[int] = fen()
    recover_fen: Mapped[int] = fen()
    due_on: Mapped[date | None]
    proposal: Mapped[FundProposal] = relationship(back_populates="settlement")
    organisation: Mapped[Organisation] = relationship()
    __table_args__ = (
        CheckConstraint(
            "accepted_fen >= 0 AND unspent_fen >= 0 AND recover_fen >= 0 AND awarded_fen >= paid_fen + unspent_fen",
            name="amounts_make_sense",
        ),
        CheckConstraint("(recover_fen > 0) = (due_on IS NOT NULL)", name="due_iff_recovering"),
        CheckConstraint(
            "recover_fen <= paid_fen AND recover_fen >= paid_fen - accepted_fen"
            " AND (cause = 'own_fault' OR recover_fen = 0 OR recover_fen = paid_fen - accepted_fen)",
            name="recovers_what_is_not_proven",
        ),
    )

    @property
    def returned_fen(self) -> int:
        """Return what of the award is back with its fund once the account stands, the claim not counted, in 分."""
        return self.awarded_fen - self.paid_fen

    @property
    def kept_fen(self) -> int:
        """Return what of the money paid the organisation keeps, in 分."""
        return self.paid_fen - self.recover_fen


class Contribution(Model):
    """Money or goods that society adds to a project, in a book of its own: no account of public money is named here.

    It counts once a second person has confirmed the proof. An error is taken back in full by a contribution that names
    it (`reverses`). Matching money names the contribution that it matches.
    """

    __tablename__ = "contribution"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    project_ref: Mapped[str] = mapped_column(String(60), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[ContributionKind]
    contributor: Mapped[str] = mapped_column(String(120))
    amount_fen: Mapped[int] = fen()
    received_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    proof_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    matches_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contribution.id"))
    reverses_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contribution.id"))
    status: Mapped[ProposalStatus] = mapped_column(default=ProposalStatus.WAITING, index=True)
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    refusal_reason: Mapped[str | None] = mapped_column(Text)
    organisation: Mapped[Organisation] = relationship()
    proof: Mapped[StoredFile] = relationship()
    matches: Mapped["Contribution | None"] = relationship(foreign_keys=[matches_id], remote_side=[id])
    reverses: Mapped["Contribution | None"] = relationship(foreign_keys=[reverses_id], remote_side=[id])
    recorded_by: Mapped[User] = relationship(foreign_keys=[recorded_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("(kind = 'matching') = (matches_id IS NOT NULL)", name="matching_names_matched"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_unless_waiting"),
        CheckConstraint("(status = 'refused') = (refusal_reason IS NOT NULL)", name="reason_iff_refused"),
        CheckConstraint(
            "status NOT IN ('confirmed', 'refused') OR (decided_by_id IS NOT NULL AND decided_by_id <> recorded_by_id)",
            name="decided_by_second_person",
        ),
        Index(
            "uq_contribution_reversed_once",
            "reverses_id",
            unique=True,
            sqlite_where=NOT_DROPPED,
            postgresql_where=NOT_DROPPED,
        ),
    )

    @property
    def counted_fen(self) -> int:
        """Return what it adds, in 分; a contribution taken back counts against."""
        return -self.amount_fen if self.reverses_id else self.amount_fen
