"""Needs and meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place_text", sa.String(length=120), nullable=False),
        sa.Column("convenor", sa.String(length=80), nullable=False),
        sa.Column("entitled_count", sa.Integer(), nullable=False),
        sa.Column("attended_count", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("minutes_file_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "attended_count >= 0 AND attended_count <= entitled_count", name=op.f("ck_meeting_attended_within_entitled")
        ),
        sa.CheckConstraint("entitled_count > 0", name=op.f("ck_meeting_somebody_is_entitled")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_meeting_community_id")),
        sa.ForeignKeyConstraint(["minutes_file_id"], ["stored_file.id"], name=op.f("fk_meeting_minutes_file_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_meeting_recorded_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_meeting_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("ref", name=op.f("uq_meeting_ref")),
        sa.CheckConstraint(
            "kind IN ('deliberation', 'representatives', 'residents')", name=op.f("ck_meeting_meetingkind")
        ),
    )
    op.create_index(op.f("ix_meeting_community_id"), "meeting", ["community_id"], unique=False)
    op.create_table(
        "need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("grid_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("place_text", sa.String(length=120), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("target_group", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("triage", sa.String(length=32), nullable=True),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("screened_by_id", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("handed_to", sa.String(length=80), nullable=True),
        sa.Column("support_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(source = 'web') = (entered_by_id IS NULL)", name=op.f("ck_need_officer_unless_web")),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_need_target_iff_merged")
        ),
        sa.CheckConstraint("source <> 'web' OR proposer_id IS NOT NULL", name=op.f("ck_need_proposer_when_web")),
        sa.CheckConstraint("status <> 'adopted' OR triage = 'service'", name=op.f("ck_need_only_service_is_adopted")),
        sa.CheckConstraint(
            "status <> 'handed_over' OR handed_to IS NOT NULL", name=op.f("ck_need_receiver_when_handed_over")
        ),
        sa.CheckConstraint(
            "status NOT IN ('declined', 'handed_over') OR answer IS NOT NULL", name=op.f("ck_need_reason_when_declined")
        ),
        sa.CheckConstraint(
            "status NOT IN ('examined', 'deliberated', 'disputed', 'adopted') OR triage IS NOT NULL",
            name=op.f("ck_need_triage_when_examined"),
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_need_not_merged_into_itself")
        ),
        sa.CheckConstraint("support_count >= 0", name=op.f("ck_need_support_not_negative")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("fk_need_community_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["user.id"], name=op.f("fk_need_entered_by_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["place.id"], name=op.f("fk_need_grid_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["need.id"], name=op.f("fk_need_merged_into_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["resident.id"], name=op.f("fk_need_proposer_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_need_round_id")),
        sa.ForeignKeyConstraint(["screened_by_id"], ["user.id"], name=op.f("fk_need_screened_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.UniqueConstraint("ref", name=op.f("uq_need_ref")),
        sa.CheckConstraint(
            "category IN ('governance', 'professional', 'community', 'volunteer', 'welfare')",
            name=op.f("ck_need_category"),
        ),
        sa.CheckConstraint(
            "target_group IN ('all', 'elderly', 'children', 'disabled', 'family', 'low_income', 'newcomers')",
            name=op.f("ck_need_targetgroup"),
        ),
        sa.CheckConstraint("urgency IN ('normal', 'soon', 'urgent')", name=op.f("ck_need_urgency")),
        sa.CheckConstraint(
            "source IN ('web', 'counter', 'phone', 'paper', 'visit', 'reception', 'board', 'hotline', 'assembly')",
            name=op.f("ck_need_needsource"),
        ),
        sa.CheckConstraint(
            "status IN ('raised', 'examined', 'deliberated', 'disputed', 'adopted', 'declined', 'handed_over', 'merged')",
            name=op.f("ck_need_needstatus"),
        ),
        sa.CheckConstraint("triage IN ('service', 'management', 'enforcement')", name=op.f("ck_need_triage")),
    )
    op.create_index("ix_need_community_id_created_at", "need", ["community_id", "created_at", "id"], unique=False)
    op.create_index("ix_need_created_at_id", "need", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_need_merged_into_id"), "need", ["merged_into_id"], unique=False)
    op.create_index(op.f("ix_need_proposer_id"), "need", ["proposer_id"], unique=False)
    op.create_index("ix_need_round_id_created_at", "need", ["round_id", "created_at", "id"], unique=False)
    op.create_index("ix_need_status", "need", ["status"], unique=False)
    op.create_index("ix_need_support_count_id", "need", ["support_count", "id"], unique=False)
    op.create_table(
        "meeting_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("subject_ref", sa.String(length=60), nullable=False),
        sa.Column("for_count", sa.Integer(), nullable=False),
        sa.Column("against_count", sa.Integer(), nullable=False),
        sa.Column("abstain_count", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("is_passed = (outcome = 'passed')", name=op.f("ck_meeting_decision_passed_iff_outcome")),
        sa.CheckConstraint(
            "for_count >= 0 AND against_count >= 0 AND abstain_count >= 0",
            name=op.f("ck_meeting_decision_votes_not_negative"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_decision_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_decision")),
        sa.UniqueConstraint("meeting_id", "subject_ref", name=op.f("uq_meeting_decision_meeting_id_subject_ref")),
        sa.CheckConstraint(
            "outcome IN ('passed', 'rejected', 'disputed', 'undecided', 'no_quorum')",
            name=op.f("ck_meeting_decision_outcome"),
        ),
    )
    op.create_index(op.f("ix_meeting_decision_meeting_id"), "meeting_decision", ["meeting_id"], unique=False)
    op.create_index(op.f("ix_meeting_decision_subject_ref"), "meeting_decision", ["subject_ref"], unique=False)
    op.create_table(
        "need_attachment",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_need_attachment_file_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_attachment_need_id")),
        sa.PrimaryKeyConstraint("need_id", "file_id", name=op.f("pk_need_attachment")),
    )
    op.create_table(
        "need_stamp",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_need_stamp_by_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_stamp_need_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_stamp")),
        sa.UniqueConstraint("need_id", "step", name=op.f("uq_need_stamp_need_id_step")),
        sa.CheckConstraint(
            "step IN ('raise', 'examine', 'deliberate', 'decide', 'carry_out', 'publish')",
            name=op.f("ck_need_stamp_step"),
        ),
    )
    op.create_table(
        "need_support",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("resident_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_need_support_need_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_need_support_resident_id")),
        sa.PrimaryKeyConstraint("need_id", "resident_id", name=op.f("pk_need_support")),
    )
    op.create_index(op.f("ix_need_support_resident_id"), "need_support", ["resident_id"], unique=False)
    add_guards()


def downgrade() -> None:
    remove_guards()
    op.drop_table("need_support")
    op.drop_table("need_stamp")
    op.drop_table("need_attachment")
    op.drop_table("meeting_decision")
    op.drop_table("need")
    op.drop_table("meeting")


SQLITE_SEARCH = (
    "CREATE VIRTUAL TABLE need_text USING fts5(need_id UNINDEXED, words, tokenize = 'unicode61')",
    "CREATE TRIGGER need_text_insert AFTER INSERT ON need "
    "BEGIN INSERT INTO need_text (need_id, words) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER need_text_update AFTER UPDATE OF search_text ON need "
    "BEGIN UPDATE need_text SET words = new.search_text WHERE need_id = new.id; END",
    "CREATE TRIGGER need_text_delete AFTER DELETE ON need BEGIN DELETE FROM need_text WHERE need_id = old.id; END",
)
POSTGRESQL_SEARCH = ("CREATE INDEX ix_need_search_text ON need USING gin (to_tsvector('simple', search_text))",)


def add_guards() -> None:
    """Index the words of needs, which the application writes as pairs of characters, for full-text search."""
    for statement in SQLITE_SEARCH if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_SEARCH:
        op.execute(statement)


def remove_guards() -> None:
    """Take the search index away; elsewhere than in SQLite it goes with its table."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE need_text")
