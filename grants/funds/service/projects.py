"""A project's money: awarded, reserved for a request, paid or released, and the rest given back."""

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.funds import queries
from grants.funds.models import Fund, Journal
from grants.funds.rules import AccountKind, JournalKind, Move, Pocket
from grants.funds.service.posting import NO_PAPER, Paper, People, post
from grants.people.models import User


def award(
    *,
    fund: Fund,
    envelope_key: str,
    project_ref: str,
    amount_fen: int,
    maker: User,
    checker: User,
    request_id: str,
    document_hash: str = "",
    memo: str = "",
) -> Journal:
    """Give a project its money out of an envelope.

    Raises RuleBroken when the envelope does not cover it, or the project already lives on another fund: sources
    never mix.
    """
    other = queries.find_fund_of_project(project_ref)
    if other is not None and other.id != fund.id:
        raise RuleBroken(
            _("项目 %(ref)s 的资金来自“%(fund)s”，不能再从另一笔资金中安排。", ref=project_ref, fund=other.name)
        )
    return post(
        kind=JournalKind.AWARD,
        fund=fund,
        move=Move(Pocket(AccountKind.ENVELOPE, envelope_key), Pocket(AccountKind.AVAILABLE, project_ref), amount_fen),
        request_id=request_id,
        people=People(maker, checker),
        paper=Paper(document_hash, memo),
    )


def reserve(*, project_ref: str, amount_fen: int, request_id: str, maker: User, memo: str = "") -> Journal:
    """Hold money of a project for a request that is under way, so that nothing else can spend it."""
    return post(
        kind=JournalKind.RESERVE,
        fund=_fund_of(project_ref),
        move=_move(project_ref, AccountKind.AVAILABLE, AccountKind.RESERVED, amount_fen),
        request_id=request_id,
        people=People(maker),
        paper=Paper(memo=memo),
    )


def release(*, project_ref: str, reservation: str, request_id: str, maker: User, memo: str = "") -> Journal:
    """Free what was held; `reservation` is the request id under which it was reserved. A reservation resolves once."""
    held = _open_reservation(reservation, request_id)
    return post(
        kind=JournalKind.RELEASE,
        fund=_fund_of(project_ref),
        move=_move(project_ref, AccountKind.RESERVED, AccountKind.AVAILABLE, held.amount_fen),
        request_id=request_id,
        people=People(maker),
        paper=Paper(memo=memo),
        resolves=held,
    )


def pay(
    *,
    project_ref: str,
    amount_fen: int,
    reservation: str,
    request_id: str,
    maker: User,
    checker: User,
    payer: User,
    document_hash: str,
    memo: str = "",
) -> Journal:
    """Book a payment out of what was reserved for it; three different people stand behind it.

    Raises RuleBroken when the amount is not the reserved one or the reservation was resolved before.
    """
    held = _open_reservation(reservation, request_id)
    if held.amount_fen != amount_fen:
        raise RuleBroken(_("支付金额与冻结金额不一致，不能支付。"))
    return post(
        kind=JournalKind.PAY,
        fund=_fund_of(project_ref),
        move=_move(project_ref, AccountKind.RESERVED, AccountKind.PAID, amount_fen),
        request_id=request_id,
        people=People(maker, checker, payer),
        paper=Paper(document_hash, memo),
        resolves=held,
    )


def give_back(
    *,
    project_ref: str,
    amount_fen: int,
    request_id: str,
    maker: User,
    checker: User | None = None,
    was_paid: bool = False,
    paper: Paper = NO_PAPER,
) -> Journal:
    """Return money of a project that is not needed (结余收回), or with `was_paid` what the organisation paid back.

    A second person stands behind it, as behind every movement that is no payment.
    """
    if checker is None:
        raise RuleBroken(_("资金退回须由第二个人复核。"))
    origin = AccountKind.PAID if was_paid else AccountKind.AVAILABLE
    return post(
        kind=JournalKind.RETURN,
        fund=_fund_of(project_ref),
        move=_move(project_ref, origin, AccountKind.RETURNED, amount_fen),
        request_id=request_id,
        people=People(maker, checker),
        paper=paper,
    )


def _move(project_ref: str, origin: AccountKind, target: AccountKind, amount_fen: int) -> Move:
    return Move(Pocket(origin, project_ref), Pocket(target, project_ref), amount_fen)


def _fund_of(project_ref: str) -> Fund:
    fund = queries.find_fund_of_project(project_ref)
    if fund is None:
        raise RuleBroken(_("项目 %(ref)s 还没有安排资金。", ref=project_ref))
    return fund


def _open_reservation(reservation: str, request_id: str) -> Journal:
    """Return the reservation, unless something other than this very request resolved it."""
    held = queries.find_journal(reservation)
    if held is None or held.kind is not JournalKind.RESERVE:
        raise RuleBroken(_("没有找到这笔申请的资金冻结记录。"))
    resolution = queries.find_resolution(held)
    if (resolution is not None and resolution.request_id != request_id) or queries.find_reversal(held) is not None:
        raise RuleBroken(_("这笔冻结资金已经办结，不能重复支付或解除。"))
    return held
