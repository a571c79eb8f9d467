"""Residents say what is needed, second each other, and meetings deliberate."""

from datetime import date, timedelta

from sqlalchemy import insert, select

from grants.demo.teller import Teller
from grants.demo.themes import Theme
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.needs import service
from grants.needs.models import Need, NeedSupport
from grants.needs.rules import FIVE_CHECKS, MeetingKind, NeedSource, Triage, Urgency
from grants.needs.service import MeetingSheet, NeedText, Vote
from grants.people.models import Place, Resident
from grants.rounds.models import Round

COUNTER = (
    NeedSource.COUNTER,
    NeedSource.PHONE,
    NeedSource.VISIT,
    NeedSource.RECEPTION,
    NeedSource.HOTLINE,
    NeedSource.PAPER,
)
MEETING_NOTES = {
    "democratic": "逐项举手表决，票数当场宣布并记录",
    "open": "会前五日在公开栏和居民群公布议题",
    "equal": "每位代表发言不超过三分钟，轮流发言",
    "orderly": "按议事规则宣布、陈述、讨论、表决、宣布结果",
    "rational": "会前发放调查数据和现场照片",
}


def raise_needs(teller: Teller, round_: Round, community: Place, theme: Theme, day: date) -> Need:
    """Let a theme be raised by one resident and told again by others; return the first, which the rest join."""
    people = teller.residents_of(community)
    raised = []
    for number, (title, body) in enumerate(theme.needs):
        moment = day + timedelta(days=number * 2 + teller.dice.randrange(2))
        with teller.on(moment, 8 + teller.dice.randrange(12), teller.dice.randrange(60)):
            text = NeedText(
                category=theme.category,
                title=title,
                body=body,
                place_text=teller.dice.choice(("小区中心绿地旁", "三号楼附近", "东门一带", "社区全域", "老楼片区")),
                target_group=theme.group,
                urgency=teller.dice.choice((Urgency.NORMAL, Urgency.NORMAL, Urgency.SOON, Urgency.URGENT)),
            )
            if number % 2 == 0:
                proposer = teller.dice.choice(people)
                raised.append(service.raise_need(round=round_, actor=proposer, text=text))
            else:
                raised.append(
                    service.enter_need(
                        round=round_,
                        officer=teller.officer_of(community),
                        community=community,
                        source=teller.dice.choice(COUNTER),
                        text=text,
                    )
                )
    _second(teller, raised[0], community, 20 + teller.dice.randrange(90))
    return raised[0]


def _second(teller: Teller, need: Need, community: Place, count: int) -> None:
    """Write many seconds at once; they came in one by one."""
    known = set(db.session.scalars(select(NeedSupport.resident_id).where(NeedSupport.need_id == need.id)))
    offset = teller.dice.randrange(50)
    found = db.session.scalars(
        select(Resident.id)
        .where(Resident.community_id == community.id)
        .order_by(Resident.id)
        .offset(offset)
        .limit(count)
    )
    rows = [{"need_id": need.id, "resident_id": one, "at": now()} for one in found if one not in known]
    if rows:
        db.session.execute(insert(NeedSupport), rows)
    need.support_count += len(rows)
    db.session.flush()


def duplicates_of(need: Need, theme: Theme) -> list[Need]:
    """Return the other tellings of a theme in the same community and round."""
    titles = [title for title, _body in theme.needs[1:]]
    return list(
        db.session.scalars(
            select(Need).where(
                Need.round_id == need.round_id, Need.community_id == need.community_id, Need.title.in_(titles)
            )
        )
    )


def examine(teller: Teller, need: Need, theme: Theme, day: date) -> None:
    """The two committees examine a need and unite its other tellings with it."""
    officer = teller.officer_of(need.community)
    with teller.on(day, 14):
        same = [other for other in duplicates_of(need, theme) if other.status == "raised"]
        if same:
            service.merge_needs(needs=same, target=need, officer=officer)
        service.examine_need(
            need=need,
            officer=officer,
            triage=Triage.SERVICE,
            note="社区党组织和居委会一致认为确有需要，建议提交议事会。",
        )


def deliberate(teller: Teller, round_: Round, community: Place, needs: list[Need], day: date) -> None:
    """A deliberation meeting votes on the examined needs of a community."""
    entitled = 35
    attended = 24 + teller.dice.randrange(9)
    with teller.on(day, 19, 30):
        service.record_meeting(
            round=round_,
            community=community,
            officer=teller.officer_of(community),
            sheet=MeetingSheet(
                kind=MeetingKind.DELIBERATION,
                title=f"{community.name}公益需求议事会",
                held_on=day,
                convenor=f"{community.name}协商委员会",
                entitled_count=entitled,
                attended_count=attended,
                minutes="会议逐项听取需求提出人陈述，围绕受益人数、紧迫程度和可持续性进行讨论，随后逐项表决。",
                checks={key: MEETING_NOTES[key] for key in FIVE_CHECKS},
                place_text=f"{community.name}党群服务中心二楼",
            ),
            votes=[_vote(teller, need, attended) for need in needs],
        )


def _vote(teller: Teller, need: Need, attended: int) -> Vote:
    against = teller.dice.randrange(3)
    abstain = teller.dice.randrange(3)
    return Vote(need.ref, attended - against - abstain, against, abstain)


def adopt(teller: Teller, need: Need, day: date) -> None:
    """The programme officer takes a need on, by what the meeting or the poll said."""
    with teller.on(day, 11):
        service.adopt_need(need=need, officer=teller.user("programme-2"), note="列入本届立项范围。")


def answer_the_rest(teller: Teller, round_: Round, community: Place, day: date) -> None:
    """Raise and answer needs that this programme does not fund: every one gets its reason."""
    people = teller.residents_of(community)
    plan = (
        (
            "路灯坏了两个多星期",
            "主干道东侧三盏路灯不亮，晚上回家很不方便。",
            "城市管理部",
            "属市政设施维修，已转城市管理部，七个工作日内修复。",
        ),
        (
            "楼下店铺油烟直排",
            "一楼餐馆油烟直接排到二楼窗口，开不了窗。",
            "综合行政执法队",
            "属执法事项，已转综合行政执法队现场核查处理。",
        ),
        (
            "希望社区建一个游泳池",
            "夏天孩子们没有地方游泳，希望建一个游泳池。",
            "",
            "公益创投不支持基本建设，且社区没有可用场地，建议使用区体育中心惠民时段。",
        ),
    )
    for number, (title, body, department, reason) in enumerate(plan):
        with teller.on(day + timedelta(days=number), 20):
            text = NeedText(category=list(type(round_.envelopes[0].category))[number], title=title, body=body)
            need = service.raise_need(round=round_, actor=teller.dice.choice(people[2:]), text=text)
        with teller.on(day + timedelta(days=number + 3), 9):
            officer = teller.officer_of(community)
            if department:
                triage = Triage.MANAGEMENT if number == 0 else Triage.ENFORCEMENT
                service.hand_over_need(need=need, officer=officer, department=department, reason=reason, triage=triage)
            else:
                service.decline_need(need=need, officer=officer, reason=reason)
