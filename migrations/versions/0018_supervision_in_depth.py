"""Supervision in depth."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = (
    "monthly_plan",
    "progress_report",
    "report_remark",
)


def upgrade() -> None:
    """Add months, signing up, inspections and opinions."""
    _months()


def downgrade() -> None:
    """Take everything away again, the last table first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _months() -> None:
    op.create_table(
        "monthly_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("activity_count", sa.Integer(), nullable=False),
        sa.Column("attendance_count", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_monthly_plan_agreement_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_monthly_plan_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_plan")),
        sa.CheckConstraint(
            "activity_count >= 0 AND attendance_count >= 0", name=op.f("ck_monthly_plan_counts_not_negative")
        ),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_monthly_plan_month_written_out")),
        sa.UniqueConstraint("agreement_id", "month", name=op.f("uq_monthly_plan_agreement_id_month")),
    )
    op.create_table(
        "progress_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("spending", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("activity_count", sa.Integer(), nullable=False),
        sa.Column("person_count", sa.Integer(), nullable=False),
        sa.Column("attendance_count", sa.Integer(), nullable=False),
        sa.Column("volunteer_count", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_progress_report_agreement_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_progress_report_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
        sa.CheckConstraint(
            "activity_count >= 0 AND person_count >= 0 AND attendance_count >= person_count AND volunteer_count >= 0",
            name=op.f("ck_progress_report_counts_hang_together"),
        ),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_progress_report_month_written_out")),
        sa.CheckConstraint(
            "status = 'draft' OR length(progress) > 0", name=op.f("ck_progress_report_progress_when_submitted")
        ),
        sa.CheckConstraint("status IN ('draft', 'submitted')", name=op.f("ck_progress_report_reportstatus")),
        sa.CheckConstraint(
            "(status = 'submitted') = (submitted_at IS NOT NULL)",
            name=op.f("ck_progress_report_submitted_at_iff_submitted"),
        ),
        sa.CheckConstraint(
            "(submitted_at IS NULL) = (submitted_by_id IS NULL)", name=op.f("ck_progress_report_submitted_by_somebody")
        ),
        sa.UniqueConstraint("agreement_id", "month", name=op.f("uq_progress_report_agreement_id_month")),
    )
    op.create_index(op.f("ix_progress_report_month"), "progress_report", ["month"], unique=False)
    op.create_table(
        "report_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_report_remark_by_id")),
        sa.ForeignKeyConstraint(["report_id"], ["progress_report.id"], name=op.f("fk_report_remark_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_remark")),
        sa.CheckConstraint("side IN ('community', 'programme')", name=op.f("ck_report_remark_remarkside")),
        sa.UniqueConstraint("report_id", "side", name=op.f("uq_report_remark_report_id_side")),
    )
