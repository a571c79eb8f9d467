"""Projects."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("public_benefit", sa.Text(), nullable=False),
        sa.Column("innovation", sa.Text(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=False),
        sa.Column("five_links", sa.JSON(), nullable=False),
        sa.Column("service_point", sa.String(length=120), nullable=False),
        sa.Column("direct_beneficiary_count", sa.Integer(), nullable=False),
        sa.Column("vulnerable_percent", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ceiling_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=True),
        sa.Column("costed_by_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approval_note", sa.Text(), nullable=True),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("funded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_project_closed_at_iff_closed")
        ),
        sa.CheckConstraint(
            "(status IN ('draft', 'costed', 'approved', 'announced', 'rejected')) = (funded_at IS NULL)",
            name=op.f("ck_project_funded_at_iff_funded"),
        ),
        sa.CheckConstraint(
            "status <> 'announced' OR notice_id IS NOT NULL", name=op.f("ck_project_notice_when_announced")
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR rejection_reason IS NOT NULL", name=op.f("ck_project_reason_when_rejected")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'costed', 'rejected') OR approved_by_id IS NOT NULL",
            name=op.f("ck_project_approved_when_decided"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'rejected') OR ceiling_fen > 0", name=op.f("ck_project_ceiling_when_costed")
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_project_approval_is_signed")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR (approved_by_id <> drafted_by_id AND approved_by_id <> costed_by_id)",
            name=op.f("ck_project_approved_by_second_person"),
        ),
        sa.CheckConstraint("ceiling_fen >= 0", name=op.f("ck_project_ceiling_not_negative")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_project_ends_after_start")
        ),
        sa.CheckConstraint("vulnerable_percent BETWEEN 0 AND 100", name=op.f("ck_project_percent_in_range")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_project_approved_by_id")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_project_community_id")),
        sa.ForeignKeyConstraint(["costed_by_id"], ["user.id"], name=op.f("fk_project_costed_by_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["user.id"], name=op.f("fk_project_drafted_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_project_meeting_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_project_notice_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_project_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("ref", name=op.f("uq_project_ref")),
        sa.CheckConstraint(
            "category IN ('governance', 'professional', 'community', 'volunteer', 'welfare')",
            name=op.f("ck_project_category"),
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'costed', 'approved', 'announced', 'funded', 'called', 'awarded', 'active', 'evaluated', 'closed', 'rejected', 'terminated')",
            name=op.f("ck_project_projectstatus"),
        ),
    )
    op.create_index(op.f("ix_project_community_id"), "project", ["community_id"], unique=False)
    op.create_index("ix_project_created_at_id", "project", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_project_round_id"), "project", ["round_id"], unique=False)
    op.create_index(op.f("ix_project_status"), "project", ["status"], unique=False)
    op.create_table(
        "indicator",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("target", sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=False),
        sa.Column("evidence", sa.String(length=160), nullable=False),
        sa.CheckConstraint("target >= 0", name=op.f("ck_indicator_target_not_negative")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_indicator_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("project_id", "position", name=op.f("uq_indicator_project_id_position")),
        sa.CheckConstraint(
            "kind IN ('output_count', 'output_quality', 'output_time', 'output_cost', 'effect_social', 'effect_sustained', 'satisfaction')",
            name=op.f("ck_indicator_indicatorkind"),
        ),
        sa.CheckConstraint(
            "measure IN ('activity_count', 'person_count', 'attendance_count', 'satisfaction_percent', 'manual')",
            name=op.f("ck_indicator_measure"),
        ),
    )
    op.create_index(op.f("ix_indicator_project_id"), "indicator", ["project_id"], unique=False)
    op.create_table(
        "project_cost",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("content", sa.String(length=120), nullable=False),
        sa.Column("unit_price_fen", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("unit_price_fen > 0 AND quantity > 0", name=op.f("ck_project_cost_amounts_positive")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_cost_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_cost")),
        sa.CheckConstraint(
            "code IN ('01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11')",
            name=op.f("ck_project_cost_budgetcode"),
        ),
    )
    op.create_index(op.f("ix_project_cost_project_id"), "project_cost", ["project_id"], unique=False)
    op.create_table(
        "project_need",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_project_need_need_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_need_project_id")),
        sa.PrimaryKeyConstraint("project_id", "need_id", name=op.f("pk_project_need")),
    )
    op.create_index(op.f("ix_project_need_need_id"), "project_need", ["need_id"], unique=False)


def downgrade() -> None:
    op.drop_table("project_need")
    op.drop_table("project_cost")
    op.drop_table("indicator")
    op.drop_table("project")
