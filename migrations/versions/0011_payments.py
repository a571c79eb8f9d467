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
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'entered') = (checked_at IS NULL)", name=op.f("ck_voucher_checked_unless_entered")
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)", name=op.f("ck_voucher_reason_iff_refused")
        ),
        sa.CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)", name=op.f("ck_voucher_checked_by_somebody")
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
    op.create_index("ix_voucher_created_at_id", "voucher", ["created_at", "id"], unique=False)
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
        sa.Column("office_record", sa.String(length=80), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bank_reference", sa.String(length=60), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)",
            name=op.f("ck_payment_request_confirmed_at_iff_confirmed"),
        ),
        sa.CheckConstraint(
            "(status IN ('paid', 'confirmed')) = (paid_on IS NOT NULL)",
            name=op.f("ck_payment_request_paid_on_iff_paid"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'paid', 'confirmed') OR content_hash IS NOT NULL",
            name=op.f("ck_payment_request_hash_when_approved"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('returned', 'rejected') OR return_reason IS NOT NULL",
            name=op.f("ck_payment_request_reason_when_returned"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_request_amount_positive")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_payment_request_agreement_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name=op.f("fk_payment_request_confirmed_by_id")),
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
    op.create_index("ix_payment_request_created_at_id", "payment_request", ["created_at", "id"], unique=False)
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
    op.create_index(
        "uq_payment_step_one_signature_a_person",
        "payment_step",
        ["request_id", "cycle", "actor_id"],
        unique=True,
        sqlite_where=sa.text(
            "action IN ('request', 'pass_community', 'pass_programme', 'pass_finance', 'approve', 'pay')"
        ),
        postgresql_where=sa.text(
            "action IN ('request', 'pass_community', 'pass_programme', 'pass_finance', 'approve', 'pay')"
        ),
    )
    add_guards()


def downgrade() -> None:
    remove_guards()
    op.drop_table("payment_step")
    op.drop_table("payment_request")
    op.drop_table("voucher")


SIGNATURES = "('request', 'pass_community', 'pass_programme', 'pass_finance', 'approve', 'pay')"
UNSIGNED = (
    "NEW.status = 'paid' AND OLD.status <> 'paid' AND (SELECT COUNT(DISTINCT s.actor_id) FROM payment_step s "
    f"WHERE s.request_id = NEW.id AND s.action IN {SIGNATURES} "
    "AND s.cycle = (SELECT MAX(c.cycle) FROM payment_step c WHERE c.request_id = NEW.id)) <> 6"
)
OVER_LINE = (
    "NEW.status <> 'refused' AND NEW.amount_fen + COALESCE((SELECT SUM(v.amount_fen) FROM voucher v "
    "WHERE v.budget_line_id = NEW.budget_line_id AND v.id <> NEW.id AND v.status <> 'refused'), 0) "
    "> (SELECT l.amount_fen FROM budget_line l WHERE l.id = NEW.budget_line_id)"
)
WORDS_UNSIGNED = "a payment needs six signatures of six people"
WORDS_OVER_LINE = "vouchers stay within their budget line"
SQLITE_GUARDS = (
    "CREATE TRIGGER payment_step_no_update BEFORE UPDATE ON payment_step "
    "BEGIN SELECT RAISE(ABORT, 'signatures are never changed'); END",
    "CREATE TRIGGER payment_step_no_delete BEFORE DELETE ON payment_step "
    "BEGIN SELECT RAISE(ABORT, 'signatures are never deleted'); END",
    f"CREATE TRIGGER payment_is_signed BEFORE UPDATE ON payment_request WHEN {UNSIGNED} "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS_UNSIGNED}'); END",
    f"CREATE TRIGGER voucher_within_line BEFORE INSERT ON voucher WHEN {OVER_LINE} "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS_OVER_LINE}'); END",
    f"CREATE TRIGGER voucher_stays_within_line BEFORE UPDATE ON voucher WHEN {OVER_LINE} "
    f"BEGIN SELECT RAISE(ABORT, '{WORDS_OVER_LINE}'); END",
)
REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation';"
POSTGRESQL_GUARDS = (
    "CREATE TRIGGER payment_step_append_only BEFORE UPDATE OR DELETE ON payment_step "
    "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER payment_step_no_truncate BEFORE TRUNCATE ON payment_step "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE FUNCTION check_payment_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF {UNSIGNED} THEN {REFUSE.format(WORDS_UNSIGNED)} END IF; RETURN NEW; END $$",
    "CREATE TRIGGER payment_is_signed BEFORE UPDATE ON payment_request "
    "FOR EACH ROW EXECUTE FUNCTION check_payment_signed()",
    # The lock on the line makes the second of two writers wait and count the first one's voucher
    "CREATE FUNCTION check_voucher_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "PERFORM 1 FROM budget_line WHERE id = NEW.budget_line_id FOR UPDATE; "
    f"IF {OVER_LINE} THEN {REFUSE.format(WORDS_OVER_LINE)} END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voucher_within_line BEFORE INSERT OR UPDATE ON voucher "
    "FOR EACH ROW EXECUTE FUNCTION check_voucher_line()",
)
FUNCTIONS = ("check_payment_signed", "check_voucher_line")


def add_guards() -> None:
    """Keep in the database itself: signatures are append-only, six people sign a payment, no line is overspent."""
    for statement in SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS:
        op.execute(statement)


def remove_guards() -> None:
    """Take the guards away again, so that the tables can be dropped."""
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}() CASCADE")
