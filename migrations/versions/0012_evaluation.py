"""Surveys and evaluations."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=False),
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_measurement_entered_by_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_measurement_indicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint("indicator_id", name=op.f("uq_measurement_indicator_id")),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("self_assessment", sa.Text(), nullable=False),
        sa.Column("veto_reason", sa.Text(), nullable=True),
        sa.Column("total", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("grade", sa.String(length=32), nullable=True),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)", name=op.f("ck_evaluation_published_at_iff_published")
        ),
        sa.CheckConstraint(
            "status = 'draft' OR (total IS NOT NULL AND grade IS NOT NULL)",
            name=op.f("ck_evaluation_graded_unless_draft"),
        ),
        sa.CheckConstraint(
            "veto_reason IS NULL OR grade IS NULL OR grade = 'fail'", name=op.f("ck_evaluation_veto_fails")
        ),
        sa.CheckConstraint(
            "published_by_id IS NULL OR published_by_id <> drafted_by_id",
            name=op.f("ck_evaluation_published_by_second_person"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_evaluation_agreement_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["user.id"], name=op.f("fk_evaluation_drafted_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_evaluation_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("agreement_id", name=op.f("uq_evaluation_agreement_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_evaluation_ref")),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'published')", name=op.f("ck_evaluation_evaluationstatus")
        ),
        sa.CheckConstraint("grade IN ('excellent', 'good', 'pass', 'fail')", name=op.f("ck_evaluation_grade")),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_survey_closed_at_iff_closed")
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_survey_agreement_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_survey_opened_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("agreement_id", name=op.f("uq_survey_agreement_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_survey_ref")),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_survey_surveystatus")),
    )
    op.create_table(
        "evaluation_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("is_computed", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_evaluation_point_points_not_negative")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_evaluation_point_criterion_id")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_point_evaluation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_point")),
        sa.UniqueConstraint(
            "evaluation_id", "criterion_id", name=op.f("uq_evaluation_point_evaluation_id_criterion_id")
        ),
    )
    op.create_index(op.f("ix_evaluation_point_evaluation_id"), "evaluation_point", ["evaluation_id"], unique=False)
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("satisfaction", sa.String(length=32), nullable=False),
        sa.Column("gain", sa.Integer(), nullable=False),
        sa.Column("happiness", sa.Integer(), nullable=False),
        sa.Column("safety", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "gain BETWEEN 1 AND 5 AND happiness BETWEEN 1 AND 5 AND safety BETWEEN 1 AND 5",
            name=op.f("ck_survey_answer_senses_in_range"),
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_survey_answer_entered_by_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_answer_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.CheckConstraint("channel IN ('link', 'phone', 'paper')", name=op.f("ck_survey_answer_surveychannel")),
        sa.CheckConstraint(
            "satisfaction IN ('very_good', 'good', 'fair', 'poor', 'very_poor')",
            name=op.f("ck_survey_answer_satisfaction"),
        ),
    )
    op.create_index(op.f("ix_survey_answer_survey_id"), "survey_answer", ["survey_id"], unique=False)
    op.create_table(
        "survey_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=True),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_survey_invitation_resident_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_invitation_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_invitation")),
        sa.UniqueConstraint("survey_id", "resident_id", name=op.f("uq_survey_invitation_survey_id_resident_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_survey_invitation_token_hash")),
    )
    op.create_index(op.f("ix_survey_invitation_survey_id"), "survey_invitation", ["survey_id"], unique=False)


def downgrade() -> None:
    op.drop_table("survey_invitation")
    op.drop_table("survey_answer")
    op.drop_table("evaluation_point")
    op.drop_table("survey")
    op.drop_table("evaluation")
    op.drop_table("measurement")
