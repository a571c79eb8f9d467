"""Posting a journal: once for each request, by people who may, and never beyond what an account holds."""

from dataclasses import dataclass

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.foundation.numbering import next_number
from grants.funds import policy, queries
from grants.funds.models import Account, Entry, Fund, Journal
from grants.funds.rules import CARRY_OUT, MAY_BE_NEGATIVE, JournalKind, Move, Pocket, Posting
from grants.people.models import User


@dataclass(frozen=True)
class People:
    """Who stands behind a journal: maker, checker and payer are different persons where a kind needs them."""

    maker: User
    checker: User | None = None
    payer: User | None = None

    @property
    def all(self) -> list[User]:
        """Return those who are there, in order."""
        return [person for person in (self.maker, self.checker, self.payer) if person is not None]


@dataclass(frozen=True)
class Paper:
    """What a journal is booked on."""

    document_hash: str = ""
    memo: str = ""


NO_PAPER = Paper()


def post(
    *,
    kind: JournalKind,
    fund: Fund,
    move: Move,
    request_id: str,
    people: People,
    paper: Paper = NO_PAPER,
    reverses: Journal | None = None,
    resolves: Journal | None = None,
) -> Journal:
    """Move an amount between two accounts of a fund and return the journal; the only way money moves.

    The same `request_id` with the same content returns the journal of the first time, with another content it is
    refused. Raises RuleBroken when the amount is not positive, an account would be overdrawn, or one person stands
    for two.
    """
    _require_people(people)
    db.session.execute(select(Fund.id).where(Fund.id == fund.id).with_for_update())
    digest = _posting(kind, fund, move, people, paper, reverses, resolves).digest
    earlier = queries.find_journal(request_id)
    if earlier is not None:
        return _same_again(earlier, digest)
    source, target = _account(fund, move.source), _account(fund, move.target)
    _require_cover(source, move.amount_fen)
    journal = Journal(
        number=next_number("journal"),
        kind=kind,
        request_id=request_id,
        body_hash=digest,
        reverses_id=reverses.id if reverses else None,
        resolves_id=resolves.id if resolves else None,
        memo=paper.memo,
        booked_on=today(),
        maker_id=people.maker.id,
        checker_id=people.checker.id if people.checker else None,
        payer_id=people.payer.id if people.payer else None,
        document_hash=paper.document_hash,
        at=now(),
    )
    db.session.add(journal)
    _write(journal, source, target, move.amount_fen)
    facts = {"kind": kind, "amount_fen": move.amount_fen, "fund": fund.ref}
    audit.record_part(
        "journal:post", actor=people.all[-1], subject=journal, source=source.label, target=target.label, **facts
    )
    return journal


def _posting(
    kind: JournalKind,
    fund: Fund,
    move: Move,
    people: People,
    paper: Paper,
    reverses: Journal | None,
    resolves: Journal | None,
) -> Posting:
    return Posting(
        kind,
        fund.ref,
        move,
        maker=str(people.maker.id),
        checker=str(people.checker.id) if people.checker else "",
        payer=str(people.payer.id) if people.payer else "",
        document_hash=paper.document_hash,
        memo=paper.memo,
        reverses=reverses.number if reverses else None,
        resolves=resolves.number if resolves else None,
    )


def _write(journal: Journal, source: Account, target: Account, amount_fen: int) -> None:
    """Write both sides, then post: the database checks the laws and moves the balances in that moment."""
    db.session.flush()
    db.session.add_all(
        [
            Entry(journal_id=journal.id, line=1, account_id=source.id, amount_fen=-amount_fen),
            Entry(journal_id=journal.id, line=2, account_id=target.id, amount_fen=amount_fen),
        ]
    )
    db.session.flush()
    journal.is_posted = True
    db.session.flush()
    for account in (source, target):
        db.session.expire(account, ["balance_fen"])
    db.session.expire(journal, ["entries"])


def _require_people(people: People) -> None:
    for person in people.all:
        require(policy.why_not_handle_money(person))
    if len({person.id for person in people.all}) < len(people.all):
        raise RuleBroken(_("经办、复核和支付须由不同的人办理。"))


def _same_again(earlier: Journal, digest: str) -> Journal:
    if earlier.body_hash != digest:
        raise RuleBroken(_("这笔业务已经入账，不能用同一编号再记一笔内容不同的账。"))
    return earlier


def _account(fund: Fund, pocket: Pocket) -> Account:
    """Return the account of a pocket, opened when it is used for the first time."""
    account = queries.find_account(fund, pocket)
    if account is None:
        account = Account(fund_id=fund.id, kind=pocket.kind, key=pocket.key, balance_fen=0)
        db.session.add(account)
        db.session.flush()
    return account


def _require_cover(source: Account, amount_fen: int) -> None:
    if amount_fen <= 0:
        raise RuleBroken(_("金额必须大于零。"), "amount_fen")
    if source.kind not in MAY_BE_NEGATIVE and source.balance_fen < amount_fen:
        raise RuleBroken(
            _(
                "“%(account)s”余额不足：需要 %(needed)s 元，现有 %(held)s 元。",
                account=source.label,
                needed=yuan(amount_fen),
                held=yuan(source.balance_fen),
            ),
            "amount_fen",
        )


def reverse(
    *, journal: Journal, maker: User, checker: User, request_id: str, reason: str, document_hash: str = ""
) -> Journal:
    """Take a journal back in full by its mirror image (红字冲销); the original stays as it was.

    Raises RuleBroken for a reversal, for a journal that was already reversed, for a reservation that was released or
    paid, and where the money has moved on.
    """
    require(_why_not_reversible(journal, request_id) or _why_not_alone(journal), RuleBroken)
    source, target = journal.source, journal.target
    return post(
        kind=JournalKind.REVERSE,
        fund=source.fund,
        move=Move(Pocket(target.kind, target.key), Pocket(source.kind, source.key), journal.amount_fen),
        request_id=request_id,
        people=People(maker, checker),
        paper=Paper(document_hash, reason),
        reverses=journal,
    )


def _why_not_reversible(journal: Journal, request_id: str) -> str | None:
    if journal.kind is JournalKind.REVERSE:
        return _("冲销凭证本身不能再冲销，请重新登记正确的业务。")
    reversal = queries.find_reversal(journal)
    if reversal is not None and reversal.request_id != request_id:
        return _("凭证 %(ref)s 已由 %(by)s 冲销，同一凭证只能冲销一次。", ref=journal.ref, by=reversal.ref)
    resolution = queries.find_resolution(journal)
    if resolution is not None and queries.find_reversal(resolution) is None:
        return _("这笔冻结已由 %(by)s 办结，请先处理后一笔业务。", by=resolution.ref)
    return None


def _why_not_alone(journal: Journal) -> str | None:
    """What went out to the next year comes back only after it was taken out of that year."""
    if journal.kind is not JournalKind.CARRY or not journal.request_id.endswith(CARRY_OUT):
        return None
    came_in = queries.find_journal(journal.request_id.removesuffix(CARRY_OUT))
    if came_in is None or queries.find_reversal(came_in) is not None:
        return None
    return _("结转成对入账，请冲销下一年度的转入凭证 %(ref)s，转出凭证随同冲销。", ref=came_in.ref)
