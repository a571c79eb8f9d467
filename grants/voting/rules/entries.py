"""What somebody typed on a ballot, on a screen or from paper, and the marking that it means.

Every kind has its own controls: `choice` boxes (approval, knapsack), `points-01` numbers (cumulative, scoring) and
`rank-01` places (ranking). What is typed is kept as it was, so that a page can show it again beside what is wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grants.foundation.i18n import _
from grants.voting.rules.markings import LONGEST_NUMBER, Marking, chosen
from grants.voting.rules.polls import PollKind

CHOICE, POINTS, RANK = "choice", "points-", "rank-"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True)
class Entry:
    """A filled-in ballot: the texts as typed, by option code, what they mean, and why they mean nothing."""

    texts: Mapping[str, str] = field(default_factory=dict)
    marking: Marking = field(default_factory=dict)
    problem: str | None = None


def entry_of(kind: PollKind, fields: Mapping[str, Sequence[str]]) -> Entry:
    """Read a ballot from the fields of a form; fields of another kind of ballot make it unreadable."""
    mine = CHOICE if kind in {PollKind.APPROVAL, PollKind.KNAPSACK} else RANK if kind is PollKind.RANKING else POINTS
    foreign = [name for name in fields if _prefix(name) not in {None, mine}]
    if mine == CHOICE:
        codes = list(fields.get(CHOICE, ()))
        entry = Entry(dict.fromkeys(codes, "1"), chosen(codes))
    else:
        entry = _numbers(mine, fields)
    return Entry(entry.texts, entry.marking, _("选票与这次投票的方式不符，请重新打开选票。")) if foreign else entry


def _prefix(name: str) -> str | None:
    return next(
        (one for one in (CHOICE, POINTS, RANK) if (name == one if one == CHOICE else name.startswith(one))), None
    )


def _numbers(prefix: str, fields: Mapping[str, Sequence[str]]) -> Entry:
    texts: dict[str, str] = {}
    marking: dict[str, int] = {}
    problem = None
    for name, values in fields.items():
        if not name.startswith(prefix):
            continue
        code = name.removeprefix(prefix)
        texts[code] = values[0] if values else ""
        number = _number(texts[code]) if len(values) == 1 else None
        if number is None:
            problem = _("请用整数填写，不要带小数点、负号或文字；不选的留空。")
        elif number:
            marking[code] = number
    return Entry(texts, marking, problem)


def _number(text: str) -> int | None:
    """Return a typed whole number, 0 for nothing, None for what is no number. Full-width digits are understood."""
    plain = text.translate(_FULL_WIDTH).strip()
    if not plain:
        return 0
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_NUMBER else None


def fields_of(kind: PollKind, marking: Marking) -> Iterator[tuple[str, str]]:
    """Return the fields that carry a marking through a form; `entry_of` reads the same marking from them."""
    for code, value in marking.items():
        if kind is PollKind.RANKING:
            yield f"{RANK}{code}", str(value)
        elif kind.has_points:
            yield f"{POINTS}{code}", str(value)
        else:
            yield from ((CHOICE, code) for _time in range(value))
