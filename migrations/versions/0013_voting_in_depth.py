"""Voting in depth: every ballot kind, sealing, the board, kiosks, paper, changes after the freeze."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import Guard, add_columns, add_guards, differs, drop_columns, remove_guards, replace_check

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHECKS = {
    "pollkind": ("kind IN ('approval')", "kind IN ('approval', 'cumulative', 'knapsack', 'ranking', 'scoring')"),
    "countingrule": ("rule IN ('greedy', 'mes')", "rule IN ('greedy', 'mes', 'support')"),
    "pollstatus": (
        "status IN ('draft', 'frozen', 'open', 'closed', 'counted')",
        "status IN ('draft', 'frozen', 'open', 'closed', 'sealed', 'counted')",
    ),
}
COST = ("ck_poll_option_cost_positive", "cost_fen > 0", "cost_fen >= 0", "ck_poll_option_cost_not_negative")
COST_BEFORE = ("ck_poll_option_cost_not_negative", "cost_fen >= 0", "cost_fen > 0", "ck_poll_option_cost_positive")
TWO_SEALERS = "sealed_by_id IS NULL OR witnessed_by_id IS NULL OR sealed_by_id <> witnessed_by_id"
# Table, column, type, what follows the type. Polls so far published every code with its choices.
COLUMNS = (
    ("poll", "rule_options", sa.JSON(), "DEFAULT '{}' NOT NULL"),
    (
        "poll",
        "publication",
        sa.String(32),
        "DEFAULT 'open' NOT NULL CONSTRAINT ck_poll_publication CHECK (publication IN ('open', 'protected'))",
    ),
    (
        "poll",
        "points",
        sa.Integer(),
        "CONSTRAINT ck_poll_points_positive CHECK (points IS NULL OR points > 0) CONSTRAINT ck_poll_points_where_given "
        "CHECK (kind NOT IN ('cumulative', 'scoring') OR points IS NOT NULL)",
    ),
    ("poll", "witnessed_by_id", sa.Uuid(), 'CONSTRAINT fk_poll_witnessed_by_id REFERENCES "user" (id)'),
    (
        "poll",
        "sealed_by_id",
        sa.Uuid(),
        'CONSTRAINT fk_poll_sealed_by_id REFERENCES "user" (id) '
        f"CONSTRAINT ck_poll_sealed_before_witness CHECK ({TWO_SEALERS})",
    ),
    ("poll", "sealed_at", sa.DateTime(timezone=True), ""),
    ("poll_option", "community_id", sa.Uuid(), "CONSTRAINT fk_poll_option_community_id REFERENCES place (id)"),
    ("poll_option", "beneficiary", sa.String(120), "DEFAULT '' NOT NULL"),
    (
        "roll_entry",
        "help_reason",
        sa.String(120),
        "",
    ),
    (
        "roll_entry",
        "helper_id",
        sa.Uuid(),
        'CONSTRAINT fk_roll_entry_helper_id REFERENCES "user" (id) '
        "CONSTRAINT ck_roll_entry_reason_iff_helped CHECK ((helper_id IS NULL) = (help_reason IS NULL))",
    ),
)


# What a frozen poll may still change, and how: `frozen` columns never, words and the deadline by an adopted amendment
FROZEN = (
    "ref round_id community_id kind rule publication points min_choices max_choices minimum_age budget_fen opens_at "
    "rule_file rule_hash frozen_by_id"
).split()
FROZEN_OPTION = "poll_id position code category cost_fen subject_ref community_id beneficiary".split()
FROZEN_AMENDMENT = "poll_id kind reason proposed_by_id proposed_at".split()
IS_FROZEN = "EXISTS (SELECT 1 FROM poll WHERE id = {}.poll_id AND status <> 'draft')"
SAME_CODE = "EXISTS (SELECT 1 FROM {} WHERE poll_id = NEW.poll_id AND code = NEW.code)"
AMENDED = (
    "EXISTS (SELECT 1 FROM poll_amendment WHERE poll_id = {} AND kind = '{}' AND status = 'adopted' "
    "AND decided_by_id <> proposed_by_id)"
)


def guards() -> list[Guard]:
    """Return the laws of a frozen poll: table, event, what breaks the law, the words of the refusal."""

    def changed(columns: list[str], json: str) -> str:
        return "(" + " OR ".join([*map(differs, columns), *([differs(json, is_json=True)] if json else [])]) + ")"

    frozen = "OLD.status <> 'draft'"
    reworded = f"({differs('title')} OR {{}})"
    return [
        ("poll", "UPDATE", f"{frozen} AND NEW.status = 'draft'", "a frozen poll is never a draft again"),
        (
            "poll",
            "UPDATE",
            f"{frozen} AND {changed(FROZEN, 'rule_options')}",
            "the rules of a frozen poll never change",
        ),
        (
            "poll",
            "UPDATE",
            f"{frozen} AND {reworded.format(differs('question'))} AND NOT {AMENDED.format('NEW.id', 'wording')}",
            "the words of a frozen poll change by an amendment of two people",
        ),
        (
            "poll",
            "UPDATE",
            f"{frozen} AND {differs('closes_at')} AND NOT (NEW.closes_at > OLD.closes_at "
            f"AND OLD.status IN ('frozen', 'open') AND {AMENDED.format('NEW.id', 'extension')})",
            "a deadline only moves forward, by an amendment of two people",
        ),
        ("poll", "DELETE", frozen, "a frozen poll is never deleted"),
        ("poll_option", "INSERT", IS_FROZEN.format("NEW"), "a frozen poll takes no more options"),
        ("poll_option", "DELETE", IS_FROZEN.format("OLD"), "a frozen poll loses no option"),
        (
            "poll_option",
            "UPDATE",
            f"{changed(FROZEN_OPTION, '')} AND {IS_FROZEN.format('OLD')}",
            "the options of a frozen poll never change",
        ),
        (
            "poll_option",
            "UPDATE",
            f"{reworded.format(differs('summary'))} AND {IS_FROZEN.format('OLD')} "
            f"AND NOT {AMENDED.format('OLD.poll_id', 'wording')}",
            "the words of a frozen option change by an amendment of two people",
        ),
        (
            "poll_amendment",
            "UPDATE",
            f"OLD.status <> 'proposed' OR {changed(FROZEN_AMENDMENT, 'change')}",
            "an amendment is decided once and as it was proposed",
        ),
        ("poll_amendment", "DELETE", "TRUE", "amendments are never deleted"),
        # A code is cast or opened for checking, never both; each table refuses the codes of the other
        ("ballot", "INSERT", SAME_CODE.format("challenged_ballot"), "a ballot opened for checking is never cast"),
        ("challenged_ballot", "INSERT", SAME_CODE.format("ballot"), "a cast ballot is never opened"),
        ("challenged_ballot", "UPDATE", "TRUE", "opened ballots never change"),
        ("challenged_ballot", "DELETE", "TRUE", "opened ballots are never deleted"),
        ("sealed_ballot", "UPDATE", "TRUE", "sealed ballots never change"),
        ("sealed_ballot", "DELETE", "TRUE", "sealed ballots are never deleted"),
        ("board_leaf", "UPDATE", "TRUE", "leaves on the board never change"),
        ("board_leaf", "DELETE", "TRUE", "leaves on the board are never deleted"),
        ("poll_checkpoint", "UPDATE", "TRUE", "published roots never change"),
        ("poll_checkpoint", "DELETE", "TRUE", "published roots are never deleted"),
    ]


def upgrade() -> None:
    op.create_table(
        "activation_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.String(length=40), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("used_on IS NULL OR revoked_on IS NULL", name=op.f("ck_activation_code_used_or_revoked")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_activation_code_issued_by_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_activation_code_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_activation_code_code_hash")),
    )
    op.create_index("ix_activation_code_poll_id_person_key", "activation_code", ["poll_id", "person_key"], unique=False)
    op.create_index(op.f("ix_activation_code_sheet"), "activation_code", ["sheet"], unique=False)
    op.create_table(
        "board_leaf",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_board_leaf_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "position", name=op.f("pk_board_leaf")),
        sa.UniqueConstraint("poll_id", "leaf", name=op.f("uq_board_leaf_poll_id_leaf")),
    )
    op.create_table(
        "challenged_ballot",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_challenged_ballot_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "code", name=op.f("pk_challenged_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kiosk_station",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_kiosk_station_opened_by_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_kiosk_station_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_station")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_station_token_hash")),
    )
    op.create_index(op.f("ix_kiosk_station_poll_id"), "kiosk_station", ["poll_id"], unique=False)
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("station", sa.String(length=60), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("slip_count", sa.Integer(), nullable=True),
        sa.Column("drawn_out", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("counted_by_id", sa.Uuid(), nullable=True),
        sa.Column("signed_by_id", sa.Uuid(), nullable=True),
        sa.Column("first_keyer_id", sa.Uuid(), nullable=True),
        sa.Column("second_keyer_id", sa.Uuid(), nullable=True),
        sa.Column("posted_by_id", sa.Uuid(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lot_asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("lot_agreed_by_id", sa.Uuid(), nullable=True),
        sa.Column("lot_seed", sa.String(length=64), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(status = 'posted') = (posted_at IS NOT NULL)", name=op.f("ck_paper_batch_time_iff_posted")
        ),
        sa.CheckConstraint("drawn_out >= 0", name=op.f("ck_paper_batch_drawn_out_not_negative")),
        sa.CheckConstraint(
            "first_keyer_id IS NULL OR second_keyer_id IS NULL OR first_keyer_id <> second_keyer_id",
            name=op.f("ck_paper_batch_keyed_by_two_people"),
        ),
        sa.CheckConstraint("slip_count IS NULL OR slip_count >= 0", name=op.f("ck_paper_batch_slips_not_negative")),
        sa.CheckConstraint(
            "counted_by_id IS NULL OR signed_by_id IS NULL OR counted_by_id <> signed_by_id",
            name=op.f("ck_paper_batch_signed_by_two_people"),
        ),
        sa.CheckConstraint(
            "(signed_by_id IS NULL) = (status = 'stubs')", name=op.f("ck_paper_batch_signed_unless_stubs")
        ),
        sa.CheckConstraint(
            "lot_agreed_by_id IS NULL OR lot_agreed_by_id <> lot_asked_by_id",
            name=op.f("ck_paper_batch_lot_by_two_people"),
        ),
        sa.CheckConstraint(
            "(lot_agreed_by_id IS NULL) = (drawn_out = 0) AND (lot_agreed_by_id IS NULL) = (lot_seed IS NULL)",
            name=op.f("ck_paper_batch_drawn_out_by_lot"),
        ),
        sa.ForeignKeyConstraint(["counted_by_id"], ["user.id"], name=op.f("fk_paper_batch_counted_by_id")),
        sa.ForeignKeyConstraint(["lot_asked_by_id"], ["user.id"], name=op.f("fk_paper_batch_lot_asked_by_id")),
        sa.ForeignKeyConstraint(["lot_agreed_by_id"], ["user.id"], name=op.f("fk_paper_batch_lot_agreed_by_id")),
        sa.ForeignKeyConstraint(["first_keyer_id"], ["user.id"], name=op.f("fk_paper_batch_first_keyer_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_paper_batch_opened_by_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_paper_batch_poll_id")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["user.id"], name=op.f("fk_paper_batch_posted_by_id")),
        sa.ForeignKeyConstraint(["second_keyer_id"], ["user.id"], name=op.f("fk_paper_batch_second_keyer_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["user.id"], name=op.f("fk_paper_batch_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("ref", name=op.f("uq_paper_batch_ref")),
        sa.CheckConstraint(
            "status IN ('stubs', 'signed', 'keyed', 'settled', 'posted')", name=op.f("ck_paper_batch_batchstatus")
        ),
    )
    op.create_index(op.f("ix_paper_batch_poll_id"), "paper_batch", ["poll_id"], unique=False)
    op.create_table(
        "poll_amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_at IS NULL)", name=op.f("ck_poll_amendment_time_iff_decided")
        ),
        sa.CheckConstraint(
            "(status = 'proposed') = (decided_by_id IS NULL)", name=op.f("ck_poll_amendment_decider_iff_decided")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_poll_amendment_decided_by_second_person"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_poll_amendment_decided_by_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_amendment_poll_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_poll_amendment_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_amendment")),
        sa.CheckConstraint("kind IN ('extension', 'roll', 'wording')", name=op.f("ck_poll_amendment_amendmentkind")),
        sa.CheckConstraint(
            "status IN ('proposed', 'adopted', 'refused')", name=op.f("ck_poll_amendment_amendmentstatus")
        ),
    )
    op.create_index(op.f("ix_poll_amendment_poll_id"), "poll_amendment", ["poll_id"], unique=False)
    op.create_table(
        "poll_checkpoint",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_poll_checkpoint_size_not_negative")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_checkpoint_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "number", name=op.f("pk_poll_checkpoint")),
    )
    op.create_table(
        "sealed_ballot",
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_sealed_ballot_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "code", name=op.f("pk_sealed_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paper_slip",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_choices", sa.Text(), nullable=True),
        sa.Column("second_choices", sa.Text(), nullable=True),
        sa.Column("settled_choices", sa.Text(), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(settled_choices IS NULL) OR (first_choices IS NOT NULL)", name=op.f("ck_paper_slip_settled_after_keying")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_slip_number_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_slip_batch_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name=op.f("fk_paper_slip_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_slip")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_paper_slip_batch_id_number")),
    )
    op.create_table(
        "paper_stub",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("refusal", sa.String(length=120), nullable=False),
        sa.Column("keyed_by_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("is_accepted = (refusal = '')", name=op.f("ck_paper_stub_reason_iff_refused")),
        sa.CheckConstraint("number > 0", name=op.f("ck_paper_stub_number_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_stub_batch_id")),
        sa.ForeignKeyConstraint(["helper_id"], ["user.id"], name=op.f("fk_paper_stub_helper_id")),
        sa.ForeignKeyConstraint(["keyed_by_id"], ["user.id"], name=op.f("fk_paper_stub_keyed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_stub")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_paper_stub_batch_id_number")),
    )
    op.create_table(
        "poll_outage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amendment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_poll_outage_ends_after_beginning")),
        sa.ForeignKeyConstraint(["amendment_id"], ["poll_amendment.id"], name=op.f("fk_poll_outage_amendment_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_outage_poll_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_poll_outage_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_outage")),
        sa.CheckConstraint("channel IN ('web', 'kiosk', 'paper', 'proxy')", name=op.f("ck_poll_outage_channel")),
    )
    op.create_index(op.f("ix_poll_outage_poll_id"), "poll_outage", ["poll_id"], unique=False)
    add_columns(COLUMNS)
    for name, (before, after) in CHECKS.items():
        replace_check("poll", f"ck_poll_{name}", before, after)

    replace_check("poll_option", *COST)
    add_guards("frozen", guards())


def downgrade() -> None:
    remove_guards("frozen", guards())
    replace_check("poll_option", *COST_BEFORE)
    op.execute("UPDATE poll SET status = 'closed' WHERE status = 'sealed'")
    for name, (before, after) in CHECKS.items():
        replace_check("poll", f"ck_poll_{name}", after, before)
    drop_columns(COLUMNS)
    op.drop_table("paper_slip")
    op.drop_table("paper_stub")
    op.drop_table("poll_outage")
    op.drop_table("sealed_ballot")
    op.drop_table("poll_checkpoint")
    op.drop_table("poll_amendment")
    op.drop_table("paper_batch")
    op.drop_table("kiosk_station")
    op.drop_table("challenged_ballot")
    op.drop_table("board_leaf")
    op.drop_table("activation_code")
