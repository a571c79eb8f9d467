"""Supervision in depth."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_check, add_columns, drop_check, drop_columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = (
    "monthly_plan",
    "progress_report",
    "report_remark",
    "activity_registration",
    "inspection",
    "inspection_item",
    "spot_call",
    "rectification_step",
    "supervision_opinion",
    "flag_clearance",
)
COLUMNS = (("activity", "seat_count", sa.Integer(), ""),)
SEATS = "seat_count > 0 AND (capacity IS NULL OR seat_count <= capacity)"


def upgrade() -> None:
    """Add months, signing up, inspections and opinions."""
    add_columns(COLUMNS)
    add_check("activity", "ck_activity_seats_fit_the_place", SEATS)
    _months()
    _signing_up()
    _inspections()
    _escalation()


def downgrade() -> None:
    """Take everything away again, the last table first."""
    for table in reversed(TABLES):
        op.drop_table(table)
    drop_check("activity", "ck_activity_seats_fit_the_place", SEATS)
    drop_columns(COLUMNS)


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


def _signing_up() -> None:
    op.create_table(
        "activity_registration",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_registration_activity_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_activity_registration_resident_id")),
        sa.PrimaryKeyConstraint("activity_id", "resident_id", name=op.f("pk_activity_registration")),
        sa.CheckConstraint(
            "status IN ('seated', 'waiting', 'withdrawn')", name=op.f("ck_activity_registration_registrationstatus")
        ),
    )
    op.create_index(
        op.f("ix_activity_registration_resident_id"), "activity_registration", ["resident_id"], unique=False
    )


def _inspections() -> None:
    op.create_table(
        "inspection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("assigned_to_id", sa.Uuid(), nullable=False),
        sa.Column("planned_by_id", sa.Uuid(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("sample_seed", sa.String(length=64), nullable=True),
        sa.Column("sample_from", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_inspection_agreement_id")),
        sa.ForeignKeyConstraint(["assigned_to_id"], ["user.id"], name=op.f("fk_inspection_assigned_to_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_inspection_file_id")),
        sa.ForeignKeyConstraint(["planned_by_id"], ["user.id"], name=op.f("fk_inspection_planned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name=op.f("ck_inspection_done_on_iff_done")),
        sa.CheckConstraint("(status = 'done') = (grade IS NOT NULL)", name=op.f("ck_inspection_graded_iff_done")),
        sa.CheckConstraint(
            "method IN ('on_site', 'phone', 'papers', 'talk')", name=op.f("ck_inspection_inspectionmethod")
        ),
        sa.CheckConstraint("status IN ('planned', 'done', 'cancelled')", name=op.f("ck_inspection_inspectionstatus")),
        sa.CheckConstraint("grade IN ('good', 'improve', 'fail')", name=op.f("ck_inspection_itemgrade")),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancel_reason IS NOT NULL)", name=op.f("ck_inspection_reason_iff_cancelled")
        ),
        sa.CheckConstraint("sample_seed IS NULL OR method = 'phone'", name=op.f("ck_inspection_sample_for_calls_only")),
        sa.CheckConstraint(
            "(sample_seed IS NULL) = (sample_from IS NULL)", name=op.f("ck_inspection_sample_with_its_seed")
        ),
        sa.CheckConstraint("(status = 'done') = (summary IS NOT NULL)", name=op.f("ck_inspection_summary_iff_done")),
        sa.UniqueConstraint("ref", name=op.f("uq_inspection_ref")),
    )
    op.create_index(op.f("ix_inspection_agreement_id"), "inspection", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_inspection_assigned_to_id"), "inspection", ["assigned_to_id"], unique=False)
    op.create_index(op.f("ix_inspection_quarter"), "inspection", ["quarter"], unique=False)
    op.create_table(
        "inspection_item",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_item_inspection_id")),
        sa.PrimaryKeyConstraint("inspection_id", "position", name=op.f("pk_inspection_item")),
        sa.CheckConstraint("grade IN ('good', 'improve', 'fail')", name=op.f("ck_inspection_item_itemgrade")),
        sa.CheckConstraint("grade = 'good' OR length(note) > 0", name=op.f("ck_inspection_item_note_unless_good")),
    )
    op.create_table(
        "spot_call",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("has_attended", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["called_by_id"], ["user.id"], name=op.f("fk_spot_call_called_by_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspection.id"], name=op.f("fk_spot_call_inspection_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_spot_call_resident_id")),
        sa.PrimaryKeyConstraint("inspection_id", "number", name=op.f("pk_spot_call")),
        sa.CheckConstraint(
            "outcome <> 'answered' OR has_attended IS NOT NULL", name=op.f("ck_spot_call_answers_when_answered")
        ),
        sa.CheckConstraint("(outcome IS NULL) = (called_at IS NULL)", name=op.f("ck_spot_call_called_at_iff_called")),
        sa.CheckConstraint("outcome IN ('answered', 'no_answer', 'refused')", name=op.f("ck_spot_call_calloutcome")),
        sa.CheckConstraint(
            "outcome = 'answered' OR (has_attended IS NULL AND score IS NULL)",
            name=op.f("ck_spot_call_no_answers_without_a_talk"),
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_spot_call_score_one_to_five")),
        sa.UniqueConstraint("inspection_id", "resident_id", name=op.f("uq_spot_call_inspection_id_resident_id")),
    )


def _escalation() -> None:
    op.create_table(
        "rectification_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rectification_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_rectification_step_by_id")),
        sa.ForeignKeyConstraint(
            ["rectification_id"], ["rectification.id"], name=op.f("fk_rectification_step_rectification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_step")),
        sa.CheckConstraint("kind IN ('remind', 'escalate', 'instruct')", name=op.f("ck_rectification_step_stepkind")),
        sa.CheckConstraint(
            "kind = 'remind' OR length(text) > 0", name=op.f("ck_rectification_step_words_unless_reminder")
        ),
    )
    op.create_index(
        op.f("ix_rectification_step_rectification_id"), "rectification_step", ["rectification_id"], unique=False
    )
    op.create_table(
        "supervision_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_supervision_opinion_agreement_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_supervision_opinion_answered_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_supervision_opinion_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_opinion")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_supervision_opinion_answered_at_iff_answered")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_supervision_opinion_answered_by_somebody")
        ),
        sa.CheckConstraint("answered_by_id <> by_id", name=op.f("ck_supervision_opinion_answered_by_somebody_else")),
    )
    op.create_index(op.f("ix_supervision_opinion_agreement_id"), "supervision_opinion", ["agreement_id"], unique=False)
    op.create_table(
        "flag_clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_flag_clearance_agreement_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_flag_clearance_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_clearance")),
        sa.CheckConstraint(
            "kind IN ('reused_file', 'overlap', 'crowded', 'silence', 'late_record', 'photo_day')",
            name=op.f("ck_flag_clearance_flagkind"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_flag_clearance_reason_given")),
        sa.UniqueConstraint("agreement_id", "key", name=op.f("uq_flag_clearance_agreement_id_key")),
    )
