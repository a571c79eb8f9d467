"""Monthly progress bulletins; supervisors of one community; more red flags, some from what a picture looks like."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import add_columns, add_guards, differs, drop_columns, remove_guards, replace_check

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ISSUED = ("id", "ref", "round_id", "month", "remark", "prepared_by_id", "prepared_at", "issued_by_id", "issued_at")
LINE_ISSUED = "EXISTS (SELECT 1 FROM progress_bulletin b WHERE b.id = {row}.bulletin_id AND b.issued_at IS NOT NULL)"


ROLES = ("visitor", "resident", "organisation", "expert", "community", "programme", "finance", "approver", "supervisor")
OLD_ROLES, NEW_ROLES = (*ROLES, "admin"), (*ROLES, "community_supervisor", "admin")
OLD_PLACE = "role <> 'community' OR place_id IS NOT NULL"
NEW_PLACE = "role NOT IN ('community', 'community_supervisor') OR place_id IS NOT NULL"


OLD_FLAGS = ("reused_file", "overlap", "crowded", "silence", "late_record", "photo_day")
NEW_FLAGS = (
    *OLD_FLAGS,
    "near_photo",
    "repeated_names",
    "silence_soon",
    "ending_soon",
    "spent_before",
    "spending_gap",
    "same_invoice",
    "expert_fee",
    "one_supplier",
)
COLUMNS = [("stored_file", "picture_hash", sa.String(16), "")]


def _one_of(values: tuple[str, ...], column: str = "role") -> str:
    return f"{column} IN ({', '.join(repr(one) for one in values)})"


def guards() -> list[tuple[str, str, str, str]]:
    """Return what the database refuses: to change a bulletin that was issued, or its lines."""
    words = "an issued bulletin is never changed"
    changed = " OR ".join(differs(name) for name in ISSUED)
    return [
        ("progress_bulletin", "UPDATE", f"OLD.issued_at IS NOT NULL AND ({changed})", words),
        ("progress_bulletin", "DELETE", "OLD.issued_at IS NOT NULL", words),
        ("bulletin_line", "INSERT", LINE_ISSUED.format(row="NEW"), words),
        ("bulletin_line", "UPDATE", LINE_ISSUED.format(row="OLD"), words),
        ("bulletin_line", "DELETE", LINE_ISSUED.format(row="OLD"), words),
    ]


def upgrade() -> None:
    add_columns(COLUMNS)
    replace_check(
        "flag_clearance", "ck_flag_clearance_flagkind", _one_of(OLD_FLAGS, "kind"), _one_of(NEW_FLAGS, "kind")
    )
    replace_check("role_grant", "ck_role_grant_role", _one_of(OLD_ROLES), _one_of(NEW_ROLES))
    replace_check("role_grant", "ck_role_grant_officer_names_community", OLD_PLACE, NEW_PLACE)
    op.create_table(
        "progress_bulletin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_progress_bulletin_month_written_out")),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (issued_by_id IS NULL)", name=op.f("ck_progress_bulletin_issued_by_somebody")
        ),
        sa.CheckConstraint("issued_by_id <> prepared_by_id", name=op.f("ck_progress_bulletin_issued_by_somebody_else")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name=op.f("fk_progress_bulletin_issued_by_id")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["user.id"], name=op.f("fk_progress_bulletin_prepared_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_progress_bulletin_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_bulletin")),
        sa.UniqueConstraint("ref", name=op.f("uq_progress_bulletin_ref")),
        sa.UniqueConstraint("round_id", "month", name=op.f("uq_progress_bulletin_round_id_month")),
    )
    op.create_table(
        "bulletin_line",
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("planned_count", sa.Integer(), nullable=True),
        sa.Column("held_count", sa.Integer(), nullable=False),
        sa.Column("attendance_count", sa.Integer(), nullable=False),
        sa.Column("open_order_count", sa.Integer(), nullable=False),
        sa.Column("open_flag_count", sa.Integer(), nullable=False),
        sa.Column("cleared_flag_count", sa.Integer(), nullable=False),
        sa.Column("report_state", sa.String(length=32), nullable=False),
        sa.Column("time_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "planned_count >= 0 AND held_count >= 0 AND attendance_count >= 0 AND open_order_count >= 0"
            " AND open_flag_count >= 0 AND cleared_flag_count >= 0",
            name=op.f("ck_bulletin_line_counts_not_negative"),
        ),
        sa.CheckConstraint("time_percent BETWEEN 0 AND 100", name=op.f("ck_bulletin_line_time_in_percent")),
        sa.CheckConstraint(
            "report_state IN ('not_due', 'on_time', 'late', 'missing')",
            name=op.f("ck_bulletin_line_monthreportstate"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_bulletin_line_agreement_id")),
        sa.ForeignKeyConstraint(["bulletin_id"], ["progress_bulletin.id"], name=op.f("fk_bulletin_line_bulletin_id")),
        sa.PrimaryKeyConstraint("bulletin_id", "agreement_id", name=op.f("pk_bulletin_line")),
    )
    add_guards("bulletin", guards())


def downgrade() -> None:
    remove_guards("bulletin", guards())
    op.drop_table("bulletin_line")
    op.drop_table("progress_bulletin")
    op.execute("DELETE FROM role_grant WHERE role = 'community_supervisor'")
    replace_check("role_grant", "ck_role_grant_officer_names_community", NEW_PLACE, OLD_PLACE)
    replace_check("role_grant", "ck_role_grant_role", _one_of(NEW_ROLES), _one_of(OLD_ROLES))
    op.execute(f"DELETE FROM flag_clearance WHERE NOT ({_one_of(OLD_FLAGS, 'kind')})")  # noqa: S608
    replace_check(
        "flag_clearance", "ck_flag_clearance_flagkind", _one_of(NEW_FLAGS, "kind"), _one_of(OLD_FLAGS, "kind")
    )
    drop_columns(COLUMNS)
