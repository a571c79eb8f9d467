"""What stands beside the payments: money of society with its proof, and the final account of a project."""

import random
from datetime import date, timedelta

from grants.agreements.models import Agreement
from grants.demo.pictures import scan
from grants.demo.teller import Teller
from grants.funds import queries, service
from grants.funds.models import Contribution
from grants.funds.rules import ContributionKind

GIVERS = ("银杏百货有限公司", "爱心人士", "梧桐建设集团", "邻里食品超市")


def give(teller: Teller, agreement: Agreement, day: date) -> None:
    """Let a shop give to a project, a foundation match it, and finance confirm the first of both."""
    dice = random.Random(agreement.ref)  # noqa: S311  a demo, not a secret
    amount = agreement.amount_fen * dice.randrange(4, 12) // 10_000 * 100
    given = _note(teller, agreement, day, service.Gift(ContributionKind.DONATION, dice.choice(GIVERS), amount, day))
    with teller.on(day + timedelta(days=2), 10):
        service.confirm_contribution(contribution=given, officer=teller.user("finance-1"))
    matched = service.Gift(
        ContributionKind.MATCHING, "梧桐社区基金会", amount // 2, day + timedelta(days=3), matches=given
    )
    _note(teller, agreement, day + timedelta(days=3), matched)


def _note(teller: Teller, agreement: Agreement, day: date, gift: service.Gift) -> Contribution:
    home = queries.find_home(agreement.project.ref)
    if home is None:
        raise LookupError(agreement.ref)
    member = teller.member_of(agreement.organisation)
    paper = scan(random.Random(f"{agreement.ref}/{gift.kind}"), "到账凭证", member, "contribution")  # noqa: S311
    words = service.Gift(
        gift.kind, gift.contributor, gift.amount_fen, gift.received_on, "用于购买活动物资和慰问品。", gift.matches
    )
    with teller.on(day, 14):
        return service.record_contribution(home=home, gift=words, proof=paper, actor=member)


def settle(teller: Teller, agreement: Agreement, day: date) -> None:
    """Draw up the final account of a project; every third one waits for its second person."""
    with teller.on(day, 9):
        settlement = service.propose_settlement(
            project_ref=agreement.project.ref,
            officer=teller.user("finance-1"),
            reason="项目履行完毕，按认可支出办理决算。",
            document_number=f"审字〔{day.year}〕{int(agreement.project.ref[-4:])}号",
        )
    if int(agreement.project.ref[-4:]) % 3:
        with teller.on(day + timedelta(days=2), 9):
            service.confirm(proposal=settlement.proposal, officer=teller.user("finance-2"))
