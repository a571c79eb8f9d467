"""Builders of calls, applications, reviews and awards: each brings one to a status through the services.

A `Stage` is made once a test: a street, a round with money, organisations, experts, staff. Steps after the deadline
happen with the clock set (`later`), since nobody may close a call before its time.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from grants.foundation.clock import now, set_to, today
from grants.foundation.database import db
from grants.foundation.files import store_bytes
from grants.people.models import Organisation, Resident, User
from grants.people.rules import LegalKind, Role
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode, ScoreTableKind
from grants.selection import service
from grants.selection.models import Application, Call, Juror, PanelMember, Review
from grants.selection.queries import judging
from grants.selection.rules import (
    SECTIONS,
    ActivityRow,
    BudgetRow,
    Condition,
    DocumentKind,
    Speciality,
    TeamRow,
)
from grants.selection.service import Decision
from tests.factories import people, projects, rounds
from tests.factories.remembering import remembered

SEED = "20260320-双色球-07-12-19"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>"
)
NAMES = ("暖阳社工服务中心", "同心社区服务社", "邻里公益发展中心", "晨曦助老服务中心")
HEADS = ("周敏", "李建国", "赵文华", "孙晓梅")
ALL_MET = {condition: Decision(True) for condition in Condition}


@dataclass
class Stage:
    """Everybody a selection needs; `members` act for the organisations of the same place in the list."""

    round: Round
    project: Project
    staff: dict[str, User]
    organisations: list[Organisation]
    members: list[User]
    experts: list[User]
    residents: list[Resident]
    outsiders: dict[str, User] = field(default_factory=dict)

    @property
    def programme(self) -> User:
        """The officer who runs the call."""
        return self.staff["programme-1"]

    @property
    def leader(self) -> User:
        """The leader who seconds."""
        return self.staff["leader-1"]

    @property
    def community(self) -> User:
        """The officer of the community the project belongs to."""
        return self.staff["community-1"]


@remembered
def make_stage(*, organisations: int = 2, experts: int = 7, residents: int = 6, **settings: Any) -> Stage:
    """Make a street, a round, a funded project, organisations with a member each, a pool of experts, residents."""
    people.make_street()
    staff = people.make_staff()
    made_round = rounds.make_round(jury_size=4, **settings)
    bodies = [make_organisation(number) for number in range(organisations)]
    members = [
        people.make_user(f"org-{number}", Role.ORGANISATION, organisation=body, name=HEADS[number - 1])
        for number, body in enumerate(bodies, start=1)
    ]
    pool = [
        people.make_user(f"expert-{number}", Role.EXPERT, name=f"专家甲{number}") for number in range(1, experts + 1)
    ]
    for number, expert in enumerate(pool, start=1):
        speciality = Speciality.FINANCE if number in (3, 6) else Speciality.SOCIAL_WORK
        service.keep_expert(user=expert, officer=staff["programme-1"], speciality=speciality)
    project = projects.make_funded(made_round)
    neighbours = [
        people.make_resident(f"resident-{number}", place=project.community, name=f"居民{number}")
        for number in range(1, residents + 1)
    ]
    db.session.flush()
    return Stage(made_round, project, staff, bodies, members, pool, neighbours)


def make_organisation(number: int) -> Organisation:
    """Make one of the applicants, with a clean record for whatever year it is."""
    body = people.make_organisation(NAMES[number])
    body.head_name = HEADS[number]
    body.profile = f"{NAMES[number]}成立于2018年，长期在街道开展为老服务。"
    body.inspections = {str(year): "合格" for year in range(2019, today().year + 2)}
    db.session.flush()
    return body


def make_filed(host: Organisation, *, login: str = "org-9") -> tuple[Organisation, User]:
    """Make a filed organisation (备案) hosted by a registered one, and its member."""
    body = people.make_organisation("银杏社区夕阳红志愿队", kind=LegalKind.FILED)
    body.host_id = host.id
    db.session.flush()
    db.session.refresh(body)
    return body, people.make_user(login, Role.ORGANISATION, organisation=body, name="钱桂珍")


def make_call(stage: Stage, *, days: int = 15) -> Call:
    """Publish the call."""
    return service.publish_call(
        project=stage.project,
        officer=stage.programme,
        closes_at=now() + timedelta(days=days),
        requirements="承接组织须配备至少一名持证社工。",
    )


def content(project: Project, **parts: Any) -> dict[str, Any]:
    """Return everything an application needs to be complete (without attachments)."""
    assert project.starts_on is not None
    month = project.starts_on.replace(day=1)
    told: dict[str, Any] = {
        "title": project.title,
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "person_target": 120,
        "attendance_target": 2400,
        "activity_target": 60,
        "activities": [ActivityRow(month, "每日集中助餐", 60, 120)],
        "fiscal": [
            BudgetRow(BudgetCode.MATERIALS, "助餐餐具与保温箱", 1_200_00, 10),
            BudgetRow(BudgetCode.STAFF, "项目社工服务", 1_800_00, 5),
            BudgetRow(BudgetCode.INSURANCE, "参与者意外险", 20_00, 450),
        ],
        "social": [],
        "team": [TeamRow("吴丽", "项目统筹", "中级社工师", True), TeamRow("郑强", "后勤", "", False)],
    }
    texts = {key: f"{label}：为社区老人提供平价午餐，邻里互助，按月公开。" for key, (label, _limit) in SECTIONS.items()}
    return {**told, **texts, **parts}


def attach(application: Application, actor: User, *kinds: DocumentKind) -> None:
    """Attach a small PDF of each kind."""
    for kind in kinds:
        file = store_bytes(
            PDF,
            name=f"{application.organisation.name}-{kind.value}.pdf",
            media_type="application/pdf",
            purpose="application",
            actor_id=actor.id,
        )
        service.add_document(application=application, actor=actor, kind=kind, file=file)
    db.session.flush()


def make_draft(stage: Stage, call: Call, number: int = 0) -> Application:
    """Begin an application of the organisation at a place in the stage's list."""
    return service.start_application(call=call, organisation=stage.organisations[number], actor=stage.members[number])


