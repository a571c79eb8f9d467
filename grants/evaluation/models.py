"""Satisfaction surveys, measured indicators, mid-term and final evaluations and their points."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from grants.agreements.models import Agreement
from grants.evaluation.rules import (
    AppealStatus,
    EvaluationStatus,
    FiscalLevel,
    Grade,
    MidtermStatus,
    Satisfaction,
    SurveyChannel,
    SurveyStatus,
    VetoItem,
    grade_label,
)
from grants.foundation.clock import now
from grants.foundation.database import Model, uuid_key
from grants.foundation.i18n import Text as Words
from grants.people.models import User
from grants.projects.models import Indicator
from grants.rounds.models import Criterion


class Survey(Model):
    """The satisfaction survey of one project, answered by people it served."""

    __tablename__ = "survey"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), unique=True)
    status: Mapped[SurveyStatus] = mapped_column(default=SurveyStatus.OPEN)
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]
    agreement: Mapped[Agreement] = relationship()
    invitations: Mapped[list["SurveyInvitation"]] = relationship(back_populates="survey")
    answers: Mapped[list["SurveyAnswer"]] = relationship(back_populates="survey")
    checks: Mapped[list["SurveyCheck"]] = relationship(back_populates="survey", order_by="SurveyCheck.at")
    __table_args__ = (CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at_iff_closed"),)


class SurveyInvitation(Model):
    """A one-time token for somebody served; used means answered, by an answer that does not name it."""

    __tablename__ = "survey_invitation"
    id: Mapped[uuid.UUID] = uuid_key()
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    resident_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("resident.id"))
    is_used: Mapped[bool] = mapped_column(default=False)
    survey: Mapped[Survey] = relationship(back_populates="invitations")
    __table_args__ = (UniqueConstraint("survey_id", "resident_id"),)


class SurveyAnswer(Model):
    """One person's anonymous verdict, with the three senses (获得感、幸福感、安全感), 1–5 each."""

    __tablename__ = "survey_answer"
    id: Mapped[uuid.UUID] = uuid_key()
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    channel: Mapped[SurveyChannel]
    satisfaction: Mapped[Satisfaction]
    gain: Mapped[int]
    happiness: Mapped[int]
    safety: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    survey: Mapped[Survey] = relationship(back_populates="answers")
    __table_args__ = (
        CheckConstraint(
            "gain BETWEEN 1 AND 5 AND happiness BETWEEN 1 AND 5 AND safety BETWEEN 1 AND 5", name="senses_in_range"
        ),
    )


class SurveyCheck(Model):
    """One call to somebody on the activity lists: were they there, did they answer. Says nothing of what they answered.

    `person` is the masked name on the list; `has_joined` and `has_answered` are null where nobody picked up.
    """

    __tablename__ = "survey_check"
    id: Mapped[uuid.UUID] = uuid_key()
    survey_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("survey.id"), index=True)
    person: Mapped[str] = mapped_column(String(60))
    is_reached: Mapped[bool]
    has_joined: Mapped[bool | None]
    has_answered: Mapped[bool | None]
    note: Mapped[str] = mapped_column(Text, default="")
    called_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    survey: Mapped[Survey] = relationship(back_populates="checks")
    called_by: Mapped[User] = relationship()
    __table_args__ = (
        CheckConstraint(
            "is_reached = (has_joined IS NOT NULL) AND is_reached = (has_answered IS NOT NULL)",
            name="answered_iff_reached",
        ),
    )


