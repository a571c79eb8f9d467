"""The ledger in depth: one fund a project, and journal numbers without gaps, kept by the database itself."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_guards, remove_guards, replace_check

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

GUARDS = (
    (
        "journal",
        "UPDATE",
        # At the posting, not at the insert: a restore brings the rows in any order and posts them in theirs
        "NEW.is_posted AND NOT OLD.is_posted "
        "AND NEW.number <> (SELECT COALESCE(MAX(j.number), 0) + 1 FROM journal j WHERE j.is_posted)",
        "journal numbers have no gaps",
    ),
)
KINDS = "kind IN ('appropriate', 'allocate', 'recall', 'reverse')"
ALL_KINDS = "kind IN ('appropriate', 'allocate', 'recall', 'recover', 'reverse')"


def upgrade() -> None:
    replace_check("fund_proposal", "ck_fund_proposal_proposalkind", KINDS, ALL_KINDS)
    op.create_index(
        "uq_account_one_fund_a_project",
        "account",
        ["key"],
        unique=True,
        sqlite_where=sa.text("kind = 'available'"),
        postgresql_where=sa.text("kind = 'available'"),
    )
    add_guards("depth", GUARDS)


def downgrade() -> None:
    op.execute("DELETE FROM fund_proposal WHERE kind = 'recover'")
    replace_check("fund_proposal", "ck_fund_proposal_proposalkind", ALL_KINDS, KINDS)
    remove_guards("depth", GUARDS)
    op.drop_index("uq_account_one_fund_a_project", "account")
