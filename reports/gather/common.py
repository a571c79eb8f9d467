"""What every gathering needs: who signs, how percentages and texts are put, and a hash of what a paper says."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import current_app

from grants.evaluation.rules import Satisfaction
from grants.foundation.clock import now
from reports.data.common import Answers, Signatory, Stamp
from reports.data.official_paper import OfficialPaper

DEPARTMENT = "社区建设部"
UNISSUED = "—"
BOXES = (Signatory("编制"), Signatory("审核"), Signatory("审批"))
ONE_ISSUE = (
    "number",
    "reference",
    "check_code",
    "verify_url",
    "data_cutoff_at",
    "generated_at",
    "issued_at",
    "signed_on",
)
"""What differs between two issues of a paper that says the same."""


@dataclass(frozen=True)
class Gathered:
    """What a paper says, and how it is filed: under which title, in which series of numbers, still a draft or not."""

    document: Any
    title: str
    series: str
    is_draft: bool


def issuer() -> str:
    """Return the name of the office that issues, as papers write it."""
    name: str = current_app.config["SETTINGS"].street_name
    return name if name.endswith("办事处") else f"{name}办事处"


def street() -> str:
    """Return the name of the street, without 办事处."""
    return issuer().removesuffix("办事处")


def document_series(year: int) -> tuple[str, str]:
    """Return what stands before the number of an official paper of a year, and the series it is counted in."""
    return f"{street()[0]}街社建〔{year}〕", f"WH-{year}"


def unissued_stamp(*, is_draft: bool, signatories: tuple[Signatory, ...] = BOXES) -> Stamp:
    """Return the stamp of a paper that has no number yet."""
    moment = now()
    return Stamp(
        number=UNISSUED,
        check_code=UNISSUED,
        verify_url=UNISSUED,
        data_cutoff_at=moment,
        generated_at=moment,
        issuer=issuer(),
        department=DEPARTMENT,
        is_draft=is_draft,
        signatories=signatories,
    )


def stamped(document: Any, *, number: str, code: str, verify_url: str, at: datetime) -> Any:
    """Return a gathered document with its number, code and time."""
    if hasattr(document, "stamp"):
        stamp = replace(document.stamp, number=number, check_code=code, verify_url=verify_url, generated_at=at)
        return replace(document, stamp=stamp)
    issued = replace(document, check_code=code, verify_url=verify_url, issued_at=at)
    if isinstance(issued, OfficialPaper):
        return replace(issued, reference=number, number=_document_number(issued, number))
    return replace(issued, reference=number)


def _document_number(paper: OfficialPaper, reference: str) -> str:
    """Return the 发文字号, such as 梧街社建〔2026〕3号: no leading zero; a draft has none yet."""
    if not paper.series:
        return ""
    return f"{paper.series}号" if paper.is_draft else f"{paper.series}{int(reference.rpartition('-')[2])}号"


def data_hash(document: Any) -> str:
    """Return the SHA-256 of what a paper says, whenever and under whatever number it is issued."""
    parts = asdict(document)
    holder = parts.get("stamp", parts)
    for name in ONE_ISSUE:
        holder.pop(name, None)
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def decimal(value: float | int | None, places: int = 2) -> Decimal | None:
    """Return a stored number as an exact decimal of so many places."""
    return None if value is None else round(Decimal(str(value)), places)


def satisfaction(counts: Mapping[Satisfaction, int]) -> Answers:
    """Return counts of the five answers, best first."""
    first, second, third, fourth, fifth = (counts.get(answer, 0) for answer in Satisfaction)
    return Answers((first, second, third, fourth, fifth))


def points_of_five(counts: Mapping[int, int]) -> Answers:
    """Return counts of a 1–5 scale as the five answers, 5 being the best."""
    first, second, third, fourth, fifth = (counts.get(points, 0) for points in (5, 4, 3, 2, 1))
    return Answers((first, second, third, fourth, fifth))


def listed(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, one point each."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
