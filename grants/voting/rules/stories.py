"""The words in which a count is told: the same on the page and on paper, one sentence for every option."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor
from typing import Any

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.people.rules import AgeBand
from grants.voting.counting.result import Why
from grants.voting.counting.variants import Comparison, Completion, Fill, Method, Utility

AGE_BAND_LABELS: dict[AgeBand, Text] = {
    AgeBand.UNDER_18: _l("18 岁以下"),
    AgeBand.FROM_18: _l("18—34 岁"),
    AgeBand.FROM_35: _l("35—59 岁"),
    AgeBand.FROM_60: _l("60—74 岁"),
    AgeBand.FROM_75: _l("75 岁及以上"),
}

WHY_LABELS: dict[str, Text] = {
    Why.FUNDED: _l("入选"),
    Why.FUNDED_BY_OVERRUN: _l("入选（余额够大部分费用，按规则补足）"),
    Why.FUNDED_BY_FILL: _l("入选（剩余预算补选）"),
    Why.FUNDED_BY_FLOOR: _l("入选（社区保底）"),
    Why.NO_VOTES: _l("没有人选"),
    Why.BELOW_THRESHOLD: _l("得票未达到门槛"),
    Why.OVER_BUDGET: _l("费用超过全部预算"),
    Why.RIVAL_FUNDED: _l("同组的选项已入选"),
    Why.DOES_NOT_FIT: _l("轮到它时剩余预算不够"),
    Why.ENVELOPE_FULL: _l("本类别的资金不够"),
    Why.AFTER_STOP: _l("计票已按规则停止"),
    Why.TOO_FEW_VOTES: _l("支持的人太少，凑不够费用"),
    Why.MONEY_SPENT: _l("支持者的份额用在了别的项目上"),
    "ranked": _l("参加排序"),
}

_UTILITIES: dict[str, Text] = {
    Utility.COST: _l("按项目费用衡量"),
    Utility.CARDINALITY: _l("按项目个数衡量"),
    Utility.POINTS: _l("按点数衡量"),
}
_COMPLETIONS: dict[str, Text] = {
    Completion.NONE: _l("份额不再提高"),
    Completion.ADD1: _l("份额逐步提高，直到再提高就会超出预算"),
    Completion.ADD1E: _l("份额逐步提高，直到没有项目装得下或再提高就会超出预算"),
}
_FILLS: dict[str, Text] = {
    Fill.NONE: _l("余额不补选"),
    Fill.GREEDY: _l("余额按得票补选"),
}
_COMPARISONS: dict[str, Text] = {
    Comparison.NONE: _l("不与简单多数比较"),
    Comparison.SATISFACTION: _l("如按简单多数有更多投票人得到更多入选项目，则采用简单多数"),
    Comparison.REACH: _l("如按简单多数有更多投票人至少有一个项目入选，则采用简单多数"),
}


@dataclass(frozen=True)
class Story:
    """A counted result with the titles of its options, told sentence by sentence. Amounts of the result are in 分."""

    result: Mapping[str, Any]
    titles: Mapping[str, str]
    costs: Mapping[str, int]
    envelopes: Mapping[str, str]
    kind_has_points: bool

    @property
    def rule(self) -> Mapping[str, Any]:
        """Return every setting of the counting rule."""
        found: Mapping[str, Any] = self.result["rule"]
        return found

    @property
    def shares_money(self) -> bool:
        """Tell whether equal shares decided; after a comparison that may have been simple majority."""
        return bool(self.result["counted_by"] == Method.EQUAL_SHARES)

    def name(self, code: str) -> str:
        """Return an option's title in quotation marks."""
        return f"“{self.titles[code]}”"

    def method(self) -> str:
        """Return the counting rule with every variant named, since the variant changes winners."""
        method = self.rule["method"]
        if method == Method.EQUAL_SHARES:
            words = (
                _UTILITIES[self.rule["utility"]],
                _COMPLETIONS[self.rule["completion"]],
                _FILLS[self.rule["fill"]],
                _COMPARISONS[self.rule["comparison"]],
            )
            return _("等额分配法（%(how)s）", how=_("；").join(str(word) for word in words))
        if method == Method.GREEDY:
            how = _("装不下的跳过") if self.rule["skip"] else _("遇到装不下的就停止")
            return _("简单多数（%(how)s）", how=how)
        return _("需求排序（不分配资金）")

    def narrative(self) -> list[str]:
        """Tell the count from turnout to outcome."""
        ballots, entitled = self.result["ballots"], self.result["entitled"]
        sentences = [
            _(
                "共有 %(entitled)s 位居民有权投票，收到有效选票 %(ballots)s 张，投票率 %(rate)s%%。",
                entitled=f"{entitled:,}",
                ballots=f"{ballots:,}",
                rate=f"{ballots * 100 / entitled:.1f}" if entitled else "0.0",
            )
        ]
        if self.rule["method"] == "support":
            return [*sentences, *self._ranked()]
        return [*sentences, *self._how(), *self._limits(), self._outcome(), *self._nearest(), *self._close_calls()]

    def _ranked(self) -> list[str]:
        weight = (
            _("每张选票上排第一的得分最高，依次递减，各项得分相加")
            if self.kind_has_points
            else _("每张选票上选了它就算一位支持者")
        )
        return [
            _("这次投票只排先后，不分配资金：%(weight)s，从高到低排列。", weight=weight),
            _("得分相同的，依次看：预计费用低的在前，支持人数多的在前，再相同的按公开抽签的次序。"),
        ]

    def _how(self) -> list[str]:
        if self.shares_money:
            return self._how_shares()
        told = []
        if self.rule["method"] == Method.EQUAL_SHARES:
            told = [_("等额分配法与简单多数都算了一遍，按规则比较后，采用简单多数的结果。")]
        first = _("按得票从多到少，一个一个地看：剩下的预算够，就入选；")
        rest = (
            _("不够，就跳过它，接着看下一个。")
            if self.rule.get("skip", True)
            else _("遇到第一个装不下的，计票到此为止。")
        )
        return [*told, first + rest]

    def _how_shares(self) -> list[str]:
        voters = self.result["ballots"]
        told = [
            _(
                "把预算平均分给 %(voters)s 位投票人，每人一份，只能用在自己选的项目上。一个项目的支持者凑得够它的费用，"
                "它就可以入选，费用由支持者平摊，份额不足的付出剩下的全部；每一轮选出最划算的一个。",
                voters=f"{voters:,}",
            )
        ]
        if self.result["steps"]:
            told.append(
                _(
                    "第一遍之后还有余额，于是把每人的份额逐步提高，每次 %(step)s 元，共提高 %(count)s 次，"
                    "到每人 %(share)s 元为止：再提高一次就会超出预算，或已没有可选的项目。",
                    step=yuan(self.rule["increment"]),
                    count=f"{self.result['steps']:,}",
                    share=yuan(round(self.result["share_fen"])),
                )
            )
        else:
            told.append(_("每人的份额是 %(share)s 元。", share=yuan(round(self.result["share_fen"]))))
        return told

    def _limits(self) -> list[str]:
        told = []
        if self.rule.get("floors"):
            told.append(_("规则为部分社区定了保底金额：先按得票为这些社区选出项目，直到达到保底，再算其余的。"))
        if self.rule.get("envelopes"):
            told.append(_("规则为部分类别定了最高金额：超出本类别剩余金额的项目跳过。"))
        return told

    def _outcome(self) -> str:
        winners, total, budget = self.result["winners"], self.result["total_cost_fen"], self.result["budget_fen"]
        if not winners:
            return _("没有项目入选，预算 %(budget)s 元没有使用。", budget=yuan(budget))
        return _(
            "%(count)d 个项目入选，合计 %(total)s 元，预算 %(budget)s 元，还剩 %(left)s 元。",
            count=len(winners),
            total=yuan(total),
            budget=yuan(budget),
            left=yuan(budget - total),
        )

    def _nearest(self) -> list[str]:
        missed = [line for line in self.result["options"] if not line["is_funded"] and line["support"]]
        if not missed:
            return []
        nearest = max(missed, key=lambda line: line["support"])
        return [
            _(
                "离入选最近的是%(name)s，有效支持度 %(percent)d%%（100%% 即可入选）。",
                name=self.name(nearest["code"]),
                percent=percent_of(nearest["support"]),
            )
        ]

    def _close_calls(self) -> list[str]:
        told = []
        for number, row in enumerate(self.result["rounds"], start=1):
            if row["tied_with"]:
                told.append(
                    _(
                        "第 %(number)d 轮%(name)s与%(others)s并列，按事先公布的次序决定："
                        "费用低的在前，得票多的在前，再看抽签。",
                        number=number,
                        name=self.name(row["code"]),
                        others="".join(self.name(code) for code in row["tied_with"]),
                    )
                )
        return told

    def why(self, line: Mapping[str, Any]) -> str:
        """Say why an option was not funded, with the figures that decided."""
        told = str(_WHY[line["why"]](self, line))
        if line.get("support") and line["why"] not in {Why.NO_VOTES, Why.OVER_BUDGET}:
            told += _("有效支持度 %(percent)d%%。", percent=percent_of(line["support"]))
        return told

    def paid(self, row: Mapping[str, Any]) -> str:
        """Say who paid for a funded option."""
        if row["why"] == Why.FUNDED_BY_FLOOR:
            return _("为达到本社区的保底金额，由全部预算支付。")
        if row["why"] == Why.FUNDED_BY_FILL:
            return _("支持者的份额不够，用最后剩下的预算补选。")
        if not self.shares_money:
            return _("费用由预算支付，平均每位支持者相当于 %(each)s 元。", each=_money(row["payment_fen"]))
        full, short = row["paying_in_full"], row["paying_the_rest"]
        if self.rule["utility"] == Utility.POINTS:
            told = _("支持者每给 1 点付 %(price)s 元。", price=_money(row["payment_fen"]))
            return told + (_("其中 %(count)s 人份额不足，付出了剩下的全部。", count=f"{short:,}") if short else "")
        told = _("%(count)s 位支持者每人付 %(price)s 元", count=f"{full:,}", price=_money(row["payment_fen"]))
        if not short:
            return told + _("。")
        rest = row["cost_fen"] - full * row["payment_fen"]
        return told + _(
            "，另外 %(count)s 人份额不足，付出了剩下的全部，共 %(rest)s 元。", count=f"{short:,}", rest=_money(rest)
        )

    def exactness(self) -> str:
        """Say how sure the arithmetic is."""
        gap = self.result["smallest_gap"]
        if gap is None:
            return _("计票只用整数，没有舍入。")
        return _(
            "计票中最接近的一次判断，两边相差 %(gap)s；相差不到十亿分之一的判断有 %(count)d 次，"
            "都改用分数精确比较，没有舍入误差。",
            gap=f"{gap:.2g}",
            count=self.result["settled_exactly"],
        )

    def _needed(self, line: Mapping[str, Any]) -> str:
        if line.get("votes_needed") is None:
            return ""
        unit = _("分") if self.kind_has_points and not self.shares_money else _("票")
        return _(
            "它有 %(has)s %(unit)s，至少要 %(needed)s %(unit)s。",
            has=f"{line['score']:,}",
            needed=f"{line['votes_needed']:,}",
            unit=unit,
        )

    def _does_not_fit(self, line: Mapping[str, Any]) -> str:
        return self._money_left(line) + self._needed(line)

    def _money_left(self, line: Mapping[str, Any]) -> str:
        return _(
            "轮到它时预算还剩 %(left)s 元，不够它的费用 %(cost)s 元。",
            left=yuan(max(0, line["remaining_fen"] or 0)),
            cost=yuan(self.costs[line["code"]]),
        )

    def _envelope_full(self, line: Mapping[str, Any]) -> str:
        return _(
            "“%(category)s”一类的资金有上限，还剩 %(left)s 元，不够它的费用 %(cost)s 元。",
            category=self.envelopes.get(line["code"], ""),
            left=yuan(max(0, line["remaining_fen"] or 0)),
            cost=yuan(self.costs[line["code"]]),
        )

    def _rival_funded(self, line: Mapping[str, Any]) -> str:
        return _("它与%(rival)s只能选一个，后者已先入选。", rival=self.name(line["rival"]))

    def _after_stop(self, line: Mapping[str, Any]) -> str:
        return _("计票到%(rival)s时按规则停止，没有轮到它。", rival=self.name(line["rival"])) + self._needed(line)

    def _too_few(self, line: Mapping[str, Any]) -> str:
        whole = line["votes"] * self.result["share_fen"]
        return _(
            "选它的 %(votes)s 人就算拿出全部份额，也只有 %(money)s 元，不够它的费用 %(cost)s 元；"
            "按这个份额，至少要 %(needed)s 人支持。",
            votes=f"{line['votes']:,}",
            money=_money(whole),
            cost=yuan(self.costs[line["code"]]),
            needed=f"{line['votes_needed']:,}",
        )

    def _money_spent(self, line: Mapping[str, Any]) -> str:
        spent = [
            _("%(name)s%(money)s 元", name=self.name(one["code"]), money=_money(one["fen"]))
            for one in line["spent_on"][:3]
        ]
        more = _("等") if len(line["spent_on"]) > 3 else ""
        return _(
            "选它的 %(votes)s 人把份额用在了同样支持的%(spent)s%(more)s，只剩 %(left)s 元，不够它的费用 %(cost)s 元。",
            votes=f"{line['votes']:,}",
            spent=_("、").join(spent),
            more=more,
            left=_money(line["supporters_left_fen"] or 0),
            cost=yuan(self.costs[line["code"]]),
        )


