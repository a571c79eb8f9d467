"""Calls and applications in depth: questions on a call, corrections page by page."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_check, add_columns, drop_check, drop_columns, replace_check

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PAGES = "page IN ('basics', 'texts', 'plan', 'budget', 'team', 'documents', 'declaration')"

CONDITIONS = ("eligibility_check", "ck_eligibility_check_condition")
NINE = (
    "condition IN ('registered', 'scope', 'not_abnormal', 'not_dishonest', 'no_violation', 'inspections', 'payee', "
    "'within_limit', 'within_ceiling')"
)
COLUMNS = (
    ("application", "indirect_target", sa.Integer(), "DEFAULT 0 NOT NULL"),
    ("application", "vulnerable_target", sa.Integer(), "DEFAULT 0 NOT NULL"),
    ("application", "service_point", sa.String(length=120), "DEFAULT '' NOT NULL"),
)
REACH = ("application", "ck_application_reach_not_negative", "indirect_target >= 0 AND vulnerable_target >= 0")
ELEVEN = NINE.replace("'inspections'", "'no_breach', 'inspections'").replace("'payee'", "'not_double', 'payee'")


def upgrade() -> None:
    """Make the tables; add two conditions of eligibility: never paid twice, no project ended by one's own fault."""
    replace_check(*CONDITIONS, NINE, ELEVEN)
    add_columns(COLUMNS)
    add_check(*REACH)
    op.create_table(
        "call_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_call_question_question_not_empty")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_by_id IS NULL) AND (answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_call_question_answered_whole"),
        ),
        sa.CheckConstraint("answer <> ''", name=op.f("ck_call_question_answer_not_empty")),
        sa.CheckConstraint("answered_by_id <> asked_by_id", name=op.f("ck_call_question_never_answered_by_asker")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_question_call_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_call_question_asked_by_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_call_question_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_question")),
    )
    op.create_index(op.f("ix_call_question_call_id"), "call_question", ["call_id"])
    op.create_index(op.f("ix_call_question_asked_by_id"), "call_question", ["asked_by_id"])
    _make_corrections()


def _make_corrections() -> None:
    op.create_table(
        "correction_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_correction_item_reason_given")),
        sa.CheckConstraint("page <> 'declaration'", name=op.f("ck_correction_item_declaration_is_no_page_to_correct")),
        sa.CheckConstraint(PAGES, name=op.f("ck_correction_item_group")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_correction_item_application_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_correction_item_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_item")),
        sa.UniqueConstraint(
            "application_id", "number", "page", name=op.f("uq_correction_item_application_id_number_page")
        ),
    )
    op.create_index(op.f("ix_correction_item_application_id"), "correction_item", ["application_id"])


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("correction_item")
    op.drop_table("call_question")
    op.execute("DELETE FROM eligibility_check WHERE condition IN ('not_double', 'no_breach')")
    replace_check(*CONDITIONS, ELEVEN, NINE)
    drop_check(*REACH)
    drop_columns(COLUMNS)
