"""The register of organisations in depth: roles inside, invitations, papers, people, history of standing."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_columns, drop_columns, replace_check

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ROLES = ("organisation_member", "ck_organisation_member_memberrole")
TWO_ROLES = "role IN ('head', 'clerk')"
FOUR_ROLES = "role IN ('head', 'project', 'finance', 'clerk')"
BREACH = (("organisation", "breach_on", sa.Date(), ""),)
OPEN = sa.text("accepted_at IS NULL AND revoked_at IS NULL")


def upgrade() -> None:
    replace_check(*ROLES, TWO_ROLES, FOUR_ROLES)
    add_columns(BREACH)
    _invitations()
    _documents()
    _workers()
    _records()


def _invitations() -> None:
    op.create_table(
        "member_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name=op.f("ck_member_invitation_accepted_by_somebody")
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR revoked_at IS NULL", name=op.f("ck_member_invitation_accepted_or_revoked")
        ),
        sa.CheckConstraint("accepted_by_id <> invited_by_id", name=op.f("ck_member_invitation_never_to_oneself")),
        sa.CheckConstraint("expires_at > invited_at", name=op.f("ck_member_invitation_expires_after_invited")),
        sa.CheckConstraint(FOUR_ROLES, name=op.f("ck_member_invitation_memberrole")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_invitation_organisation_id")
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["user.id"], name=op.f("fk_member_invitation_invited_by_id")),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["user.id"], name=op.f("fk_member_invitation_accepted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_member_invitation_token_hash")),
    )
    op.create_index(op.f("ix_member_invitation_organisation_id"), "member_invitation", ["organisation_id"])
    op.create_index(
        "uq_member_invitation_open",
        "member_invitation",
        ["organisation_id", "email"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _documents() -> None:
    op.create_table(
        "organisation_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "expires_on IS NULL OR expires_on >= issued_on", name=op.f("ck_organisation_document_expires_after_issue")
        ),
        sa.CheckConstraint("replaced_by_id <> id", name=op.f("ck_organisation_document_never_replaces_itself")),
        sa.CheckConstraint(
            "kind IN ('certificate', 'charter', 'inspection', 'assessment', 'bank', 'finance_rules', 'audit',"
            " 'social_work', 'other')",
            name=op.f("ck_organisation_document_documentkind"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_document_organisation_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_organisation_document_file_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user.id"], name=op.f("fk_organisation_document_uploaded_by_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["organisation_document.id"], name=op.f("fk_organisation_document_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_document")),
        sa.UniqueConstraint("replaced_by_id", name=op.f("uq_organisation_document_replaced_by_id")),
    )
    op.create_index(op.f("ix_organisation_document_organisation_id"), "organisation_document", ["organisation_id"])


def _workers() -> None:
    op.create_table(
        "organisation_worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("is_full_time", sa.Boolean(), nullable=False),
        sa.Column("has_insurance", sa.Boolean(), nullable=False),
        sa.Column("certificate", sa.String(length=32), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=True),
        sa.Column("number_tail", sa.String(length=4), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(certificate = 'none') = (number_index IS NULL)",
            name=op.f("ck_organisation_worker_certificate_has_number"),
        ),
        sa.CheckConstraint(
            "(number_index IS NULL) = (number_tail IS NULL)", name=op.f("ck_organisation_worker_number_is_whole")
        ),
        sa.CheckConstraint(
            "certificate <> 'none' OR expires_on IS NULL", name=op.f("ck_organisation_worker_only_certificates_expire")
        ),
        sa.CheckConstraint(
            "certificate IN ('none', 'assistant_worker', 'social_worker', 'senior_worker', 'accountant', 'other')",
            name=op.f("ck_organisation_worker_certificatekind"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_worker_organisation_id")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_organisation_worker_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_worker")),
    )
    for column in ("number_index", "organisation_id"):
        op.create_index(op.f(f"ix_organisation_worker_{column}"), "organisation_worker", [column])


def _records() -> None:
    op.create_table(
        "standing_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(kind = 'inspection') = (year IS NOT NULL)", name=op.f("ck_standing_record_inspection_names_year")
        ),
        sa.CheckConstraint(
            "kind IN ('inspection', 'assessment') OR starts_on IS NOT NULL",
            name=op.f("ck_standing_record_sanction_has_date"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_standing_record_ends_after_start"),
        ),
        sa.CheckConstraint(
            "kind IN ('inspection', 'assessment', 'abnormal', 'dishonest', 'violation', 'breach')",
            name=op.f("ck_standing_record_standingkind"),
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (withdraw_reason IS NULL)",
            name=op.f("ck_standing_record_withdrawal_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_standing_record_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_standing_record_recorded_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_standing_record_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_record")),
    )
    op.create_index(op.f("ix_standing_record_organisation_id"), "standing_record", ["organisation_id"])


def downgrade() -> None:
    for table in ("standing_record", "organisation_worker", "organisation_document", "member_invitation"):
        op.drop_table(table)
    drop_columns(BREACH)
    op.execute("UPDATE organisation_member SET role = 'clerk' WHERE role IN ('project', 'finance')")
    replace_check(*ROLES, FOUR_ROLES, TWO_ROLES)