class Measurement(Model):
    """The value an indicator reached, where it was read, and what the fiscal self-evaluation judged and explained."""

    __tablename__ = "measurement"
    id: Mapped[uuid.UUID] = uuid_key()
    indicator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("indicator.id"), unique=True)
    value: Mapped[float] = mapped_column(Numeric(14, 2, asdecimal=False))
    source: Mapped[str] = mapped_column(String(160), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[FiscalLevel | None]
    level_percent: Mapped[float | None] = mapped_column(Numeric(5, 2, asdecimal=False))
    cut_percent: Mapped[float] = mapped_column(Numeric(5, 2, asdecimal=False), default=0)
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    indicator: Mapped[Indicator] = relationship()
    __table_args__ = (
        CheckConstraint(
            "(level IS NULL) = (level_percent IS NULL) AND (level IS NULL "
            "OR (level = 'reached' AND level_percent BETWEEN 80 AND 100) "
            "OR (level = 'partly' AND level_percent BETWEEN 60 AND 80) "
            "OR (level = 'missed' AND level_percent BETWEEN 0 AND 60))",
            name="percent_in_level",
        ),
        CheckConstraint("cut_percent BETWEEN 0 AND 100", name="cut_in_range"),
    )


class Evaluation(Model):
    """The final evaluation of one project."""

    __tablename__ = "evaluation"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), unique=True)
    status: Mapped[EvaluationStatus] = mapped_column(default=EvaluationStatus.DRAFT)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    strengths: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    suggestions: Mapped[str] = mapped_column(Text, default="")
    self_assessment: Mapped[str] = mapped_column(Text, default="")
    veto_item: Mapped[VetoItem | None]
    veto_reason: Mapped[str | None] = mapped_column(Text)
    total: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    grade: Mapped[Grade | None]
    drafted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    scored_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]
    objections_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    agreement: Mapped[Agreement] = relationship()
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    points: Mapped[list["EvaluationPoint"]] = relationship(back_populates="evaluation")
    __table_args__ = (
        CheckConstraint("(status = 'published') = (published_at IS NOT NULL)", name="published_at_iff_published"),
        CheckConstraint("status = 'draft' OR (total IS NOT NULL AND grade IS NOT NULL)", name="graded_unless_draft"),
        CheckConstraint(
            "published_by_id IS NULL OR published_by_id <> drafted_by_id", name="published_by_second_person"
        ),
        CheckConstraint("veto_reason IS NULL OR grade IS NULL OR grade = 'fail'", name="veto_fails"),
        CheckConstraint("veto_item IS NULL OR veto_reason IS NOT NULL", name="veto_item_has_reason"),
        CheckConstraint("published_by_id IS NULL OR published_by_id <> scored_by_id", name="published_by_no_scorer"),
    )

    @property
    def grade_label(self) -> Words | None:
        """Return the grade in the words of the round's own table."""
        return grade_label(self.grade, self.agreement.project.round.settings) if self.grade else None


class EvaluationPoint(Model):
    """Points for one line of the final table: computed by formula or judged, with its basis."""

    __tablename__ = "evaluation_point"
    id: Mapped[uuid.UUID] = uuid_key()
    evaluation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criterion.id"))
    points: Mapped[float] = mapped_column(Numeric(5, 2, asdecimal=False))
    is_computed: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[str] = mapped_column(Text, default="")
    evaluation: Mapped[Evaluation] = relationship(back_populates="points")
    criterion: Mapped[Criterion] = relationship()
    __table_args__ = (
        UniqueConstraint("evaluation_id", "criterion_id"),
        CheckConstraint("points >= 0", name="points_not_negative"),
    )


class Midterm(Model):
    """One mid-term evaluation of a project; after a failure and its rectification there may be another attempt."""

    __tablename__ = "midterm"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    status: Mapped[MidtermStatus] = mapped_column(default=MidtermStatus.REPORTING)
    report_due_on: Mapped[date]
    report: Mapped[str] = mapped_column(Text, default="")
    report_problems: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None]
    reported_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    is_late: Mapped[bool] = mapped_column(default=False)
    bonus_points: Mapped[float] = mapped_column(Numeric(5, 2, asdecimal=False), default=0)
    bonus_reason: Mapped[str] = mapped_column(Text, default="")
    malus_points: Mapped[float] = mapped_column(Numeric(5, 2, asdecimal=False), default=0)
    malus_reason: Mapped[str] = mapped_column(Text, default="")
    conclusion: Mapped[str] = mapped_column(Text, default="")
    suggestions: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    is_passed: Mapped[bool | None]
    opened_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    scored_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None]
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]
    objections_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    agreement: Mapped[Agreement] = relationship()
    scored_by: Mapped[User | None] = relationship(foreign_keys=[scored_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    points: Mapped[list["MidtermPoint"]] = relationship(back_populates="midterm")
    __table_args__ = (
        UniqueConstraint("agreement_id", "attempt"),
        CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL AND objections_until IS NOT NULL)",
            name="published_with_window",
        ),
        CheckConstraint(
            "status = 'reporting' OR (total IS NOT NULL AND is_passed IS NOT NULL)", name="decided_when_submitted"
        ),
        CheckConstraint("published_by_id IS NULL OR published_by_id <> scored_by_id", name="published_by_second"),
        CheckConstraint("NOT is_late OR (reported_at IS NULL AND NOT is_passed)", name="late_fails"),
        CheckConstraint("status = 'reporting' OR is_late OR reported_at IS NOT NULL", name="scored_on_report"),
        CheckConstraint("bonus_points >= 0 AND (bonus_points = 0 OR bonus_reason <> '')", name="bonus_has_reason"),
        CheckConstraint("malus_points >= 0 AND (malus_points = 0 OR malus_reason <> '')", name="malus_has_reason"),
    )


