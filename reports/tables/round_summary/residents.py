"""What residents raised, decided and think, over the whole round."""

from reports.data.common import ANSWERS
from reports.data.round_summary import NeedCount, RoundSummary
from reports.formatting import UNKNOWN, count, percent
from reports.tables.base import CENTRE, RIGHT, TOTAL, Column, Row, Table, frame, records, sums_by, total, total_row


def funnel(doc: RoundSummary) -> Table:
    """Return the way from needs to funded projects, each step beside the one before it."""
    rows = []
    before: int | None = None
    for step in doc.funnel:
        # Applications may outnumber the needs they answer: a share of more than the whole would say nothing
        share = percent(step.count, before) if before is None or step.count <= before else UNKNOWN
        rows.append(Row((step.name, count(step.count), share, step.note)))
        before = step.count
    return Table(
        "从需求到立项各环节数量",
        (Column("环节", 24), Column("数量", 12, RIGHT), Column("占上一环节", 18, RIGHT), Column("说明", 46)),
        tuple(rows),
    )


def needs(doc: RoundSummary) -> Table:
    """Return needs by category in the fixed order."""
    fields = ("raised_count", "merged_count", "approved_count")
    sums = sums_by(frame(doc.needs, NeedCount), "category", fields, doc.categories)
    rows = [
        Row(
            (
                str(line.Index),
                *(count(getattr(line, name)) for name in fields),
                percent(line.approved_count, line.merged_count),
            )
        )
        for line in records(sums)
    ]
    raised, merged, approved = (total(sums, name) for name in fields)
    return Table(
        "各类需求征集与立项情况",
        (
            Column("项目类别", 25),
            Column("征集（条）", 17, RIGHT),
            Column("合并后（项）", 20, RIGHT),
            Column("列入指引（项）", 22, RIGHT),
            Column("采纳率", 16, RIGHT),
        ),
        (*rows, total_row((TOTAL, count(raised), count(merged), count(approved), percent(approved, merged)))),
    )


def handled(doc: RoundSummary) -> Table:
    """Return needs by how they were answered, beside the 70/20/10 of 721."""
    everything = sum(row.count for row in doc.handled)
    rows = tuple(
        Row((row.kind, count(row.count), percent(row.count, everything), f"{row.expected_percent}%"))
        for row in doc.handled
    )
    return Table(
        "需求分类办理情况（“721”）",
        (
            Column("办理方式", 40),
            Column("数量（项）", 20, RIGHT),
            Column("实际占比", 20, RIGHT),
            Column("参考占比", 20, RIGHT),
        ),
        (*rows, total_row((TOTAL, count(everything), percent(everything, everything), "100%"))),
    )


def stages(doc: RoundSummary) -> Table:
    """Return how residents took part in each of the five mechanisms."""
    return Table(
        "居民全程参与五项机制情况",
        (Column("机制", 26), Column("居民参与方式", 58), Column("参与人次", 16, RIGHT)),
        tuple(Row((row.mechanism, row.what, count(row.resident_count))) for row in doc.stages),
    )


def turnout(doc: RoundSummary) -> Table:
    """Return turnout by community."""
    rows = tuple(
        Row(
            (
                row.name,
                count(row.grid_count),
                count(row.eligible_count),
                count(row.voter_count),
                percent(row.voter_count, row.eligible_count),
                count(row.paper_voter_count),
                percent(row.paper_voter_count, row.voter_count),
            )
        )
        for row in doc.communities
    )
    last = total_row(
        (
            TOTAL,
            count(sum(row.grid_count for row in doc.communities)),
            count(doc.eligible_count),
            count(doc.voter_count),
            percent(doc.voter_count, doc.eligible_count),
            count(doc.paper_voter_count),
            percent(doc.paper_voter_count, doc.voter_count),
        )
    )
    return Table(
        "各社区居民投票情况",
        (
            Column("社区", 19),
            Column("网格数", 11, RIGHT),
            Column("有投票权人数", 17, RIGHT),
            Column("投票人数", 14, RIGHT),
            Column("投票率", 12, RIGHT),
            Column("其中：纸质", 14, RIGHT),
            Column("纸质占比", 13, RIGHT),
        ),
        (*rows, last),
        unit="单位：人",
    )


def ages(doc: RoundSummary) -> Table:
    """Return turnout by age band."""
    rows = tuple(
        Row(
            (
                row.band,
                count(row.eligible_count),
                count(row.voter_count),
                percent(row.voter_count, row.eligible_count),
                percent(row.paper_voter_count, row.voter_count),
            )
        )
        for row in doc.ages
    )
    eligible = sum(row.eligible_count for row in doc.ages)
    last = total_row(
        (
            TOTAL,
            count(eligible),
            count(doc.voter_count),
            percent(doc.voter_count, eligible),
            percent(doc.paper_voter_count, doc.voter_count),
        )
    )
    return Table(
        "各年龄段居民投票情况",
        (
            Column("年龄段", 24, CENTRE),
            Column("有投票权人数", 20, RIGHT),
            Column("投票人数", 20, RIGHT),
            Column("投票率", 18, RIGHT),
            Column("纸质占比", 18, RIGHT),
        ),
        (*rows, last),
        unit="单位：人",
    )


def senses(doc: RoundSummary) -> Table:
    """Return the satisfaction of all projects together, and the three senses."""
    lines = (("总体满意度", doc.answers), *((row.name, row.answers) for row in doc.senses))
    return Table(
        "居民满意度与“三感”",
        (
            Column("调查项目", 22),
            *(Column(answer, 4 + 2 * len(answer), RIGHT) for answer in ANSWERS),
            Column("有效答卷", 13, RIGHT),
            Column("满意率", 13, RIGHT),
        ),
        tuple(
            Row((name, *(count(number) for number in given.counts), count(given.total), percent(given.rate)))
            for name, given in lines
        ),
        unit="单位：份",
    )
