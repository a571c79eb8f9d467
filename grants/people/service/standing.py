"""An organisation's standing: yearly checks, assessment, sanctions; every change leaves a line of history.

Eligibility reads the columns of Organisation; they are kept in step with the history here and nowhere else.
"""

from dataclasses import asdict
from datetime import date

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.people import policy, queries
from grants.people.models import Organisation, StandingRecord, User
from grants.people.rules.dossier import SANCTIONS, STANDING_LABELS, StandingKind
from grants.people.service.organisations import Standing

COLUMNS = {
    StandingKind.ABNORMAL: "abnormal_until",
    StandingKind.DISHONEST: "dishonest_until",
    StandingKind.VIOLATION: "violation_on",
    StandingKind.BREACH: "breach_on",
    StandingKind.POOR_GRADE: "poor_grade_on",
}


def set_standing(*, officer: User, organisation: Organisation, standing: Standing, source: str) -> None:
    """Note yearly checks and assessment as the public registers show them, and what changed in the history."""
    require(policy.why_not_set_standing(officer))
    _note_inspections(officer, organisation, standing, source)
    _note_assessment(officer, organisation, standing, source)
    for name, value in asdict(standing).items():
        setattr(organisation, name, value)
    audit.record("organisation:set_standing", actor=officer, subject=organisation, **asdict(standing))


def _note_inspections(officer: User, organisation: Organisation, standing: Standing, source: str) -> None:
    for year in sorted(set(standing.inspections) | set(organisation.inspections)):
        result = standing.inspections.get(year, "")
        if result != organisation.inspections.get(year, ""):
            _note(
                officer,
                organisation,
                StandingKind.INSPECTION,
                source=source,
                year=int(year),
                result=result or _("更正为暂无结论"),
            )


def _note_assessment(officer: User, organisation: Organisation, standing: Standing, source: str) -> None:
    before = organisation.assessment_grade, organisation.assessment_expires_on
    if before != (standing.assessment_grade, standing.assessment_expires_on):
        _note(
            officer,
            organisation,
            StandingKind.ASSESSMENT,
            source=source,
            result=standing.assessment_grade or _("未参评或已过期"),
            ends_on=standing.assessment_expires_on,
        )


def _note(
    officer: User,
    organisation: Organisation,
    kind: StandingKind,
    *,
    source: str,
    note: str = "",
    year: int | None = None,
    result: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> StandingRecord:
    record = StandingRecord(
        organisation_id=organisation.id,
        kind=kind,
        source=source,
        note=note,
        year=year,
        result=result,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by_id=officer.id,
    )
    db.session.add(record)
    db.session.flush()
    return record


def add_sanction(
    *,
    officer: User,
    organisation: Organisation,
    kind: StandingKind,
    starts_on: date,
    ends_on: date | None,
    source: str,
    note: str = "",
) -> StandingRecord:
    """Note an entry in a public list or a grave violation; it counts at the next eligibility check."""
    require(policy.why_not_set_standing(officer))
    if kind not in SANCTIONS:
        raise RuleBroken(_("请选择记录类别"), "kind")
    if not kind.is_listing and ends_on is not None:
        raise RuleBroken(_("违法处罚和终止记录没有移出日期，请留空"), "ends_on")
    if starts_on > today():
        raise RuleBroken(_("日期不能晚于今天"), "starts_on")
    _check_end(starts_on, ends_on)
    record = _note(officer, organisation, kind, source=source, note=note, starts_on=starts_on, ends_on=ends_on)
    _count_from_worst(organisation, kind)
    audit.record(
        "organisation:add_record",
        actor=officer,
        subject=organisation,
        kind=str(STANDING_LABELS[kind]),
        on=starts_on.isoformat(),
    )
    return record


def note_breach(*, officer: User, organisation: Organisation, source: str) -> None:
    """Note that a project ended today by the organisation's own fault, as part of the act that ends it.

    That act checks who may and leaves the audit entry. Three years out (domain §3, §8).
    """
    _note(officer, organisation, StandingKind.BREACH, source=source, starts_on=today())
    _count_from_worst(organisation, StandingKind.BREACH)


def note_poor_grade(*, officer: User, organisation: Organisation, ref: str) -> None:
    """Note that evaluation `ref` found a project failed, as part of the act that publishes it (domain §3)."""
    # Written in one language whoever presses the button, and found again by the reference in front
    _note(officer, organisation, StandingKind.POOR_GRADE, source=f"{ref} 末期评价不合格", starts_on=today())
    _count_from_worst(organisation, StandingKind.POOR_GRADE)


def lift_poor_grade(*, officer: User, organisation: Organisation, ref: str) -> None:
    """Take back the failed grade of evaluation `ref` that an appeal has raised, as part of the act that upholds it."""
    for record in queries.list_records(organisation.id):
        is_meant = record.kind is StandingKind.POOR_GRADE and record.source.split()[:1] == [ref]
        if not is_meant or record.withdrawn_at is not None:
            continue
        record.withdrawn_at, record.withdrawn_by_id, record.withdraw_reason = now(), officer.id, _("申诉成立，改评合格")
        _keep_in_step(record)


def _count_from_worst(organisation: Organisation, kind: StandingKind) -> None:
    earlier: date | None = getattr(organisation, COLUMNS[kind])
    worst = queries.find_worst_day(organisation.id, kind)
    setattr(organisation, COLUMNS[kind], max((day for day in (earlier, worst) if day), default=None))


def _check_end(starts_on: date | None, ends_on: date | None) -> None:
    if ends_on is None:
        return
    if starts_on is not None and ends_on < starts_on:
        raise RuleBroken(_("移出日期不能早于列入日期"), "ends_on")
    if ends_on > today():
        raise RuleBroken(_("移出日期不能晚于今天；尚未移出的请留空"), "ends_on")


def end_listing(*, officer: User, record: StandingRecord, ends_on: date) -> None:
    """Note that an organisation was taken out of a list; its clear years count from that day."""
    require(policy.why_not_change_record(officer, record))
    if not record.is_open:
        raise TransitionRefused(_("这条记录没有待登记的移出日期。"))
    _check_end(record.starts_on, ends_on)
    record.ends_on = ends_on
    _keep_in_step(record)
    audit.record("organisation:end_record", actor=officer, subject=record.organisation, on=ends_on.isoformat())


def withdraw_record(*, officer: User, record: StandingRecord, reason: str) -> None:
    """Take back a sanction noted by mistake; the line stays readable, and counts no more."""
    require(policy.why_not_change_record(officer, record))
    if record.kind not in SANCTIONS:
        raise TransitionRefused(_("年检和评估有误的，请重新登记正确的结论。"))
    record.withdrawn_at, record.withdrawn_by_id, record.withdraw_reason = now(), officer.id, reason
    _keep_in_step(record)
    audit.record("organisation:withdraw_record", actor=officer, subject=record.organisation, reason=reason)


def _keep_in_step(record: StandingRecord) -> None:
    db.session.flush()
    worst = queries.find_worst_day(record.organisation_id, record.kind)
    setattr(record.organisation, COLUMNS[record.kind], worst)
