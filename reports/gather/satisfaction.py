"""The 满意度报告 of one project: who was asked and how, what they answered, and what they wrote, without names."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.evaluation.models import Survey, SurveyAnswer, SurveyInvitation
from grants.evaluation.rules import SENSE_LABELS, Satisfaction, SurveyChannel, SurveyStatus
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.projects.models import Project
from grants.supervision.models import Activity
from grants.supervision.rules import ActivityStatus
from reports.charts import Chart, ChartKind, Series
from reports.data.balance import Balance
from reports.data.common import ANSWER_POINTS, ANSWERS, Answers
from reports.data.sheet import Depth, Part, Sheet
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import count, day, decimal, percent
from reports.gather import evaluation_rows
from reports.gather.common import DEPARTMENT, Gathered, points_of_five, satisfaction, unissued_stamp

CHANNELS = {SurveyChannel.LINK: "网上问卷", SurveyChannel.PHONE: "电话访问", SurveyChannel.PAPER: "纸质问卷"}
LEAST_QUOTED = 5
"""With fewer answers a comment could be traced to who wrote it."""
MOST_QUOTED = 30


def gather(reference: str) -> Gathered:
    """Return the report of a survey, by its reference or the project's; a draft until closed. Raises NotFound."""
    survey, invited, served = _read(reference)
    project = survey.agreement.project
    given = evaluation_rows.answered(survey.agreement_id)
    by_channel = _by_channel(survey)
    answers = satisfaction(given.satisfaction)
    is_draft = survey.status is not SurveyStatus.CLOSED
    settings = project.round.settings
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft),
        title="居民满意度调查报告",
        about=project.title,
        above=project.round.name,
        facts=(
            ("项目编号", project.ref),
            ("实施社区", project.community.name),
            ("承接组织", survey.agreement.organisation.name),
            ("调查组织", DEPARTMENT),
            ("有效答卷", f"{answers.total}份"),
            ("居民满意率", percent(answers.rate)),
        ),
        parts=(
            Part("摘要", Depth.FRONT, text=_abstract(answers, settings), keys=_keys(answers, invited)),
            Part("调查的组织", text=_method(survey, invited, served, settings), tables=(_channels(by_channel),)),
            Part("满意度", text=_verdict(answers), tables=(_answers(answers),), charts=_chart(answers)),
            Part("三感评价", tables=(_senses(given.senses),), charts=_sense_chart(given.senses)),
            Part("居民的意见", **_comments(given.comments, answers.total)),
            Part("结论", text=_conclusion(answers, settings)),
        ),
        balances=(
            Balance(
                "有效答卷",
                (
                    ("按满意程度", answers.total),
                    ("按渠道", sum(one for row in by_channel.values() for one in row.values())),
                ),
                unit="份",
            ),
        ),
        has_cover=True,
    )
    series = f"MY-{project.round.year}-{project.round.number:02d}"
    return Gathered(sheet, f"{project.title}满意度调查报告", series, is_draft)


