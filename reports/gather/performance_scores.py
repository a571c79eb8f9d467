"""The seventeen indicators of a round's performance evaluation: computed from the records, or set by people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grants.foundation.money import wan, yuan
from grants.rounds.models import Round
from reports.data.common import Answers
from reports.formatting import decimal, percent
from reports.gather import performance_rows, summary_rows
from reports.gather.common import satisfaction
from reports.gather.money_rows import AgreedProject, agreed_projects, booked_by_project

CENT = Decimal("0.01")
BANDS = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
CLASSES = ("决策", "过程", "产出", "效益")


@dataclass(frozen=True)
class Line:
    """One indicator with its full points, the share reached (None where nothing is known) and what that rests on."""

    kind: str
    group: str
    name: str
    most: int
    share: Decimal | None
    basis: str
    given: Decimal | None = None
    """What the evaluating group set, against what the records give."""

    @property
    def points(self) -> Decimal:
        """Return the points set by people, or else those reached."""
        return self.computed if self.given is None else self.given

    @property
    def computed(self) -> Decimal:
        """Return the points the records give; an indicator that nothing is known of scores none."""
        reached = min(Decimal(1), max(Decimal(0), self.share or Decimal(0)))
        return (self.most * reached).quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Facts:
    """Everything read for one report."""

    round: Round
    projects: Sequence[AgreedProject]
    counts: dict[str, Any]
    answers: Answers
    booked_fen: int

    def sum(self, name: str) -> int:
        """Return the sum of one amount over the projects, in 分."""
        return sum(int(getattr(one, name)) for one in self.projects)


@dataclass(frozen=True)
class Assessed:
    """A round's evaluation: its indicators, their sum and its band."""

    round: Round
    facts: Facts
    lines: list[Line]

    @property
    def total(self) -> Decimal:
        """Return the sum of the points."""
        return sum((one.points for one in self.lines), Decimal(0))

    @property
    def band(self) -> str:
        """Return the ministry's word for the total."""
        return band_of(self.total)


def assess(reference: str) -> Assessed:
    """Return a round's evaluation with what people set by hand. Raises NotFound."""
    found = summary_rows.get_round(reference)
    facts = Facts(
        found, agreed_projects(found), performance_rows.read(found), _answers(found), booked_by_project(found)
    )
    by_hand = performance_rows.set_by_hand(found)
    return Assessed(found, facts, [_set_by_hand(line, by_hand) for line in score(facts)])


def _set_by_hand(line: Line, points: dict[str, tuple[Decimal, str]]) -> Line:
    if line.name not in points:
        return line
    given, reason = points[line.name]
    basis = f"{line.basis}，按记录得{decimal(line.computed)}分；评价组核定：{reason.rstrip('。')}"
    return replace(line, given=given, basis=basis)


def _answers(found: Round) -> Answers:
    counted: dict[Any, int] = {}
    for _agreement, answer, _gain, _happiness, _safety, number in summary_rows.answers(found.id):
        counted[answer] = counted.get(answer, 0) + int(number)
    return satisfaction(counted)


def _share(part: Any, whole: Any) -> Decimal | None:
    return Decimal(str(part)) / Decimal(str(whole)) if whole else None


def score(facts: Facts) -> list[Line]:
    """Return the twenty indicators with their points: 决策 15, 过程 25, 产出 30, 效益 30."""
    return [*_decision(facts.counts, facts), *_process(facts.counts, facts), *_results(facts.counts, facts)]


