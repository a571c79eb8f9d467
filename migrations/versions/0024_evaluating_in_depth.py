"""Mid-term evaluations and what an agreement knows of theirs; veto items, appeals, failed grades on the record."""

import sqlalchemy as sa
from alembic import op

from migrations.changes import (
    add_check,
    add_columns,
    add_guards,
    drop_check,
    drop_columns,
    remove_guards,
    replace_check,
)

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

RESULT = "CONSTRAINT ck_agreement_midtermresult CHECK (midterm_result IN ('passed', 'failed', 'appealed'))"
USER = 'CONSTRAINT fk_evaluation_scored_by_id REFERENCES "user" (id)'
VETO = (
    "CONSTRAINT ck_evaluation_vetoitem CHECK "
    "(veto_item IN ('fraud', 'misuse', 'audit_refused', 'incident', 'satisfaction'))"
)
LEVEL = "CONSTRAINT ck_measurement_fiscallevel CHECK (level IN ('reached', 'partly', 'missed'))"
CHECKS = (
    (
        "measurement",
        "ck_measurement_percent_in_level",
        "(level IS NULL) = (level_percent IS NULL) AND (level IS NULL "
        "OR (level = 'reached' AND level_percent BETWEEN 80 AND 100) "
        "OR (level = 'partly' AND level_percent BETWEEN 60 AND 80) "
        "OR (level = 'missed' AND level_percent BETWEEN 0 AND 60))",
    ),
    ("measurement", "ck_measurement_cut_in_range", "cut_percent BETWEEN 0 AND 100"),
    ("evaluation", "ck_evaluation_veto_item_has_reason", "veto_item IS NULL OR veto_reason IS NOT NULL"),
    (
        "evaluation",
        "ck_evaluation_published_by_no_scorer",
        "published_by_id IS NULL OR published_by_id <> scored_by_id",
    ),
)
CONDITIONS = ("eligibility_check", "ck_eligibility_check_condition")
ELEVEN = (
    "condition IN ('registered', 'scope', 'not_abnormal', 'not_dishonest', 'no_violation', 'no_breach', "
    "'inspections', 'not_double', 'payee', 'within_limit', 'within_ceiling')"
)
TWELVE = ELEVEN.replace("'inspections'", "'no_poor_grade', 'inspections'")
RECORDS = ("standing_record", "ck_standing_record_standingkind")
SIX = "kind IN ('inspection', 'assessment', 'abnormal', 'dishonest', 'violation', 'breach')"
SEVEN = SIX.replace("'breach'", "'breach', 'poor_grade'")
COUNTS = "midterm_counts_on IS NULL OR midterm_result = 'passed'"


def columns() -> list[tuple[str, str, sa.types.TypeEngine[object], str]]:
    """Return the new columns; agreements that exist were made under rules without a mid-term evaluation."""
    no = "0" if op.get_bind().dialect.name == "sqlite" else "false"
    return [
        ("agreement", "needs_midterm", sa.Boolean(), f"NOT NULL DEFAULT {no}"),
        ("agreement", "midterm_result", sa.String(length=32), RESULT),
        ("agreement", "midterm_counts_on", sa.Date(), ""),
        ("evaluation", "veto_item", sa.String(length=32), VETO),
        ("evaluation", "scored_by_id", sa.Uuid(), USER),
        ("evaluation", "objections_until", sa.Date(), ""),
        ("organisation", "poor_grade_on", sa.Date(), ""),
        ("measurement", "level", sa.String(length=32), LEVEL),
        ("measurement", "level_percent", sa.Numeric(precision=5, scale=2), ""),
        ("measurement", "cut_percent", sa.Numeric(precision=5, scale=2), "NOT NULL DEFAULT 0"),
    ]


def guards() -> list[tuple[str, str, str, str]]:
    """Return what the database refuses: to pay a middle tranche without a mid-term evaluation that was passed."""
    return [
        (
            "payment_request",
            "UPDATE",
            "NEW.status = 'paid' AND OLD.status <> 'paid' AND EXISTS (SELECT 1 FROM tranche t "
            "JOIN agreement a ON a.id = t.agreement_id WHERE t.id = NEW.tranche_id AND t.gate = 'midterm' "
            "AND a.needs_midterm AND (a.midterm_result IS NULL OR a.midterm_result <> 'passed'))",
            "a middle tranche is paid after a mid-term evaluation that was passed",
        )
    ]


def upgrade() -> None:
    add_columns(columns())
    add_check("agreement", "ck_agreement_midterm_counts_if_passed", COUNTS)
    for check in CHECKS:
        add_check(*check)
    replace_check(*CONDITIONS, ELEVEN, TWELVE)
    replace_check(*RECORDS, SIX, SEVEN)
    _midterms()
    _appeals()
    _calls()
    _department()
    add_guards("evaluating", guards())


