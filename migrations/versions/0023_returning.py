"""A returned request: the items to correct with their answers, and what the request said each time it was sent."""

import uuid

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_guards, differs, remove_guards

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
    ]


def upgrade() -> None:
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
    _remember_what_was_sent()
    add_guards("returning", guards())


def _remember_what_was_sent() -> None:
    """Keep what the requests that are there say now as what their latest cycle said."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text(
            "SELECT r.id, MAX(s.cycle), r.amount_fen, r.purpose, r.payee_name, r.payee_account_last4, r.invoice_file_id "
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
    op.drop_table("payment_return_item")
    op.drop_table("payment_submission")
