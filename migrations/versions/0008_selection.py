"""Calls, applications, reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requirements", sa.Text(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("draw_seed", sa.String(length=64), nullable=True),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("seconded_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_call_closes_after_opening")),
        sa.CheckConstraint(
            "seconded_by_id IS NULL OR seconded_by_id <> decided_by_id", name=op.f("ck_call_seconded_by_second_person")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_call_decided_by_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_call_notice_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_call_project_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_call_published_by_id")),
        sa.ForeignKeyConstraint(["seconded_by_id"], ["user.id"], name=op.f("fk_call_seconded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("ref", name=op.f("uq_call_ref")),
        sa.CheckConstraint(
            "status IN ('open', 'closed', 'reviewing', 'ranked', 'announced', 'awarded', 'failed')",
            name=op.f("ck_call_callstatus"),
        ),
    )
    op.create_index(op.f("ix_call_project_id"), "call", ["project_id"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("person_target", sa.Integer(), nullable=False),
        sa.Column("attendance_target", sa.Integer(), nullable=False),
        sa.Column("activity_target", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("has_declared", sa.Boolean(), nullable=False),
        sa.Column("receipt_number", sa.String(length=30), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.Column("expert_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("jury_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("community_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("composite_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status <> 'returned' OR return_reason IS NOT NULL", name=op.f("ck_application_reason_when_returned")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND receipt_number IS NOT NULL)",
            name=op.f("ck_application_receipt_once_submitted"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["organisation.id"], name=op.f("fk_application_payee_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_application_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("call_id", "organisation_id", name=op.f("uq_application_call_id_organisation_id")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_application_receipt_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_application_ref")),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'eligible', 'ineligible', 'withdrawn', 'selected', 'not_selected')",
            name=op.f("ck_application_applicationstatus"),
        ),
    )
    op.create_index(op.f("ix_application_call_id"), "application", ["call_id"], unique=False)
    op.create_index(op.f("ix_application_organisation_id"), "application", ["organisation_id"], unique=False)
    op.create_table(
        "juror",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_juror_call_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_juror_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_juror")),
        sa.UniqueConstraint("call_id", "resident_id", name=op.f("uq_juror_call_id_resident_id")),
    )
    op.create_index(op.f("ix_juror_call_id"), "juror", ["call_id"], unique=False)
    op.create_index(op.f("ix_juror_resident_id"), "juror", ["resident_id"], unique=False)
    op.create_table(
        "panel_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("is_finance", sa.Boolean(), nullable=False),
        sa.Column("assigned_by_id", sa.Uuid(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name=op.f("fk_panel_member_assigned_by_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_panel_member_call_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["user.id"], name=op.f("fk_panel_member_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_member")),
        sa.UniqueConstraint("call_id", "expert_id", name=op.f("uq_panel_member_call_id_expert_id")),
    )
    op.create_index(op.f("ix_panel_member_call_id"), "panel_member", ["call_id"], unique=False)
    op.create_index(op.f("ix_panel_member_expert_id"), "panel_member", ["expert_id"], unique=False)
    op.create_table(
        "application_budget_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=120), nullable=False),
        sa.Column("unit_price_fen", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "unit_price_fen > 0 AND quantity > 0", name=op.f("ck_application_budget_line_amounts_positive")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_budget_line_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_budget_line")),
        sa.CheckConstraint("source IN ('fiscal', 'social')", name=op.f("ck_application_budget_line_moneysource")),
        sa.CheckConstraint(
            "code IN ('01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11')",
            name=op.f("ck_application_budget_line_budgetcode"),
        ),
    )
    op.create_index(
        op.f("ix_application_budget_line_application_id"), "application_budget_line", ["application_id"], unique=False
    )
    op.create_table(
        "application_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_document_application_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_application_document_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_document")),
    )
    op.create_index(
        op.f("ix_application_document_application_id"), "application_document", ["application_id"], unique=False
    )
    op.create_table(
        "community_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_community_opinion_points_in_range")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_community_opinion_application_id")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["user.id"], name=op.f("fk_community_opinion_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_opinion")),
        sa.UniqueConstraint("application_id", name=op.f("uq_community_opinion_application_id")),
    )
    op.create_table(
        "conflict_declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT has_conflict OR reason <> ''", name=op.f("ck_conflict_declaration_reason_when_conflict")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_conflict_declaration_application_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["panel_member.id"], name=op.f("fk_conflict_declaration_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_declaration")),
        sa.UniqueConstraint(
            "member_id", "application_id", name=op.f("uq_conflict_declaration_member_id_application_id")
        ),
    )
    op.create_index(
        op.f("ix_conflict_declaration_application_id"), "conflict_declaration", ["application_id"], unique=False
    )
    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("condition", sa.String(length=32), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.Column("computed_is_met", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("is_met OR reason <> ''", name=op.f("ck_eligibility_check_reason_when_unmet")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_eligibility_check_application_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_eligibility_check_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
        sa.UniqueConstraint("application_id", "condition", name=op.f("uq_eligibility_check_application_id_condition")),
        sa.CheckConstraint(
            "condition IN ('registered', 'scope', 'not_abnormal', 'not_dishonest', 'no_violation', 'inspections', 'payee', 'within_limit', 'within_ceiling')",
            name=op.f("ck_eligibility_check_condition"),
        ),
    )
    op.create_index(op.f("ix_eligibility_check_application_id"), "eligibility_check", ["application_id"], unique=False)
    op.create_table(
        "jury_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("juror_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("total BETWEEN 0 AND 100", name=op.f("ck_jury_score_total_in_range")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_jury_score_application_id")),
        sa.ForeignKeyConstraint(["juror_id"], ["juror.id"], name=op.f("fk_jury_score_juror_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_score")),
        sa.UniqueConstraint("juror_id", "application_id", name=op.f("uq_jury_score_juror_id_application_id")),
    )
    op.create_index(op.f("ix_jury_score_application_id"), "jury_score", ["application_id"], unique=False)
    op.create_table(
        "planned_activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("session_count", sa.Integer(), nullable=False),
        sa.Column("person_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_planned_activity_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_activity")),
    )
    op.create_index(op.f("ix_planned_activity_application_id"), "planned_activity", ["application_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'locked') = (locked_at IS NOT NULL)", name=op.f("ck_review_locked_at_iff_locked")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_review_application_id")),
        sa.ForeignKeyConstraint(["member_id"], ["panel_member.id"], name=op.f("fk_review_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("application_id", "member_id", name=op.f("uq_review_application_id_member_id")),
        sa.CheckConstraint("status IN ('open', 'locked')", name=op.f("ck_review_reviewstatus")),
    )
    op.create_index(op.f("ix_review_application_id"), "review", ["application_id"], unique=False)
    op.create_index(op.f("ix_review_member_id"), "review", ["member_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("duty", sa.String(length=60), nullable=False),
        sa.Column("qualification", sa.String(length=80), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_team_member_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_application_id"), "team_member", ["application_id"], unique=False)
    op.create_table(
        "score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Numeric(precision=5, scale=1, asdecimal=False), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_score_points_not_negative")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_score_criterion_id")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_score_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint("review_id", "criterion_id", name=op.f("uq_score_review_id_criterion_id")),
    )
    op.create_index(op.f("ix_score_review_id"), "score", ["review_id"], unique=False)


def downgrade() -> None:
    op.drop_table("score")
    op.drop_table("team_member")
    op.drop_table("review")
    op.drop_table("planned_activity")
    op.drop_table("jury_score")
    op.drop_table("eligibility_check")
    op.drop_table("conflict_declaration")
    op.drop_table("community_opinion")
    op.drop_table("application_document")
    op.drop_table("application_budget_line")
    op.drop_table("panel_member")
    op.drop_table("juror")
    op.drop_table("application")
    op.drop_table("call")