def make_complete(stage: Stage, call: Call, number: int = 0, **parts: Any) -> Application:
    """Fill an application in, with its attachments."""
    application = make_draft(stage, call, number)
    actor = stage.members[number]
    body = stage.organisations[number]
    told = {"experience": f"{body.profile}由{body.head_name}带队，{body.short_name}口碑良好。", **parts}
    service.save_application(
        application=application, actor=actor, base=application.version, values=content(stage.project, **told)
    )
    attach(
        application,
        actor,
        DocumentKind.REGISTRATION,
        DocumentKind.INSPECTION,
        DocumentKind.PLEDGE,
        DocumentKind.RESEARCH,
    )
    return application


def make_submitted(stage: Stage, call: Call, number: int = 0, **parts: Any) -> Application:
    """Hand an application in."""
    application = make_complete(stage, call, number, **parts)
    service.submit_application(application=application, actor=stage.members[number], has_declared=True)
    return application


def later(call: Call, **delta: float) -> AbstractContextManager[None]:
    """Set the clock to an hour after the deadline (and some more): `with later(call): …`."""
    return set_to(call.closes_at + timedelta(hours=1) + timedelta(**delta))


def make_closed(stage: Stage) -> Call:
    """Publish a call, have every organisation apply, and close it."""
    call = make_call(stage)
    for number in range(len(stage.organisations)):
        make_submitted(stage, call, number)
    with later(call):
        service.close_call(call=call, officer=stage.programme)
    return call


def make_checked(stage: Stage) -> Call:
    """Let every application pass the eligibility check."""
    call = make_closed(stage)
    with later(call):
        for application in call.applications:
            service.decide_eligibility(application=application, officer=stage.programme, decisions=ALL_MET)
    return call


