"""What the first rounds left: the best projects become cases, two of their leaders agree to be named."""

import uuid
from datetime import date

from grants.demo.teller import Teller
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import Grade
from grants.growth import queries, service
from grants.growth.queries import ProjectFigures

CASES = 3
LESSONS = (
    "一是名单和时间由居民自己商定；二是社工退一步，让楼组长和志愿者站到前面；三是每月在公开栏公布账目和活动照片。",
    "先从大家都看得见的一件小事做起，做成了再往下走；志愿者固定结对，不频繁轮换；问题当月发现、当月改。",
    "社区居委会、社会组织、志愿者每两周碰一次头；不会用手机的老人由楼组长上门登记；活动结束就请居民打分。",
)


def fill_library(teller: Teller, day: date) -> None:
    """Put the best projects of the past rounds into the library and name two of those who led them."""
    figures = {one.ref: one for one in queries.list_figures()}
    best = [one for one in queries.list_candidates() if one.grade is Grade.EXCELLENT][:CASES]
    named: set[tuple[uuid.UUID, str]] = set()
    for evaluation, lessons in zip(best, LESSONS, strict=False):
        agreement = evaluation.agreement
        with teller.on(day, 10):
            service.choose_case(
                evaluation=evaluation,
                officer=teller.user("programme-1"),
                text=service.CaseText(
                    agreement.project.title, _story(evaluation, figures[agreement.project.ref]), lessons
                ),
                pictures=queries.list_pictures(agreement.id)[:2],
            )
            who = (agreement.organisation_id, agreement.leader_name)
            if len(named) < CASES - 1 and who not in named:
                named.add(who)
                service.record_consent(
                    organisation=agreement.organisation,
                    member=teller.member_of(agreement.organisation),
                    name=agreement.leader_name,
                    given_on=day,
                )


def _story(evaluation: Evaluation, figures: ProjectFigures) -> str:
    project = evaluation.agreement.project
    need = project.needs[0]
    return (
        f"{figures.community}的居民提出“{need.title}”，{need.support_count}位邻居附议，经过投票和议事立项。"
        f"{figures.organisation}承接以后办了{figures.activities}场活动，有{figures.attendances}人次参加，"
        f"收回的{figures.answers}份问卷里，{figures.content_answers}份表示满意。\n{project.summary}\n{evaluation.strengths}"
    )
