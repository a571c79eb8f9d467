"""Builders of needs and meetings: each brings a need to a status through the services, as people would."""

import itertools
from typing import Any

from grants.foundation import clock
from grants.foundation.database import db
from grants.needs import service
from grants.needs.models import Meeting, Need
from grants.needs.rules import FIVE_CHECKS, MeetingKind, NeedSource, Triage
from grants.people import queries as people_queries
from grants.people.models import Place, User
from grants.people.rules import Role
from grants.rounds.models import Round
from grants.rounds.rules import Category
from tests.factories import people

_numbers = itertools.count(1)
CHECKS = {key: "" for key in FIVE_CHECKS}
THEMES = (
    (Category.WELFARE, "希望开设老年助餐点", "独居老人做饭困难，希望在党群服务中心提供平价午餐。"),
    (Category.COMMUNITY, "枫林苑路灯不亮", "东门到三号楼的路灯坏了一个多月，老人晚上出门容易摔跤。"),
    (Category.PROFESSIONAL, "开办四点半课堂", "双职工家庭放学后孩子没人带，希望有人陪伴写作业。"),
    (Category.VOLUNTEER, "组织邻里互助队", "帮行动不便的邻居取药、买菜、修理家电。"),
    (Category.GOVERNANCE, "规范电动车停放充电", "楼道里飞线充电有火灾隐患，希望大家一起定规矩。"),
)


def officer_of(community: Place) -> User:
    """Return an officer of the community, made when there is none."""
    for user in people_queries.list_users_with_role(Role.COMMUNITY):
        if community.id in user.community_ids:
            return user
    return people.make_user(f"officer-{community.code[-3:]}", Role.COMMUNITY, place=community, name="王书记")


def make_proposer(community: Place | None = None) -> User:
    """Return a fresh resident's account."""
    number = next(_numbers)
    resident = people.make_resident(f"proposer-{number}", place=community or people.community(1), name="李秀英")
    user = resident.user
    assert user is not None
    return user


def text(title: str | None = None, **parts: Any) -> service.NeedText:
    """Return what a need says; themes take turns."""
    category, words, body = THEMES[next(_numbers) % len(THEMES)]
    return service.NeedText(**{"category": category, "title": title or words, "body": body, **parts})


def make_need(round: Round, *, actor: User | None = None, title: str | None = None, **parts: Any) -> Need:
    """Raise a need in the first community, or in the actor's own."""
    return service.raise_need(round=round, actor=actor or make_proposer(), text=text(title, **parts))


def make_paper_need(round: Round, *, community: Place | None = None, title: str | None = None, **parts: Any) -> Need:
    """Enter a need from an unsigned paper."""
    home = community or people.community(1)
    return service.enter_need(
        round=round, officer=officer_of(home), community=home, source=NeedSource.PAPER, text=text(title, **parts)
    )


def second(need: Need, times: int = 1) -> Need:
    """Let residents of the need's community stand behind it."""
    for _time in range(times):
        service.second_need(need=need, actor=make_proposer(need.community))
    return need


def make_examined_need(round: Round, *, triage: Triage = Triage.SERVICE, **parts: Any) -> Need:
    """Raise a need and have it examined."""
    need = make_need(round, **parts)
    service.examine_need(need=need, officer=officer_of(need.community), triage=triage, note="两委同意提交议事。")
    return need


def sheet(
    kind: MeetingKind = MeetingKind.DELIBERATION, *, entitled: int = 20, attended: int = 15
) -> service.MeetingSheet:
    """Return the head of a proper meeting."""
    return service.MeetingSheet(
        kind=kind,
        title="银杏社区议事会",
        held_on=clock.today(),
        convenor="王书记",
        entitled_count=entitled,
        attended_count=attended,
        minutes="与会人员逐项讨论并举手表决。",
        checks=CHECKS,
        place_text="党群服务中心二楼",
    )


def hold_meeting(
    needs: list[Need],
    *,
    yes: int = 13,
    no: int = 1,
    abstain: int = 1,
    kind: MeetingKind = MeetingKind.DELIBERATION,
    entitled: int = 20,
    attended: int = 15,
) -> Meeting:
    """Hold a meeting that votes alike on all these needs of one community."""
    first = needs[0]
    return service.record_meeting(
        round=first.round,
        community=first.community,
        officer=officer_of(first.community),
        sheet=sheet(kind, entitled=entitled, attended=attended),
        votes=[service.Vote(need.ref, yes, no, abstain) for need in needs],
    )


def make_deliberated_need(round: Round, **parts: Any) -> Need:
    """Bring a need through a meeting that passes it."""
    need = make_examined_need(round, **parts)
    hold_meeting([need])
    return need


def make_disputed_need(round: Round, **parts: Any) -> Need:
    """Bring a need to a meeting that quarrels over it."""
    need = make_examined_need(round, **parts)
    hold_meeting([need], yes=8, no=7, abstain=0)
    return need


def make_adopted_need(round: Round, **parts: Any) -> Need:
    """Bring a need all the way to adoption."""
    need = make_deliberated_need(round, **parts)
    service.adopt_need(need=need, officer=officer_of(need.community))
    db.session.flush()
    return need


def make_declined_need(round: Round, **parts: Any) -> Need:
    """Answer a need with no."""
    need = make_need(round, **parts)
    service.decline_need(need=need, officer=officer_of(need.community), reason="该事项已列入今年的物业改造计划。")
    return need
