"""Builders of agreements: each brings one to a status through the services, as both sides would.

`Parties` are made once a test: a street, a round with money, an organisation, staff.
"""

import itertools
from dataclasses import dataclass
from datetime import timedelta

from grants.agreements import service
from grants.agreements.models import Agreement, Amendment, Milestone
from grants.agreements.rules import ChangeKind, ChangeStatus, MidtermResult
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.models import StoredFile
from grants.funds import service as funds_service
from grants.funds.rules import envelope_key
from grants.needs import service as needs_service
from grants.needs.models import Need
from grants.needs.rules import Triage
from grants.people.models import Organisation, Place, User
from grants.people.rules import Role
from grants.projects import service as projects_service
from grants.projects.models import Project
from grants.projects.rules import CostLine, ProjectAction
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode, NoticeKind
from grants.selection.models import Application, ApplicationBudgetLine, Call, TeamMember
from grants.selection.rules import ApplicationStatus, CallStatus, MoneySource
from tests.factories import funds, needs, people, projects, rounds
from tests.factories.remembering import remembered

_numbers = itertools.count(1)

LINES = (
    (MoneySource.FISCAL, BudgetCode.MATERIALS, "食材与餐具", 50_000, 80),
    (MoneySource.FISCAL, BudgetCode.STAFF, "项目社工补贴", 100_000, 15),
    (MoneySource.FISCAL, BudgetCode.VOLUNTEERS, "志愿者补贴", 5_000, 100),
    (MoneySource.SOCIAL, BudgetCode.MATERIALS, "爱心企业捐赠米面油", 20_000, 25),
)
"""60,000 元 of public money and 5,000 元 from society."""
ASKED_FEN = 6_000_000


@dataclass(frozen=True)
class Parties:
    """Everybody an agreement needs."""

    round: Round
    community: Place
    organisation: Organisation
    member: User
    programme: User
    leader: User
    community_officer: User


@remembered
def make_parties() -> Parties:
    """Make a street of two communities, a round with filled envelopes, an organisation and the staff."""
    people.make_street()
    staff = people.make_staff()
    organisation = people.make_organisation()
    return Parties(
        round=rounds.make_round(envelope_fen=100_000_000),
        community=people.community(1),
        organisation=organisation,
        member=people.make_user("org-1", Role.ORGANISATION, organisation=organisation, name="周敏"),
        programme=staff["programme-1"],
        leader=staff["leader-1"],
        community_officer=staff["community-1"],
    )


def make_awarded_application(
    parties: Parties,
    *,
    award_fen: int = ASKED_FEN,
    organisation: Organisation | None = None,
    community: Place | None = None,
    title: str = "银杏社区老年助餐",
) -> Application:
    """Make a project whose call was won, with its money in the ledger."""
    project = _project(parties, community or parties.community, title)
    notice = rounds.make_notice(parties.round, parties.programme, kind=NoticeKind.AWARD, subject_ref=project.ref)
    moment = now()
    call = Call(
        ref=f"ZM-{project.ref}",
        project=project,
        status=CallStatus.AWARDED,
        opens_at=moment - timedelta(days=30),
        closes_at=moment - timedelta(days=20),
        closed_at=moment - timedelta(days=20),
        notice_id=notice.id,
        decided_by_id=parties.programme.id,
        decided_at=moment,
        seconded_by_id=parties.leader.id,
        seconded_at=moment,
        awarded_at=moment,
    )
    number = next(_numbers)
    application = Application(
        ref=f"SB-2026-01-{number:04d}",
        call=call,
        organisation=organisation or parties.organisation,
        status=ApplicationStatus.SELECTED,
        title=title,
        person_target=120,
        attendance_target=1500,
        activity_target=24,
        starts_on=today(),
        ends_on=today() + timedelta(days=240),
        has_declared=True,
        receipt_number=f"HZ-2026-01-{number:04d}",
        submitted_at=moment - timedelta(days=21),
        blind_label="A",
        expert_score=88.5,
        jury_score=90.0,
        community_score=92.0,
        composite_score=89.3,
        rank=1,
    )
    application.team.append(TeamMember(position=1, name="周敏", duty="统筹", is_leader=True))
    db.session.add_all([call, application])
    _add_lines(application)
    db.session.flush()
    _award(project, award_fen)
    return application


COSTS = (
    CostLine(BudgetCode.MATERIALS, "食材、餐具与保温设备", 50_000, 100),
    CostLine(BudgetCode.STAFF, "项目社工服务", 100_000, 20),
    CostLine(BudgetCode.VOLUNTEERS, "志愿者补贴", 5_000, 200),
)
"""A ceiling of 80,000 元, every code within the default caps."""


def _project(parties: Parties, community: Place, title: str) -> Project:
    """Bring a project to funded through its own stage, then let a call for it be won."""
    project = projects.make_funded(
        parties.round,
        need=_adopted_need(parties, community),
        costs=COSTS,
        title=title,
        starts_on=today(),
        ends_on=today() + timedelta(days=240),
    )
    for action in (ProjectAction.CALL, ProjectAction.AWARD):
        projects_service.advance(project=project, action=action, by=parties.programme)
    return project


def _adopted_need(parties: Parties, community: Place) -> Need:
    """Adopt a need from an unsigned paper, so that no account is made that could be drawn later."""
    officer = needs.officer_of(community)
    need = needs.make_paper_need(parties.round, community=community)
    needs_service.examine_need(need=need, officer=officer, triage=Triage.SERVICE, note="两委同意提交议事。")
    needs.hold_meeting([need])
    needs_service.adopt_need(need=need, officer=officer)
    return need


