"""Activities, visits, rectifications."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("project_ref", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact_cipher", sa.Text(), nullable=True),
        sa.Column("is_whistleblowing", sa.Boolean(), nullable=False),
        sa.Column("query_index", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("sent_by_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'answered') = (answer IS NOT NULL)", name=op.f("ck_complaint_answer_iff_answered")
        ),
        sa.CheckConstraint(
            "NOT is_whistleblowing OR sent_by_id IS NULL", name=op.f("ck_complaint_whistleblower_is_not_named")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_complaint_answered_by_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["user.id"], name=op.f("fk_complaint_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("query_index", name=op.f("uq_complaint_query_index")),
        sa.UniqueConstraint("ref", name=op.f("uq_complaint_ref")),
        sa.CheckConstraint("status IN ('open', 'answered')", name=op.f("ck_complaint_complaintstatus")),
    )
    op.create_index(op.f("ix_complaint_project_ref"), "complaint", ["project_ref"], unique=False)
    op.create_index("ix_complaint_sent_at_id", "complaint", ["sent_at", "id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("place_text", sa.String(length=120), nullable=False),
        sa.Column("target_group", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("sign_in_code", sa.String(length=24), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("person_count", sa.Integer(), nullable=False),
        sa.Column("attendance_count", sa.Integer(), nullable=False),
        sa.Column("volunteer_count", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=160), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("reflection", sa.Text(), nullable=False),
        sa.Column("has_cleared_photos", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("announced_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'recorded') = (recorded_at IS NOT NULL)", name=op.f("ck_activity_recorded_at_iff_recorded")
        ),
        sa.CheckConstraint(
            "status <> 'cancelled' OR cancel_reason IS NOT NULL", name=op.f("ck_activity_reason_when_cancelled")
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_activity_capacity_positive")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_activity_ends_after_start")),
        sa.CheckConstraint(
            "person_count >= 0 AND attendance_count >= person_count", name=op.f("ck_activity_attendance_covers_persons")
        ),
        sa.CheckConstraint("volunteer_count >= 0", name=op.f("ck_activity_volunteers_not_negative")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_activity_agreement_id")),
        sa.ForeignKeyConstraint(["announced_by_id"], ["user.id"], name=op.f("fk_activity_announced_by_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_activity_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("ref", name=op.f("uq_activity_ref")),
        sa.UniqueConstraint("sign_in_code", name=op.f("uq_activity_sign_in_code")),
        sa.CheckConstraint(
            "target_group IN ('all', 'elderly', 'children', 'disabled', 'family', 'low_income', 'newcomers')",
            name=op.f("ck_activity_targetgroup"),
        ),
        sa.CheckConstraint("status IN ('announced', 'recorded', 'cancelled')", name=op.f("ck_activity_activitystatus")),
    )
    op.create_index(op.f("ix_activity_agreement_id"), "activity", ["agreement_id"], unique=False)
    op.create_index("ix_activity_held_on", "activity", ["held_on"], unique=False)
    op.create_table(
        "rectification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer_file_id", sa.Uuid(), nullable=True),
        sa.Column("rejected_count", sa.Integer(), nullable=False),
        sa.Column("recheck_note", sa.Text(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_rectification_closed_at_iff_closed")
        ),
        sa.CheckConstraint(
            "status <> 'answered' OR answer IS NOT NULL", name=op.f("ck_rectification_answer_when_answered")
        ),
        sa.CheckConstraint("closed_by_id <> answered_by_id", name=op.f("ck_rectification_rechecked_by_somebody_else")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_rectification_agreement_id")),
        sa.ForeignKeyConstraint(["answer_file_id"], ["stored_file.id"], name=op.f("fk_rectification_answer_file_id")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_rectification_answered_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_rectification_closed_by_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_rectification_issued_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
        sa.UniqueConstraint("ref", name=op.f("uq_rectification_ref")),
        sa.CheckConstraint(
            "status IN ('open', 'answered', 'closed')", name=op.f("ck_rectification_rectificationstatus")
        ),
    )
    op.create_index(op.f("ix_rectification_agreement_id"), "rectification", ["agreement_id"], unique=False)
    op.create_table(
        "site_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("is_by_resident", sa.Boolean(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("is_satisfactory", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_site_visit_agreement_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_site_visit_file_id")),
        sa.ForeignKeyConstraint(["visitor_id"], ["user.id"], name=op.f("fk_site_visit_visitor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visit")),
    )
    op.create_index(op.f("ix_site_visit_agreement_id"), "site_visit", ["agreement_id"], unique=False)
    op.create_table(
        "supervisor_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("wanted_count", sa.Integer(), nullable=False),
        sa.Column("candidate_count", sa.Integer(), nullable=False),
        sa.Column("candidates_hash", sa.String(length=64), nullable=False),
        sa.Column("witness", sa.String(length=60), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "wanted_count > 0 AND candidate_count >= wanted_count", name=op.f("ck_supervisor_draw_enough_candidates")
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_supervisor_draw_agreement_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_supervisor_draw_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_draw")),
    )
    op.create_index(op.f("ix_supervisor_draw_agreement_id"), "supervisor_draw", ["agreement_id"], unique=False)
    op.create_table(
        "activity_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_evidence_activity_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_activity_evidence_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_evidence")),
        sa.CheckConstraint("kind IN ('sign_in', 'photo', 'other')", name=op.f("ck_activity_evidence_evidencekind")),
    )
    op.create_index(op.f("ix_activity_evidence_activity_id"), "activity_evidence", ["activity_id"], unique=False)
    op.create_index(op.f("ix_activity_evidence_file_id"), "activity_evidence", ["file_id"], unique=False)
    op.create_table(
        "activity_sign_in",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_activity_sign_in_activity_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_activity_sign_in_resident_id")),
        sa.PrimaryKeyConstraint("activity_id", "resident_id", name=op.f("pk_activity_sign_in")),
    )
    op.create_index(op.f("ix_activity_sign_in_resident_id"), "activity_sign_in", ["resident_id"], unique=False)
    op.create_table(
        "resident_supervisor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draw_seed", sa.String(length=64), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stand_down_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(stood_down_at IS NULL) = (stand_down_reason IS NULL)",
            name=op.f("ck_resident_supervisor_reason_iff_stood_down"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_resident_supervisor_agreement_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["supervisor_draw.id"], name=op.f("fk_resident_supervisor_draw_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_resident_supervisor_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_supervisor")),
        sa.UniqueConstraint(
            "agreement_id", "resident_id", name=op.f("uq_resident_supervisor_agreement_id_resident_id")
        ),
    )
    op.create_index(op.f("ix_resident_supervisor_agreement_id"), "resident_supervisor", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_resident_supervisor_resident_id"), "resident_supervisor", ["resident_id"], unique=False)


def downgrade() -> None:
    op.drop_table("resident_supervisor")
    op.drop_table("activity_sign_in")
    op.drop_table("activity_evidence")
    op.drop_table("supervisor_draw")
    op.drop_table("site_visit")
    op.drop_table("rectification")
    op.drop_table("activity")
    op.drop_table("complaint")
