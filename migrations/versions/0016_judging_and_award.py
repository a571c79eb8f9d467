"""Judging and award in depth: lists that lots were drawn from, the day of pitches, re-examinations."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ON_STAGE = sa.text("status = 'running'")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "draw_pool",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_draw_pool_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_pool")),
        sa.UniqueConstraint("call_id", "kind", name=op.f("uq_draw_pool_call_id_kind")),
        sa.CheckConstraint("kind IN ('panel', 'jury', 'pitch')", name=op.f("ck_draw_pool_drawkind")),
    )
    _make_pitches()
    _make_reexaminations()


def _make_pitches() -> None:
    op.create_table(
        "pitch_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("minutes_each", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("witness", sa.String(length=60), nullable=False),
        sa.Column("drawn_by_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes_each BETWEEN 3 AND 60", name=op.f("ck_pitch_day_minutes_in_range")),
        sa.CheckConstraint("witness <> ''", name=op.f("ck_pitch_day_drawn_before_a_witness")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_pitch_day_call_id")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_pitch_day_drawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_day")),
        sa.UniqueConstraint("call_id", name=op.f("uq_pitch_day_call_id")),
    )
    op.create_table(
        "pitch_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("ck_pitch_slot_position_positive")),
        sa.CheckConstraint(
            "(status IN ('running', 'done')) = (begun_at IS NOT NULL)", name=op.f("ck_pitch_slot_begun_at_iff_begun")
        ),
        sa.CheckConstraint("(status = 'done') = (ended_at IS NOT NULL)", name=op.f("ck_pitch_slot_ended_at_iff_done")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch_day.id"], name=op.f("fk_pitch_slot_pitch_id")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_pitch_slot_application_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_slot")),
        sa.UniqueConstraint("pitch_id", "position", name=op.f("uq_pitch_slot_pitch_id_position")),
        sa.UniqueConstraint("pitch_id", "application_id", name=op.f("uq_pitch_slot_pitch_id_application_id")),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'absent')", name=op.f("ck_pitch_slot_slotstatus")),
    )
    op.create_index(
        "uq_pitch_slot_on_stage",
        "pitch_slot",
        ["pitch_id"],
        unique=True,
        sqlite_where=ON_STAGE,
        postgresql_where=ON_STAGE,
    )


def _make_reexaminations() -> None:
    op.create_table(
        "reexamination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.Column("found_by_id", sa.Uuid(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope <> ''", name=op.f("ck_reexamination_scope_given")),
        sa.CheckConstraint(
            "(outcome IS NULL) = (finding IS NULL) AND (outcome IS NULL) = (found_by_id IS NULL) "
            "AND (outcome IS NULL) = (found_at IS NULL)",
            name=op.f("ck_reexamination_found_whole"),
        ),
        sa.CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name=op.f("ck_reexamination_signed_whole")),
        sa.CheckConstraint(
            "signed_by_id IS NULL OR (found_by_id IS NOT NULL AND signed_by_id <> found_by_id)",
            name=op.f("ck_reexamination_signed_by_second_person"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reexamination_call_id")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_reexamination_objection_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_reexamination_opened_by_id")),
        sa.ForeignKeyConstraint(["found_by_id"], ["user.id"], name=op.f("fk_reexamination_found_by_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["user.id"], name=op.f("fk_reexamination_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reexamination")),
        sa.UniqueConstraint("objection_id", name=op.f("uq_reexamination_objection_id")),
        sa.CheckConstraint("outcome IN ('maintained', 'corrected')", name=op.f("ck_reexamination_outcome")),
    )
    op.create_index(op.f("ix_reexamination_call_id"), "reexamination", ["call_id"], unique=False)


def downgrade() -> None:
    """Take the tables away again."""
    op.drop_table("reexamination")
    op.drop_table("pitch_slot")
    op.drop_table("pitch_day")
    op.drop_table("draw_pool")
