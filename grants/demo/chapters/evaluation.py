"""Residents say how it was, the result is scored, decided and published, the project closed."""

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from grants.agreements.models import Agreement
from grants.demo.teller import Teller
from grants.evaluation import queries, service
from grants.evaluation.models import Evaluation, Survey, SurveyAnswer, SurveyInvitation
from grants.evaluation.rules import Satisfaction, SurveyChannel
from grants.foundation import audit
from grants.foundation.database import db
from grants.projects.rules import Measure

CALLED = ("周桂芳", "吴建国", "郑秀英", "冯德明", "陈玉兰", "蒋志强", "沈美华")
"""Who is called from the activity lists; only the masked name is kept."""

COMMENTS = (
    "活动很好，希望一直办下去。",
    "社工很耐心，老人们都喜欢。",
    "时间再固定一点就更好了。",
    "以前没人管的事，现在有人商量了。",
    "孩子很喜欢，谢谢志愿者。",
    "场地有点小，人多的时候坐不下。",
)


def half_way(teller: Teller, agreement: Agreement, day: date, until: str) -> None:
    """Evaluate at mid-term: a project that stands still there has only reported, one in trouble fails."""
    officer, member = teller.user("programme-1"), teller.member_of(agreement.organisation)
    with teller.on(day - timedelta(days=6), 9):
        midterm = service.open_midterm(officer=officer, agreement=agreement)
    with teller.on(day - timedelta(days=4), 16):
        service.report_midterm(
            member=member,
            midterm=midterm,
            report="活动场次过半，居民小组已经组成，资金按预算使用，凭证齐全。",
            problems="雨季户外活动改到室内，下半程增加入户服务。",
        )
    if until == "midway":
        return
    quality = 25 if until == "troubled" else 88
    with teller.on(day - timedelta(days=3), 10):
        service.score_midterm(
            officer=officer,
            midterm=midterm,
            points={item.code: _judged(item.max_points, quality) for item in service.midterm_criteria(midterm)},
            adjustment=_adjusted(until),
            texts={
                "conclusion": "进展与约定相符，同意继续实施。" if quality > 60 else "进展滞后，资料不全，须限期整改。",
                "suggestions": "及时报送活动记录，扩大受益面。",
            },
        )
        service.submit_midterm(officer=officer, midterm=midterm)
    with teller.on(day - timedelta(days=2), 15):
        service.publish_midterm(leader=teller.user("leader-1"), midterm=midterm)


def _adjusted(until: str) -> service.Adjustment:
    if until == "troubled":
        return service.Adjustment(malus=8, malus_reason="两次未按预告时间开展活动，居民投诉属实。")
    return service.Adjustment(bonus=3, bonus_reason="引入爱心企业物资，惠及困难家庭。")


def counted_on(agreement: Agreement, day: date) -> date:
    """Return the first day from `day` on which the mid-term result opens the next tranche."""
    return max(day, agreement.midterm_counts_on or day)


def survey(teller: Teller, agreement: Agreement, day: date, answers: int, liking: int) -> Survey:
    """Open a survey, invite who signed in, and take many answers at once; `liking` is the share content in percent."""
    officer = teller.user("programme-2")
    with teller.on(day, 9):
        opened = service.open_survey(officer=officer, agreement=agreement)
        service.invite_served(officer=officer, survey=opened)
    with teller.on(day + timedelta(days=5), 18):
        answers = max(answers, queries.sample_of(agreement).needed)
        rows = [_answer(teller, opened, liking) for _number in range(answers)]
        db.session.execute(insert(SurveyAnswer), rows)
        _hand_out(teller, opened, sum(row["channel"] is SurveyChannel.LINK for row in rows))
        audit.record("demo:answers", actor=None, subject=opened, count=answers)
    return opened


