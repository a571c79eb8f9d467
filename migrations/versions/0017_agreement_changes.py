"""Agreements: optimised drafts, parties, changes, suspension, liability."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import (
    Column,
    Guard,
    add_check,
    add_columns,
    add_guards,
    drop_check,
    drop_columns,
    remove_guards,
)

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

EMPTY = "DEFAULT '' NOT NULL"
NONE_YET = "DEFAULT 0 NOT NULL"
OPEN_CHANGE = sa.text("status IN ('proposed', 'endorsed')")
NOT_RESUMED = sa.text("resumed_at IS NULL")

COLUMNS: tuple[Column, ...] = (
    ("agreement", "leader_name", sa.String(60), EMPTY),
    ("agreement", "region", sa.String(200), EMPTY),
    ("agreement", "person_target", sa.Integer(), NONE_YET),
    ("agreement", "attendance_target", sa.Integer(), NONE_YET),
    ("agreement", "activity_target", sa.Integer(), NONE_YET),
    ("agreement", "plan_reason", sa.Text(), EMPTY),
    ("agreement", "dropped", sa.JSON(), "DEFAULT '{}' NOT NULL"),
    ("agreement", "third_party", sa.String(120), EMPTY),
    ("agreement", "version", sa.Integer(), "DEFAULT 1 NOT NULL"),
    ("agreement", "agreed_version", sa.Integer(), ""),
    ("agreement", "agreed_at", sa.DateTime(timezone=True), ""),
    (
        "agreement",
        "agreed_by_id",
        sa.Uuid(),
        'CONSTRAINT fk_agreement_agreed_by_id REFERENCES "user" (id)',
    ),
    (
        "agreement",
        "liability",
        sa.String(32),
        "CONSTRAINT ck_agreement_liability CHECK (liability IN ('own_fault', 'force_majeure'))",
    ),
    ("budget_line", "baseline_fen", sa.BigInteger(), NONE_YET),
    (
        "budget_line",
        "application_line_id",
        sa.Uuid(),
        "CONSTRAINT fk_budget_line_application_line_id REFERENCES application_budget_line (id)",
    ),
    ("budget_line", "reason", sa.Text(), EMPTY),
)
CHECKS = (
    ("agreement", "ck_agreement_liability_iff_terminated", "(status = 'terminated') = (liability IS NOT NULL)"),
    (
        "agreement",
        "ck_agreement_offered_as_agreed",
        "offered_at IS NULL OR (agreed_version IS NOT NULL AND agreed_version = version)",
    ),
    (
        "agreement",
        "ck_agreement_agreed_by_somebody",
        "(agreed_version IS NULL) = (agreed_at IS NULL) AND (agreed_at IS NULL) = (agreed_by_id IS NULL)",
    ),
    (
        "agreement",
        "ck_agreement_targets_not_negative",
        "person_target >= 0 AND attendance_target >= 0 AND activity_target >= 0",
    ),
)
# What earlier agreements promised stands in their applications; an offered draft counts as agreed by who took part.
FILL = (
    """UPDATE agreement SET
        person_target = (SELECT person_target FROM application WHERE application.id = agreement.application_id),
        attendance_target = (SELECT attendance_target FROM application WHERE application.id = agreement.application_id),
        activity_target = (SELECT activity_target FROM application WHERE application.id = agreement.application_id),
        leader_name = coalesce((SELECT min(name) FROM team_member
            WHERE team_member.application_id = agreement.application_id AND is_leader), ''),
        region = coalesce((SELECT place.name FROM project JOIN place ON place.id = project.community_id
            WHERE project.id = agreement.project_id), '')""",
    """UPDATE agreement SET agreed_version = 1, agreed_at = offered_at,
        agreed_by_id = coalesce(signed_for_organisation_id, drafted_by_id)
        WHERE offered_at IS NOT NULL AND coalesce(signed_for_organisation_id, drafted_by_id) IS NOT NULL""",
    "UPDATE agreement SET offered_at = NULL WHERE agreed_version IS NULL",
    "UPDATE agreement SET liability = 'own_fault' WHERE status = 'terminated'",
    "UPDATE budget_line SET baseline_fen = amount_fen",
    """UPDATE budget_line SET application_line_id = (SELECT application_budget_line.id FROM application_budget_line
        JOIN agreement ON agreement.application_id = application_budget_line.application_id
        WHERE agreement.id = budget_line.agreement_id AND application_budget_line.position = budget_line.position
        AND application_budget_line.content = budget_line.content)""",
)
AGREEMENT_OF_LINE = "(SELECT {0} FROM agreement WHERE agreement.id = NEW.agreement_id)"
OTHER_LINES = (
    "(SELECT coalesce(sum(budget_line.amount_fen), 0) FROM budget_line WHERE budget_line.agreement_id = "
    "NEW.agreement_id AND budget_line.source = 'fiscal' AND budget_line.id <> NEW.id)"
)
SIGNED = AGREEMENT_OF_LINE.format("status") + " <> 'draft'"
ABOVE = f"NEW.source = 'fiscal' AND {SIGNED} AND {OTHER_LINES} + NEW.amount_fen > " + AGREEMENT_OF_LINE.format(
    "amount_fen"
)
APPROVED = (
    "(SELECT count(*) FROM amendment WHERE amendment.agreement_id = NEW.agreement_id "
    "AND amendment.status = 'approved' AND amendment.id <> NEW.id)"
)
PROVEN = (
    "(SELECT coalesce(sum(voucher.amount_fen), 0) FROM voucher WHERE voucher.budget_line_id = NEW.id "
    "AND voucher.status = 'accepted')"
)
GUARDS: list[Guard] = [
    (
        "agreement",
        "UPDATE",
        "OLD.status <> 'draft' AND NEW.amount_fen > OLD.amount_fen",
        "the total of a signed agreement never rises",
    ),
    ("budget_line", "UPDATE", ABOVE, "the lines of a signed agreement stay within its total"),
    ("budget_line", "INSERT", ABOVE, "the lines of a signed agreement stay within its total"),
    ("budget_line", "UPDATE", f"NEW.amount_fen < {PROVEN}", "no budget line falls below what is proven as spent"),
    (
        "amendment",
        "UPDATE",
        f"NEW.status = 'approved' AND {APPROVED} >= 2",
        "an agreement has at most two approved changes",
    ),
    (
        "amendment",
        "UPDATE",
        "OLD.status IN ('approved', 'filed', 'refused', 'withdrawn')",
        "a decided change never changes again",
    ),
]


def upgrade() -> None:
    add_columns(COLUMNS)
    for statement in FILL:
        op.execute(statement)
    for check in CHECKS:
        add_check(*check)
    _amendments()
    _suspensions()
    add_guards("changed", GUARDS)


def _amendments() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("impact_progress", sa.Text(), nullable=False),
        sa.Column("impact_cost", sa.Text(), nullable=False),
        sa.Column("impact_resources", sa.Text(), nullable=False),
        sa.Column("impact_other", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endorsed_by_id", sa.Uuid(), nullable=True),
        sa.Column("endorsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorse_note", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_amendment_reason_given")),
        sa.CheckConstraint("status <> 'filed' OR kind = 'budget'", name=op.f("ck_amendment_only_budget_is_filed")),
        sa.CheckConstraint(
            "status <> 'approved' OR (endorsed_by_id IS NOT NULL AND decided_by_id IS NOT NULL)",
            name=op.f("ck_amendment_approved_by_two_people"),
        ),
        sa.CheckConstraint(
            "endorsed_by_id <> proposed_by_id AND decided_by_id <> proposed_by_id AND decided_by_id <> endorsed_by_id",
            name=op.f("ck_amendment_decided_by_different_people"),
        ),
        sa.CheckConstraint("status <> 'refused' OR decision_note <> ''", name=op.f("ck_amendment_reason_when_refused")),
        sa.CheckConstraint(
            "kind IN ('budget', 'leader', 'period', 'targets', 'region')", name=op.f("ck_amendment_changekind")
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'endorsed', 'approved', 'filed', 'refused', 'withdrawn')",
            name=op.f("ck_amendment_changestatus"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_amendment_agreement_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_amendment_proposed_by_id")),
        sa.ForeignKeyConstraint(["endorsed_by_id"], ["user.id"], name=op.f("fk_amendment_endorsed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_amendment_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint("agreement_id", "number", name=op.f("uq_amendment_agreement_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_amendment_ref")),
    )
    op.create_index(op.f("ix_amendment_agreement_id"), "amendment", ["agreement_id"])
    op.create_index(
        "uq_amendment_open",
        "amendment",
        ["agreement_id"],
        unique=True,
        sqlite_where=OPEN_CHANGE,
        postgresql_where=OPEN_CHANGE,
    )


def _suspensions() -> None:
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspended_by_id", sa.Uuid(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resume_note", sa.Text(), nullable=False),
        sa.Column("resume_proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("resume_proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_by_id", sa.Uuid(), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_suspension_reason_given")),
        sa.CheckConstraint(
            "resumed_by_id <> resume_proposed_by_id", name=op.f("ck_suspension_resumed_by_second_person")
        ),
        sa.CheckConstraint(
            "resumed_at IS NULL OR (resume_proposed_by_id IS NOT NULL AND resumed_by_id IS NOT NULL)",
            name=op.f("ck_suspension_resumed_by_two_people"),
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_suspension_agreement_id")),
        sa.ForeignKeyConstraint(["suspended_by_id"], ["user.id"], name=op.f("fk_suspension_suspended_by_id")),
        sa.ForeignKeyConstraint(
            ["resume_proposed_by_id"], ["user.id"], name=op.f("fk_suspension_resume_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(["resumed_by_id"], ["user.id"], name=op.f("fk_suspension_resumed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(op.f("ix_suspension_agreement_id"), "suspension", ["agreement_id"])
    op.create_index(
        "uq_suspension_open",
        "suspension",
        ["agreement_id"],
        unique=True,
        sqlite_where=NOT_RESUMED,
        postgresql_where=NOT_RESUMED,
    )


def downgrade() -> None:
    remove_guards("changed", GUARDS)
    op.drop_table("suspension")
    op.drop_table("amendment")
    for check in reversed(CHECKS):
        drop_check(*check)
    drop_columns(COLUMNS)
