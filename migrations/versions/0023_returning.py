"""Returned requests item by item, fee standards of vouchers, spot checks, and the warnings that were sent."""

import uuid

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_check, add_columns, add_guards, differs, drop_check, drop_columns, remove_guards

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ITEM = ("id", "step_id", "position", "kind", "text")
UNANSWERED = (
    "EXISTS (SELECT 1 FROM payment_return_item i JOIN payment_step s ON s.id = i.step_id "
    "WHERE s.request_id = NEW.id AND i.answer IS NULL)"
)
NOT_IN_THE_NOTE = (
    "NOT EXISTS (SELECT 1 FROM payment_step s "
    "WHERE s.id = NEW.step_id AND s.action = 'return' AND replace(s.note, NEW.text, '') <> s.note)"
)
CHECK = ("id", "ref", "agreement_id", "seed", "population_count", "sample_count", "drawn_by_id", "drawn_at")
CHECK_ITEM = ("id", "check_id", "position", "voucher_id")
FEES = (
    ("voucher", "fee_basis", sa.String(32), ""),
    ("voucher", "fee_units", sa.Integer(), ""),
)
FEE_CHECKS = {
    "ck_voucher_feebasis": "fee_basis IN ('lecture_associate', 'lecture_full', 'lecture_academician', "
    "'advice_senior', 'advice_other', 'volunteer')",
    "ck_voucher_fee_units_iff_basis": "(fee_basis IS NULL) = (fee_units IS NULL)",
    "ck_voucher_fee_within_standard": "fee_basis IS NULL OR (fee_units > 0 AND amount_fen <= fee_units * "
    "CASE fee_basis WHEN 'lecture_associate' THEN 50000 WHEN 'lecture_full' THEN 100000 "
    "WHEN 'lecture_academician' THEN 150000 WHEN 'advice_senior' THEN 240000 WHEN 'advice_other' THEN 150000 "
    "WHEN 'volunteer' THEN 10000 END)",
}
DIGITAL = sa.text("status <> 'refused' AND length(invoice_number) >= 20")


def guards() -> list[tuple[str, str, str, str]]:
    """Return what the database refuses: to change a list or an answer, or to send again what is not answered."""
    return [
        ("payment_submission", "UPDATE", "1 = 1", "what was sent is never changed"),
        ("payment_submission", "DELETE", "1 = 1", "what was sent is never deleted"),
        # The words of the return are append-only, so no item can join the list afterwards
        ("payment_return_item", "INSERT", NOT_IN_THE_NOTE, "an item stands in the words of its return"),
        (
            "payment_return_item",
            "UPDATE",
            "OLD.answer IS NOT NULL OR " + " OR ".join(differs(name) for name in ITEM),
            "a list of corrections is never changed, an answer is given once",
        ),
        ("payment_return_item", "DELETE", "1 = 1", "corrections are never deleted"),
        (
            "payment_request",
            "UPDATE",
            f"NEW.status = 'requested' AND OLD.status = 'returned' AND {UNANSWERED}",
            "a returned request is sent again when every item is answered",
        ),
        ("voucher_check", "DELETE", "1 = 1", "spot checks are never deleted"),
        (
            "voucher_check",
            "UPDATE",
            "OLD.closed_at IS NOT NULL OR " + " OR ".join(differs(name) for name in CHECK),
            "a spot check is never changed",
        ),
        (
            "voucher_check",
            "UPDATE",
            "NEW.closed_at IS NOT NULL "
            "AND EXISTS (SELECT 1 FROM voucher_check_item i WHERE i.check_id = NEW.id AND i.result IS NULL)",
            "a spot check is closed when every voucher was looked at",
        ),
        (
            "voucher_check_item",
            "INSERT",
            "NEW.position < 1 OR NEW.position > (SELECT c.sample_count FROM voucher_check c WHERE c.id = NEW.check_id)",
            "the sample stays as it was drawn",
        ),
        (
            "voucher_check_item",
            "UPDATE",
            "OLD.result IS NOT NULL OR " + " OR ".join(differs(name) for name in CHECK_ITEM),
            "a finding is never changed",
        ),
        (
            "voucher_check_item",
            "UPDATE",
            "EXISTS (SELECT 1 FROM voucher v WHERE v.id = NEW.voucher_id AND v.checked_by_id = NEW.found_by_id)",
            "whoever judged a voucher does not spot-check it",
        ),
        ("voucher_check_item", "DELETE", "1 = 1", "findings are never deleted"),
    ]


def upgrade() -> None:
    _returning()
    _remember_what_was_sent()
    _fees()
    _spot_checks()
    add_guards("returning", guards())


def _fees() -> None:
    add_columns(FEES)
    for name, condition in FEE_CHECKS.items():
        add_check("voucher", name, condition)
    op.create_index(
        "uq_voucher_live_digital_invoice",
        "voucher",
        ["invoice_number"],
        unique=True,
        sqlite_where=DIGITAL,
        postgresql_where=DIGITAL,
    )


