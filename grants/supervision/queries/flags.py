"""Red flags: what the records of an agreement make worth a second look."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus, MilestoneStatus
from grants.foundation.clock import local, today
from grants.foundation.database import db
from grants.foundation.i18n import _
from grants.supervision.models import Activity, ActivityEvidence, FlagClearance
from grants.supervision.queries.activities import last_recorded_on, list_activities, reused_photos, totals
from grants.supervision.queries.likeness import alike_photos, repeated_names
from grants.supervision.queries.sign import Flag
from grants.supervision.rules import RECORD_WITHIN, ActivityStatus, EvidenceKind, FlagKind, overlaps, setting


def list_flags(agreement: Agreement) -> list[Flag]:
    """List the red flags of an agreement that nobody has explained, the gravest kind first."""
    cleared = {one.key for one in list_clearances(agreement.id)}
    return [flag for flag in find_flags(agreement) if flag.key not in cleared]


def list_clearances(agreement_id: uuid.UUID) -> list[FlagClearance]:
    """List the signs that were looked into and explained, the latest first."""
    statement = select(FlagClearance).where(FlagClearance.agreement_id == agreement_id)
    return list(db.session.scalars(statement.order_by(FlagClearance.at.desc())))


def find_flags(agreement: Agreement) -> list[Flag]:
    """Return every sign in the records of an agreement, explained or not, the gravest kind first."""
    activities = list_activities(agreement.id)
    return [
        *_reused(activities),
        *_overlapping(agreement, activities),
        *_taken_on_another_day(activities),
        *_crowded(activities),
        *_late(activities),
        *_silent(agreement),
        *alike_photos(agreement, activities),
        *repeated_names(agreement, activities),
        *_ending(agreement, sum(one.status is ActivityStatus.RECORDED for one in activities)),
        *(flag for find in _later for flag in find(agreement)),
    ]


_later: list[Callable[[Agreement], list[Flag]]] = []


def know_signs(find: Callable[[Agreement], list[Flag]]) -> None:
    """Hear of the signs that only a later stage can see, such as those in vouchers."""
    if find not in _later:
        _later.append(find)


def _reused(activities: list[Activity]) -> list[Flag]:
    """Return one flag for each file that was handed in for more than one activity."""
    elsewhere = reused_photos([activity.id for activity in activities])
    found: dict[str, tuple[ActivityEvidence, dict[str, Activity]]] = {}
    for activity in activities:
        for evidence in activity.evidence:
            if others := elsewhere.get(evidence.id):
                _first, places = found.setdefault(evidence.file.sha256, (evidence, {}))
                places.update({one.ref: one for one in (activity, *others)})
    return [
        Flag(
            FlagKind.REUSED_FILE,
            _(
                "%(what)s“%(name)s”同时用于 %(places)s，内容完全相同。",
                what=_("签到表") if evidence.kind is EvidenceKind.SIGN_IN else _("照片"),
                name=evidence.file.name,
                places="、".join(sorted(places)),
            ),
            evidence.activity,
        )
        for evidence, places in found.values()
    ]


def _taken_on_another_day(activities: list[Activity]) -> list[Flag]:
    """Compare the day a camera wrote into a photo with the day of the activity; photos without one say nothing."""
    return [
        Flag(
            FlagKind.PHOTO_DAY,
            _(
                "%(ref)s 的照片“%(name)s”拍摄于 %(taken)s，活动日期是 %(held)s。",
                ref=activity.ref,
                name=evidence.file.name,
                taken=local(evidence.file.taken_at).date().isoformat(),
                held=activity.held_on.isoformat(),
            ),
            activity,
        )
        for activity in activities
        for evidence in activity.evidence
        if evidence.kind is EvidenceKind.PHOTO
        and evidence.file.taken_at is not None
        and local(evidence.file.taken_at).date() != activity.held_on
    ]


def _overlapping(agreement: Agreement, activities: list[Activity]) -> list[Flag]:
    """Compare with everything the same organisation does on the same days, under any agreement."""
    named = [one for one in activities if one.team.strip() and one.status is not ActivityStatus.CANCELLED]
    statement = (
        select(Activity)
        .join(Agreement, Agreement.id == Activity.agreement_id)
        .where(
            Agreement.organisation_id == agreement.organisation_id,
            Activity.held_on.in_({one.held_on for one in named}),
            Activity.status != ActivityStatus.CANCELLED,
        )
        .order_by(Activity.ref)
    )
    others = list(db.session.scalars(statement)) if named else []
    return [
        Flag(
            FlagKind.OVERLAP,
            _(
                "%(ref)s 与 %(other)s 在 %(day)s 时间重叠，执行团队相同（%(team)s）。",
                ref=one.ref,
                other=other.ref,
                day=one.held_on.isoformat(),
                team=one.team,
            ),
            one,
        )
        for one in named
        for other in others
        if _same_team_at_once(one, other)
    ]


def _same_team_at_once(one: Activity, other: Activity) -> bool:
    """Tell whether two activities clash; a pair inside one agreement is reported once."""
    if one.id == other.id or one.held_on != other.held_on or one.team.strip() != other.team.strip():
        return False
    if one.agreement_id == other.agreement_id and one.ref > other.ref:
        return False
    return overlaps((one.starts, one.ends), (other.starts, other.ends))


def _crowded(activities: list[Activity]) -> list[Flag]:
    return [
        Flag(
            FlagKind.CROWDED,
            _(
                "%(ref)s 记录 %(count)s 人，场地只能容纳 %(capacity)s 人。",
                ref=one.ref,
                count=one.person_count,
                capacity=one.capacity,
            ),
            one,
        )
        for one in activities
        if one.capacity is not None and one.person_count > one.capacity
    ]


def _late(activities: list[Activity]) -> list[Flag]:
    until = today() - timedelta(days=RECORD_WITHIN)
    return [
        Flag(
            FlagKind.LATE_RECORD,
            _("%(ref)s 应于 %(day)s 举行，至今没有上传记录。", ref=one.ref, day=one.held_on.isoformat()),
            one,
        )
        for one in activities
        if one.status is ActivityStatus.ANNOUNCED and one.held_on < until
    ]


def _silent(agreement: Agreement) -> list[Flag]:
    if agreement.status is not AgreementStatus.SIGNED or agreement.signed_on is None:
        return []
    last = last_recorded_on([agreement.id]).get(agreement.id)
    since: date = max(last or agreement.signed_on, agreement.starts_on)
    days, settings = (today() - since).days, agreement.project.round.settings
    if days > int(setting(settings, "activity_silence_days")):
        return [Flag(FlagKind.SILENCE, _("已有 %(days)s 天没有开展活动的记录。", days=days), mark=f"since {since}")]
    if days > int(setting(settings, "activity_silence_warning_days")):
        text = _("上一次有记录的活动（或协议开始）是 %(day)s，已过 %(days)s 天。", day=since.isoformat(), days=days)
        return [Flag(FlagKind.SILENCE_SOON, text, mark=f"since {since}")]
    return []


def warnings_of(agreement: Agreement) -> list[Flag]:
    """Return what the organisation itself is told of: the end of the term and silence; what may be wrong it is not."""
    return [*_silent(agreement), *_ending(agreement, totals(agreement.id).activity_count)]


def _ending(agreement: Agreement, held: int) -> list[Flag]:
    """Warn in the last days of a term in which not all is done that was agreed."""
    left = (agreement.ends_on - today()).days
    warned = int(setting(agreement.project.round.settings, "ending_warning_days"))
    if agreement.status is not AgreementStatus.SIGNED or left > warned:
        return []
    open_milestones = sum(one.status is not MilestoneStatus.VERIFIED for one in agreement.milestones)
    if held >= agreement.activity_target and not open_milestones:
        return []
    text = _(
        "协议 %(day)s 到期。已开展活动 %(held)s 场，约定 %(target)s 场；还有 %(open)s 个里程碑没有核实。",
        day=agreement.ends_on.isoformat(),
        held=held,
        target=agreement.activity_target,
        open=open_milestones,
    )
    return [Flag(FlagKind.ENDING_SOON, text, mark=f"ends {agreement.ends_on}")]
