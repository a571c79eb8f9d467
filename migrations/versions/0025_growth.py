"""What one round leaves to the next: cases, leaders who agreed to be named, needs taken over."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("exemplary_case", "case_picture", "leader_consent", "carried_need")
IN_FORCE = sa.text("withdrawn_at IS NULL")
WITHDRAWN = "(withdrawn_at IS NULL) = (withdraw_reason IS NULL) AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"


def upgrade() -> None:
    """Add the library of cases, the consents and the needs taken over."""
    _cases()
    _consents()
    _needs()


def downgrade() -> None:
    """Take everything away again, the last table first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _cases() -> None:
    op.create_table(
        "exemplary_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("lessons", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("chosen_by_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("grade IN ('excellent', 'good', 'pass', 'fail')", name=op.f("ck_exemplary_case_grade")),
        sa.CheckConstraint("grade <> 'fail'", name=op.f("ck_exemplary_case_no_failure_is_a_case")),
        sa.CheckConstraint(
            "grade = 'excellent' OR reason IS NOT NULL", name=op.f("ck_exemplary_case_reason_unless_excellent")
        ),
        sa.CheckConstraint(WITHDRAWN, name=op.f("ck_exemplary_case_withdrawn_by_somebody_with_reason")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_exemplary_case_agreement_id")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["user.id"], name=op.f("fk_exemplary_case_chosen_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name=op.f("fk_exemplary_case_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplary_case")),
        sa.UniqueConstraint("ref", name=op.f("uq_exemplary_case_ref")),
    )
    _one_in_force("uq_exemplary_case_in_library", "exemplary_case", ["agreement_id"])
    op.create_table(
        "case_picture",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("position IN (1, 2)", name=op.f("ck_case_picture_two_pictures")),
        sa.ForeignKeyConstraint(["case_id"], ["exemplary_case.id"], name=op.f("fk_case_picture_case_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["activity_evidence.id"], name=op.f("fk_case_picture_evidence_id")),
        sa.PrimaryKeyConstraint("case_id", "position", name=op.f("pk_case_picture")),
        sa.UniqueConstraint("case_id", "evidence_id", name=op.f("uq_case_picture_case_id_evidence_id")),
    )


def _consents() -> None:
    op.create_table(
        "leader_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_leader_consent_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_leader_consent_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leader_consent")),
    )
    _one_in_force("uq_leader_consent_in_force", "leader_consent", ["organisation_id", "name"])


def _needs() -> None:
    op.create_table(
        "carried_need",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("from_need_id", sa.Uuid(), nullable=False),
        sa.Column("carried_by_id", sa.Uuid(), nullable=False),
        sa.Column("carried_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("need_id <> from_need_id", name=op.f("ck_carried_need_carried_into_another")),
        sa.ForeignKeyConstraint(["carried_by_id"], ["user.id"], name=op.f("fk_carried_need_carried_by_id")),
        sa.ForeignKeyConstraint(["from_need_id"], ["need.id"], name=op.f("fk_carried_need_from_need_id")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_carried_need_need_id")),
        sa.PrimaryKeyConstraint("need_id", name=op.f("pk_carried_need")),
        sa.UniqueConstraint("from_need_id", name=op.f("uq_carried_need_from_need_id")),
    )


def _one_in_force(name: str, table: str, columns: list[str]) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)
