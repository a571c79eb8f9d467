"""Agreements, milestones, tranches."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=False),
        sa.Column("payee_name", sa.String(length=120), nullable=False),
        sa.Column("payee_bank", sa.String(length=120), nullable=False),
        sa.Column("payee_account_index", sa.String(length=64), nullable=False),
        sa.Column("payee_account_last4", sa.String(length=4), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("social_fen", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("organisation_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_for_street_id", sa.Uuid(), nullable=True),
        sa.Column("signed_for_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("signed_file_id", sa.Uuid(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("terminated_on", sa.Date(), nullable=True),
        sa.Column("terminated_by_id", sa.Uuid(), nullable=True),
        sa.Column("termination_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (signed_on IS NULL)", name=op.f("ck_agreement_signed_unless_draft")),
        sa.CheckConstraint(
            "(status = 'terminated') = (termination_reason IS NOT NULL)",
            name=op.f("ck_agreement_reason_iff_terminated"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_agreement_amount_positive")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_agreement_ends_after_start")),
        sa.CheckConstraint(
            "signed_for_street_id <> signed_for_organisation_id AND signed_for_street_id <> drafted_by_id",
            name=op.f("ck_agreement_signed_by_different_people"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_agreement_application_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["user.id"], name=op.f("fk_agreement_drafted_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_agreement_organisation_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["organisation.id"], name=op.f("fk_agreement_payee_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_agreement_project_id")),
        sa.ForeignKeyConstraint(["signed_file_id"], ["stored_file.id"], name=op.f("fk_agreement_signed_file_id")),
        sa.ForeignKeyConstraint(
            ["signed_for_organisation_id"], ["user.id"], name=op.f("fk_agreement_signed_for_organisation_id")
        ),
        sa.ForeignKeyConstraint(["signed_for_street_id"], ["user.id"], name=op.f("fk_agreement_signed_for_street_id")),
        sa.ForeignKeyConstraint(["terminated_by_id"], ["user.id"], name=op.f("fk_agreement_terminated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("application_id", name=op.f("uq_agreement_application_id")),
        sa.UniqueConstraint("project_id", name=op.f("uq_agreement_project_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_agreement_ref")),
        sa.CheckConstraint(
            "status IN ('draft', 'signed', 'completed', 'terminated')", name=op.f("ck_agreement_agreementstatus")
        ),
    )
    op.create_index("ix_agreement_created_at_id", "agreement", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_agreement_organisation_id"), "agreement", ["organisation_id"], unique=False)
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=120), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_budget_line_amount_positive")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_budget_line_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("agreement_id", "position", name=op.f("uq_budget_line_agreement_id_position")),
        sa.CheckConstraint("source IN ('fiscal', 'social')", name=op.f("ck_budget_line_moneysource")),
        sa.CheckConstraint(
            "code IN ('01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11')",
            name=op.f("ck_budget_line_budgetcode"),
        ),
    )
    op.create_index(op.f("ix_budget_line_agreement_id"), "budget_line", ["agreement_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("claim", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=True),
        sa.Column("community_by_id", sa.Uuid(), nullable=True),
        sa.Column("community_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("community_note", sa.Text(), nullable=False),
        sa.Column("resident_by_id", sa.Uuid(), nullable=True),
        sa.Column("resident_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resident_note", sa.Text(), nullable=False),
        sa.Column("send_back_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'verified') = (resident_at IS NOT NULL AND community_at IS NOT NULL)",
            name=op.f("ck_milestone_verified_by_both_sides"),
        ),
        sa.CheckConstraint("status = 'planned' OR claim IS NOT NULL", name=op.f("ck_milestone_claim_unless_planned")),
        sa.CheckConstraint(
            "resident_by_id <> community_by_id AND resident_by_id <> claimed_by_id AND community_by_id <> claimed_by_id",
            name=op.f("ck_milestone_verified_by_different_people"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_milestone_agreement_id")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["user.id"], name=op.f("fk_milestone_claimed_by_id")),
        sa.ForeignKeyConstraint(["community_by_id"], ["user.id"], name=op.f("fk_milestone_community_by_id")),
        sa.ForeignKeyConstraint(["resident_by_id"], ["user.id"], name=op.f("fk_milestone_resident_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("agreement_id", "position", name=op.f("uq_milestone_agreement_id_position")),
        sa.CheckConstraint(
            "status IN ('planned', 'claimed', 'community_verified', 'verified')",
            name=op.f("ck_milestone_milestonestatus"),
        ),
    )
    op.create_index(op.f("ix_milestone_agreement_id"), "milestone", ["agreement_id"], unique=False)
    op.create_table(
        "tranche",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("gate", sa.String(length=32), nullable=False),
        sa.Column("milestone_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount_fen > 0 AND percent > 0", name=op.f("ck_tranche_amount_positive")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_tranche_agreement_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_tranche_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tranche")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_tranche_agreement_id_number")),
        sa.CheckConstraint("gate IN ('signed', 'midterm', 'final')", name=op.f("ck_tranche_gate")),
    )
    op.create_index(op.f("ix_tranche_agreement_id"), "tranche", ["agreement_id"], unique=False)


def downgrade() -> None:
    op.drop_table("tranche")
    op.drop_table("milestone")
    op.drop_table("budget_line")
    op.drop_table("agreement")
