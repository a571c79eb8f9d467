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
            "kind <> 'pay' OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND payer_id IS NOT NULL AND maker_id <> checker_id AND maker_id <> payer_id AND checker_id <> payer_id)",
            name=op.f("ck_journal_payment_has_three_people"),
        ),
        sa.ForeignKeyConstraint(["checker_id"], ["user.id"], name=op.f("fk_journal_checker_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["user.id"], name=op.f("fk_journal_maker_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["user.id"], name=op.f("fk_journal_payer_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["journal.id"], name=op.f("fk_journal_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("number", name=op.f("uq_journal_number")),
        sa.UniqueConstraint("request_id", name=op.f("uq_journal_request_id")),
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
    add_guards()


def downgrade() -> None:
    remove_guards()
    op.drop_table("entry")
    op.drop_table("journal")
    op.drop_table("account")
    op.drop_table("fund")


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
    "SELECT RAISE(ABORT, 'a journal is never changed') WHERE OLD.is_posted OR NOT NEW.is_posted "
    "OR NEW.id IS NOT OLD.id OR NEW.number IS NOT OLD.number OR NEW.kind IS NOT OLD.kind "
    "OR NEW.request_id IS NOT OLD.request_id OR NEW.body_hash IS NOT OLD.body_hash "
    "OR NEW.reverses_id IS NOT OLD.reverses_id OR NEW.memo IS NOT OLD.memo OR NEW.booked_on IS NOT OLD.booked_on "
    "OR NEW.maker_id IS NOT OLD.maker_id OR NEW.checker_id IS NOT OLD.checker_id OR NEW.payer_id IS NOT OLD.payer_id "
    "OR NEW.document_hash IS NOT OLD.document_hash OR NEW.at IS NOT OLD.at; "
    "SELECT RAISE(ABORT, 'a journal has at least two entries') "
    "WHERE (SELECT COUNT(*) FROM entry WHERE journal_id = NEW.id) < 2; "
    "SELECT RAISE(ABORT, 'a journal sums to zero') "
    "WHERE (SELECT SUM(amount_fen) FROM entry WHERE journal_id = NEW.id) <> 0; "
    "SELECT RAISE(ABORT, 'a journal stays within one fund') WHERE (SELECT COUNT(DISTINCT a.fund_id) FROM entry e "
    "JOIN account a ON a.id = e.account_id WHERE e.journal_id = NEW.id) <> 1; END",
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
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION refuse_entry_on_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF (SELECT is_posted FROM journal WHERE id = NEW.journal_id) THEN "
    "RAISE EXCEPTION 'a posted journal takes no more entries' USING ERRCODE = 'integrity_constraint_violation'; "
    "END IF; RETURN NEW; END $$",
    "CREATE TRIGGER entry_only_while_open BEFORE INSERT ON entry "
    "FOR EACH ROW EXECUTE FUNCTION refuse_entry_on_posted()",
    "CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE FUNCTION check_journal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'INSERT' THEN "
    "IF NEW.is_posted THEN RAISE EXCEPTION 'a journal is posted after its entries' "
    "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END IF; "
    "IF OLD.is_posted OR NOT NEW.is_posted OR (to_jsonb(NEW) - 'is_posted') <> (to_jsonb(OLD) - 'is_posted') THEN "
    "RAISE EXCEPTION 'a journal is never changed' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    "IF (SELECT COUNT(*) FROM entry WHERE journal_id = NEW.id) < 2 THEN "
    "RAISE EXCEPTION 'a journal has at least two entries' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    "IF (SELECT SUM(amount_fen) FROM entry WHERE journal_id = NEW.id) <> 0 THEN "
    "RAISE EXCEPTION 'a journal sums to zero' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    "IF (SELECT COUNT(DISTINCT a.fund_id) FROM entry e JOIN account a ON a.id = e.account_id "
    "WHERE e.journal_id = NEW.id) <> 1 THEN "
    "RAISE EXCEPTION 'a journal stays within one fund' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    "PERFORM set_config('grants.posting', NEW.id::text, true); "
    "UPDATE account SET balance_fen = balance_fen + s.amount FROM (SELECT account_id, SUM(amount_fen) AS amount "
    "FROM entry WHERE journal_id = NEW.id GROUP BY account_id) s WHERE account.id = s.account_id; "
    "PERFORM set_config('grants.posting', '', true); "
    "RETURN NEW; END $$",
    "CREATE TRIGGER journal_posts_once BEFORE INSERT OR UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION check_journal()",
    "CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE FUNCTION check_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'INSERT' THEN "
    "IF NEW.balance_fen <> 0 THEN RAISE EXCEPTION 'an account starts empty' "
    "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END IF; "
    "IF (to_jsonb(NEW) - 'balance_fen') <> (to_jsonb(OLD) - 'balance_fen') OR NEW.balance_fen <> COALESCE(("
    "SELECT SUM(e.amount_fen) FROM entry e JOIN journal j ON j.id = e.journal_id WHERE e.account_id = NEW.id "
    "AND (j.is_posted OR j.id::text = current_setting('grants.posting', true))), 0) THEN "
    "RAISE EXCEPTION 'a balance is the sum of its entries' USING ERRCODE = 'integrity_constraint_violation'; "
    "END IF; RETURN NEW; END $$",
    "CREATE TRIGGER account_follows_entries BEFORE INSERT OR UPDATE ON account "
    "FOR EACH ROW EXECUTE FUNCTION check_account()",
    "CREATE TRIGGER account_no_delete BEFORE DELETE ON account FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE FUNCTION check_journal_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NOT (SELECT is_posted FROM journal WHERE id = NEW.id) THEN "
    "RAISE EXCEPTION 'a journal was left unposted' USING ERRCODE = 'integrity_constraint_violation'; "
    "END IF; RETURN NULL; END $$",
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