def _read(reference: str) -> tuple[Survey, int, int]:
    invited = select(func.count()).where(SurveyInvitation.survey_id == Survey.id).correlate(Survey).scalar_subquery()
    served = (
        select(func.coalesce(func.sum(Activity.person_count), 0))
        .where(Activity.agreement_id == Survey.agreement_id, Activity.status == ActivityStatus.RECORDED)
        .correlate(Survey)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(Survey, invited, served)
        .join(Agreement, Agreement.id == Survey.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .where((Survey.ref == reference) | (Project.ref == reference))
        .options(
            joinedload(Survey.agreement).options(
                joinedload(Agreement.organisation),
                joinedload(Agreement.project).options(joinedload(Project.round), joinedload(Project.community)),
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("这个项目还没有开展满意度调查。"))
    return row[0], int(row[1]), int(row[2])


def _by_channel(survey: Survey) -> dict[SurveyChannel, Counter[Satisfaction]]:
    rows = db.session.execute(
        select(SurveyAnswer.channel, SurveyAnswer.satisfaction, func.count())
        .where(SurveyAnswer.survey_id == survey.id)
        .group_by(SurveyAnswer.channel, SurveyAnswer.satisfaction)
    )
    found: dict[SurveyChannel, Counter[Satisfaction]] = {channel: Counter() for channel in SurveyChannel}
    for channel, answer, number in rows:
        found[channel][answer] += int(number)
    return found


def _abstract(answers: Answers, settings: Any) -> str:
    return (
        f"本次调查收回有效答卷{answers.total}份，居民满意率{percent(answers.rate)}，"
        f"目标为{settings['satisfaction_target']}%；满意度指数{decimal(answers.index, 1)}（满分100）。"
    )


def _keys(answers: Answers, invited: int) -> tuple[tuple[str, str], ...]:
    return (
        ("有效答卷（份）", count(answers.total)),
        ("发出邀请（份）", count(invited)),
        ("居民满意率", percent(answers.rate)),
        ("满意度指数", decimal(answers.index, 1)),
    )


def _method(survey: Survey, invited: int, served: int, settings: Any) -> str:
    ends = day(local(survey.closed_at).date()) if survey.closed_at else "尚未结束"
    return (
        f"调查对象为接受过本项目服务的居民，项目累计服务{served}人（各场人数之和）。调查自"
        f"{day(local(survey.opened_at).date())}开始，{'至' + ends if survey.closed_at else ends}，"
        f"发出一次性问卷链接{invited}份，并以电话和纸质问卷补充。本届规定每个项目有效答卷不少于"
        f"{settings['survey_minimum']}份（服务人数不足的为全部对象）{_least_share(settings)}；{_calls(survey)}。\n"
        "问卷匿名填写：答卷与邀请分开保存，系统不记录谁填写了哪一份。承接组织看不到单份答卷。"
    )


def _least_share(settings: Any) -> str:
    percent = settings.get("survey_percent", 0)
    return f"，且不少于直接受益人数的{percent}%" if percent else ""


def _calls(survey: Survey) -> str:
    reached = [one for one in survey.checks if one.is_reached]
    absent = sum(1 for one in reached if one.has_joined is False)
    if not reached:
        return "没有登记电话复核"
    return f"按签到表电话复核接通{len(reached)}位，{f'其中{absent}位称没有参加' if absent else '均参加过活动'}"


def _channels(found: dict[SurveyChannel, Counter[Satisfaction]]) -> Table:
    rows = [
        Row((CHANNELS[channel], *(count(counts[answer]) for answer in Satisfaction), count(counts.total())))
        for channel, counts in found.items()
    ]
    sums = sum(found.values(), Counter[Satisfaction]())
    whole = Row(("合计", *(count(sums[answer]) for answer in Satisfaction), count(sums.total())), "total")
    columns = (
        Column("渠道", 22),
        *(Column(name, 13, RIGHT) for name in ANSWERS),
        Column("合计", 13, RIGHT),
    )
    return Table("各渠道答卷", columns, (*rows, whole), unit="单位：份")


def _verdict(answers: Answers) -> str:
    return (
        "满意率为“非常满意”和“满意”占有效答卷的比例；满意度指数按非常满意100分、满意80分、一般60分、不满意30分、"
        f"非常不满意0分加权平均。本项目满意率{percent(answers.rate)}，指数{decimal(answers.index, 1)}。"
    )


def _answers(answers: Answers) -> Table:
    rows = [
        Row((name, str(points), count(number), percent(number, answers.total)))
        for name, points, number in zip(ANSWERS, ANSWER_POINTS, answers.counts, strict=True)
    ]
    whole = Row(
        ("合计", decimal(answers.index, 1), count(answers.total), percent(answers.total, answers.total)), "total"
    )
    columns = (
        Column("选项", 30),
        Column("分值", 20, CENTRE),
        Column("答卷（份）", 25, RIGHT),
        Column("占比", 25, RIGHT),
    )
    return Table("满意度分布", columns, (*rows, whole))


def _chart(answers: Answers) -> tuple[Chart, ...]:
    if not answers.total:
        return ()
    return (Chart(ChartKind.BAR, "满意度分布", ANSWERS, (Series("答卷", answers.counts),), "份"),)


def _senses(senses: dict[str, Counter[int]]) -> Table:
    rows = []
    for name, label in SENSE_LABELS.items():
        given = points_of_five(senses[name])
        mean = sum(points * number for points, number in senses[name].items()) / given.total if given.total else None
        rows.append(Row((str(label), *(count(number) for number in given.counts), decimal(mean), percent(given.rate))))
    columns = (
        Column("项目", 16),
        *(Column(f"{points}分", 11, RIGHT) for points in (5, 4, 3, 2, 1)),
        Column("平均分", 14, RIGHT),
        Column("4分及以上", 15, RIGHT),
    )
    return Table("获得感、幸福感、安全感（1—5分）", columns, tuple(rows), unit="单位：份")


def _sense_chart(senses: dict[str, Counter[int]]) -> tuple[Chart, ...]:
    means = []
    for name in SENSE_LABELS:
        total = senses[name].total()
        means.append(sum(points * number for points, number in senses[name].items()) / total if total else 0)
    if not any(means):
        return ()
    labels = tuple(str(label) for label in SENSE_LABELS.values())
    return (Chart(ChartKind.COLUMN, "三感平均分", labels, (Series("平均分", tuple(means)),), "分", 2, 5),)


def _comments(comments: Sequence[str], total: int) -> dict[str, Any]:
    if total < LEAST_QUOTED:
        return {"text": f"答卷不足{LEAST_QUOTED}份，为保护填写人，不摘录意见。"}
    if not comments:
        return {"text": "答卷没有书面意见。"}
    shown = tuple(text for text in comments if len(text) <= 300)[:MOST_QUOTED]
    return {"text": f"答卷写有不重复的意见{len(comments)}条，摘录{len(shown)}条，按字序排列。", "points": shown}


def _conclusion(answers: Answers, settings: Any) -> str:
    if answers.rate is None:
        return "还没有有效答卷，不能作出结论。"
    target, least = settings["satisfaction_target"], settings["survey_minimum"]
    reached = "达到" if answers.rate * 100 >= target else "没有达到"
    enough = "样本量符合规定。" if answers.total >= least else f"样本量不足{least}份，结论仅供参考。"
    low = answers.counts[3] + answers.counts[4]
    more = f"有{low}份答卷表示不满意，承接组织和社区居委会应逐项了解原因并改进。" if low else "没有答卷表示不满意。"
    return f"本项目居民满意率{percent(answers.rate)}，{reached}{target}%的目标，{enough}{more}"
