"""Rules of voting on paper and with printed codes, pure: how a slip is read, how a surplus is drawn out by lot."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from grants.voting.rules.markings import BadSpelling, chosen
from grants.voting.rules.polls import PollKind

SHEET = "code-sheet"
"""What a sealed sheet of codes is sealed for, on its way from the page that made it to the printer."""
SHEET_SIZE = 200
"""As many codes as one sheet holds: twenty pages, printed while somebody waits."""
HELPER_SHARE, HELPER_LEAST = 0.1, 10
"""One helper with at least ten assisted votes and more than a tenth of all votes is looked at by the supervisor."""

_PART = re.compile(r"([0-9]{1,2})(?:[:=]([0-9]{1,3}))?")


@dataclass(frozen=True)
class CodeLine:
    """One printed code: whose it is (masked), where the person lives, the code itself."""

    name: str
    place: str
    code: str


def read_keyed(kind: PollKind, text: str) -> dict[str, int]:
    """Return the marking an officer keyed: `1 3`, ranks in order `3 1 2`, points `1:3 4:7`; raises BadSpelling."""
    typed = text.replace("：", ":").replace("，", " ").replace("、", " ").replace(",", " ").replace(">", " ").split()
    parts = [_PART.fullmatch(part) for part in typed]
    if not parts or None in parts:
        raise BadSpelling(text)
    pairs = [(part.group(1).zfill(2), part.group(2)) for part in parts if part is not None]
    if any((points is None) is kind.has_points for _code, points in pairs):
        raise BadSpelling(text)
    codes = [code for code, _points in pairs]
    if kind is PollKind.APPROVAL or kind is PollKind.KNAPSACK:
        return chosen(codes)
    if len(set(codes)) < len(codes):
        raise BadSpelling(text)
    if kind is PollKind.RANKING:
        return {code: rank for rank, code in enumerate(codes, start=1)}
    return {code: int(points or 0) for code, points in pairs}


def drawn_out(seed: str, slip_count: int, surplus: int) -> list[int]:
    """Return the numbers of the slips that a public lot takes out: the lowest SHA-256(seed:number)."""

    def lot(number: int) -> str:
        return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()

    return sorted(sorted(range(1, slip_count + 1), key=lot)[:surplus])


def stands_out(helped: Mapping[str, int], voted: int) -> set[str]:
    """Return the helpers whose share of all votes is larger than is sensible for one person."""
    return {name for name, count in helped.items() if count >= HELPER_LEAST and count > voted * HELPER_SHARE}