def _midterms() -> None:
    op.create_table(
        "midterm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("report_due_on", sa.Date(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("report_problems", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("bonus_points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("bonus_reason", sa.Text(), nullable=False),
        sa.Column("malus_points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("malus_reason", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("scored_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL AND objections_until IS NOT NULL)",
            name=op.f("ck_midterm_published_with_window"),
        ),
        sa.CheckConstraint(
            "status = 'reporting' OR (total IS NOT NULL AND is_passed IS NOT NULL)",
            name=op.f("ck_midterm_decided_when_submitted"),
        ),
        sa.CheckConstraint(
            "published_by_id IS NULL OR published_by_id <> scored_by_id", name=op.f("ck_midterm_published_by_second")
        ),
        sa.CheckConstraint(
            "NOT is_late OR (reported_at IS NULL AND NOT is_passed)", name=op.f("ck_midterm_late_fails")
        ),
        sa.CheckConstraint(
            "status = 'reporting' OR is_late OR reported_at IS NOT NULL", name=op.f("ck_midterm_scored_on_report")
        ),
        sa.CheckConstraint(
            "bonus_points >= 0 AND (bonus_points = 0 OR bonus_reason <> '')", name=op.f("ck_midterm_bonus_has_reason")
        ),
        sa.CheckConstraint(
            "malus_points >= 0 AND (malus_points = 0 OR malus_reason <> '')", name=op.f("ck_midterm_malus_has_reason")
        ),
        sa.CheckConstraint("status IN ('reporting', 'submitted', 'published')", name=op.f("ck_midterm_midtermstatus")),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_midterm_agreement_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_midterm_opened_by_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["user.id"], name=op.f("fk_midterm_published_by_id")),
        sa.ForeignKeyConstraint(["reported_by_id"], ["user.id"], name=op.f("fk_midterm_reported_by_id")),
        sa.ForeignKeyConstraint(["scored_by_id"], ["user.id"], name=op.f("fk_midterm_scored_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_midterm")),
        sa.UniqueConstraint("agreement_id", "attempt", name=op.f("uq_midterm_agreement_id_attempt")),
        sa.UniqueConstraint("ref", name=op.f("uq_midterm_ref")),
    )
    op.create_index(op.f("ix_midterm_agreement_id"), "midterm", ["agreement_id"])
    op.create_table(
        "midterm_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("midterm_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("is_computed", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_midterm_point_points_not_negative")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_midterm_point_criterion_id")),
        sa.ForeignKeyConstraint(["midterm_id"], ["midterm.id"], name=op.f("fk_midterm_point_midterm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_midterm_point")),
        sa.UniqueConstraint("midterm_id", "criterion_id", name=op.f("uq_midterm_point_midterm_id_criterion_id")),
    )
    op.create_index(op.f("ix_midterm_point_midterm_id"), "midterm_point", ["midterm_id"])


def _appeals() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=30), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=True),
        sa.Column("midterm_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("filed_by_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_scored_by_id", sa.Uuid(), nullable=True),
        sa.Column("first_decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("total_before", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=False),
        sa.Column("result_before", sa.String(length=40), nullable=False),
        sa.Column("examined_by_id", sa.Uuid(), nullable=True),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("total_after", sa.Numeric(precision=6, scale=2, asdecimal=False), nullable=True),
        sa.Column("result_after", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(evaluation_id IS NULL) <> (midterm_id IS NULL)", name=op.f("ck_appeal_one_subject")),
        sa.CheckConstraint(
            "(status = 'decided') = (decided_at IS NOT NULL AND examined_by_id IS NOT NULL AND is_upheld IS NOT NULL "
            "AND answer <> '')",
            name=op.f("ck_appeal_decided_with_answer"),
        ),
        sa.CheckConstraint(
            "examined_by_id IS NULL "
            "OR (examined_by_id <> first_scored_by_id AND examined_by_id <> first_decided_by_id)",
            name=op.f("ck_appeal_examined_by_others"),
        ),
        sa.CheckConstraint("status IN ('open', 'decided')", name=op.f("ck_appeal_appealstatus")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_appeal_evaluation_id")),
        sa.ForeignKeyConstraint(["midterm_id"], ["midterm.id"], name=op.f("fk_appeal_midterm_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["user.id"], name=op.f("fk_appeal_filed_by_id")),
        sa.ForeignKeyConstraint(["first_scored_by_id"], ["user.id"], name=op.f("fk_appeal_first_scored_by_id")),
        sa.ForeignKeyConstraint(["first_decided_by_id"], ["user.id"], name=op.f("fk_appeal_first_decided_by_id")),
        sa.ForeignKeyConstraint(["examined_by_id"], ["user.id"], name=op.f("fk_appeal_examined_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("evaluation_id", name=op.f("uq_appeal_evaluation_id")),
        sa.UniqueConstraint("midterm_id", name=op.f("uq_appeal_midterm_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_appeal_ref")),
    )


def _calls() -> None:
    op.create_table(
        "survey_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
        sa.Column("has_joined", sa.Boolean(), nullable=True),
        sa.Column("has_answered", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("called_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "is_reached = (has_joined IS NOT NULL) AND is_reached = (has_answered IS NOT NULL)",
            name=op.f("ck_survey_check_answered_iff_reached"),
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_check_survey_id")),
        sa.ForeignKeyConstraint(["called_by_id"], ["user.id"], name=op.f("fk_survey_check_called_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_check")),
    )
    op.create_index(op.f("ix_survey_check_survey_id"), "survey_check", ["survey_id"])


def _department() -> None:
    op.create_table(
        "department_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points >= 0 AND reason <> ''", name=op.f("ck_department_point_points_with_reason")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_department_point_round_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_department_point_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_point")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_department_point_round_id_code")),
    )


def downgrade() -> None:
    remove_guards("evaluating", guards())
    op.drop_table("department_point")
    op.drop_table("survey_check")
    op.drop_table("appeal")
    op.drop_table("midterm_point")
    op.drop_table("midterm")
    op.execute("DELETE FROM standing_record WHERE kind = 'poor_grade'")
    replace_check(*RECORDS, SEVEN, SIX)
    op.execute("DELETE FROM eligibility_check WHERE condition = 'no_poor_grade'")
    replace_check(*CONDITIONS, TWELVE, ELEVEN)
    for check in CHECKS:
        drop_check(*check)
    drop_check("agreement", "ck_agreement_midterm_counts_if_passed", COUNTS)
    drop_columns(columns())
