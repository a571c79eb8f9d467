"""The settings of a counting rule beside its name: what may be set, what is meant when nothing is, what contradicts.

They are plain JSON, the same names as in `counting.rule`, so that the frozen rule file can be counted with as it is.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from grants.foundation.i18n import _
from grants.voting.counting.variants import Comparison, Completion, Fill, Utility
from grants.voting.rules.polls import CountingRule, PollKind, Publication

_SHARED: dict[str, Any] = {"threshold": 1, "exclusion_groups": [], "envelopes": {}, "floors": {}}
_GREEDY: dict[str, Any] = {"skip": True, "overrun_percent": None}
_EQUAL_SHARES: dict[str, Any] = {
    "utility": Utility.COST.value,
    "completion": Completion.ADD1.value,
    "increment": 100,
    "start_share": None,
    "fill": Fill.NONE.value,
    "comparison": Comparison.NONE.value,
}
_WORDS = {"utility": Utility, "completion": Completion, "fill": Fill, "comparison": Comparison}


def full_settings(kind: PollKind, rule: CountingRule, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return every setting of a rule with its method, defaults spelt out; the order of ties comes with the count.

    An `increment` is in 分; a `start_share` of None is the budget divided by the number of ballots.
    """
    if rule is CountingRule.SUPPORT:
        return {"method": rule.value, "threshold": 1} | _known({"threshold": 1}, options)
    defaults = _SHARED | (_GREEDY if rule is CountingRule.GREEDY else _EQUAL_SHARES)
    if "utility" in defaults and kind not in {PollKind.APPROVAL, PollKind.KNAPSACK}:
        defaults = defaults | {"utility": Utility.POINTS.value}
    return {"method": rule.value} | defaults | _known(defaults, options)


def _known(defaults: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in defaults}


def why_not_settings(
    kind: PollKind, rule: CountingRule, options: Mapping[str, Any], *, codes: Collection[str], budget_fen: int
) -> tuple[str, str] | None:
    """Say which setting does not make sense and why, as (name, sentence); `codes` are the options of the poll."""
    settings = full_settings(kind, rule, options)
    unknown = set(options) - set(settings)
    if unknown:
        return min(unknown), _("这种计票规则没有“%(name)s”这项设置。", name=min(unknown))
    problems = (
        _why_not_words(kind, settings),
        _why_not_numbers(settings),
        _why_not_groups(settings.get("exclusion_groups", []), codes),
        _why_not_money(settings, budget_fen),
    )
    return next((problem for problem in problems if problem), None)


def _why_not_words(kind: PollKind, settings: Mapping[str, Any]) -> tuple[str, str] | None:
    for name, words in _WORDS.items():
        if name in settings and settings[name] not in [str(word) for word in words]:
            return name, _("没有这个选择。")
    plain = kind in {PollKind.APPROVAL, PollKind.KNAPSACK}
    if plain and settings.get("utility") == Utility.POINTS:
        return "utility", _("选票上没有点数，不能按点数衡量。")
    return None


def _why_not_numbers(settings: Mapping[str, Any]) -> tuple[str, str] | None:
    if not _is_whole(settings["threshold"], 0):
        return "threshold", _("门槛须是 0 或正整数。")
    if not _is_whole(settings.get("increment", 1), 1):
        return "increment", _("每次提高的数额至少 1 分。")
    percent = settings.get("overrun_percent")
    if percent is not None and not (_is_whole(percent, 1) and percent < 100):
        return "overrun_percent", _("请填写 1 到 99 之间的整数。")
    return None


def _is_whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _why_not_groups(groups: Iterable[Collection[str]], codes: Collection[str]) -> tuple[str, str] | None:
    for group in groups:
        if len(set(group)) < 2:
            return "exclusion_groups", _("互斥的一组至少要有两个选项。")
        strange = set(group) - set(codes)
        if strange:
            return "exclusion_groups", _("没有编号为 %(code)s 的选项。", code=min(strange))
    return None


def _why_not_money(settings: Mapping[str, Any], budget_fen: int) -> tuple[str, str] | None:
    for name in ("envelopes", "floors"):
        amounts = settings.get(name, {})
        if not all(_is_whole(amount, 0) for amount in amounts.values()):
            return name, _("金额不能是负数。")
    if sum(settings.get("floors", {}).values()) > budget_fen:
        return "floors", _("各社区保底金额之和超过了投票预算。")
    return None


def default_publication(rule: CountingRule, beneficiaries: Iterable[str]) -> Publication:
    """Return what is published unless somebody decides: codes beside choices only where nothing is at stake."""
    if rule is CountingRule.SUPPORT and not any(beneficiaries):
        return Publication.OPEN
    return Publication.PROTECTED