class MidtermPoint(Model):
    """Points for one line of the mid-term table: computed by formula or judged, with its basis."""

    __tablename__ = "midterm_point"
    id: Mapped[uuid.UUID] = uuid_key()
    midterm_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("midterm.id"), index=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("criterion.id"))
    points: Mapped[float] = mapped_column(Numeric(5, 2, asdecimal=False))
    is_computed: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[str] = mapped_column(Text, default="")
    midterm: Mapped[Midterm] = relationship(back_populates="points")
    criterion: Mapped[Criterion] = relationship()
    __table_args__ = (
        UniqueConstraint("midterm_id", "criterion_id"),
        CheckConstraint("points >= 0", name="points_not_negative"),
    )


class Appeal(Model):
    """The organisation's objection to a result, examined by people who had no hand in it, with before and after."""

    __tablename__ = "appeal"
    id: Mapped[uuid.UUID] = uuid_key()
    ref: Mapped[str] = mapped_column(String(30), unique=True)
    evaluation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evaluation.id"), unique=True)
    midterm_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("midterm.id"), unique=True)
    status: Mapped[AppealStatus] = mapped_column(default=AppealStatus.OPEN)
    grounds: Mapped[str] = mapped_column(Text)
    filed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    filed_at: Mapped[datetime] = mapped_column(default=now)
    first_scored_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    first_decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    total_before: Mapped[float] = mapped_column(Numeric(6, 2, asdecimal=False))
    result_before: Mapped[str] = mapped_column(String(40))
    examined_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    is_upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[list[Any]] = mapped_column(default=list)
    total_after: Mapped[float | None] = mapped_column(Numeric(6, 2, asdecimal=False))
    result_after: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None]
    evaluation: Mapped[Evaluation | None] = relationship()
    midterm: Mapped["Midterm | None"] = relationship()
    examined_by: Mapped[User | None] = relationship(foreign_keys=[examined_by_id])
    __table_args__ = (
        CheckConstraint("(evaluation_id IS NULL) <> (midterm_id IS NULL)", name="one_subject"),
        CheckConstraint(
            "(status = 'decided') = (decided_at IS NOT NULL AND examined_by_id IS NOT NULL AND is_upheld IS NOT NULL "
            "AND answer <> '')",
            name="decided_with_answer",
        ),
        CheckConstraint(
            "examined_by_id IS NULL "
            "OR (examined_by_id <> first_scored_by_id AND examined_by_id <> first_decided_by_id)",
            name="examined_by_others",
        ),
    )

    @property
    def subject(self) -> "Evaluation | Midterm":
        """Return the evaluation that is appealed against."""
        found = self.evaluation or self.midterm
        if found is None:
            raise LookupError("an appeal without a subject")
        return found

    @property
    def agreement(self) -> Agreement:
        """Return the agreement whose evaluation is appealed against."""
        return self.subject.agreement


class DepartmentPoint(Model):
    """Points that the evaluating group set for one indicator of a round, against or beside what the records give."""

    __tablename__ = "department_point"
    id: Mapped[uuid.UUID] = uuid_key()
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id"))
    code: Mapped[str] = mapped_column(String(40))
    points: Mapped[float] = mapped_column(Numeric(5, 2, asdecimal=False))
    reason: Mapped[str] = mapped_column(Text)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    made_by: Mapped[User] = relationship()
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        CheckConstraint("points >= 0 AND reason <> ''", name="points_with_reason"),
    )