def _hand_out(teller: Teller, opened: Survey, answered: int) -> None:
    """Print a code for every answer by link and some that nobody used."""
    officer = teller.user("programme-2")
    wanted = max(0, answered + answered // 5 - queries.survey_summary(opened.agreement_id).invited)
    if wanted:
        service.mint_tokens(officer=officer, survey=opened, count=min(wanted, 200))
    db.session.flush()
    used = select(SurveyInvitation.id).where(SurveyInvitation.survey_id == opened.id).limit(answered)
    db.session.execute(update(SurveyInvitation).where(SurveyInvitation.id.in_(used)).values(is_used=True))


def _answer(teller: Teller, opened: Survey, liking: int) -> dict[str, object]:
    dice = teller.dice
    content = dice.randrange(100) < liking
    word = (
        dice.choice((Satisfaction.VERY_GOOD, Satisfaction.VERY_GOOD, Satisfaction.GOOD))
        if content
        else dice.choice((Satisfaction.FAIR, Satisfaction.FAIR, Satisfaction.POOR))
    )
    low, high = (4, 5) if content else (2, 4)
    return {
        "survey_id": opened.id,
        "channel": dice.choice((SurveyChannel.LINK, SurveyChannel.LINK, SurveyChannel.PAPER, SurveyChannel.PHONE)),
        "satisfaction": word,
        "gain": dice.randint(low, high),
        "happiness": dice.randint(low, high),
        "safety": dice.randint(low, high),
        "comment": dice.choice(COMMENTS) if dice.random() < 0.3 else "",
    }


def close_survey(teller: Teller, opened: Survey, day: date) -> None:
    """Close the survey."""
    agreement = opened.agreement
    caller = teller.officer_of(agreement.project.community)
    with teller.on(day - timedelta(days=1), 15):
        for number in range(queries.sample_of(agreement).checks_needed + 1):
            name = CALLED[number % len(CALLED)]
            call = service.Call(is_reached=number > 0, has_joined=True, has_answered=number % 3 > 0)
            service.check_answer(officer=caller, survey=opened, person=name, call=call)
    with teller.on(day, 9):
        service.close_survey(officer=teller.user("programme-2"), survey=opened)


def evaluate(teller: Teller, agreement: Agreement, day: date, quality: int, *, submit: bool = True) -> Evaluation:
    """Draft and score the final evaluation; `quality` is the share of judged points given, in percent."""
    officer = teller.user("programme-1")
    with teller.on(day, 10):
        evaluation = service.draft_evaluation(officer=officer, agreement=agreement)
        service.assess_self(
            member=teller.member_of(agreement.organisation),
            evaluation=evaluation,
            text="项目按计划完成全部活动，居民小组已能独立开展工作，资料齐全，资金专账管理。",
        )
    with teller.on(day + timedelta(days=2), 10):
        computed = {line.criterion.code for line in evaluation.points if line.is_computed}
        points = {
            item.code: _judged(item.max_points, quality)
            for item in service.criteria_of(evaluation)
            if item.code not in computed
        }
        service.enter_values(officer=officer, evaluation=evaluation, values=_reached(evaluation, quality))
        service.set_points(
            officer=officer,
            evaluation=evaluation,
            points=points,
            texts={
                "strengths": "需求来自居民，居民全程参与；自治小组运转良好，项目成果得以延续。",
                "problems": "个别活动记录提交不够及时，宣传渠道有待拓展。",
                "suggestions": "建议下一届延续支持自治小组，并将经验向其他社区推广。",
                "conclusion": "项目完成约定目标，资金使用规范，服务对象评价较好。",
            },
        )
        if submit:
            service.submit_evaluation(officer=officer, evaluation=evaluation)
    return evaluation


def _reached(evaluation: Evaluation, quality: int) -> dict[int, tuple[float, str]]:
    """Return what was counted by hand: a little short of the target where the work was weaker."""
    return {
        one.position: (one.target if quality >= 80 else max(one.target - 1, 0), "查看小组名单、公约和活动照片")
        for one in evaluation.agreement.project.indicators
        if one.measure is Measure.MANUAL
    }


def _judged(most: int, quality: int) -> tuple[float, str]:
    points = round(most * quality / 100 * 2) / 2
    return points, "资料齐全，符合要求。" if points == most else "查阅档案、走访居民，个别环节资料不够完整。"


def publish(teller: Teller, evaluation: Evaluation, day: date) -> None:
    """Publish the result."""
    with teller.on(day, 15):
        service.publish_evaluation(leader=teller.user("leader-1"), evaluation=evaluation)


def close(teller: Teller, evaluation: Evaluation, day: date) -> None:
    """Settle and close the project."""
    with teller.on(day, 9):
        service.return_unspent(officer=teller.user("finance-1"), evaluation=evaluation)
        service.close_project(officer=teller.user("programme-2"), evaluation=evaluation)