def _decision(c: dict[str, Any], facts: Facts) -> list[Line]:
    fiscal = facts.sum("fiscal_fen")
    whole = c["projects"]

    def line(group: str, name: str, most: int, part: int, basis: str, of: int = whole) -> Line:
        return Line("决策", group, name, most, _share(part, of), basis.format(part=part, of=of))

    return [
        line("项目立项", "立项依据充分性", 4, c["needed"], "{part}/{of}个项目回应了已采纳的居民需求"),
        line("项目立项", "立项程序规范性", 4, c["proper"], "{part}/{of}个项目经议事通过、审批并公示期满"),
        line("绩效目标", "绩效目标合理性", 2, c["whole_goals"], "{part}/{of}个项目设有产出、效益、满意度目标"),
        line("绩效目标", "绩效指标明确性", 2, c["clear"], "{part}/{of}项指标有目标值和证明方式", c["indicators"]),
        line("资金投入", "预算编制科学性", 2, c["within_ceiling"], "{part}/{of}个项目的协议金额不超过立项测算"),
        Line(
            "决策",
            "资金投入",
            "资金分配合理性",
            1,
            Decimal(1) if whole and fiscal <= c["envelope_fen"] else Decimal(0),
            f"安排{wan(fiscal)}万元，类别额度{wan(c['envelope_fen'])}万元",
        ),
    ]


def _process(c: dict[str, Any], facts: Facts) -> list[Line]:
    fiscal, paid, spent = (facts.sum(name) for name in ("fiscal_fen", "paid_fen", "spent_fen"))
    vouchers, refused = facts.sum("all_spent_fen"), int(c["refused_fen"])
    orders = _share(c["closed"], c["orders"]) if c["orders"] else Decimal(1)
    return [
        Line("过程", "资金管理", "资金到位率", 5, _share(paid, fiscal), f"到位{yuan(paid)}元÷预算{yuan(fiscal)}元"),
        Line("过程", "资金管理", "预算执行率", 5, _share(spent, paid), f"支出{yuan(spent)}元÷到位{yuan(paid)}元"),
        Line(
            "过程",
            "资金管理",
            "资金使用合规性",
            6,
            _share(vouchers, vouchers + refused),
            f"认可票据{yuan(vouchers)}元，不予认可{yuan(refused)}元",
        ),
        Line(
            "过程",
            "组织实施",
            "管理制度健全性",
            4,
            _share(c["watched"], c["agreements"]),
            f"{c['watched']}/{c['agreements']}个项目有居民监督员在任",
        ),
        Line("过程", "组织实施", "制度执行有效性", 5, orders, f"整改{c['orders']}件，复查销号{c['closed']}件"),
    ]


def _results(c: dict[str, Any], facts: Facts) -> list[Line]:
    agreed, used = facts.sum("agreed_fen"), facts.sum("all_spent_fen")
    saving = _share(agreed - used, agreed)
    target = Decimal(facts.round.settings["satisfaction_target"]) / 100
    rate = None if facts.answers.rate is None else Decimal(str(facts.answers.rate))
    mean = None if c["mean_total"] is None else Decimal(str(c["mean_total"])) / 100
    return [
        Line(
            "产出",
            "产出数量",
            "实际完成率",
            10,
            _share(c["activities"], c["activity_target"]),
            f"开展活动{c['activities']}场÷计划{c['activity_target']}场",
        ),
        Line(
            "产出",
            "产出质量",
            "质量达标率",
            8,
            _share(c["passed"], c["agreements"]),
            f"末期评价合格{c['passed']}个÷签约{c['agreements']}个",
        ),
        Line(
            "产出",
            "产出时效",
            "完成及时性",
            6,
            _share(c["on_time"], c["milestones"]),
            f"按期核实里程碑{c['on_time']}个÷约定{c['milestones']}个",
        ),
        Line(
            "产出",
            "产出成本",
            "成本节约率",
            6,
            None if saving is None else Decimal(1 if saving >= 0 else 0),
            f"成本节约率{percent(saving)}，不超预算得满分",
        ),
        Line("效益", "项目效益", "实施效益", 15, mean, f"{c['published']}个项目末期评价平均得分率{percent(mean)}"),
        Line(
            "效益",
            "满意度",
            "服务对象满意度",
            15,
            None if rate is None else rate / target,
            f"居民满意率{percent(rate)}，目标{percent(target, places=0)}",
        ),
    ]


def band_of(total: Decimal) -> str:
    """Return the word of the ministry for a total."""
    return next(name for least, name in BANDS if total >= least)