def _spot_checks() -> None:
    op.create_table(
        "voucher_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("population_count", sa.Integer(), nullable=False),
        sa.Column("sample_count", sa.Integer(), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "sample_count BETWEEN 1 AND population_count", name=op.f("ck_voucher_check_sample_of_population")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (conclusion IS NULL) AND (closed_at IS NULL) = (closed_by_id IS NULL)",
            name=op.f("ck_voucher_check_closed_by_somebody_with_words"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_voucher_check_agreement_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_voucher_check_drawn_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_voucher_check_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_check")),
        sa.UniqueConstraint("ref", name=op.f("uq_voucher_check_ref")),
    )
    op.create_index(op.f("ix_voucher_check_agreement_id"), "voucher_check", ["agreement_id"])
    op.create_index("ix_voucher_check_drawn_at_id", "voucher_check", ["drawn_at", "id"])
    op.create_table(
        "voucher_check_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=32), nullable=True),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("found_by_id", sa.Uuid(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(result IS NULL) = (found_at IS NULL) AND (result IS NULL) = (found_by_id IS NULL)",
            name=op.f("ck_voucher_check_item_found_by_somebody"),
        ),
        sa.CheckConstraint(
            "result IS NULL OR result <> 'faulty' OR length(finding) > 0",
            name=op.f("ck_voucher_check_item_words_when_faulty"),
        ),
        sa.CheckConstraint("result IN ('matching', 'faulty')", name=op.f("ck_voucher_check_item_findingresult")),
        sa.ForeignKeyConstraint(["check_id"], ["voucher_check.id"], name=op.f("fk_voucher_check_item_check_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_check_item_voucher_id")),
        sa.ForeignKeyConstraint(["found_by_id"], ["user.id"], name=op.f("fk_voucher_check_item_found_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_check_item")),
        sa.UniqueConstraint("check_id", "position", name=op.f("uq_voucher_check_item_check_id_position")),
        sa.UniqueConstraint("check_id", "voucher_id", name=op.f("uq_voucher_check_item_check_id_voucher_id")),
    )
    op.create_table(
        "payment_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('near', 'late')", name=op.f("ck_payment_alert_alertlevel")),
        sa.ForeignKeyConstraint(["step_id"], ["payment_step.id"], name=op.f("fk_payment_alert_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_alert")),
        sa.UniqueConstraint("step_id", "level", name=op.f("uq_payment_alert_step_id_level")),
    )


def _returning() -> None:
    op.create_table(
        "payment_submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("payee_name", sa.String(length=120), nullable=False),
        sa.Column("payee_account_last4", sa.String(length=4), nullable=False),
        sa.Column("invoice_file_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_payment_submission_amount_positive")),
        sa.ForeignKeyConstraint(
            ["invoice_file_id"], ["stored_file.id"], name=op.f("fk_payment_submission_invoice_file_id")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["payment_request.id"], name=op.f("fk_payment_submission_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_submission")),
        sa.UniqueConstraint("request_id", "cycle", name=op.f("uq_payment_submission_request_id_cycle")),
    )
    op.create_table(
        "payment_return_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_payment_return_item_text_not_empty")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_payment_return_item_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answer IS NULL OR length(answer) > 0", name=op.f("ck_payment_return_item_answer_not_empty")
        ),
        sa.CheckConstraint(
            "kind IN ('invoice', 'purpose', 'amount', 'voucher', 'material', 'account', 'other')",
            name=op.f("ck_payment_return_item_itemkind"),
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_payment_return_item_answered_by_id")),
        sa.ForeignKeyConstraint(["step_id"], ["payment_step.id"], name=op.f("fk_payment_return_item_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_return_item")),
        sa.UniqueConstraint("step_id", "position", name=op.f("uq_payment_return_item_step_id_position")),
    )


def _remember_what_was_sent() -> None:
    """Keep what the requests that are there say now as what their latest cycle said."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT r.id, MAX(s.cycle), r.amount_fen, r.purpose, r.payee_name, r.payee_account_last4, "
            "r.invoice_file_id "
            "FROM payment_request r JOIN payment_step s ON s.request_id = r.id "
            "WHERE r.invoice_file_id IS NOT NULL GROUP BY r.id"
        ).columns(id=sa.Uuid, invoice_file_id=sa.Uuid)
    ).all()
    table = sa.table(
        "payment_submission",
        sa.column("id", sa.Uuid),
        sa.column("request_id", sa.Uuid),
        sa.column("cycle"),
        sa.column("amount_fen"),
        sa.column("purpose"),
        sa.column("payee_name"),
        sa.column("payee_account_last4"),
        sa.column("invoice_file_id", sa.Uuid),
    )
    names = ("request_id", "cycle", "amount_fen", "purpose", "payee_name", "payee_account_last4", "invoice_file_id")
    for row in rows:
        connection.execute(sa.insert(table).values(id=uuid.uuid4(), **dict(zip(names, row, strict=True))))


def downgrade() -> None:
    remove_guards("returning", guards())
    for table in ("payment_alert", "voucher_check_item", "voucher_check"):
        op.drop_table(table)
    op.drop_index("uq_voucher_live_digital_invoice", "voucher")
    for name, condition in reversed(FEE_CHECKS.items()):
        drop_check("voucher", name, condition)
    drop_columns(FEES)
    for table in ("payment_return_item", "payment_submission"):
        op.drop_table(table)
