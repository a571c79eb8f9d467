"""Organisations apply, experts and residents score, one is chosen."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from grants.demo import names
from grants.demo.chapters.projects import cost_lines
from grants.demo.pictures import scan
from grants.demo.teller import Teller
from grants.demo.themes import Theme
from grants.foundation import clock
from grants.people.models import Organisation
from grants.people.rules import LegalKind
from grants.projects.models import Project
from grants.rounds import queries as round_queries
from grants.rounds import service as rounds
from grants.rounds.rules import ScoreTableKind
from grants.selection import service
from grants.selection.models import Application, Call
from grants.selection.queries import judging
from grants.selection.rules import (
    ActivityRow,
    Condition,
    DocumentKind,
    Speciality,
    TeamRow,
)
from grants.selection.rules.paper import BudgetRow
from grants.selection.service.eligibility import Decision


def fill_pool(teller: Teller, day: date) -> None:
    """Enter the experts into the pool."""
    fields = (
        Speciality.SOCIAL_WORK,
        Speciality.COMMUNITY,
        Speciality.FINANCE,
        Speciality.RESEARCH,
        Speciality.LAW,
        Speciality.SOCIAL_WORK,
        Speciality.FINANCE,
    )
    with teller.on(day, 9):
        for number, (field, (_name, subject, _finance)) in enumerate(zip(fields, names.EXPERTS, strict=True), start=1):
            service.keep_expert(
                user=teller.user(f"expert-{number}"),
                officer=teller.user("programme-1"),
                speciality=field,
                title="副教授" if number % 2 else "高级社会工作师",
                employer=f"区{subject}专家库",
            )


def publish(teller: Teller, project: Project, day: date) -> Call:
    """Publish a call that runs for twenty days; somebody asks about it, and everybody reads the answer."""
    with teller.on(day, 10):
        call = service.publish_call(
            project=project,
            officer=teller.user("programme-1"),
            closes_at=datetime.combine(day + timedelta(days=20), time(17), tzinfo=clock.SHANGHAI),
            requirements="承接组织须配备至少一名持证社工，项目负责人每周在社区工作不少于两个半天。",
        )
    with teller.on(day + timedelta(days=3), 14):
        question = service.ask_about_call(
            call=call, actor=teller.user("org-1"), text="企业捐赠的物资能否计入社会资金？需要什么证明？"
        )
    with teller.on(day + timedelta(days=4), 9):
        service.answer_question(
            question=question,
            officer=teller.user("programme-1"),
            answer="可以计入，按捐赠方出具的价值证明或发票列入社会资金预算表，并上传“社会资金证明”。",
        )
    return call


def apply(teller: Teller, call: Call, organisation: Organisation, theme: Theme, day: date) -> Application:
    """Fill an application in."""
    member = teller.member_of(organisation)
    with teller.on(day, 15):
        application = service.start_application(call=call, organisation=organisation, actor=member)
        service.save_application(
            application=application, actor=member, base=application.version, values=_content(teller, call, theme)
        )
        for kind in _papers(organisation):
            service.add_document(
                application=application,
                actor=member,
                kind=kind,
                file=scan(teller.dice, f"{kind.value}", member, "application"),
            )
    return application


def _papers(organisation: Organisation) -> list[DocumentKind]:
    kinds = [DocumentKind.REGISTRATION, DocumentKind.INSPECTION, DocumentKind.PLEDGE, DocumentKind.TEAM]
    kinds += [DocumentKind.MATCHING, DocumentKind.BUDGET_BASIS]
    return [*kinds, DocumentKind.FILING] if organisation.legal_kind is LegalKind.FILED else kinds


def _content(teller: Teller, call: Call, theme: Theme) -> dict[str, Any]:
    project = call.project
    months = max(3, ((project.ends_on or date.max) - (project.starts_on or date.min)).days // 30)
    total = project.ceiling_fen * (94 + teller.dice.randrange(6)) // 100 // 1000 * 1000
    first = (project.starts_on or date.min).replace(day=1)
    plan = [
        ActivityRow(
            month=date(first.year + (first.month + number) // 12, (first.month + number) % 12 + 1, 1),
            title=theme.activities[number % len(theme.activities)],
            session_count=2,
            person_count=max(10, theme.people // months),
        )
        for number in range(months - 1)
    ]
    return {
        "overview": theme.summary,
        "features": "以居民自治小组为载体，项目结束后仍能自我运转；过程资料整理成操作手册，便于其他社区借鉴。",
        "need_analysis": f"居民反映：{theme.needs[0][1]}经入户走访和议事会讨论，需求真实、受益面广。",
        "goals": theme.objective,
        "plan": "第一阶段调研与招募，组建居民骨干小组；第二阶段按月开展"
        + "、".join(theme.activities)
        + "；第三阶段总结评估，移交自治小组。每次活动提前三日预告，现场签到，七日内公开记录。",
        "risks": "户外活动购买意外保险并制定应急预案；参与人数不足时由楼组长上门动员；涉及未成年人的活动由两名以上工作人员在场。",
        "beneficiaries": f"{project.community.name}居民，直接受益约 {theme.people} 人，优先服务困难群体。",
        "experience": "近三年在本街道承接公益创投项目，居民满意率均在九成以上。",
        "sustainability": "项目结束后由居民自治小组按操作手册继续轮值，社区公益基金补助日常开支。",
        "link_community": "居委会提供场地，并协助入户动员。",
        "link_social_work": "专业社工带领小组并定期督导。",
        "link_capital": "辖区企业捐赠活动物资。",
        "link_residents": "居民骨干组成自治小组轮值。",
        "person_target": theme.people,
        "attendance_target": theme.people * 3,
        "activity_target": len(plan) * 2,
        "indirect_target": theme.people * 2,
        "vulnerable_target": theme.people * project.vulnerable_percent // 100,
        "service_point": f"{project.community.name}党群服务站",
        "fiscal": [
            BudgetRow(line.code, line.content, line.unit_price_fen, line.quantity) for line in cost_lines(total)
        ],
        "social": [
            BudgetRow(line.code, "企业捐赠物资", line.unit_price_fen, line.quantity)
            for line in cost_lines(total // 4)[:1]
        ],
        "activities": plan,
        "team": [
            TeamRow("陈静", "项目负责人", "社会工作师（中级）", True),
            TeamRow("王磊", "项目社工", "助理社会工作师", False),
            TeamRow("刘颖", "财务", "初级会计师", False),
        ],
    }


def submit(teller: Teller, application: Application, day: date) -> None:
    """Hand an application in."""
    with teller.on(day, 16):
        service.submit_application(
            application=application, actor=teller.member_of(application.organisation), has_declared=True
        )


def check(teller: Teller, call: Call) -> date:
    """Close the call and decide on eligibility; return the day."""
    day = clock.local(call.closes_at).date() + timedelta(days=1)
    officer = teller.user("programme-2")
    with teller.on(day, 9):
        service.close_call(call=call, officer=officer)
    with teller.on(day + timedelta(days=2), 10):
        for application in call.applications:
            if application.status == "submitted":
                decisions = {condition: Decision(True) for condition in Condition}
                service.decide_eligibility(application=application, officer=officer, decisions=decisions)
    return day + timedelta(days=3)


def judge(teller: Teller, call: Call, day: date, *, experts_done: bool = True) -> None:
    """Draw panel and jury; experts declare and score, jurors and the community give their points."""
    officer = teller.user("programme-1")
    community = call.project.community
    with teller.on(day, 9):
        panel = service.draw_panel(call=call, officer=officer, seed=f"{call.ref}-{day:%m%d}", witness="罗正清")
        jurors = service.draw_jury(call=call, officer=officer, seed=f"{call.ref}-{day:%m%d}", size=7, witness="罗正清")
    _pitch(teller, call, day)
    applications = [one for one in call.applications if one.status == "eligible"]
    qualities = {one.id: 74 + teller.dice.randrange(18) for one in applications}
    for member in panel:
        with teller.on(day + timedelta(days=2), 10):
            service.declare_conflicts(member=member, actor=member.expert, ties=[])
        if experts_done:
            _score(teller, call, member, qualities, day + timedelta(days=4))
    with teller.on(day + timedelta(days=6), 15):
        clerk = teller.officer_of(community)
        for number, juror in enumerate(jurors, start=1):
            for application in applications:
                _jury_score(teller, juror, application, qualities[application.id], clerk, number)
        for application in applications:
            service.give_opinion(
                application=application,
                officer=clerk,
                points=min(100, qualities[application.id] + teller.dice.randrange(-3, 6)),
                text="熟悉社区情况，方案可行，愿意提供场地支持。",
            )


def _pitch(teller: Teller, call: Call, day: date) -> None:
    """Draw the order of the pitches, and have everybody present themselves the next morning."""
    officer = teller.user("programme-1")
    with teller.on(day, 10):
        pitch = service.arrange_pitch(
            call=call,
            officer=officer,
            starts_at=datetime.combine(day + timedelta(days=1), time(9), tzinfo=clock.SHANGHAI),
            place="街道三楼会议室",
            minutes_each=10,
            seed=f"{call.ref}-答辩-{day:%m%d}",
            witness="罗正清",
        )
    with teller.on(day + timedelta(days=1), 9):
        for slot in pitch.slots:
            service.begin_pitch(slot=slot, officer=officer)
            service.finish_pitch(slot=slot, officer=officer)


def _score(teller: Teller, call: Call, member: Any, qualities: dict[Any, int], day: date) -> None:
    criteria = round_queries.score_table(call.project.round, ScoreTableKind.SELECTION).items
    with teller.on(day, 14):
        for review in judging.list_reviews_of_member(member):
            quality = qualities[review.application_id] + teller.dice.randrange(-4, 5)
            points = {item.code: Decimal(round(item.max_points * quality / 50)) / 2 for item in criteria}
            service.save_scores(
                review=review,
                actor=member.expert,
                points=points,
                comment="需求把握准确，活动设计贴近居民，预算测算依据较充分；建议细化风险预案和成果固化办法。",
            )
            service.lock_review(review=review, actor=member.expert)


def _jury_score(teller: Teller, juror: Any, application: Application, quality: int, clerk: Any, number: int) -> None:
    level = 5 if quality > 84 else 4
    levels = {code: max(3, level - teller.dice.randrange(2)) for code in ("jury_need", "jury_trust", "jury_join")}
    user = juror.resident.user
    service.score_as_juror(
        juror=juror,
        application=application,
        actor=user or clerk,
        levels=levels,
        paper_serial="" if user else f"{application.blind_label}-{number:02d}",
    )


def award(teller: Teller, call: Call, day: date) -> None:
    """Rank, propose and announce."""
    with teller.on(day, 10):
        service.rank_call(call=call, officer=teller.user("programme-1"))
        service.propose_award(call=call, officer=teller.user("programme-1"), note="综合得分第一，建议入选。")
    with teller.on(day + timedelta(days=1), 15):
        service.announce_award(call=call, leader=teller.user("leader-1"))


def confirm(teller: Teller, call: Call) -> tuple[Application, date]:
    """End the notice and make the award final; return the winner and the day."""
    if call.notice is None:
        raise LookupError("the award was not announced")
    day = call.notice.ends_on + timedelta(days=1)
    with teller.on(day, 10):
        rounds.end_notice(notice=call.notice, officer=teller.user("programme-1"))
        return service.confirm_award(call=call, officer=teller.user("programme-1")), day
