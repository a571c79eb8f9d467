"""Appeals against the result of an evaluation: filed in its window, examined by others than the first (复核)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from grants.foundation.i18n import Text, _, _l


class AppealStatus(StrEnum):
    """An appeal is open until it is decided, once."""

    OPEN = "open"
    DECIDED = "decided"


APPEAL_STATUS_LABELS: dict[AppealStatus, Text] = {
    AppealStatus.OPEN: _l("复核中"),
    AppealStatus.DECIDED: _l("已复核"),
}


@dataclass(frozen=True)
class LineChange:
    """One line whose points the re-examination raised."""

    name: str
    before: float
    after: float
    basis: str


def changed_lines(
    lines: Mapping[str, tuple[str, float]], typed: Mapping[str, tuple[float, str]]
) -> dict[str, LineChange]:
    """Return the lines whose points differ from what was given: {code: change}; `lines` are {code: (name, points)}."""
    return {
        code: LineChange(lines[code][0], lines[code][1], points, basis.strip())
        for code, (points, basis) in typed.items()
        if code in lines and points != lines[code][1]
    }


def why_not_uphold(changes: Mapping[str, LineChange], lifts_veto: bool) -> str | None:
    """Say why a re-examination that upholds the appeal is none: nothing rises, or something falls."""
    for change in changes.values():
        if change.after < change.before:
            return _("“%(name)s”复核后不能低于原得分。", name=change.name)
        if not change.basis:
            return _("“%(name)s”调整得分须写明依据。", name=change.name)
    return None if changes or lifts_veto else _("申诉成立须调整得分或撤销一票否决。")
