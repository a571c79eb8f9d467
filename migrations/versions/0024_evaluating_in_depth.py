"""Mid-term evaluations, and what an agreement knows of theirs."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_check, add_columns, add_guards, drop_check, drop_columns, remove_guards

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

RESULT = "CONSTRAINT ck_agreement_midtermresult CHECK (midterm_result IN ('passed', 'failed', 'appealed'))"
COUNTS = "midterm_counts_on IS NULL OR midterm_result = 'passed'"


def columns() -> list[tuple[str, str, sa.types.TypeEngine[object], str]]:
    """Return the new columns; agreements that exist were made under rules without a mid-term evaluation."""
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    return [
        ("agreement", "needs_midterm", sa.Boolean(), f"NOT NULL DEFAULT {no}"),
        ("agreement", "midterm_result", sa.String(length=32), RESULT),
        ("agreement", "midterm_counts_on", sa.Date(), ""),
    ]


def guards() -> list[tuple[str, str, str, str]]:
    """Return what the database refuses: to pay a middle tranche without a mid-term evaluation that was passed."""
    return [
        (
            "payment_request",
            "UPDATE",
            "NEW.status = 'paid' AND OLD.status <> 'paid' AND EXISTS (SELECT 1 FROM tranche t "
            "JOIN agreement a ON a.id = t.agreement_id WHERE t.id = NEW.tranche_id AND t.gate = 'midterm' "
            "AND a.needs_midterm AND (a.midterm_result IS NULL OR a.midterm_result <> 'passed'))",
            "a middle tranche is paid after a mid-term evaluation that was passed",
        )
    ]


def upgrade() -> None:
    add_columns(columns())
    add_check("agreement", "ck_agreement_midterm_counts_if_passed", COUNTS)
    _midterms()
    add_guards("evaluating", guards())


def _midterms() -> None:
    op.create_table(
        "midterm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("report_due_on", sa.Date(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("report_problems", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("bonus_points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("bonus_reason", sa.Text(), nullable=False),
        sa.Column("malus_points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("malus_reason", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("scored_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL AND objections_until IS NOT NULL)",
            name=op.f("ck_midterm_published_with_window"),
        ),
        sa.CheckConstraint(
            "status = 'reporting' OR (total IS NOT NULL AND is_passed IS NOT NULL)",
            name=op.f("ck_midterm_decided_when_submitted"),
        ),
        sa.CheckConstraint(
            "published_by_id IS NULL OR published_by_id <> scored_by_id", name=op.f("ck_midterm_published_by_second")
        ),
        sa.CheckConstraint(
            "NOT is_late OR (reported_at IS NULL AND NOT is_passed)", name=op.f("ck_midterm_late_fails")
        ),
        sa.CheckConstraint(
            "status = 'reporting' OR is_late OR reported_at IS NOT NULL", name=op.f("ck_midterm_scored_on_report")
        ),
        sa.CheckConstraint(
            "bonus_points >= 0 AND (bonus_points = 0 OR bonus_reason <> '')", name=op.f("ck_midterm_bonus_has_reason")
        ),
        sa.CheckConstraint(
            "malus_points >= 0 AND (malus_points = 0 OR malus_reason <> '')", name=op.f("ck_midterm_malus_has_reason")
        ),
        sa.CheckConstraint("status IN ('reporting', 'submitted', 'published')", name=op.f("ck_midterm_midtermstatus")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_midterm_agreement_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_midterm_opened_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_midterm_published_by_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["user.id"], name=op.f("fk_midterm_reported_by_id")),
        sa.ForeignKeyConstraint(["scored_by_id"], ["user.id"], name=op.f("fk_midterm_scored_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_midterm")),
        sa.UniqueConstraint("agreement_id", "attempt", name=op.f("uq_midterm_agreement_id_attempt")),
        sa.UniqueConstraint("ref", name=op.f("uq_midterm_ref")),
    )
    op.create_index(op.f("ix_midterm_agreement_id"), "midterm", ["agreement_id"])
    op.create_table(
        "midterm_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("midterm_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("is_computed", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_midterm_point_points_not_negative")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_midterm_point_criterion_id")),
        sa.ForeignKeyConstraint(["midterm_id"], ["midterm.id"], name=op.f("fk_midterm_point_midterm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_midterm_point")),
        sa.UniqueConstraint("midterm_id", "criterion_id", name=op.f("uq_midterm_point_midterm_id_criterion_id")),
    )
    op.create_index(op.f("ix_midterm_point_midterm_id"), "midterm_point", ["midterm_id"])


def downgrade() -> None:
    remove_guards("evaluating", guards())
    op.drop_table("midterm_point")
    op.drop_table("midterm")
    drop_check("agreement", "ck_agreement_midterm_counts_if_passed", COUNTS)
    drop_columns(columns())