def _add_lines(application: Application) -> None:
    for position, (source, code, content, price, quantity) in enumerate(LINES, start=1):
        application.budget_lines.append(
            ApplicationBudgetLine(
                position=position,
                source=source,
                code=code,
                content=content,
                unit_price_fen=price,
                quantity=quantity,
            )
        )


def _award(project: Project, award_fen: int) -> None:
    maker, checker, _payer = funds.hands()
    funds_service.award(
        fund=project.round.fund,
        envelope_key=envelope_key(project.round.ref, project.category),
        project_ref=project.ref,
        amount_fen=award_fen,
        maker=maker,
        checker=checker,
        request_id=f"{project.ref}/award",
    )


def make_file(name: str = "协议扫描件.pdf", *, sha256: str | None = None, purpose: str = "agreement") -> StoredFile:
    """Make the row of a stored file without its bytes."""
    picture = name.endswith((".jpg", ".jpeg"))
    file = StoredFile(
        sha256=sha256 or f"{next(_numbers):064x}",
        size=1024,
        media_type="image/jpeg" if picture else "application/pdf",
        name=name,
        purpose=purpose,
    )
    db.session.add(file)
    db.session.flush()
    return file


def make_draft(parties: Parties, **parts: object) -> Agreement:
    """Draft the agreement of a fresh awarded application."""
    application = make_awarded_application(parties, **parts)  # type: ignore[arg-type]
    agreement = service.draft_agreement(application=application, officer=parties.programme)
    db.session.flush()
    return agreement


def make_offered(parties: Parties, **parts: object) -> Agreement:
    """Draft an agreement and send it for signing."""
    agreement = make_draft(parties, **parts)
    service.agree_draft(agreement=agreement, by=_member_of(parties, agreement), version=agreement.version)
    service.offer_agreement(agreement=agreement, officer=parties.programme)
    return agreement


def make_signed(parties: Parties, **parts: object) -> Agreement:
    """Bring an agreement into force: signed for the organisation, then for the street."""
    agreement = make_offered(parties, **parts)
    service.sign_agreement(agreement=agreement, by=_member_of(parties, agreement))
    service.sign_agreement(agreement=agreement, by=parties.leader, signed_file=make_file())
    db.session.flush()
    return agreement


@remembered
def make_running() -> tuple[Parties, Agreement]:
    """Make everybody and an agreement in force."""
    parties = make_parties()
    return parties, make_signed(parties)


def _member_of(parties: Parties, agreement: Agreement) -> User:
    if agreement.organisation_id == parties.organisation.id:
        return parties.member
    return agreement.organisation.members[0].user


def claim(parties: Parties, agreement: Agreement, position: int = 1) -> Milestone:
    """Let the organisation claim a milestone."""
    milestone = agreement.milestones[position - 1]
    service.claim_milestone(milestone=milestone, by=parties.member, claim="已开展活动 HD-2026-01-0001，服务 35 人。")
    return milestone


def verify_for_community(parties: Parties, agreement: Agreement, position: int = 1) -> Milestone:
    """Claim a milestone and let the community verify it; a resident verifies in the supervision stage."""
    milestone = claim(parties, agreement, position)
    service.verify_by_community(milestone=milestone, by=parties.community_officer, note="现场看过，情况属实。")
    return milestone


def pass_midterm(agreement: Agreement) -> Agreement:
    """Note a mid-term evaluation that was passed, which the evaluation stage does."""
    service.note_midterm(agreement=agreement, by=None, result=MidtermResult.PASSED, counts_on=today())
    return agreement


def make_terminated(parties: Parties) -> Agreement:
    """Terminate a running agreement."""
    agreement = make_signed(parties)
    service.terminate_agreement(agreement=agreement, by=parties.leader, reason="逾期拒不整改，经催告无效。")
    return agreement


def make_completed(parties: Parties) -> Agreement:
    """Note a running agreement as fulfilled, which the final evaluation does."""
    agreement = make_signed(parties)
    service.complete_agreement(agreement=agreement, by=parties.leader)
    return agreement


SMALL_MOVE = {"1": 3_900_000, "2": 1_600_000}
"""A move of 1,000 元 between two lines, within a tenth of each."""
LARGE_MOVE = {"1": 3_700_000, "2": 1_800_000}


def wish(kind: ChangeKind = ChangeKind.LEADER, **after: object) -> service.Wish:
    """Return a change as the organisation asks for it; without more, another leader."""
    return service.Wish(
        kind, after or {"leader_name": "陈晓"}, "原负责人调离。", "不影响进度", "不增加成本", "已完成交接"
    )


def make_change(
    parties: Parties, agreement: Agreement, status: ChangeStatus, asked: service.Wish | None = None
) -> Amendment:
    """Bring a change to a status; a filed one is a small move."""
    filed = wish(ChangeKind.BUDGET, **SMALL_MOVE)
    asked = filed if status is ChangeStatus.FILED else asked or wish()
    change = service.propose_change(agreement=agreement, by=parties.member, wish=asked)
    if status in (ChangeStatus.ENDORSED, ChangeStatus.APPROVED):
        service.endorse_change(amendment=change, by=parties.programme, note="情况属实。")
    if status is ChangeStatus.APPROVED:
        service.approve_change(amendment=change, by=parties.leader)
    elif status is ChangeStatus.REFUSED:
        service.refuse_change(amendment=change, by=parties.programme, note="理由不充分。")
    elif status is ChangeStatus.WITHDRAWN:
        service.withdraw_change(amendment=change, by=parties.member)
    db.session.flush()
    return change
