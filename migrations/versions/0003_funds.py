"""Funds and their append-only journal."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=160), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("ref", name=op.f("uq_fund_ref")),
        sa.CheckConstraint(
            "source IN ('street', 'district', 'lottery', 'donation', 'self_raised')", name=op.f("ck_fund_fundsource")
        ),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("balance_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance_fen >= 0 OR kind = 'appropriation'", name=op.f("ck_account_never_overdrawn")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_account_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("fund_id", "kind", "key", name=op.f("uq_account_fund_id_kind_key")),
        sa.CheckConstraint(
            "kind IN ('appropriation', 'pool', 'envelope', 'available', 'reserved', 'paid', 'returned')",
            name=op.f("ck_account_accountkind"),
        ),
    )
    op.create_index(op.f("ix_account_key"), "account", ["key"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=120), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("resolves_id", sa.Uuid(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=True),
        sa.Column("checker_id", sa.Uuid(), nullable=True),
        sa.Column("payer_id", sa.Uuid(), nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_posted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'reverse') = (reverses_id IS NOT NULL)", name=op.f("ck_journal_reversal_names_original")
        ),
        sa.CheckConstraint(
            "(kind IN ('release', 'pay')) = (resolves_id IS NOT NULL)",
            name=op.f("ck_journal_resolution_names_reservation"),
        ),
        sa.CheckConstraint(
            "kind <> 'pay' OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND payer_id IS NOT NULL AND maker_id <> checker_id AND maker_id <> payer_id AND checker_id <> payer_id)",
            name=op.f("ck_journal_payment_has_three_people"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('appropriate', 'allocate', 'award', 'reverse') OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND maker_id <> checker_id)",
            name=op.f("ck_journal_earmarking_has_two_people"),
        ),
        sa.ForeignKeyConstraint(["checker_id"], ["user.id"], name=op.f("fk_journal_checker_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["user.id"], name=op.f("fk_journal_maker_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["user.id"], name=op.f("fk_journal_payer_id")),
        sa.ForeignKeyConstraint(["resolves_id"], ["journal.id"], name=op.f("fk_journal_resolves_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["journal.id"], name=op.f("fk_journal_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("number", name=op.f("uq_journal_number")),
        sa.UniqueConstraint("request_id", name=op.f("uq_journal_request_id")),
        sa.UniqueConstraint("resolves_id", name=op.f("uq_journal_resolves_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_journal_reverses_id")),
        sa.CheckConstraint(
            "kind IN ('appropriate', 'allocate', 'award', 'reserve', 'release', 'pay', 'return', 'reverse')",
            name=op.f("ck_journal_journalkind"),
        ),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_entry_amount_not_zero")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_entry_account_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_entry_journal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("journal_id", "line", name=op.f("uq_entry_journal_id_line")),
    )
    op.create_index(op.f("ix_entry_account_id"), "entry", ["account_id"], unique=False)
    op.create_table(
        "fund_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document_number", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'reverse') = (reverses_id IS NOT NULL)", name=op.f("ck_fund_proposal_reversal_names_original")
        ),
        sa.CheckConstraint(
            "(status = 'confirmed') = (journal_id IS NOT NULL)", name=op.f("ck_fund_proposal_posted_iff_confirmed")
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)", name=op.f("ck_fund_proposal_reason_iff_refused")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_fund_proposal_decided_unless_waiting")
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'refused') OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name=op.f("ck_fund_proposal_decided_by_second_person"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fund_proposal_amount_positive")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_fund_proposal_decided_by_id")),
        sa.ForeignKeyConstraint(["document_id"], ["stored_file.id"], name=op.f("fk_fund_proposal_document_id")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_fund_proposal_fund_id")),
        sa.ForeignKeyConstraint(["journal_id"], ["journal.id"], name=op.f("fk_fund_proposal_journal_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_fund_proposal_proposed_by_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["journal.id"], name=op.f("fk_fund_proposal_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_proposal")),
        sa.UniqueConstraint("journal_id", name=op.f("uq_fund_proposal_journal_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_fund_proposal_ref")),
        sa.CheckConstraint(
            "kind IN ('appropriate', 'allocate', 'recall', 'reverse')", name=op.f("ck_fund_proposal_proposalkind")
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'confirmed', 'refused', 'withdrawn')", name=op.f("ck_fund_proposal_proposalstatus")
        ),
    )
    op.create_index(op.f("ix_fund_proposal_fund_id"), "fund_proposal", ["fund_id"], unique=False)
    op.create_index(op.f("ix_fund_proposal_status"), "fund_proposal", ["status"], unique=False)
    add_guards()


def downgrade() -> None:
    remove_guards()
    op.drop_table("fund_proposal")
    op.drop_table("entry")
    op.drop_table("journal")
    op.drop_table("account")
    op.drop_table("fund")


ROUTES = (
    "appropriate:appropriation>pool",
    "allocate:pool>envelope",
    "allocate:envelope>pool",
    "award:envelope>available",
    "reserve:available>reserved",
    "release:reserved>available",
    "pay:reserved>paid",
    "return:available>returned",
    "return:paid>returned",
)
# Each law is what must not be true of a journal at the moment it is posted.
LAWS = (
    (
        "a journal has two entries",
        "(SELECT COUNT(*) FROM entry WHERE journal_id = NEW.id) <> 2",
    ),
    (
        "a journal sums to zero",
        "(SELECT SUM(amount_fen) FROM entry WHERE journal_id = NEW.id) <> 0",
    ),
    (
        "a journal stays within one fund",
        "(SELECT COUNT(DISTINCT a.fund_id) FROM entry e JOIN account a ON a.id = e.account_id "
        "WHERE e.journal_id = NEW.id) <> 1",
    ),
    (
        "a journal keeps to the route of its kind",
        "NEW.kind <> 'reverse' AND NOT EXISTS (SELECT 1 FROM entry o JOIN account s ON s.id = o.account_id "
        "JOIN entry i ON i.journal_id = o.journal_id JOIN account t ON t.id = i.account_id "
        "WHERE o.journal_id = NEW.id AND o.amount_fen < 0 AND i.amount_fen > 0 "
        "AND NEW.kind || ':' || s.kind || '>' || t.kind IN (" + ", ".join(f"'{route}'" for route in ROUTES) + "))",
    ),
    (
        "money never moves between projects",
        "NEW.kind IN ('reserve', 'release', 'pay', 'return') AND (SELECT COUNT(DISTINCT a.key) FROM entry e "
        "JOIN account a ON a.id = e.account_id WHERE e.journal_id = NEW.id) <> 1",
    ),
    (
        "a reservation is resolved in full, while it stands",
        "NEW.resolves_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM entry e JOIN account a ON a.id = e.account_id "
        "JOIN entry r ON r.account_id = e.account_id AND r.amount_fen = -e.amount_fen "
        "JOIN journal j ON j.id = r.journal_id WHERE e.journal_id = NEW.id AND a.kind = 'reserved' "
        "AND j.id = NEW.resolves_id AND j.kind = 'reserve' AND j.is_posted) "
        "OR EXISTS (SELECT 1 FROM journal v WHERE v.reverses_id = NEW.resolves_id AND v.is_posted))",
    ),
    (
        "a reversal mirrors its original",
        "NEW.reverses_id IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM journal j WHERE j.id = NEW.reverses_id "
        "AND j.is_posted AND j.kind <> 'reverse') OR EXISTS (SELECT 1 FROM entry r "
        "WHERE r.journal_id = NEW.reverses_id AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.journal_id = NEW.id "
        "AND e.account_id = r.account_id AND e.amount_fen = -r.amount_fen)))",
    ),
    (
        "a resolved reservation is not reversed",
        "NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM journal r WHERE r.resolves_id = NEW.reverses_id "
        "AND r.is_posted AND NOT EXISTS (SELECT 1 FROM journal v WHERE v.reverses_id = r.id AND v.is_posted))",
    ),
)
COLUMNS = (
    "id number kind request_id body_hash reverses_id resolves_id memo booked_on "
    "maker_id checker_id payer_id document_hash at"
).split()
SQLITE_GUARDS = (
    "CREATE TRIGGER entry_only_while_open BEFORE INSERT ON entry "
    "WHEN (SELECT is_posted FROM journal WHERE id = NEW.journal_id) "
    "BEGIN SELECT RAISE(ABORT, 'a posted journal takes no more entries'); END",
    "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed'); END",
    "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry "
    "BEGIN SELECT RAISE(ABORT, 'ledger entries are never deleted'); END",
    "CREATE TRIGGER journal_starts_open BEFORE INSERT ON journal WHEN NEW.is_posted "
    "BEGIN SELECT RAISE(ABORT, 'a journal is posted after its entries'); END",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal "
    "BEGIN SELECT RAISE(ABORT, 'journals are never deleted'); END",
    "CREATE TRIGGER journal_posts_once BEFORE UPDATE ON journal BEGIN "
    "SELECT RAISE(ABORT, 'a journal is never changed') WHERE OLD.is_posted OR NOT NEW.is_posted OR "
    + " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in COLUMNS)
    + "; "
    + " ".join(f"SELECT RAISE(ABORT, '{words}') WHERE {broken};" for words, broken in LAWS)
    + " END",
    "CREATE TRIGGER journal_moves_balances AFTER UPDATE ON journal WHEN NEW.is_posted AND NOT OLD.is_posted BEGIN "
    "UPDATE account SET balance_fen = balance_fen + "
    "(SELECT SUM(e.amount_fen) FROM entry e WHERE e.journal_id = NEW.id AND e.account_id = account.id) "
    "WHERE id IN (SELECT account_id FROM entry WHERE journal_id = NEW.id); END",
    "CREATE TRIGGER account_starts_empty BEFORE INSERT ON account WHEN NEW.balance_fen <> 0 "
    "BEGIN SELECT RAISE(ABORT, 'an account starts empty'); END",
    "CREATE TRIGGER account_balance_follows_entries BEFORE UPDATE ON account WHEN NEW.balance_fen IS NOT "
    "COALESCE((SELECT SUM(e.amount_fen) FROM entry e JOIN journal j ON j.id = e.journal_id "
    "WHERE e.account_id = NEW.id AND j.is_posted), 0) OR NEW.id IS NOT OLD.id OR NEW.fund_id IS NOT OLD.fund_id "
    "OR NEW.kind IS NOT OLD.kind OR NEW.key IS NOT OLD.key "
    "BEGIN SELECT RAISE(ABORT, 'a balance is the sum of its entries'); END",
    "CREATE TRIGGER account_no_delete BEFORE DELETE ON account "
    "BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END",
)
REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation';"
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION refuse_entry_on_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF (SELECT is_posted FROM journal WHERE id = NEW.journal_id) THEN "
    + REFUSE.format("a posted journal takes no more entries")
    + " END IF; RETURN NEW; END $$",
    "CREATE TRIGGER entry_only_while_open BEFORE INSERT ON entry "
    "FOR EACH ROW EXECUTE FUNCTION refuse_entry_on_posted()",
    "CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE FUNCTION check_journal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'INSERT' THEN IF NEW.is_posted THEN "
    + REFUSE.format("a journal is posted after its entries")
    + " END IF; RETURN NEW; END IF; "
    "IF OLD.is_posted OR NOT NEW.is_posted OR (to_jsonb(NEW) - 'is_posted') <> (to_jsonb(OLD) - 'is_posted') THEN "
    + REFUSE.format("a journal is never changed")
    + " END IF; "
    + " ".join(f"IF {broken} THEN {REFUSE.format(words)} END IF;" for words, broken in LAWS)
    + " PERFORM set_config('grants.posting', NEW.id::text, true); "
    "UPDATE account SET balance_fen = balance_fen + s.amount FROM (SELECT account_id, SUM(amount_fen) AS amount "
    "FROM entry WHERE journal_id = NEW.id GROUP BY account_id) s WHERE account.id = s.account_id; "
    "PERFORM set_config('grants.posting', '', true); "
    "RETURN NEW; END $$",
    "CREATE TRIGGER journal_posts_once BEFORE INSERT OR UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION check_journal()",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE FUNCTION check_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'INSERT' THEN IF NEW.balance_fen <> 0 THEN "
    + REFUSE.format("an account starts empty")
    + " END IF; RETURN NEW; END IF; "
    "IF (to_jsonb(NEW) - 'balance_fen') <> (to_jsonb(OLD) - 'balance_fen') OR NEW.balance_fen <> COALESCE(("
    "SELECT SUM(e.amount_fen) FROM entry e JOIN journal j ON j.id = e.journal_id WHERE e.account_id = NEW.id "
    "AND (j.is_posted OR j.id::text = current_setting('grants.posting', true))), 0) THEN "
    + REFUSE.format("a balance is the sum of its entries")
    + " END IF; RETURN NEW; END $$",
    "CREATE TRIGGER account_follows_entries BEFORE INSERT OR UPDATE ON account "
    "FOR EACH ROW EXECUTE FUNCTION check_account()",
    "CREATE TRIGGER account_no_delete BEFORE DELETE ON account FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER account_no_truncate BEFORE TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE FUNCTION check_journal_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NOT (SELECT is_posted FROM journal WHERE id = NEW.id) THEN "
    + REFUSE.format("a journal was left unposted")
    + " END IF; RETURN NULL; END $$",
    "CREATE CONSTRAINT TRIGGER journal_posted_at_commit AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION check_journal_posted()",
)
FUNCTIONS = ("refuse_entry_on_posted", "check_journal", "check_account", "check_journal_posted")


def add_guards() -> None:
    """Keep the ledger's laws in the database itself: append-only, sums to zero, balances follow the entries."""
    for statement in SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_GUARDS:
        op.execute(statement)


def remove_guards() -> None:
    """Take the guards away again, so that the tables can be dropped."""
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}() CASCADE")