_WHY: dict[str, Callable[[Story, Mapping[str, Any]], str]] = {
    Why.NO_VOTES: lambda _story, _line: _("没有人选它。"),
    Why.BELOW_THRESHOLD: lambda story, line: _(
        "得票 %(votes)s，没有达到规则定的最低 %(least)s。",
        votes=f"{line['score']:,}",
        least=f"{story.rule['threshold']:,}",
    ),
    Why.OVER_BUDGET: lambda story, line: _(
        "它的费用 %(cost)s 元超过了这次投票的全部预算。", cost=yuan(story.costs[line["code"]])
    ),
    Why.RIVAL_FUNDED: Story._rival_funded,
    Why.DOES_NOT_FIT: Story._does_not_fit,
    Why.ENVELOPE_FULL: Story._envelope_full,
    Why.AFTER_STOP: Story._after_stop,
    Why.TOO_FEW_VOTES: Story._too_few,
    Why.MONEY_SPENT: Story._money_spent,
    "ranked": lambda _story, _line: "",
}


def percent_of(support: float) -> int:
    """Return effective support in percent, rounded down: 99 has just missed, only what was funded has 100."""
    return min(99, floor(support * 100)) if support < 1 else 100


def _money(fen: float) -> str:
    return yuan(round(fen))


def why_not_funded(line: Mapping[str, Any]) -> str:
    """Say in a few words why an option was not funded, or what brought it in when not its votes alone."""
    return "" if line["why"] == Why.FUNDED else str(WHY_LABELS[line["why"]])
