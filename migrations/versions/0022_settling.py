"""Settlement, carry-over and the marks of money."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_guards, differs, is_sqlite, remove_guards, replace_check, rewrite

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FIXED = (
    *("id", "ref", "proposal_id", "project_ref", "project_title", "agreement_ref", "organisation_id", "cause"),
    *("ended_on", "awarded_fen", "paid_fen", "accepted_fen", "unspent_fen", "recover_fen", "due_on"),
)
ONE_SETTLEMENT = sa.text("kind = 'settle' AND status IN ('waiting', 'confirmed')")
NOT_DROPPED = sa.text("status IN ('waiting', 'confirmed')")
RECORDED = (
    *("id", "ref", "project_ref", "organisation_id", "kind", "contributor", "amount_fen", "received_on", "note"),
    *("proof_id", "matches_id", "reverses_id", "recorded_by_id", "recorded_at"),
)
ACCOUNTS = "'appropriation', 'pool', 'envelope', 'available', 'reserved', 'paid', 'returned'"
JOURNALS = "'appropriate', 'allocate', 'award', 'reserve', 'release', 'pay', 'return', "
CHECKS = (
    (
        "account",
        "ck_account_accountkind",
        f"kind IN ({ACCOUNTS})",
        f"kind IN ({ACCOUNTS}, 'carried_in', 'carried_out')",
    ),
    (
        "account",
        "ck_account_never_overdrawn",
        "balance_fen >= 0 OR kind = 'appropriation'",
        "balance_fen >= 0 OR kind IN ('appropriation', 'carried_in')",
    ),
    (
        "journal",
        "ck_journal_journalkind",
        f"kind IN ({JOURNALS}'reverse')",
        f"kind IN ({JOURNALS}'carry', 'reverse')",
    ),
    (
        "journal",
        "ck_journal_earmarking_has_two_people",
        "kind NOT IN ('appropriate', 'allocate', 'award', 'reverse') "
        "OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND maker_id <> checker_id)",
        "kind NOT IN ('appropriate', 'allocate', 'award', 'return', 'carry', 'reverse') "
        "OR (maker_id IS NOT NULL AND checker_id IS NOT NULL AND maker_id <> checker_id)",
    ),
    (
        "fund_proposal",
        "ck_fund_proposal_amount_positive",
        "amount_fen > 0",
        "amount_fen > 0 OR (kind = 'settle' AND amount_fen = 0)",
    ),
    (
        "fund_proposal",
        "ck_fund_proposal_posted_iff_confirmed",
        "(status = 'confirmed') = (journal_id IS NOT NULL)",
        "(status = 'confirmed' AND amount_fen > 0) = (journal_id IS NOT NULL)",
    ),
    (
        "fund_proposal",
        "ck_fund_proposal_proposalkind",
        "kind IN ('appropriate', 'allocate', 'recall', 'recover', 'reverse')",
        "kind IN ('appropriate', 'allocate', 'recall', 'recover', 'reverse', 'settle', 'carry')",
    ),
)


IN_USE = "EXISTS (SELECT 1 FROM account a WHERE a.fund_id = OLD.id)"
LAST_ROUTE = "'return:paid>returned'"
MORE_ROUTES = f"{LAST_ROUTE}, 'carry:pool>carried_out', 'carry:carried_in>pool'"
UNMATCHED = (
    "NEW.is_posted AND NOT OLD.is_posted AND NEW.kind = 'carry' AND EXISTS (SELECT 1 FROM entry e "
    "JOIN account a ON a.id = e.account_id WHERE e.journal_id = NEW.id AND a.kind = 'carried_in' "
    "AND -e.amount_fen <> COALESCE((SELECT SUM(x.amount_fen) FROM entry x JOIN account o ON o.id = x.account_id "
    "JOIN journal j ON j.id = x.journal_id JOIN fund s ON s.id = o.fund_id JOIN fund t ON t.id = a.fund_id "
    "WHERE o.kind = 'carried_out' AND j.is_posted AND j.kind = 'carry' AND j.request_id = NEW.request_id || '/out' "
    "AND s.source = t.source AND s.year = t.year - 1), 0))"
)


def replace_in_journal_laws(old: str, new: str) -> None:
    """Change words of the laws that every posting is held against, as the database keeps them, in their place."""
    bind = op.get_bind()
    if is_sqlite():
        rewrite("journal_posts_once", old, new, kind="trigger")
        return
    text = str(bind.execute(sa.text("SELECT pg_get_functiondef('check_journal'::regproc)")).scalar_one())
    if text.count(old) != 1:
        raise RuntimeError("the laws of the journal do not read as expected; they were changed by hand")
    bind.exec_driver_sql(text.replace(old, new))


def guards() -> list[tuple[str, str, str, str]]:
    """Return what the database refuses: to change a final account, or to leave or put money in a settled project."""
    return [
        (
            "fund",
            "UPDATE",
            " OR ".join(f"({differs(name)} AND {IN_USE})" for name in ("ref", "source", "year")),
            "a fund with money keeps its source and year",
        ),
        ("contribution", "DELETE", "1 = 1", "contributions are never deleted"),
        (
            "contribution",
            "UPDATE",
            "OLD.status <> 'waiting' OR " + " OR ".join(differs(name) for name in RECORDED),
            "a contribution is decided once and never changed",
        ),
        (
            "contribution",
            "INSERT",
            "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contribution c WHERE c.id = NEW.reverses_id "
            "AND c.reverses_id IS NULL AND c.amount_fen = NEW.amount_fen AND c.project_ref = NEW.project_ref "
            "AND c.kind = NEW.kind AND c.status = 'confirmed')",
            "a contribution is taken back in full",
        ),
        ("settlement", "UPDATE", " OR ".join(differs(name) for name in FIXED), "final accounts are never changed"),
        ("settlement", "DELETE", "1 = 1", "final accounts are never deleted"),
        (
            "fund_proposal",
            "UPDATE",
            "NEW.kind = 'settle' AND NEW.status = 'confirmed' AND (NOT EXISTS (SELECT 1 FROM settlement s "
            "WHERE s.proposal_id = NEW.id AND s.project_ref = NEW.key AND s.unspent_fen = NEW.amount_fen) "
            "OR EXISTS (SELECT 1 FROM account a WHERE a.key = NEW.key AND a.kind IN ('available', 'reserved') "
            "AND a.balance_fen <> 0))",
            "a settled project holds nothing open",
        ),
        (
            "journal",
            "UPDATE",
            "NEW.is_posted AND NOT OLD.is_posted AND EXISTS (SELECT 1 FROM entry e JOIN account a "
            "ON a.id = e.account_id JOIN fund_proposal p ON p.key = a.key WHERE e.journal_id = NEW.id "
            "AND e.amount_fen > 0 AND a.kind IN ('available', 'reserved') "
            # By time and not by what is there: a restore brings all rows first and posts the journals after
            "AND p.kind = 'settle' AND p.status = 'confirmed' AND p.decided_at < NEW.at)",
            "a settled project takes no more money",
        ),
        (
            "journal",
            "UPDATE",
            UNMATCHED,
            "what is carried in was carried out of the same source the year before",
        ),
    ]


def upgrade() -> None:
    for table, name, old, new in CHECKS:
        replace_check(table, name, old, new)
    replace_in_journal_laws(LAST_ROUTE, MORE_ROUTES)
    op.create_index(
        "uq_fund_proposal_one_settlement",
        "fund_proposal",
        ["key"],
        unique=True,
        sqlite_where=ONE_SETTLEMENT,
        postgresql_where=ONE_SETTLEMENT,
    )
    op.create_table(
        "settlement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("project_ref", sa.String(length=60), nullable=False),
        sa.Column("project_title", sa.String(length=80), nullable=False),
        sa.Column("agreement_ref", sa.String(length=30), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("awarded_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("accepted_fen", sa.BigInteger(), nullable=False),
        sa.Column("unspent_fen", sa.BigInteger(), nullable=False),
        sa.Column("recover_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "accepted_fen >= 0 AND unspent_fen >= 0 AND recover_fen >= 0 AND awarded_fen >= paid_fen + unspent_fen",
            name=op.f("ck_settlement_amounts_make_sense"),
        ),
        sa.CheckConstraint("(recover_fen > 0) = (due_on IS NOT NULL)", name=op.f("ck_settlement_due_iff_recovering")),
        sa.CheckConstraint(
            "recover_fen <= paid_fen AND recover_fen >= paid_fen - accepted_fen"
            " AND (cause = 'own_fault' OR recover_fen = 0 OR recover_fen = paid_fen - accepted_fen)",
            name=op.f("ck_settlement_recovers_what_is_not_proven"),
        ),
        sa.CheckConstraint("cause IN ('completed', 'own_fault', 'force_majeure')", name=op.f("ck_settlement_endcause")),
        sa.ForeignKeyConstraint(["proposal_id"], ["fund_proposal.id"], name=op.f("fk_settlement_proposal_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_settlement_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("ref", name=op.f("uq_settlement_ref")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_settlement_proposal_id")),
    )
    op.create_index(op.f("ix_settlement_project_ref"), "settlement", ["project_ref"], unique=False)
    op.create_index(op.f("ix_settlement_organisation_id"), "settlement", ["organisation_id"], unique=False)
    op.create_table(
        "contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("project_ref", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("contributor", sa.String(length=120), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proof_id", sa.Uuid(), nullable=False),
        sa.Column("matches_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_contribution_amount_positive")),
        sa.CheckConstraint(
            "(kind = 'matching') = (matches_id IS NOT NULL)", name=op.f("ck_contribution_matching_names_matched")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_contribution_decided_unless_waiting")
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)", name=op.f("ck_contribution_reason_iff_refused")
        ),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'refused') OR (decided_by_id IS NOT NULL AND decided_by_id <> recorded_by_id)",
            name=op.f("ck_contribution_decided_by_second_person"),
        ),
        sa.CheckConstraint(
            "kind IN ('donation', 'self_raised', 'matching', 'in_kind')",
            name=op.f("ck_contribution_contributionkind"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'confirmed', 'refused', 'withdrawn')", name=op.f("ck_contribution_proposalstatus")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_contribution_organisation_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["stored_file.id"], name=op.f("fk_contribution_proof_id")),
        sa.ForeignKeyConstraint(["matches_id"], ["contribution.id"], name=op.f("fk_contribution_matches_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["contribution.id"], name=op.f("fk_contribution_reverses_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_contribution_recorded_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_contribution_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("ref", name=op.f("uq_contribution_ref")),
    )
    for column in ("project_ref", "organisation_id", "status"):
        op.create_index(op.f(f"ix_contribution_{column}"), "contribution", [column], unique=False)
    op.create_index(
        "uq_contribution_reversed_once",
        "contribution",
        ["reverses_id"],
        unique=True,
        sqlite_where=NOT_DROPPED,
        postgresql_where=NOT_DROPPED,
    )
    add_guards("settling", guards())


def downgrade() -> None:
    remove_guards("settling", guards())
    op.drop_table("contribution")
    op.drop_table("settlement")
    op.execute("DELETE FROM fund_proposal WHERE kind = 'settle'")
    op.drop_index("uq_fund_proposal_one_settlement", "fund_proposal")
    replace_in_journal_laws(MORE_ROUTES, LAST_ROUTE)
    for table, name, old, new in reversed(CHECKS):
        replace_check(table, name, new, old)
