"""The agreement is signed, activities happen, residents watch, milestones are verified."""

import random
from datetime import date, time, timedelta

from grants.agreements import service as agreements
from grants.agreements.models import Agreement, Amendment
from grants.agreements.rules import ChangeKind, LineDraft, MilestoneDraft
from grants.agreements.service import Content, Wish
from grants.demo.pictures import photo, scan, smaller
from grants.demo.teller import Teller
from grants.demo.themes import Theme
from grants.people.models import User
from grants.rounds.models import Round
from grants.selection.models import Application
from grants.supervision import queries as supervision_queries
from grants.supervision import service
from grants.supervision.models import Activity, Inspection
from grants.supervision.rules import (
    INSPECTION_ITEMS,
    CallOutcome,
    EvidenceKind,
    InspectionMethod,
    ItemGrade,
    first_of,
    last_of,
    months_between,
)
from grants.supervision.service import Finding
from grants.supervision.service.activities import Plan, Record
from grants.supervision.service.monthly import Words


def sign(teller: Teller, application: Application, day: date, months: int) -> Agreement:
    """Draft, offer and sign the agreement; the term begins a week later."""
    officer, leader = teller.user("programme-1"), teller.user("leader-2")
    member = teller.member_of(application.organisation)
    starts_on = day + timedelta(days=3)
    ends_on = starts_on + timedelta(days=months * 30)
    with teller.on(day, 10):
        agreement = agreements.draft_agreement(application=application, officer=officer)
        agreements.revise_agreement(
            agreement=agreement,
            by=officer,
            content=Content(
                starts_on=starts_on,
                ends_on=ends_on,
                terms=agreement.terms,
                lines=[
                    LineDraft(one.source, one.code, one.content, one.amount_fen, one.position)
                    for one in agreement.budget_lines
                ],
                milestones=[
                    MilestoneDraft("中期：完成过半活动场次，组建居民小组", starts_on + timedelta(days=months * 15)),
                    MilestoneDraft("末期：完成全部活动，成果移交自治小组", ends_on),
                ],
                plan_reason="立项公示结束晚于申报时的预计，起止日期顺延。",
            ),
        )
    with teller.on(day, 15):
        agreements.agree_draft(agreement=agreement, by=member, version=agreement.version)
    with teller.on(day, 16):
        agreements.offer_agreement(agreement=agreement, officer=officer)
    with teller.on(day + timedelta(days=1), 14):
        agreements.sign_agreement(agreement=agreement, by=member)
    with teller.on(day + timedelta(days=2), 15):
        paper = scan(teller.dice, "协议签章扫描件", leader, "agreement")
        agreements.sign_agreement(agreement=agreement, by=leader, signed_file=paper)
    return agreement


def draw(teller: Teller, agreement: Agreement, day: date) -> list[User]:
    """Draw the resident supervisors; return their accounts."""
    with teller.on(day, 10):
        drawn = service.draw_supervisors(
            agreement=agreement, officer=teller.user("programme-2"), seed=agreement.ref, witness="罗正清"
        )
    return [one.resident.user for one in drawn if one.resident.user is not None]


def hold(
    teller: Teller, agreement: Agreement, theme: Theme, day: date, number: int, *, record: bool = True
) -> Activity:
    """Announce an activity and put it on record with sign-in sheet and photo."""
    member = teller.member_of(agreement.organisation)
    title = theme.activities[number % len(theme.activities)]
    with teller.on(day - timedelta(days=4), 11):
        activity = service.announce_activity(
            agreement=agreement,
            by=member,
            plan=Plan(
                title=f"{title}（第{number // len(theme.activities) + 1}期）",
                held_on=day,
                starts=time(14),
                ends=time(16, 30),
                place_text=f"{agreement.project.community.name}党群服务中心",
                target_group=theme.group,
                team="项目社工2人、志愿者4人",
            ),
        )
    if record:
        _record(teller, activity, member, theme, day)
    return activity


