"""What residents asked for, did and think."""

from reports.data.common import ANSWERS
from reports.data.project_evaluation import ProjectEvaluation
from reports.formatting import count, percent, short_day
from reports.tables.base import CENTRE, DATE, RIGHT, Column, Row, Table


def needs(doc: ProjectEvaluation) -> Table:
    """Return the needs the project answers."""
    return Table(
        "项目回应的居民需求",
        (
            Column("需求编号", 22),
            Column("需求内容", 38),
            Column("提出日期", 16, DATE),
            Column("附议人数", 12, RIGHT),
            Column("得票数", 12, RIGHT),
        ),
        tuple(
            Row((row.reference, row.title, short_day(row.raised_on), count(row.supporter_count), count(row.vote_count)))
            for row in doc.needs
        ),
    )


def steps(doc: ProjectEvaluation) -> Table:
    """Return the six steps with their dates."""
    return Table(
        "居民全程参与“六部曲”记录",
        (
            Column("环节", 14, CENTRE),
            Column("完成日期", 16, DATE),
            Column("主要工作", 57),
            Column("参与人次", 13, RIGHT),
        ),
        tuple(Row((row.step, short_day(row.on), row.what, count(row.resident_count))) for row in doc.steps),
    )


def survey(doc: ProjectEvaluation) -> Table:
    """Return the answers of the satisfaction survey: overall and the three senses."""
    lines = (("总体满意度", doc.survey.answers), *((row.name, row.answers) for row in doc.survey.senses))
    return Table(
        "居民满意度与“三感”调查结果",
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
        note="满意率＝（非常满意＋满意）÷有效答卷。",
    )


def partners(doc: ProjectEvaluation) -> Table:
    """Return how each of the five partners took part."""
    return Table(
        "“五社联动”参与情况",
        (Column("主体", 20, CENTRE), Column("得分（满分5分）", 20, CENTRE), Column("参与情况", 60)),
        tuple(Row((row.name, str(row.points), row.text)) for row in doc.partners),
    )
