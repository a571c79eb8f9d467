"""The 绩效评价报告 of a round, after the finance ministry's outline (财预〔2020〕10号): seven chapters, a score table.

Every indicator is computed from the records and says how. The evaluating group may set other points for one, with the
reason, which is printed beside what the records give.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grants.foundation.money import wan, yuan
from grants.rounds.rules import CATEGORY_LABELS, Category, RoundStatus
from reports.charts import Chart, ChartKind, Series
from reports.data.balance import Balance
from reports.data.sheet import Depth, Part, Sheet
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import count, decimal, percent
from reports.gather.common import DEPARTMENT, Gathered, unissued_stamp
from reports.gather.performance_scores import CLASSES, Facts, Line, assess, band_of


def gather(reference: str) -> Gathered:
    """Return the performance evaluation of a round; a draft until the round is closed. Raises NotFound."""
    assessed = assess(reference)
    found, facts, lines, total = assessed.round, assessed.facts, assessed.lines, assessed.total
    is_draft = found.status in (RoundStatus.DRAFT, RoundStatus.OPEN)
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft),
        title="绩效评价报告",
        about=f"{found.name}专项资金",
        facts=(
            ("项目名称", f"{found.name}专项资金"),
            ("主管部门", facts.round.street.name + "办事处"),
            ("评价组织", DEPARTMENT),
            ("评价得分", f"{decimal(total)}分（{band_of(total)}）"),
        ),
        parts=_parts(facts, lines, total),
        balances=(
            Balance("已拨付资金", (("各项目合计", facts.sum("paid_fen")), ("资金台账", facts.booked_fen))),
            Balance("指标分值", (("各项合计", sum(one.most for one in lines)), ("满分", 100)), unit="分"),
        ),
        has_cover=True,
    )
    return Gathered(sheet, f"{found.name}绩效评价报告", f"JX-{found.year}-{found.number:02d}", is_draft)


def _parts(facts: Facts, lines: Sequence[Line], total: Decimal) -> tuple[Part, ...]:
    c, found = facts.counts, facts.round
    return (
        Part("摘要", Depth.FRONT, text=_abstract(facts, total), keys=_keys(facts, total)),
        Part("基本情况"),
        Part("项目概况", Depth.SUBSECTION, text=found.introduction or _background(facts)),
        Part("资金投入和使用", Depth.SUBSECTION, text=_money_text(facts), tables=(_money(facts),)),
        Part("绩效目标", Depth.SUBSECTION, text=_goal(facts)),
        Part("绩效评价工作开展情况", text=_method(facts)),
        Part("综合评价情况及评价结论", text=_conclusion(lines, total), charts=(_chart(lines),)),
        Part("绩效评价指标分析", tables=tuple(_class_table(name, lines) for name in CLASSES)),
        Part("主要经验及做法、存在的问题及原因分析"),
        Part("主要经验及做法", Depth.SUBSECTION, points=_strengths(lines)),
        Part("存在的问题及原因分析", Depth.SUBSECTION, points=_weaknesses(lines)),
        Part("有关建议", points=_advice(lines)),
        Part("其他需要说明的问题", text=_limits(c)),
        Part("绩效评价指标评分表", Depth.ANNEX, tables=(_score_table(lines, total),)),
    )


def _abstract(facts: Facts, total: Decimal) -> str:
    return (
        f"{facts.round.name}专项资金绩效评价得分{decimal(total)}分，等级为“{band_of(total)}”。本届签约项目"
        f"{len(facts.projects)}个，安排财政资金{yuan(facts.sum('fiscal_fen'))}元，已拨付{yuan(facts.sum('paid_fen'))}元，"
        f"认可支出{yuan(facts.sum('spent_fen'))}元；开展活动{facts.counts['activities']}场，"
        f"服务{count(int(facts.counts['attendances']))}人次；居民满意率{percent(facts.answers.rate)}。"
    )


def _keys(facts: Facts, total: Decimal) -> tuple[tuple[str, str], ...]:
    return (
        ("评价得分", decimal(total)),
        ("财政资金（万元）", wan(facts.sum("fiscal_fen"))),
        ("服务人次", count(int(facts.counts["attendances"]))),
        ("居民满意率", percent(facts.answers.rate)),
    )


def _background(facts: Facts) -> str:
    return (
        f"{facts.round.name}按照居民提出需求、两委审事、民主议事、集中定事、协同办事、主动公示的程序，"
        f"由居民决定项目、社会组织实施、居民全程监督，本届签约项目{len(facts.projects)}个。"
    )


def _money_text(facts: Facts) -> str:
    return (
        f"资金来源为{facts.round.fund.name}。协议财政资金{yuan(facts.sum('fiscal_fen'))}元，"
        f"带动社会资金{yuan(facts.sum('social_fen'))}元。"
    )


def _money(facts: Facts) -> Table:
    lines = []
    names = ("fiscal_fen", "social_fen", "paid_fen", "spent_fen")
    for category in Category:
        own = [one for one in facts.projects if one.category is category]
        sums = [sum(int(getattr(one, name)) for one in own) for name in names]
        lines.append(Row((str(CATEGORY_LABELS[category]), count(len(own)), *(yuan(fen) for fen in sums))))
    whole = Row(("合计", count(len(facts.projects)), *(yuan(facts.sum(name)) for name in names)), "total")
    columns = (
        Column("类别", 20),
        Column("项目", 10, RIGHT),
        Column("财政资金", 18, RIGHT),
        Column("社会资金", 17, RIGHT),
        Column("已拨付", 18, RIGHT),
        Column("财政支出", 17, RIGHT),
    )
    return Table("资金投入和使用", columns, (*lines, whole), unit="单位：元")


def _goal(facts: Facts) -> str:
    return (
        f"总体目标：回应居民采纳的需求，按协议完成{facts.counts['activity_target']}场服务活动，"
        f"居民满意率不低于{facts.round.settings['satisfaction_target']}%。"
        f"各项目共设绩效指标{facts.counts['indicators']}项，逐项列明目标值和证明方式。"
    )


def _method(facts: Facts) -> str:
    return (
        "评价目的是检验专项资金的使用效益，为结余收回、下届预算和项目安排提供依据。评价对象为本届全部签约项目。\n"
        "评价遵循科学公正、统筹兼顾、公开透明的原则，采用比较法、因素分析法和公众评判法，"
        "指标分决策（15分）、过程（25分）、产出（30分）、效益（30分）四类。90分及以上为优，80—89分为良，"
        "60—79分为中，60分以下为差。\n"
        f"评价数据取自业务系统的原始记录：协议、拨付、票据、活动、整改、问卷和{facts.counts['published']}份项目末期评价。"
        "各项得分由系统按公式计算，与资金台账核对一致；评价组可据实地核查核定，核定的写明理由。"
    )


def _conclusion(lines: Sequence[Line], total: Decimal) -> str:
    parts = []
    for name in CLASSES:
        own = [one for one in lines if one.kind == name]
        points, most = sum((one.points for one in own), Decimal(0)), sum(one.most for one in own)
        parts.append(f"{name}{decimal(points)}分（满分{most}分，得分率{percent(points, most)}）")
    return f"经评价，总得分{decimal(total)}分，等级为“{band_of(total)}”。其中：{'，'.join(parts)}。评分表见附件1。"


def _chart(lines: Sequence[Line]) -> Chart:
    rates = []
    for name in CLASSES:
        own = [one for one in lines if one.kind == name]
        rates.append(sum((one.points for one in own), Decimal(0)) * 100 / sum(one.most for one in own))
    return Chart(ChartKind.BAR, "四类指标得分率", CLASSES, (Series("得分率", tuple(rates)),), "％", 1, 100)


def _class_table(name: str, lines: Sequence[Line]) -> Table:
    own = [one for one in lines if one.kind == name]
    rows = [Row((one.group, one.name, str(one.most), decimal(one.points), one.basis)) for one in own]
    sums = (str(sum(one.most for one in own)), decimal(sum((one.points for one in own), Decimal(0))))
    columns = (
        Column("二级指标", 16, CENTRE),
        Column("三级指标", 22),
        Column("分值", 9, CENTRE),
        Column("得分", 11, RIGHT),
        Column("计算依据", 42),
    )
    return Table(f"{name}指标", columns, (*rows, Row(("小计", "", *sums, ""), "total")))


def _score_table(lines: Sequence[Line], total: Decimal) -> Table:
    rows = [Row((one.kind, one.group, one.name, str(one.most), decimal(one.points))) for one in lines]
    whole = Row(("总分", "", "", str(sum(one.most for one in lines)), decimal(total)), "total")
    columns = (
        Column("一级指标", 18, CENTRE),
        Column("二级指标", 24, CENTRE),
        Column("三级指标", 32),
        Column("分值", 12, CENTRE),
        Column("得分", 14, RIGHT),
    )
    return Table("绩效评价指标评分表", columns, (*rows, whole))


def _full(one: Line) -> bool:
    return one.points == one.most


def _strengths(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(f"{one.name}得满分：{one.basis}。" for one in lines if _full(one))[:6] or ("没有得满分的指标。",)


def _weaknesses(lines: Sequence[Line]) -> tuple[str, ...]:
    weak = sorted((one for one in lines if not _full(one)), key=lambda one: one.points / one.most)
    found = []
    for one in weak[:6]:
        lost = decimal(one.most - one.points)
        why = "，还没有可以计算的记录" if one.share is None else ""
        found.append(f"{one.name}失{lost}分：{one.basis}{why}。")
    return tuple(found) or ("各项指标均得满分。",)


ADVICE = {
    "资金到位率": "按条件和期限及时办理拨付，对没有达到拨付条件的项目逐一督促。",
    "预算执行率": "督促承接组织及时报账，对执行偏慢的项目提前预警。",
    "资金使用合规性": "加强票据培训，对不予认可的支出逐笔说明并整改。",
    "管理制度健全性": "为每个项目抽取并保持居民监督员在任。",
    "制度执行有效性": "整改事项按期复查销号，逾期的依照协议处理。",
    "实际完成率": "对照协议补足服务活动，确实不能完成的依照程序处理。",
    "质量达标率": "尽快完成末期评价，不合格项目依照协议处理。",
    "完成及时性": "按里程碑日期组织核实，逾期的说明原因。",
    "实施效益": "推广得分高的项目做法，下届优先支持有持续效益的项目。",
    "服务对象满意度": "逐条研究居民意见，改进服务时间、地点和内容。",
}


def _advice(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(ADVICE[one.name] for one in lines if not _full(one) and one.name in ADVICE) or (
        "继续保持现有做法，把成熟的项目纳入常态化服务。",
    )


def _limits(c: dict[str, Any]) -> str:
    return (
        f"签约项目{c['agreements']}个中，{c['published']}个的末期评价已公布；未公布的不计入质量和效益得分，"
        "届次结束前的得分会随项目进展变化。服务人次按活动记录统计，同一居民参加多场活动的重复计算。"
        "原因分析以业务记录为限，实地核查情况由评价组补充。"
    )
