"""Payment requests and vouchers."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voucher",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("budget_line_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_number", sa.String(length=40), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)", name=op.f("ck_voucher_reason_iff_refused")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_voucher_amount_positive")),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> entered_by_id", name=op.f("ck_voucher_checked_by_second_person")
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_voucher_agreement_id")),
        sa.ForeignKeyConstraint(["budget_line_id"], ["budget_line.id"], name=op.f("fk_voucher_budget_line_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["user.id"], name=op.f("fk_voucher_checked_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_voucher_entered_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_voucher_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("ref", name=op.f("uq_voucher_ref")),
        sa.CheckConstraint("status IN ('entered', 'accepted', 'refused')", name=op.f("ck_voucher_voucherstatus")),
    )
    op.create_index(op.f("ix_voucher_agreement_id"), "voucher", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_voucher_budget_line_id"), "voucher", ["budget_line_id"], unique=False)
    op.create_index(
        "uq_voucher_live_invoice",
        "voucher",
        ["invoice_number", "payee"],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "payment_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("tranche_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("payee_name", sa.String(length=120), nullable=False),
        sa.Column("payee_bank", sa.String(length=120), nullable=False),
        sa.Column("payee_account_index", sa.String(length=64), nullable=False),
        sa.Column("payee_account_last4", sa.String(length=4), nullable=False),
        sa.Column("invoice_file_id", sa.Uuid(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_reference", sa.String(length=60), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status IN ('paid', 'confirmed')) = (paid_on IS NOT NULL)",
            name=op.f("ck_payment_request_paid_on_iff_paid"),
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR return_reason IS NOT NULL", name=op.f("ck_payment_request_reason_when_returned")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paid', 'confirmed') OR content_hash IS NOT NULL",
            name=op.f("ck_payment_request_hash_when_approved"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_request_amount_positive")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_payment_request_agreement_id")),
        sa.ForeignKeyConstraint(
            ["invoice_file_id"], ["stored_file.id"], name=op.f("fk_payment_request_invoice_file_id")
        ),
        sa.ForeignKeyConstraint(["requested_by_id"], ["user.id"], name=op.f("fk_payment_request_requested_by_id")),
        sa.ForeignKeyConstraint(["tranche_id"], ["tranche.id"], name=op.f("fk_payment_request_tranche_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_request")),
        sa.UniqueConstraint("bank_reference", name=op.f("uq_payment_request_bank_reference")),
        sa.UniqueConstraint("ref", name=op.f("uq_payment_request_ref")),
        sa.CheckConstraint(
            "status IN ('draft', 'requested', 'community_passed', 'programme_passed', 'finance_passed', 'approved', 'paid', 'confirmed', 'returned', 'rejected')",
            name=op.f("ck_payment_request_paymentstatus"),
        ),
    )
    op.create_index(op.f("ix_payment_request_agreement_id"), "payment_request", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_payment_request_status"), "payment_request", ["status"], unique=False)
    op.create_index(op.f("ix_payment_request_tranche_id"), "payment_request", ["tranche_id"], unique=False)
    op.create_index(
        "uq_payment_request_live_tranche",
        "payment_request",
        ["tranche_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'rejected'"),
        postgresql_where=sa.text("status <> 'rejected'"),
    )
    op.create_table(
        "payment_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_payment_step_actor_id")),
        sa.ForeignKeyConstraint(["request_id"], ["payment_request.id"], name=op.f("fk_payment_step_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_step")),
        sa.UniqueConstraint("request_id", "cycle", "action", name=op.f("uq_payment_step_request_id_cycle_action")),
        sa.CheckConstraint(
            "action IN ('request', 'pass_community', 'pass_programme', 'pass_finance', 'approve', 'pay', 'confirm', 'return', 'reject')",
            name=op.f("ck_payment_step_paymentaction"),
        ),
    )
    op.create_index(op.f("ix_payment_step_request_id"), "payment_step", ["request_id"], unique=False)


def downgrade() -> None:
    op.drop_table("payment_step")
    op.drop_table("payment_request")
    op.drop_table("voucher")