def _record(teller: Teller, activity: Activity, member: User, theme: Theme, day: date) -> None:
    neighbours = teller.residents_of(activity.agreement.project.community)
    with teller.on(day, 14, 20):
        for user in teller.dice.sample(neighbours, min(3, len(neighbours))):
            service.sign_in(resident=teller.resident(user), code=activity.sign_in_code)
    persons = max(12, theme.people // 8 + teller.dice.randrange(8))
    with teller.on(day + timedelta(days=1), 17):
        service.record_activity(
            activity=activity,
            by=member,
            record=Record(
                person_count=persons,
                attendance_count=persons + teller.dice.randrange(12),
                volunteer_count=3 + teller.dice.randrange(5),
                summary=f"活动按计划开展，共有 {persons} 位居民参加，现场气氛热烈，居民围绕“{activity.title}”交流了体会。",
                reflection="部分居民希望延长互动时间，下次活动将增加分组交流环节。",
                has_cleared_photos=True,
            ),
            sign_in_sheets=[scan(teller.dice, "签到表", member, "sign_in")],
            photos=[photo(teller.dice, "现场照片", member, "photo")],
        )


def report_months(teller: Teller, agreement: Agreement, until: date) -> None:
    """File the plan and the report of every month that is over by a day, and have both sides read them."""
    member = teller.member_of(agreement.organisation)
    readers = (teller.officer_of(agreement.project.community), teller.user("programme-2"))
    for month in months_between(agreement.starts_on, until):
        reported_on = last_of(month) + timedelta(days=3)
        if reported_on + timedelta(days=4) > until or supervision_queries.find_report(agreement.id, month):
            continue
        with teller.on(max(first_of(month) + timedelta(days=2), agreement.starts_on), 9):
            service.file_plan(
                agreement=agreement,
                by=member,
                month=month,
                content="按项目方案开展主题活动，月末召开居民小组碰头会，收集意见并调整下月安排。",
                activity_count=2,
                attendance_count=60,
            )
        totals = supervision_queries.totals_of_month(agreement.id, month)
        with teller.on(reported_on, 16):
            report = service.submit_report(
                agreement=agreement,
                by=member,
                month=month,
                words=Words(
                    progress=f"本月开展活动 {totals.activity_count} 场，服务 {totals.attendance_count} 人次，签到表和照片已上传。",
                    spending="主要用于活动材料和志愿者补贴，凭证已报送。",
                    problems="高龄老人到场不便，拟增加上门服务。",
                    next_steps="按计划继续开展活动，并邀请居民监督员到场。",
                ),
            )
        for reader in readers:
            with teller.on(reported_on + timedelta(days=2), 11):
                service.remark_on_report(report=report, by=reader, text="已阅，进度正常，请继续做好签到和档案。")


def verify(teller: Teller, agreement: Agreement, position: int, watchers: list[User], day: date) -> None:
    """Claim a milestone, have the community and a resident supervisor verify it."""
    milestone = agreement.milestones[position - 1]
    member = teller.member_of(agreement.organisation)
    report_months(teller, agreement, day)
    totals = supervision_queries.totals(agreement.id)
    with teller.on(day, 10):
        agreements.claim_milestone(
            milestone=milestone,
            by=member,
            claim=f"已开展活动 {totals.activity_count} 场，服务 {totals.attendance_count} 人次，活动记录均附签到表和照片。",
        )
    with teller.on(day + timedelta(days=2), 10):
        agreements.verify_by_community(
            milestone=milestone,
            by=teller.officer_of(agreement.project.community),
            note="现场查看并抽查签到，情况属实。",
        )
    with teller.on(day + timedelta(days=4), 19):
        service.record_visit(
            agreement=agreement,
            by=watchers[0],
            visited_on=day + timedelta(days=3),
            finding="参加了一次活动，来的人不少，老师讲得清楚，街坊们都说有用。",
            is_satisfactory=True,
        )
        service.verify_by_resident(
            milestone=milestone, supervisor=watchers[0], note="看过活动记录，也问了邻居，情况属实。"
        )


def ask_change(teller: Teller, agreement: Agreement, day: date) -> Amendment:
    """The organisation asks for another leader of the project; the programme office has it on its desk."""
    with teller.on(day, 10):
        return agreements.propose_change(
            agreement=agreement,
            by=teller.member_of(agreement.organisation),
            wish=Wish(
                ChangeKind.LEADER,
                {"leader_name": "唐婉"},
                reason="原负责人调往区级项目，由参加过前期活动的社工接任。",
                impact_progress="活动计划不变，交接期一周。",
                impact_cost="不增加费用。",
                impact_resources="新负责人持有社会工作师证书，团队其他成员不变。",
            ),
        )


def change_leader(teller: Teller, agreement: Agreement, day: date) -> None:
    """A change as it should go: asked for, examined, approved within three days."""
    amendment = ask_change(teller, agreement, day)
    with teller.on(day + timedelta(days=1), 11):
        agreements.endorse_change(amendment=amendment, by=teller.user("programme-2"), note="资质符合要求，建议同意。")
    with teller.on(day + timedelta(days=2), 16):
        agreements.approve_change(amendment=amendment, by=teller.user("leader-1"), note="同意变更。")


def _same_photo_again(teller: Teller, agreement: Agreement, day: date) -> None:
    """A meeting is proven with a photo of an earlier activity, made smaller: the comparison of photos finds it."""
    member = teller.member_of(agreement.organisation)
    earlier = supervision_queries.list_activities(agreement.id)[-1]
    photographed = next(one.file for one in earlier.evidence if one.kind is EvidenceKind.PHOTO)
    with teller.on(day - timedelta(days=1), 9):
        meeting = service.announce_activity(
            agreement=agreement,
            by=member,
            plan=Plan("楼组议事会", day, time(9, 30), time(11), f"{agreement.project.community.name}议事厅"),
        )
    dice = random.Random(agreement.ref)  # noqa: S311 - drawn apart, so that the story goes on as it did
    with teller.on(day, 18):
        service.record_activity(
            activity=meeting,
            by=member,
            record=Record(
                person_count=14,
                attendance_count=14,
                summary="楼组长和居民代表商量下一阶段活动安排。",
                volunteer_count=2,
            ),
            sign_in_sheets=[scan(dice, "签到表", member, "sign_in")],
            photos=[smaller(photographed, "议事会照片", member, "photo")],
        )


def trouble(teller: Teller, agreement: Agreement, day: date) -> None:
    """A neighbour complains, and the community orders something put right; no money moves until it is."""
    community = agreement.project.community
    with teller.on(day, 20):
        service.complain(
            project_ref=agreement.project.ref,
            text="上周六说好的活动临时改了时间，没有提前通知，我们几个老人白跑了一趟。",
            sender=teller.residents_of(community)[4],
        )
    with teller.on(day + timedelta(days=1), 10):
        service.issue_rectification(
            agreement=agreement,
            by=teller.officer_of(community),
            problem="一次活动改期未按约定提前三日公告，现场签到表缺少负责人签字。",
            demand="完善活动改期公告办法并向居民说明，补齐签到表签字手续。",
        )
    _same_photo_again(teller, agreement, day + timedelta(days=2))
    with teller.on(day + timedelta(days=2), 14):
        talk = service.announce_activity(
            agreement=agreement,
            by=teller.member_of(agreement.organisation),
            plan=Plan(
                "居民恳谈会",
                day + timedelta(days=12),
                time(14),
                time(16),
                f"{community.name}党群服务中心",
                capacity=30,
                seat_count=3,
            ),
        )
    for user in teller.residents_of(community)[:4]:
        with teller.on(day + timedelta(days=3), 19):
            service.register(activity=talk, by=user)
    with teller.on(day + timedelta(days=2), 16):
        agreements.suspend_agreement(
            agreement=agreement,
            by=teller.user("programme-1"),
            reason="居民投诉和整改事项尚未办结，暂停拨付；整改复查通过后恢复。",
        )


def inspect(teller: Teller, agreement: Agreement, day: date) -> None:
    """The programme sends the community to look on the spot, and a colleague to call people who were served."""
    officer, neighbour = teller.user("programme-2"), teller.officer_of(agreement.project.community)
    with teller.on(day, 9):
        visit = service.plan_inspection(
            agreement=agreement,
            officer=officer,
            method=InspectionMethod.ON_SITE,
            due_on=day + timedelta(days=7),
            assigned_to=neighbour,
            focus="核对签到人数，查看场地安全和投诉方式公示。",
        )
        calls = service.plan_inspection(
            agreement=agreement,
            officer=officer,
            method=InspectionMethod.PHONE,
            due_on=day + timedelta(days=7),
            assigned_to=officer,
            focus="抽访扫码签到的居民，了解是否参加过活动、是否满意。",
        )
    with teller.on(day + timedelta(days=1), 16):
        _record_visit(visit, neighbour, day + timedelta(days=1))
    with teller.on(day + timedelta(days=2), 10):
        _record_calls(calls, officer, day + timedelta(days=2))


def _record_visit(inspection: Inspection, by: User, day: date) -> None:
    findings = [Finding(ItemGrade.GOOD) for _item in INSPECTION_ITEMS[inspection.method]]
    findings[-1] = Finding(ItemGrade.IMPROVE, "场地入口没有张贴投诉电话，已请现场负责人补上。")
    service.record_inspection(
        inspection=inspection,
        by=by,
        done_on=day,
        findings=findings,
        summary="活动按预告开展，人数与签到相符，秩序良好；投诉方式公示需要补上。",
    )


def _record_calls(inspection: Inspection, by: User, day: date) -> None:
    for call in service.draw_sample(inspection=inspection, by=by, count=5, seed=inspection.ref):
        if call.number == 3:
            service.record_call(call=call, by=by, outcome=CallOutcome.NO_ANSWER)
            continue
        service.record_call(
            call=call,
            by=by,
            outcome=CallOutcome.ANSWERED,
            has_attended=True,
            score=4 + call.number % 2,
            remark="希望多办几场，时间再早一点。" if call.number == 1 else "",
        )
    service.record_inspection(
        inspection=inspection,
        by=by,
        done_on=day,
        findings=[Finding(ItemGrade.GOOD) for _item in INSPECTION_ITEMS[inspection.method]],
        summary="接听的居民都确实参加过活动，总体满意。",
    )


def plan_next(teller: Teller, agreement: Agreement, day: date) -> None:
    """An inspection is on somebody's desk."""
    with teller.on(day, 9):
        service.plan_inspection(
            agreement=agreement,
            officer=teller.user("programme-2"),
            method=InspectionMethod.PAPERS,
            due_on=day + timedelta(days=21),
            assigned_to=teller.officer_of(agreement.project.community),
            focus="查看活动方案、签到表和照片是否齐全。",
        )


def bulletin(teller: Teller, round_: Round, month: str) -> None:
    """The programme prepares the bulletin of a month once reports are due; a leader issues it."""
    day = last_of(month) + timedelta(days=19)
    with teller.on(day, 9):
        made = service.prepare_bulletin(
            round=round_,
            month=month,
            officer=teller.user("programme-2"),
            remark="各项目总体按协议推进。没有报送月度计划的，请尽快补报；整改没有销号的，请所在社区跟进复查。",
        )
    with teller.on(day + timedelta(days=1), 15):
        service.issue_bulletin(bulletin=made, leader=teller.user("leader-1"))
