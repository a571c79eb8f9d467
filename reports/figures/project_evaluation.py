"""The charts of the 末期评估报告."""

from decimal import Decimal

from reports.charts import Chart, ChartKind, Series
from reports.data.common import ANSWERS
from reports.data.project_evaluation import ProjectEvaluation

FEN_PER_YUAN = Decimal(100)


def build(doc: ProjectEvaluation) -> dict[str, Chart]:
    """Return the charts there is data for, by name."""
    made = {
        "score": score(doc),
        "budget": budget(doc),
        "months": months(doc),
        "survey": survey(doc),
        "dimensions": dimensions(doc),
        "partners": partners(doc),
    }
    return {name: chart for name, chart in made.items() if chart is not None}


def score(doc: ProjectEvaluation) -> Chart:
    """Return the total score on its scale of 100."""
    return Chart(ChartKind.GAUGE, "综合得分", ("综合得分",), (Series("得分", (doc.score,)),), "分", 2, 100)


def budget(doc: ProjectEvaluation) -> Chart | None:
    """Return revised budget and spending of every line that has either, in 元."""
    lines = [row for row in doc.budget if row.budget_fen + row.change_fen or row.spent_fen]
    if not lines:
        return None
    return Chart(
        ChartKind.GROUPED,
        "各预算科目预算与支出",
        tuple(row.name for row in lines),
        (
            Series("调整后预算", tuple((row.budget_fen + row.change_fen) / FEN_PER_YUAN for row in lines)),
            Series("实际支出", tuple(row.spent_fen / FEN_PER_YUAN for row in lines)),
        ),
        "元",
        2,
    )


def months(doc: ProjectEvaluation) -> Chart | None:
    """Return attendances by month, from the first month with an activity to the last."""
    if not doc.activities:
        return None
    first, last = (edge(row.held_on for row in doc.activities) for edge in (min, max))
    span = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    sums = dict.fromkeys(span, 0)
    for row in doc.activities:
        sums[row.held_on.year * 12 + row.held_on.month - 1] += row.attendance_count
    labels = tuple(f"{month % 12 + 1}月" for month in span)
    return Chart(ChartKind.COLUMN, "各月服务人次", labels, (Series("服务人次", tuple(sums.values())),), "人次")


def survey(doc: ProjectEvaluation) -> Chart | None:
    """Return the answers of the survey as parts of each question's valid answers, in percent."""
    lines = [("总体满意度", doc.survey.answers), *((row.name, row.answers) for row in doc.survey.senses)]
    lines = [(name, given) for name, given in lines if given.total]
    if not lines:
        return None
    return Chart(
        ChartKind.STACKED,
        "满意度与“三感”答卷构成",
        tuple(name for name, _given in lines),
        tuple(
            Series(answer, tuple(Decimal(100 * given.counts[index]) / given.total for _name, given in lines))
            for index, answer in enumerate(ANSWERS)
        ),
        "％",
        1,
        100,
    )


def dimensions(doc: ProjectEvaluation) -> Chart:
    """Return each dimension's score as a percentage of its full marks."""
    full: dict[str, Decimal] = {}
    given: dict[str, Decimal] = {}
    for row in doc.scores:
        full[row.dimension] = full.get(row.dimension, Decimal(0)) + row.full
        given[row.dimension] = given.get(row.dimension, Decimal(0)) + row.score
    rates = tuple(100 * given[name] / full[name] for name in full)
    return Chart(ChartKind.BAR, "各维度得分率", tuple(full), (Series("得分率", rates),), "％", 1, 100)


def partners(doc: ProjectEvaluation) -> Chart | None:
    """Return the five partners' points as a shape; a radar needs at least three axes."""
    if len(doc.partners) < 3:
        return None
    points = tuple(row.points for row in doc.partners)
    names = tuple(row.name for row in doc.partners)
    return Chart(ChartKind.RADAR, "“五社联动”参与程度", names, (Series("得分", points),), "分", 0, 5)
