"""Calls, applications, reviews."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("speciality", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("employer", sa.String(length=120), nullable=False),
        sa.Column("is_in_pool", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_expert_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_expert")),
        sa.CheckConstraint(
            "speciality IN ('social_work', 'community', 'finance', 'law', 'research')",
            name=op.f("ck_expert_speciality"),
        ),
    )
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
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draw_seed", sa.String(length=64), nullable=True),
        sa.Column("panel_log", sa.JSON(), nullable=False),
        sa.Column("jury_log", sa.JSON(), nullable=False),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("award_note", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconded_by_id", sa.Uuid(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fail_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'failed') = (fail_reason IS NOT NULL)", name=op.f("ck_call_reason_iff_failed")),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("ck_call_closed_at_unless_open")),
        sa.CheckConstraint(
            "status NOT IN ('announced', 'awarded') OR (notice_id IS NOT NULL AND decided_by_id IS NOT NULL AND seconded_by_id IS NOT NULL)",
            name=op.f("ck_call_announced_by_two_persons"),
        ),
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
    op.create_index(
        "uq_call_live_project",
        "call",
        ["project_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'failed'"),
        postgresql_where=sa.text("status <> 'failed'"),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unfinished", sa.JSON(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
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
        sa.Column("correct_until", sa.Date(), nullable=True),
        sa.Column("blind_label", sa.String(length=4), nullable=True),
        sa.Column("expert_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("jury_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("community_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("composite_score", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("tie_note", sa.String(length=120), nullable=False),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status <> 'ineligible' OR refusal_reason IS NOT NULL", name=op.f("ck_application_reason_when_ineligible")
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR return_reason IS NOT NULL", name=op.f("ck_application_reason_when_returned")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND receipt_number IS NOT NULL)",
            name=op.f("ck_application_receipt_once_submitted"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('selected', 'not_selected') OR (rank IS NOT NULL AND composite_score IS NOT NULL)",
            name=op.f("ck_application_ranked_when_decided"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id")),
        sa.ForeignKeyConstraint(["payee_id"], ["organisation.id"], name=op.f("fk_application_payee_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_application_submitted_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["user.id"], name=op.f("fk_application_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("call_id", "blind_label", name=op.f("uq_application_call_id_blind_label")),
        sa.UniqueConstraint("call_id", "organisation_id", name=op.f("uq_application_call_id_organisation_id")),
        sa.UniqueConstraint("call_id", "rank", name=op.f("uq_application_call_id_rank")),
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
        "call_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("was_closing_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(is_approved IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_call_extension_decided_iff_signed")
        ),
        sa.CheckConstraint("closes_at > was_closing_at", name=op.f("ck_call_extension_later_than_before")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_call_extension_decided_by_second_person"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_extension_call_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_call_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_call_extension_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_extension")),
    )
    op.create_index(op.f("ix_call_extension_call_id"), "call_extension", ["call_id"], unique=False)
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
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replace_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(replaced_at IS NULL) = (replace_reason IS NULL)", name=op.f("ck_panel_member_reason_iff_replaced")
        ),
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
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_document_application_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_application_document_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_document")),
        sa.CheckConstraint(
            "kind IN ('registration', 'inspection', 'pledge', 'team', 'filing', 'matching', 'finance', 'budget_basis', 'research', 'support', 'other')",
            name=op.f("ck_application_document_documentkind"),
        ),
    )
    op.create_index(
        op.f("ix_application_document_application_id"), "application_document", ["application_id"], unique=False
    )
    op.create_table(
        "application_target",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=False),
        sa.CheckConstraint("target >= 0", name=op.f("ck_application_target_target_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_target_application_id")
        ),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_application_target_indicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_target")),
        sa.UniqueConstraint(
            "application_id", "indicator_id", name=op.f("uq_application_target_application_id_indicator_id")
        ),
    )
    op.create_index(
        op.f("ix_application_target_application_id"), "application_target", ["application_id"], unique=False
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
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "computed_is_met IS NULL OR computed_is_met = is_met OR reason <> ''",
            name=op.f("ck_eligibility_check_reason_when_overridden"),
        ),
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
        "expert_tie",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["panel_member.id"], name=op.f("fk_expert_tie_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_expert_tie_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_tie")),
        sa.UniqueConstraint("member_id", "organisation_id", name=op.f("uq_expert_tie_member_id_organisation_id")),
        sa.CheckConstraint(
            "kind IN ('employed', 'adviser', 'director', 'shareholder', 'kin', 'other')", name=op.f("ck_expert_tie_tie")
        ),
    )
    op.create_index(op.f("ix_expert_tie_member_id"), "expert_tie", ["member_id"], unique=False)
    op.create_table(
        "jury_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("juror_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("is_recused", sa.Boolean(), nullable=False),
        sa.Column("paper_serial", sa.String(length=40), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(paper_serial IS NULL) = (entered_by_id IS NULL)", name=op.f("ck_jury_score_paper_names_its_clerk")
        ),
        sa.CheckConstraint("is_recused = (total IS NULL)", name=op.f("ck_jury_score_no_total_iff_recused")),
        sa.CheckConstraint("total IS NULL OR total BETWEEN 0 AND 100", name=op.f("ck_jury_score_total_in_range")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_jury_score_application_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_jury_score_entered_by_id")),
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
        sa.CheckConstraint("session_count > 0 AND person_count >= 0", name=op.f("ck_planned_activity_counts_sensible")),
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
        sa.Column("deviation_reason", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("void_proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("void_seconded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('locked', 'voided')) = (locked_at IS NOT NULL)", name=op.f("ck_review_locked_at_iff_locked")
        ),
        sa.CheckConstraint(
            "status <> 'voided' OR (void_reason IS NOT NULL AND void_seconded_by_id IS NOT NULL)",
            name=op.f("ck_review_voided_by_two_persons"),
        ),
        sa.CheckConstraint(
            "void_seconded_by_id IS NULL OR void_seconded_by_id <> void_proposed_by_id",
            name=op.f("ck_review_voided_by_second_person"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_review_application_id")),
        sa.ForeignKeyConstraint(["member_id"], ["panel_member.id"], name=op.f("fk_review_member_id")),
        sa.ForeignKeyConstraint(["void_proposed_by_id"], ["user.id"], name=op.f("fk_review_void_proposed_by_id")),
        sa.ForeignKeyConstraint(["void_seconded_by_id"], ["user.id"], name=op.f("fk_review_void_seconded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.CheckConstraint("status IN ('open', 'locked', 'recused', 'voided')", name=op.f("ck_review_reviewstatus")),
    )
    op.create_index(op.f("ix_review_application_id"), "review", ["application_id"], unique=False)
    op.create_index(op.f("ix_review_member_id"), "review", ["member_id"], unique=False)
    op.create_index(
        "uq_review_live",
        "review",
        ["application_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'voided'"),
        postgresql_where=sa.text("status <> 'voided'"),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_submission_application_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_submission_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_submission_application_id_number")),
    )
    op.create_index(op.f("ix_submission_application_id"), "submission", ["application_id"], unique=False)
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
    add_guards()


def downgrade() -> None:
    remove_guards()
    op.drop_table("score")
    op.drop_table("team_member")
    op.drop_table("submission")
    op.drop_table("review")
    op.drop_table("planned_activity")
    op.drop_table("jury_score")
    op.drop_table("expert_tie")
    op.drop_table("eligibility_check")
    op.drop_table("conflict_declaration")
    op.drop_table("community_opinion")
    op.drop_table("application_target")
    op.drop_table("application_document")
    op.drop_table("application_budget_line")
    op.drop_table("panel_member")
    op.drop_table("juror")
    op.drop_table("call_extension")
    op.drop_table("application")
    op.drop_table("call")
    op.drop_table("expert")


LOCKED = "a locked score sheet is never changed"
FINAL = "what was handed in is never changed"
SHEET = "(SELECT status FROM review WHERE id = {row}.review_id) <> 'open'"
SHEET_COLUMNS = ("id", "application_id", "member_id", "comment", "locked_at")
KEPT_TABLES = ("jury_score", "submission")


def _sqlite_guards() -> list[str]:
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in SHEET_COLUMNS)
    guards = [
        f"CREATE TRIGGER score_{action.lower()}_while_open BEFORE {action} ON score WHEN {SHEET.format(row=row)} "
        f"BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
        for action, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ]
    guards.append(
        "CREATE TRIGGER review_lock_is_final BEFORE UPDATE ON review WHEN OLD.status <> 'open' AND "
        f"({changed} OR NOT (NEW.status = OLD.status OR (OLD.status = 'locked' AND NEW.status = 'voided'))) "
        f"BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
    )
    guards.append(
        "CREATE TRIGGER review_no_delete BEFORE DELETE ON review WHEN OLD.status <> 'open' "
        f"BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
    )
    guards += [
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
        for table in KEPT_TABLES
        for action in ("UPDATE", "DELETE")
    ]
    return guards


def _postgresql_guards() -> list[str]:
    refuse = "RAISE EXCEPTION '{text}' USING ERRCODE = 'integrity_constraint_violation'; "
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in SHEET_COLUMNS)
    locked, final = refuse.format(text=LOCKED), refuse.format(text=FINAL)
    guards = [
        "CREATE FUNCTION refuse_score_on_locked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT status FROM review WHERE id = "
        "CASE WHEN TG_OP = 'INSERT' THEN NEW.review_id ELSE OLD.review_id END) <> 'open' "
        f"THEN {locked} END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER score_while_open BEFORE INSERT OR UPDATE OR DELETE ON score "
        "FOR EACH ROW EXECUTE FUNCTION refuse_score_on_locked()",
        "CREATE FUNCTION refuse_change_of_locked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.status = 'open' THEN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' THEN {locked} END IF; "
        f"IF {changed} OR NOT (NEW.status = OLD.status OR (OLD.status = 'locked' AND NEW.status = 'voided')) "
        f"THEN {locked} END IF; RETURN NEW; END $$",
        "CREATE TRIGGER review_lock_is_final BEFORE UPDATE OR DELETE ON review "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_locked()",
        f"CREATE FUNCTION refuse_change_of_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {final} END $$",
    ]
    guards += [
        f"CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_final()"
        for table in KEPT_TABLES
    ]
    return guards


FUNCTIONS = ("refuse_score_on_locked", "refuse_change_of_locked", "refuse_change_of_final")


def add_guards() -> None:
    """Keep locked score sheets, jury scores and submissions as they are, in the database itself."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _sqlite_guards() if is_sqlite else _postgresql_guards():
        op.execute(statement)


def remove_guards() -> None:
    """Take the guards away again, so that the tables can be dropped."""
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}() CASCADE")
