"""Drawing by lot from a published seed: the order is SHA-256 of "seed|key", so that anyone can draw again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.selection.rules.scoring import lot

SMALLEST_PANEL, LARGEST_PANEL = 5, 7
"""A panel is an odd number between these, with at least one expert for finance."""
SHORTEST_SEED = 4


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be drawn, by the key that the log shows."""

    key: str
    is_finance: bool = False


@dataclass(frozen=True)
class Drawn:
    """The outcome of a draw: who was drawn, who would come next, and everybody in the order of the lots."""

    chosen: tuple[str, ...]
    reserves: tuple[str, ...]
    order: tuple[str, ...]


def in_order(keys: Sequence[str], seed: str) -> tuple[str, ...]:
    """Return the keys in the order of their lots."""
    return tuple(sorted(keys, key=lambda key: lot(seed, key)))


def draw_panel(pool: Sequence[Candidate], size: int, seed: str) -> Drawn:
    """Draw an odd number of experts, at least one of them for finance.

    When no finance expert is among the first, the one with the smallest lot takes the last seat. Raises RuleBroken
    for an even size, a pool that is too small, or one without a finance expert.
    """
    _check_seed(seed)
    if size % 2 == 0 or not SMALLEST_PANEL <= size <= LARGEST_PANEL:
        values = {"min": SMALLEST_PANEL, "max": LARGEST_PANEL}
        raise RuleBroken(_("评审专家应为 %(min)s 至 %(max)s 人的单数。", **values), "size")
    if len(pool) < size:
        raise RuleBroken(
            _("可抽取的专家只有 %(count)s 人，不足 %(size)s 人。请先补充专家库。", count=len(pool), size=size), "size"
        )
    finance = {one.key for one in pool if one.is_finance}
    if not finance:
        raise RuleBroken(_("专家库里没有可抽取的财务专家，评审组至少要有一名。请先补充专家库。"))
    order = in_order([one.key for one in pool], seed)
    chosen = list(order[:size])
    if finance.isdisjoint(chosen):
        chosen[-1] = next(key for key in order if key in finance)
    return Drawn(tuple(chosen), tuple(key for key in order if key not in chosen), order)


def draw_jury(keys: Sequence[str], size: int, seed: str) -> Drawn:
    """Draw residents for a jury; a community with fewer than `size` sends all it has. Raises RuleBroken for none."""
    _check_seed(seed)
    if not keys:
        raise RuleBroken(_("本社区名册里没有符合条件的居民，无法抽取评审团。请先导入居民名册。"))
    order = in_order(keys, seed)
    return Drawn(order[:size], order[size:], order)


def draw_order(keys: Sequence[str], seed: str) -> tuple[str, ...]:
    """Draw the order in which the applicants present themselves. Raises RuleBroken for none."""
    _check_seed(seed)
    if not keys:
        raise RuleBroken(_("没有进入评审的申报书，不需要抽取答辩顺序。"))
    return in_order(keys, seed)


def fingerprint(keys: Sequence[str]) -> str:
    """Return the SHA-256 of a list of candidates, in alphabetical order, a line each."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


def check_witness(witness: str) -> str:
    """Return the name of whoever watched a draw; raises RuleBroken without one."""
    if not witness.strip():
        raise RuleBroken(_("请填写见证人：抽签须有监督人在场。"), "witness")
    return witness.strip()


def _check_seed(seed: str) -> None:
    if len(seed.strip()) < SHORTEST_SEED:
        raise RuleBroken(_("请填写抽取种子（至少 %(count)s 个字符），并当众宣布。", count=SHORTEST_SEED), "seed")
