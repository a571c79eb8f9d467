"""Polls, rolls and ballots."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "poll",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("min_choices", sa.Integer(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("minimum_age", sa.Integer(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_file", sa.Text(), nullable=True),
        sa.Column("rule_hash", sa.String(length=64), nullable=True),
        sa.Column("tie_seed", sa.String(length=64), nullable=True),
        sa.Column("drafted_by_id", sa.Uuid(), nullable=True),
        sa.Column("frozen_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'counted') = (result IS NOT NULL)", name=op.f("ck_poll_result_iff_counted")),
        sa.CheckConstraint("(status = 'draft') = (rule_hash IS NULL)", name=op.f("ck_poll_frozen_unless_draft")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_poll_closes_after_opening")),
        sa.CheckConstraint("min_choices >= 1 AND max_choices >= min_choices", name=op.f("ck_poll_choices_in_order")),
        sa.CheckConstraint(
            "opened_by_id IS NULL OR frozen_by_id IS NULL OR opened_by_id <> frozen_by_id",
            name=op.f("ck_poll_opened_by_second_person"),
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_poll_closed_by_id")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_poll_community_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["user.id"], name=op.f("fk_poll_drafted_by_id")),
        sa.ForeignKeyConstraint(["frozen_by_id"], ["user.id"], name=op.f("fk_poll_frozen_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_poll_opened_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_poll_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("ref", name=op.f("uq_poll_ref")),
        sa.CheckConstraint("kind IN ('approval')", name=op.f("ck_poll_pollkind")),
        sa.CheckConstraint("rule IN ('greedy', 'mes')", name=op.f("ck_poll_countingrule")),
        sa.CheckConstraint(
            "status IN ('draft', 'frozen', 'open', 'closed', 'counted')", name=op.f("ck_poll_pollstatus")
        ),
    )
    op.create_index(op.f("ix_poll_community_id"), "poll", ["community_id"], unique=False)
    op.create_index(op.f("ix_poll_round_id"), "poll", ["round_id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "code", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_option",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("cost_fen", sa.BigInteger(), nullable=False),
        sa.Column("subject_ref", sa.String(length=60), nullable=False),
        sa.CheckConstraint("cost_fen > 0", name=op.f("ck_poll_option_cost_positive")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_option")),
        sa.UniqueConstraint("poll_id", "code", name=op.f("uq_poll_option_poll_id_code")),
        sa.UniqueConstraint("poll_id", "position", name=op.f("uq_poll_option_poll_id_position")),
        sa.CheckConstraint(
            "category IN ('governance', 'professional', 'community', 'volunteer', 'welfare')",
            name=op.f("ck_poll_option_category"),
        ),
    )
    op.create_index(op.f("ix_poll_option_subject_ref"), "poll_option", ["subject_ref"], unique=False)
    op.create_table(
        "roll_entry",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("age_band", sa.String(length=32), nullable=False),
        sa.Column("has_voted", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("voted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("has_voted = (channel IS NOT NULL)", name=op.f("ck_roll_entry_channel_iff_voted")),
        sa.CheckConstraint("has_voted = (voted_on IS NOT NULL)", name=op.f("ck_roll_entry_day_iff_voted")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_roll_entry_community_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_roll_entry_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "person_key", name=op.f("pk_roll_entry")),
        sa.CheckConstraint(
            "age_band IN ('under_18', '18_34', '35_59', '60_74', '75_up')", name=op.f("ck_roll_entry_ageband")
        ),
        sa.CheckConstraint("channel IN ('web', 'kiosk', 'paper', 'proxy')", name=op.f("ck_roll_entry_channel")),
    )
    op.create_index("ix_roll_entry_poll_id_has_voted", "roll_entry", ["poll_id", "has_voted"], unique=False)


def downgrade() -> None:
    op.drop_table("roll_entry")
    op.drop_table("poll_option")
    op.drop_table("ballot")
    op.drop_table("poll")
