"""What the files of some organisations hold: colleagues, papers with their dates, people, a closed sanction."""

import random
from datetime import date, timedelta

from grants.demo.pictures import scan
from grants.demo.street import NO_PASSWORD
from grants.demo.teller import Teller
from grants.people.models import Organisation, User
from grants.people.rules import MemberRole
from grants.people.rules.dossier import CertificateKind, DocumentKind, StandingKind
from grants.people.service import dossier, members, standing

OLDER = "同心圆社区治理促进中心"
MAIN = "暖阳社会工作服务中心"
COLLEAGUES = (
    ("nuanyang-cw", "钱慧", MemberRole.FINANCE),
    ("nuanyang-xm", "潘越", MemberRole.PROJECT),
)
PAPERS = (
    (DocumentKind.CERTIFICATE, 1780, 45, ""),
    (DocumentKind.BANK, 1200, None, "基本存款账户"),
    (DocumentKind.FINANCE_RULES, 400, None, ""),
    (DocumentKind.AUDIT, 230, None, "2025 年度"),
    (DocumentKind.ASSESSMENT, 1057, 768, "4A，5 年有效"),
    (DocumentKind.SOCIAL_WORK, 1110, -15, "周敏，证书待续期"),
)
"""Kind, days since it was issued, days until it runs out, and a note."""
PEOPLE = (
    ("周敏", "中心主任", True, CertificateKind.SENIOR_WORKER, 600),
    ("潘越", "项目主管", True, CertificateKind.SOCIAL_WORKER, 40),
    ("钱慧", "会计", True, CertificateKind.ACCOUNTANT, None),
    ("邵宁", "活动专员", True, CertificateKind.ASSISTANT_WORKER, 300),
    ("方圆", "志愿者督导", False, CertificateKind.NONE, None),
)


def fill(teller: Teller, today: date) -> None:
    """Let one organisation keep its file well, and the office note what another has behind it."""
    main = teller.ground.organisations[MAIN]
    head = teller.member_of(main)
    with teller.on(today - timedelta(days=20), 15):
        _colleagues(head, main)
        _papers(head, main, today)
        _people(head, main, today)
    with teller.on(today - timedelta(days=3), 9):
        members.invite_member(
            manager=head, organisation=main, name="邵宁", email="shaoning@example.org", role=MemberRole.CLERK
        )
    with teller.on(today - timedelta(days=18), 11):
        standing.add_sanction(
            officer=teller.user("programme-1"),
            organisation=teller.ground.organisations[OLDER],
            kind=StandingKind.ABNORMAL,
            starts_on=date(2021, 7, 20),
            ends_on=date(2021, 9, 2),
            source="区民政局公告（2021）第 14 号",
            note="未按时报送年度报告，补报后移出",
        )


def _colleagues(head: User, one: Organisation) -> None:
    for login, name, role in COLLEAGUES:
        _invitation, token = members.invite_member(
            manager=head, organisation=one, name=name, email=f"{login}@example.org", role=role
        )
        colleague = members.join_with_new_account(token=token, login=login, password=token)
        colleague.password_hash = NO_PASSWORD


def _papers(head: User, one: Organisation, today: date) -> None:
    dice = random.Random(14)  # noqa: S311 - a repeatable story, no secret
    for kind, age, left, note in PAPERS:
        dossier.add_document(
            actor=head,
            organisation=one,
            kind=kind,
            file=scan(dice, str(kind), head, "organisation:document"),
            issued_on=today - timedelta(days=age),
            expires_on=None if left is None else today + timedelta(days=left),
            note=note,
        )


def _people(head: User, one: Organisation, today: date) -> None:
    for number, (name, post, is_full_time, certificate, left) in enumerate(PEOPLE, start=1):
        dossier.add_worker(
            actor=head,
            organisation=one,
            facts=dossier.WorkerFacts(
                name=name,
                post=post,
                is_full_time=is_full_time,
                has_insurance=is_full_time,
                certificate=certificate,
                number="" if certificate is CertificateKind.NONE else f"2023990101{number:04d}",
                expires_on=None if left is None else today + timedelta(days=left),
            ),
        )
