"""The mid-term evaluation: four dimensions, bonus and malus, a pass line; late means failed (domain §9a)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grants.evaluation.rules.final import Points
from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.foundation.workflow import Workflow


class MidtermStatus(StrEnum):
    """The organisation reports, the office scores, a leader publishes."""

    REPORTING = "reporting"
    SUBMITTED = "submitted"
    PUBLISHED = "published"


class MidtermAction(StrEnum):
    """What moves a mid-term evaluation on; an appeal against lateness may open it again."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    REOPEN = "reopen"


MIDTERM_FLOW = Workflow(
    {
        (MidtermStatus.REPORTING, MidtermAction.SUBMIT): MidtermStatus.SUBMITTED,
        (MidtermStatus.SUBMITTED, MidtermAction.SEND_BACK): MidtermStatus.REPORTING,
        (MidtermStatus.SUBMITTED, MidtermAction.PUBLISH): MidtermStatus.PUBLISHED,
        (MidtermStatus.PUBLISHED, MidtermAction.REOPEN): MidtermStatus.REPORTING,
    }
)

MIDTERM_STATUS_LABELS: dict[MidtermStatus, Text] = {
    MidtermStatus.REPORTING: _l("自评与评分中"),
    MidtermStatus.SUBMITTED: _l("待审定"),
    MidtermStatus.PUBLISHED: _l("已公布"),
}

MIDTERM_FORMULAS: dict[str, Text] = {
    "midterm_schedule": _l("已开展场次 ÷（约定场次 × 已过协议期比例），最高 1"),
    "midterm_people": _l("受益人数、人次各占一半：已服务 ÷（约定 × 已过协议期比例），最高 1"),
    "midterm_execution": _l("经认可的支出 ÷ 已拨款项，最高 1"),
}
"""The lines that are computed, and how; the others are judged."""


@dataclass(frozen=True)
class Progress:
    """What the computed points of the mid-term table are made of; `elapsed` is the share of the term that is over."""

    elapsed: float
    activity_count: int
    activity_target: int
    person_count: int
    person_target: int
    attendance_count: int
    attendance_target: int
    spent_fen: int
    received_fen: int


def elapsed_share(starts_on: date, ends_on: date, day: date) -> float:
    """Return the share of the agreed term that is over on a day, 0 to 1."""
    whole = (ends_on - starts_on).days
    return min(1.0, max(0.0, (day - starts_on).days / whole)) if whole > 0 else 1.0


def midterm_points(progress: Progress, most: Mapping[str, int]) -> dict[str, Points]:
    """Return the points that a formula gives, by criterion code; `most` are the criteria's highest points."""

    def due(count: int, target: int) -> float:
        wanted = target * progress.elapsed
        return min(1.0, count / wanted) if wanted > 0 else 1.0

    activities = due(progress.activity_count, progress.activity_target)
    people = due(progress.person_count, progress.person_target)
    attendances = due(progress.attendance_count, progress.attendance_target)
    spent = min(1.0, progress.spent_fen / progress.received_fen) if progress.received_fen else 0.0
    shares = {
        "midterm_schedule": (
            activities,
            _(
                "%(count)d 场 ÷（%(target)d 场 × %(elapsed).0f%%）",
                count=progress.activity_count,
                target=progress.activity_target,
                elapsed=progress.elapsed * 100,
            ),
        ),
        "midterm_people": (
            (people + attendances) / 2,
            _(
                "%(persons)d 人 ÷（%(person_target)d 人 × %(elapsed).0f%%）；"
                "%(times)d 人次 ÷（%(time_target)d 人次 × %(elapsed).0f%%）",
                persons=progress.person_count,
                person_target=progress.person_target,
                times=progress.attendance_count,
                time_target=progress.attendance_target,
                elapsed=progress.elapsed * 100,
            ),
        ),
        "midterm_execution": (
            spent,
            _(
                "%(spent)s 元 ÷ %(received)s 元",
                spent=yuan(progress.spent_fen),
                received=yuan(progress.received_fen),
            ),
        ),
    }
    return {
        code: Points(round(share * most[code], 2), basis) for code, (share, basis) in shares.items() if code in most
    }


def is_overdue(report_due_on: date, is_reported: bool, today: date) -> bool:
    """Tell whether the organisation's report was not handed in by its last day, which fails the evaluation."""
    return not is_reported and today > report_due_on


def midterm_total(points: float, bonus: float, malus: float) -> float:
    """Return the total: bonus and malus may carry it over 100, never under 0."""
    return max(0.0, round(points + bonus - malus, 2))
