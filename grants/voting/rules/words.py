"""The rules of a poll in plain words, for the residents who vote by them."""

from collections.abc import Mapping
from typing import Any

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.rounds.rules import CATEGORY_LABELS, Category
from grants.voting.counting.variants import Comparison, Completion, Fill, Method, Utility
from grants.voting.rules.polls import CountingRule, PollKind

UTILITY_LABELS: dict[Utility, Text] = {
    Utility.COST: _l("按金额：入选项目花的钱越多，支持者得到的越多"),
    Utility.CARDINALITY: _l("按个数：每入选一项，支持者得到的一样多"),
    Utility.POINTS: _l("按点数：给的点数越多，支持者得到的越多"),
}
COMPLETION_LABELS: dict[Completion, Text] = {
    Completion.NONE: _l("不提高份额，剩余的钱不用"),
    Completion.ADD1: _l("逐步提高每人的份额，到再提高就会超出预算为止"),
    Completion.ADD1E: _l("逐步提高每人的份额，到超出预算或再没有装得下的选项为止"),
}
FILL_LABELS: dict[Fill, Text] = {
    Fill.NONE: _l("最后剩余的钱不再分配"),
    Fill.GREEDY: _l("最后剩余的钱按支持多少依次补足"),
}
COMPARISON_LABELS: dict[Comparison, Text] = {
    Comparison.NONE: _l("不与简单多数比较"),
    Comparison.SATISFACTION: _l("如果简单多数让更多人得到更多入选项，就用简单多数的结果"),
    Comparison.REACH: _l("如果简单多数让更多人至少有一项入选，就用简单多数的结果"),
}
_SCORES: dict[PollKind, Text] = {
    PollKind.APPROVAL: _l("得票"),
    PollKind.KNAPSACK: _l("得票"),
    PollKind.CUMULATIVE: _l("得到的点数"),
    PollKind.SCORING: _l("总分"),
    PollKind.RANKING: _l("名次分（排在越前分越高）"),
}


def how_it_is_counted(kind: PollKind, settings: Mapping[str, Any], communities: Mapping[str, str]) -> list[str]:
    """Return the counting rule as sentences; `settings` in full (rules.settings), names of communities by code."""
    score = str(_SCORES[kind])
    if settings["method"] == CountingRule.SUPPORT:
        return [_("这次投票只给需求排先后，不分配资金：按%(score)s从多到少排列。", score=score)]
    lines = _equal_shares(settings) if settings["method"] == Method.EQUAL_SHARES else _greedy(settings, score)
    ties = _("同分时费用低者优先，再看支持人数，仍相同的公开抽签决定。")
    return [*lines, *_limits(settings, score, communities), ties]


def _greedy(settings: Mapping[str, Any], score: str) -> list[str]:
    after = _("预算不够的跳过，继续看下一项。") if settings["skip"] else _("遇到第一个预算不够的选项就停止。")
    lines = [_("按%(score)s从多到少依次入选。", score=score) + after]
    if settings["overrun_percent"] is not None:
        percent = settings["overrun_percent"]
        lines.append(_("如果剩余的钱够一项费用的 %(percent)d%%，这一项仍作为最后一项入选。", percent=percent))
    return lines


def _equal_shares(settings: Mapping[str, Any]) -> list[str]:
    lines = [_("预算平均分给每位投票的居民，每一项由支持它的人分担费用，凑得齐才入选；每一元让人得益最多的先入选。")]
    lines.append(_("得益%(how)s。", how=str(UTILITY_LABELS[Utility(settings["utility"])])))
    completion = Completion(settings["completion"])
    line = str(COMPLETION_LABELS[completion])
    if completion is not Completion.NONE:
        line += _("，每次提高 %(step)s 元", step=yuan(settings["increment"]))
    lines.append(f"{line}；{FILL_LABELS[Fill(settings['fill'])]}。")
    comparison = Comparison(settings["comparison"])
    return lines if comparison is Comparison.NONE else [*lines, f"{COMPARISON_LABELS[comparison]}。"]


def _limits(settings: Mapping[str, Any], score: str, communities: Mapping[str, str]) -> list[str]:
    lines = []
    if settings["threshold"] > 1:
        lines.append(_("%(score)s不到 %(least)d 的不能入选。", score=score, least=settings["threshold"]))
    for group in settings["exclusion_groups"]:
        lines.append(_("选项 %(codes)s 互斥，最多入选一项。", codes="、".join(sorted(group))))
    for name, amount in settings["envelopes"].items():
        category = str(CATEGORY_LABELS[Category(name)])
        lines.append(_("%(category)s类最多用 %(yuan)s 元。", category=category, yuan=yuan(amount)))
    for code, amount in settings["floors"].items():
        place = communities.get(code, code)
        lines.append(_("先保证%(place)s的选项用到 %(yuan)s 元。", place=place, yuan=yuan(amount)))
    return lines
