"""Bank statements and the payments each line proves; what the supervisor says about the use of money."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_guards, differs, remove_guards

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LINE = ("id", "import_id", "position", "booked_on", "amount_fen", "reference", "payee", "memo")
MATCH = ("id", "line_id", "request_id", "is_exact", "made_by_id", "made_at")
PAID_NOW = "NEW.status = 'paid' AND OLD.status <> 'paid'"
EARLIER_UNPAID = (
    "EXISTS (SELECT 1 FROM tranche e JOIN tranche t ON t.agreement_id = e.agreement_id "
    "WHERE t.id = NEW.tranche_id AND e.number < t.number AND NOT EXISTS (SELECT 1 FROM payment_request p "
    "WHERE p.tranche_id = e.id AND p.status IN ('paid', 'confirmed')))"
)
NOT_BOOKED = (
    "NOT EXISTS (SELECT 1 FROM journal j JOIN entry e ON e.journal_id = j.id "
    "WHERE j.request_id = NEW.ref || '/pay' AND j.kind = 'pay' AND j.is_posted AND e.amount_fen = NEW.amount_fen)"
)
OPINION = ("id", "ref", "scope", "body", "made_by_id", "made_at")
LIVE = sa.text("undone_at IS NULL")


def guards() -> list[tuple[str, str, str, str]]:
    """Return what the database refuses: to change what the bank said, or to match what is not the same payment."""
    return [
        ("bank_line", "UPDATE", " OR ".join(differs(name) for name in LINE), "lines of the bank are never changed"),
        ("bank_line", "DELETE", "1 = 1", "lines of the bank are never deleted"),
        ("bank_match", "DELETE", "1 = 1", "matches are undone and never deleted"),
        (
            "bank_match",
            "UPDATE",
            "OLD.undone_at IS NOT NULL OR " + " OR ".join(differs(name) for name in MATCH),
            "a match is never changed",
        ),
        (
            "bank_match",
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM bank_line l JOIN payment_request r ON r.amount_fen = l.amount_fen "
            "WHERE l.id = NEW.line_id AND r.id = NEW.request_id AND r.status IN ('paid', 'confirmed'))",
            "a line matches a payment that was made over the same amount",
        ),
        (
            "payment_request",
            "UPDATE",
            f"{PAID_NOW} AND {EARLIER_UNPAID}",
            "tranches are paid in their order",
        ),
        (
            "payment_request",
            "UPDATE",
            f"{PAID_NOW} AND {NOT_BOOKED}",
            "a payment stands in the ledger over the same amount",
        ),
        ("finance_opinion", "DELETE", "1 = 1", "opinions are never deleted"),
        (
            "finance_opinion",
            "UPDATE",
            "OLD.answer IS NOT NULL OR " + " OR ".join(differs(name) for name in OPINION),
            "an opinion is answered once and never changed",
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "bank_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("imported_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("skipped_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_bank_import_file_id")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["user.id"], name=op.f("fk_bank_import_imported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_import")),
        sa.UniqueConstraint("ref", name=op.f("uq_bank_import_ref")),
    )
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column("memo", sa.String(length=200), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_bank_line_amount_positive")),
        sa.ForeignKeyConstraint(["import_id"], ["bank_import.id"], name=op.f("fk_bank_line_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint(
            "reference", "booked_on", "amount_fen", name=op.f("uq_bank_line_reference_booked_on_amount_fen")
        ),
    )
    op.create_index(op.f("ix_bank_line_import_id"), "bank_line", ["import_id"], unique=False)
    op.create_table(
        "bank_match",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undo_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undo_reason IS NULL) AND (undone_at IS NULL) = (undone_by_id IS NULL)",
            name=op.f("ck_bank_match_undone_by_somebody_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(["line_id"], ["bank_line.id"], name=op.f("fk_bank_match_line_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_bank_match_made_by_id")),
        sa.ForeignKeyConstraint(["request_id"], ["payment_request.id"], name=op.f("fk_bank_match_request_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name=op.f("fk_bank_match_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match")),
    )
    for name, column in (("uq_bank_match_live_line", "line_id"), ("uq_bank_match_live_request", "request_id")):
        op.create_index(name, "bank_match", [column], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table(
        "finance_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_finance_opinion_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> made_by_id",
            name=op.f("ck_finance_opinion_answered_by_another"),
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_finance_opinion_answered_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_finance_opinion_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finance_opinion")),
        sa.UniqueConstraint("ref", name=op.f("uq_finance_opinion_ref")),
    )
    add_guards("bank", guards())


def downgrade() -> None:
    remove_guards("bank", guards())
    op.drop_table("finance_opinion")
    op.drop_table("bank_match")
    op.drop_table("bank_line")
    op.drop_table("bank_import")