def make_reviewing(stage: Stage, *, size: int | None = None) -> Call:
    """Draw panel and jury; nobody has declared or scored yet."""
    call = make_checked(stage)
    with later(call):
        service.draw_panel(call=call, officer=stage.programme, seed=SEED, size=size, witness="罗正清")
        service.draw_jury(call=call, officer=stage.programme, seed=SEED, witness="罗正清")
    return call


def panel(call: Call) -> list[PanelMember]:
    """Return the seated experts."""
    return [member for member in judging.list_panel(call) if member.replaced_at is None]


def declare_all(call: Call) -> None:
    """Have every expert declare no tie at all."""
    with later(call):
        for member in panel(call):
            service.declare_conflicts(member=member, actor=member.expert, ties=[])


def criteria(call: Call) -> dict[str, int]:
    """Return the codes of the score table with their maxima."""
    return {one.code: one.max_points for one in judging.criteria(call.project.round, ScoreTableKind.SELECTION)}


def points(call: Call, share: Decimal | float) -> dict[str, Decimal]:
    """Return points for every criterion at a share of the maximum, in halves."""
    return {code: Decimal(round(top * 2 * float(share))) / 2 for code, top in criteria(call).items()}


def score(
    review: Review, share: float, *, comment: str = "方案扎实，测算清楚，建议细化风险预案。", lock: bool = True
) -> None:
    """Fill a score sheet in as its expert, and lock it."""
    call = review.application.call
    with later(call, days=1):
        service.save_scores(review=review, actor=review.member.expert, points=points(call, share), comment=comment)
        if lock:
            service.lock_review(review=review, actor=review.member.expert)


def score_all(call: Call, shares: dict[str, float] | None = None) -> None:
    """Have every expert lock every sheet; `shares` gives the level by the applicant's letter (A 0.9, others 0.8)."""
    for review in judging.list_reviews(call):
        share = (shares or {}).get(
            review.application.blind_label or "", 0.9 if review.application.blind_label == "A" else 0.8
        )
        score(review, share)


def jurors(call: Call) -> list[Juror]:
    """Return the residents drawn."""
    return judging.list_jurors(call)


def jury_all(call: Call, level: int = 4) -> None:
    """Have every juror score every application."""
    questions = [one.code for one in judging.criteria(call.project.round, ScoreTableKind.JURY)]
    with later(call, days=1):
        for juror in jurors(call):
            assert juror.resident.user is not None
            for application in judging.list_labelled(call):
                service.score_as_juror(
                    juror=juror,
                    application=application,
                    actor=juror.resident.user,
                    levels=dict.fromkeys(questions, level),
                )


def opinions(stage: Stage, call: Call, given: int = 85) -> None:
    """Have the community give its opinion on every application."""
    with later(call, days=1):
        for application in judging.list_labelled(call):
            service.give_opinion(
                application=application, officer=stage.community, points=given, text="熟悉社区，愿意提供场地。"
            )


def make_scored(stage: Stage, shares: dict[str, float] | None = None) -> Call:
    """Bring a call to the point where nothing but the ranking is missing."""
    call = make_reviewing(stage)
    declare_all(call)
    score_all(call, shares)
    jury_all(call)
    opinions(stage, call)
    return call


def make_ranked(stage: Stage, shares: dict[str, float] | None = None) -> Call:
    """Make the ranking."""
    call = make_scored(stage, shares)
    with later(call, days=2):
        service.rank_call(call=call, officer=stage.programme)
    return call


def make_announced(stage: Stage) -> Call:
    """Propose and second the award; the notice runs."""
    call = make_ranked(stage)
    with later(call, days=2):
        service.propose_award(call=call, officer=stage.programme, note="综合得分第一。")
        service.announce_award(call=call, leader=stage.leader)
    return call


def make_awarded(stage: Stage) -> Call:
    """Let the notice end and make the award final; the project has its money."""
    call = make_announced(stage)
    assert call.notice is not None
    with rounds.after_window(call.notice):
        service.confirm_award(call=call, officer=stage.programme)
    return call
