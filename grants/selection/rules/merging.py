"""Two people in one form: which of two texts stays, and when only a person can say.

Every part of the form is compared in its raw shape, as it was typed. A page remembers what it was given as short
digests, so that a part its reader never touched cannot overwrite what somebody else wrote meanwhile.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from grants.foundation.money import yuan_plain

Raw = str | list[dict[str, str]]
"""A part as it is typed: a text, or rows of texts."""


@dataclass(frozen=True)
class Base:
    """What a page was given when it was opened: the version, a mark of its own, and a digest of every part."""

    version: int
    page: str = ""
    digests: Mapping[str, str] | None = None


class Outcome(StrEnum):
    """What becomes of one part."""

    MINE = "mine"
    THEIRS = "theirs"
    CONFLICT = "conflict"


def digest(raw: Raw) -> str:
    """Return a short digest of a part, equal for equal content."""
    canonical = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def reconcile(mine: Raw, theirs: Raw, *, base_digest: str | None, is_current: bool, is_own: bool) -> Outcome:
    """Decide between what a page sends (mine) and what is stored (theirs).

    `is_current`: nothing was saved since the page was opened; `is_own`: the stored text came from this very page.
    A part is a conflict only when both sides changed it, to different things, since the page was opened.
    """
    if mine == theirs:
        return Outcome.THEIRS
    if is_current or is_own:
        return Outcome.MINE
    if base_digest is not None and digest(mine) == base_digest:
        return Outcome.THEIRS
    if base_digest is not None and digest(theirs) == base_digest:
        return Outcome.MINE
    return Outcome.CONFLICT


def raw_of(value: Any) -> Raw:
    """Return a typed value as it would be typed: dates as 2026-03-01, 分 as 元 with two decimals, rows as dicts."""
    if isinstance(value, (list, tuple)):
        return [_raw_row(row) for row in value]
    return _raw_cell(value)


def _raw_row(row: Any) -> dict[str, str]:
    if not is_dataclass(row):
        raise TypeError("rows are dataclasses")
    return {
        field.name.removesuffix("_fen"): yuan_plain(getattr(row, field.name))
        if field.name.endswith("_fen")
        else _raw_cell(getattr(row, field.name))
        for field in fields(row)
    }


def _raw_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, StrEnum):
        return value.value
    return str(value).replace("\r\n", "\n").strip()
