"""The charts of the 届次总结."""

from decimal import Decimal

from reports.charts import Chart, ChartKind, Series
from reports.data.round_summary import RoundSummary

FEN_PER_WAN = Decimal(1_000_000)
PER_THOUSAND = 1000


def build(doc: RoundSummary) -> dict[str, Chart]:
    """Return the charts there is data for, by name."""
    made = {
        "funnel": funnel(doc),
        "needs": needs(doc),
        "ages": ages(doc),
        "money": money(doc),
        "months": months(doc),
        "communities": communities(doc),
        "grades": grades(doc),
    }
    return {name: chart for name, chart in made.items() if chart is not None}


def funnel(doc: RoundSummary) -> Chart | None:
    """Return how many were left at each step from needs to projects."""
    if not doc.funnel:
        return None
    names = tuple(step.name for step in doc.funnel)
    return Chart(
        ChartKind.BAR, "从需求到立项", names, (Series("数量", tuple(step.count for step in doc.funnel)),), "项"
    )


def needs(doc: RoundSummary) -> Chart:
    """Return needs raised and approved by category."""
    raised = dict.fromkeys(doc.categories, 0)
    approved = dict.fromkeys(doc.categories, 0)
    for row in doc.needs:
        raised[row.category] += row.raised_count
        approved[row.category] += row.approved_count
    series = (Series("征集", tuple(raised.values())), Series("列入指引", tuple(approved.values())))
    return Chart(ChartKind.GROUPED, "各类需求征集与列入指引数量", doc.categories, series, "条、项")


def ages(doc: RoundSummary) -> Chart | None:
    """Return turnout by age band in percent."""
    bands = [row for row in doc.ages if row.eligible_count]
    if not bands:
        return None
    rates = tuple(Decimal(100 * row.voter_count) / row.eligible_count for row in bands)
    names = tuple(row.band for row in bands)
    return Chart(ChartKind.COLUMN, "各年龄段投票率", names, (Series("投票率", rates),), "％", 1)


def money(doc: RoundSummary) -> Chart:
    """Return fiscal and social money by category, in 万元."""
    fiscal = dict.fromkeys(doc.categories, 0)
    social = dict.fromkeys(doc.categories, 0)
    for row in doc.projects:
        fiscal[row.category] += row.fiscal_fen
        social[row.category] += row.social_fen
    series = tuple(
        Series(name, tuple(value / FEN_PER_WAN for value in sums.values()))
        for name, sums in (("财政资金", fiscal), ("社会资金", social))
    )
    return Chart(ChartKind.STACKED, "五大类项目资金构成", doc.categories, series, "万元", 2)


def months(doc: RoundSummary) -> Chart | None:
    """Return payments and spending as running sums, in 万元."""
    if not doc.months:
        return None
    ordered = sorted(doc.months, key=lambda row: row.month)
    paid = spent = 0
    paid_sums, spent_sums = [], []
    for row in ordered:
        paid, spent = paid + row.paid_fen, spent + row.spent_fen
        paid_sums.append(paid / FEN_PER_WAN)
        spent_sums.append(spent / FEN_PER_WAN)
    series = (Series("累计拨付", tuple(paid_sums)), Series("累计支出", tuple(spent_sums)))
    return Chart(ChartKind.LINE, "累计拨付与支出", tuple(f"{row.month.month}月" for row in ordered), series, "万元", 2)


def communities(doc: RoundSummary) -> Chart | None:
    """Return project money per thousand residents by community, in 元."""
    places = [row for row in doc.communities if row.resident_count]
    if not places:
        return None
    sums = dict.fromkeys((row.name for row in places), 0)
    for project in doc.projects:
        sums[project.community] = sums.get(project.community, 0) + project.agreed_fen
    values = tuple(Decimal(sums[row.name] * PER_THOUSAND) / row.resident_count / 100 for row in places)
    names = tuple(row.name for row in places)
    return Chart(ChartKind.BAR, "各社区每千人项目资金", names, (Series("每千人资金", values),), "元")


def grades(doc: RoundSummary) -> Chart | None:
    """Return how the evaluated projects are graded."""
    counts = tuple(sum(row.grade == grade for row in doc.projects) for grade in doc.grades)
    if not sum(counts):
        return None
    return Chart(ChartKind.DONUT, "项目评估等级构成", doc.grades, (Series("项目数", counts),), "个项目")
