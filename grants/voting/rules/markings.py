"""What stands on a ballot: one meaning and one spelling for every kind, valid on casting and again on counting.

A marking maps option codes to whole numbers: 1 for a chosen option, the points it was given, or its rank (1 is best).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.voting.rules.polls import PollKind

Marking = Mapping[str, int]
LONGEST_NUMBER = 6
"""No poll hands out a million points; a longer number is a slipped key or somebody trying things out."""


class BadSpelling(ValueError):
    """The text of a stored or keyed ballot cannot be read as one of its kind."""


@dataclass(frozen=True)
class Terms:
    """What a poll asks of a ballot; `costs` by option code in 分, `points` in all (cumulative) or at most (scoring)."""

    kind: PollKind
    costs: Mapping[str, int]
    min_choices: int
    max_choices: int
    points: int | None = None
    budget_fen: int = 0


def spell(kind: PollKind, marking: Marking) -> str:
    """Return a marking's one spelling: `01,03` (chosen), `01:3,04:7` (points) or `03>01>02` (ranks)."""
    if kind is PollKind.RANKING:
        return ">".join(sorted(marking, key=lambda code: (marking[code], code)))
    if kind.has_points:
        return ",".join(f"{code}:{marking[code]}" for code in sorted(marking) if marking[code])
    return ",".join(sorted(marking))


def read(kind: PollKind, spelling: str) -> dict[str, int]:
    """Return the marking that a spelling stands for; raises BadSpelling unless it is the one spelling of it."""
    if kind is PollKind.RANKING:
        codes = spelling.split(">") if spelling else []
        marking = {code: rank for rank, code in enumerate(codes, start=1)}
    elif kind.has_points:
        marking = dict(_pointed(part) for part in spelling.split(",") if part)
    else:
        marking = dict.fromkeys(spelling.split(",") if spelling else [], 1)
    if "" in marking or spell(kind, marking) != spelling:
        raise BadSpelling(spelling)
    return marking


def _pointed(part: str) -> tuple[str, int]:
    code, colon, points = part.partition(":")
    if not colon or not (points.isascii() and points.isdigit() and len(points) <= LONGEST_NUMBER):
        raise BadSpelling(part)
    return code, int(points)


def why_not_valid(terms: Terms, marking: Marking) -> str | None:
    """Say what is wrong with a ballot; the same rule on casting, on keying paper and on counting."""
    if not set(marking) <= set(terms.costs):
        return _("选票上有不存在的选项，请返回重新选择。")
    if any(not 0 < value < 10**LONGEST_NUMBER for value in marking.values()):
        return _("选票上的数字须为正整数。")
    if not marking:
        return _("您还没有选，请至少选一项。")
    if not terms.min_choices <= len(marking) <= terms.max_choices:
        return _why_not_count(terms, len(marking))
    return _OF_KIND[terms.kind](terms, marking)


def _why_not_count(terms: Terms, count: int) -> str:
    if terms.min_choices == terms.max_choices:
        return _("请选 %(most)d 项，您选了 %(count)d 项。", most=terms.max_choices, count=count)
    values = {"least": terms.min_choices, "most": terms.max_choices, "count": count}
    return _("请选择 %(least)d 至 %(most)d 项，您选了 %(count)d 项。", **values)


def _why_not_approval(_terms: Terms, marking: Marking) -> str | None:
    return None if set(marking.values()) <= {1} else _("同一个选项不能选两次。")


def _why_not_knapsack(terms: Terms, marking: Marking) -> str | None:
    total = sum(terms.costs[code] for code in marking)
    if total > terms.budget_fen:
        return _(
            "您选的项目合计 %(total)s 元，超出预算 %(budget)s 元，请减少选项。",
            total=yuan(total),
            budget=yuan(terms.budget_fen),
        )
    return _why_not_approval(terms, marking)


def _why_not_cumulative(terms: Terms, marking: Marking) -> str | None:
    total = sum(marking.values())
    if total > (terms.points or 0):
        return _("您一共有 %(points)d 点，现在分出了 %(total)d 点，请减少。", points=terms.points, total=total)
    return None


def _why_not_scoring(terms: Terms, marking: Marking) -> str | None:
    if max(marking.values(), default=0) > (terms.points or 0):
        return _("每项最多打 %(points)d 分。", points=terms.points)
    return None


def _why_not_ranking(_terms: Terms, marking: Marking) -> str | None:
    if sorted(marking.values()) != list(range(1, len(marking) + 1)):
        return _("名次须从第 1 名起连续填写，不能并列，也不能空缺。")
    return None


_OF_KIND = {
    PollKind.APPROVAL: _why_not_approval,
    PollKind.KNAPSACK: _why_not_knapsack,
    PollKind.CUMULATIVE: _why_not_cumulative,
    PollKind.SCORING: _why_not_scoring,
    PollKind.RANKING: _why_not_ranking,
}


def chosen(codes: Sequence[str]) -> dict[str, int]:
    """Return the marking of plainly chosen options; one named twice counts twice, which is not valid then."""
    return dict(Counter(codes))
