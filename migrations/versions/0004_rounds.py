"""Rounds, envelopes, score tables, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("street_id", sa.Uuid(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("settings_hash", sa.String(length=64), nullable=True),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=True),
        sa.Column("money_confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("money_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (opened_at IS NULL)", name=op.f("ck_round_opened_unless_draft")),
        sa.CheckConstraint("status = 'draft' OR settings_hash IS NOT NULL", name=op.f("ck_round_frozen_when_open")),
        sa.CheckConstraint(
            "(money_confirmed_at IS NULL) = (money_confirmed_by_id IS NULL)",
            name=op.f("ck_round_money_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "opened_by_id IS NULL OR money_confirmed_by_id IS NULL OR opened_by_id <> money_confirmed_by_id",
            name=op.f("ck_round_opened_by_second_person"),
        ),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["user.id"], name=op.f("fk_round_drafted_by_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_round_fund_id")),
        sa.ForeignKeyConstraint(["money_confirmed_by_id"], ["user.id"], name=op.f("fk_round_money_confirmed_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_round_opened_by_id")),
        sa.ForeignKeyConstraint(["street_id"], ["place.id"], name=op.f("fk_round_street_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("number", name=op.f("uq_round_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_round_ref")),
        sa.CheckConstraint("status IN ('draft', 'open', 'closed', 'archived')", name=op.f("ck_round_roundstatus")),
    )
    op.create_table(
        "envelope",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_envelope_amount_not_negative")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_envelope_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("round_id", "category", name=op.f("uq_envelope_round_id_category")),
        sa.CheckConstraint(
            "category IN ('governance', 'professional', 'community', 'volunteer', 'welfare')",
            name=op.f("ck_envelope_category"),
        ),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject_ref", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'running') = (ended_at IS NULL)", name=op.f("ck_notice_ended_unless_running")),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawal_reason IS NOT NULL)", name=op.f("ck_notice_reason_iff_withdrawn")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_notice_ended_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_notice_published_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_notice_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("ref", name=op.f("uq_notice_ref")),
        sa.CheckConstraint("kind IN ('needs', 'project', 'award', 'result')", name=op.f("ck_notice_noticekind")),
        sa.CheckConstraint("status IN ('running', 'ended', 'withdrawn')", name=op.f("ck_notice_noticestatus")),
    )
    op.create_index("ix_notice_published_at", "notice", ["published_at"], unique=False)
    op.create_index(op.f("ix_notice_round_id"), "notice", ["round_id"], unique=False)
    op.create_index(op.f("ix_notice_subject_ref"), "notice", ["subject_ref"], unique=False)
    op.create_table(
        "round_phase",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_round_phase_ends_after_start")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_phase_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_phase")),
        sa.UniqueConstraint("round_id", "phase", name=op.f("uq_round_phase_round_id_phase")),
        sa.CheckConstraint(
            "phase IN ('needs', 'screening', 'poll', 'projects', 'call', 'review', 'agreement', 'delivery', 'evaluation', 'closing')",
            name=op.f("ck_round_phase_phase"),
        ),
    )
    op.create_table(
        "score_table",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_score_table_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_table")),
        sa.UniqueConstraint("round_id", "kind", name=op.f("uq_score_table_round_id_kind")),
        sa.CheckConstraint(
            "kind IN ('selection', 'jury', 'midterm', 'final')", name=op.f("ck_score_table_scoretablekind")
        ),
    )
    op.create_table(
        "criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("group", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("max_points", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.CheckConstraint("max_points > 0", name=op.f("ck_criterion_points_positive")),
        sa.ForeignKeyConstraint(["table_id"], ["score_table.id"], name=op.f("fk_criterion_table_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("table_id", "code", name=op.f("uq_criterion_table_id_code")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=24), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("contact_cipher", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'open') = (answer IS NULL)", name=op.f("ck_objection_answer_iff_decided")),
        sa.CheckConstraint(
            "(status = 'open') = (answered_at IS NULL)", name=op.f("ck_objection_answered_at_iff_decided")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name=op.f("fk_objection_answered_by_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_objection_notice_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["user.id"], name=op.f("fk_objection_raised_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("ref", name=op.f("uq_objection_ref")),
        sa.CheckConstraint("status IN ('open', 'upheld', 'rejected')", name=op.f("ck_objection_objectionstatus")),
    )
    op.create_index(op.f("ix_objection_notice_id"), "objection", ["notice_id"], unique=False)
    op.create_table(
        "phase_extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_phase_id", sa.Uuid(), nullable=False),
        sa.Column("old_ends_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_phase_extension_decided_unless_waiting")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_phase_extension_decided_by_second_person"),
        ),
        sa.CheckConstraint("ends_on > old_ends_on", name=op.f("ck_phase_extension_ends_later")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_phase_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_phase_extension_proposed_by_id")),
        sa.ForeignKeyConstraint(["round_phase_id"], ["round_phase.id"], name=op.f("fk_phase_extension_round_phase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase_extension")),
        sa.CheckConstraint(
            "status IN ('waiting', 'agreed', 'refused')", name=op.f("ck_phase_extension_extensionstatus")
        ),
    )
    op.create_index(op.f("ix_phase_extension_round_phase_id"), "phase_extension", ["round_phase_id"], unique=False)


def downgrade() -> None:
    op.drop_table("phase_extension")
    op.drop_table("objection")
    op.drop_table("criterion")
    op.drop_table("score_table")
    op.drop_table("round_phase")
    op.drop_table("notice")
    op.drop_table("envelope")
    op.drop_table("round")
