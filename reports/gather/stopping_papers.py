"""Papers to an organisation whose money stops or has to come back: 暂停通知, 追缴通知."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from grants.agreements.models import Agreement, BudgetLine, Suspension
from grants.agreements.rules import LIABILITY_LABELS
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound, RuleBroken
from grants.foundation.i18n import _
from grants.foundation.money import daxie, yuan
from grants.funds.models import Account, Entry, Journal
from grants.funds.rules import AccountKind, JournalKind
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import VoucherStatus
from grants.people.models import User
from grants.projects.models import Project
from grants.selection.rules import MoneySource
from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.table import RIGHT, Column, Row, Table
from reports.formatting import day
from reports.gather import official
from reports.gather.choices import Choice, Viewer, named, of_viewer
from reports.gather.common import Gathered, document_series, issuer
from reports.gather.evaluation_rows import PAID

DAYS_TO_RETURN = 30
OVER = Agreement.terminated_on.is_not(None) | Agreement.completed_on.is_not(None)


@dataclass(frozen=True)
class Owed:
    """Public money of one agreement, in 分: by the payment orders, by the ledger, and what of it was proven."""

    paid_fen: int
    held_fen: int
    returned_fen: int
    spent_fen: int

    @property
    def due_fen(self) -> int:
        """Return what has still to come back."""
        return max(0, self.held_fen - self.spent_fen)


def suspended(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the agreements that were suspended at least once, of those the viewer may read."""
    statement = _named_agreements().where(Agreement.id.in_(select(Suspension.agreement_id)))
    return named(of_viewer(statement, viewer, round_ref))


def owing(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the agreements that are over and whose payments were not all proven as spent."""
    paid, spent = (one.scalar_subquery() for one in (_paid(Agreement.id), _spent(Agreement.id)))
    return named(of_viewer(_named_agreements().where(OVER, paid > spent), viewer, round_ref))


def suspension(reference: str) -> Gathered:
    """Return the 暂停通知书 of an agreement's latest suspension. Raises NotFound without one."""
    row = db.session.execute(
        select(Suspension, User.display_name)
        .join(Agreement, Agreement.id == Suspension.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .join(User, User.id == Suspension.suspended_by_id)
        .where((Agreement.ref == reference) | (Project.ref == reference))
        .options(joinedload(Suspension.agreement).options(*_parties()))
        .order_by(Suspension.suspended_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(_("没有找到这份协议的暂停记录，请核对编号。"))
    stop: Suspension = row[0]
    agreement, project, on = stop.agreement, stop.agreement.project, local(stop.suspended_at).date()
    body = official.headed(
        (
            "",
            (
                f"你单位承接的“{project.title}”项目（{project.ref}，协议编号{agreement.ref}）"
                f"自{day(on)}起暂停。现将有关事项通知如下：",
            ),
        ),
        ("一、暂停的理由和恢复的条件", tuple(_lines(stop.reason))),
        (
            "二、暂停期间的要求",
            (
                "暂停期间不受理拨付申请，已受理的不再支付；请妥善保管项目资金和服务档案，"
                "做好服务对象的解释和衔接工作，不得自行变更项目内容。",
                "恢复的条件具备后，请向社区建设部提出，由一人提出、另一人确认后恢复。对本通知有异议的，可向我办书面申诉。",
                *_resumed(stop),
            ),
        ),
    )
    document = official.red_paper(
        official.title_lines(f"{issuer()}关于暂停", f"“{project.title}”项目", "资助协议的通知"),
        agreement.organisation.name,
        body,
        on=None if project.round.is_rehearsal else on,
        copies_to=f"{project.community.name}居民委员会，街道财政，街道纪工委",
        signatories=(Signatory("编制", row[1], on), Signatory("审核"), Signatory("审批")),
    )
    return Gathered(
        document, f"暂停通知书 {agreement.ref}", document_series(document.signed_on.year)[1], document.is_draft
    )


def recovery(reference: str) -> Gathered:
    """Return the 追缴通知书 of an agreement that is over: what was paid, proven, returned, and has to come back.

    Raises NotFound without such an agreement, RuleBroken when nothing was ever left to return.
    """
    row = db.session.execute(
        select(Agreement, User.display_name)
        .join(Project, Project.id == Agreement.project_id)
        .outerjoin(User, User.id == Agreement.terminated_by_id)
        .where((Agreement.ref == reference) | (Project.ref == reference), OVER)
        .options(*_parties())
    ).one_or_none()
    if row is None:
        raise NotFound(_("没有找到已终止或已结项的协议，请核对编号。"))
    agreement: Agreement = row[0]
    owed = _owed(agreement)
    if owed.paid_fen <= owed.spent_fen:
        raise RuleBroken(_("这份协议的已拨付资金全部核销，没有需要收回的资金。"))
    on = agreement.terminated_on or agreement.completed_on
    project = agreement.project
    body = official.headed(
        ("", (_opening(agreement),)),
        ("一、应退回的资金", (_amounts(owed), *_demand(owed))),
        (
            "二、办理方式",
            (
                "请退回原资金账户，附言注明协议编号，并将银行回单交社区建设部；街道财政核对银行记录后记账。"
                "逾期不退回的，依照协议约定追究责任，并记入社会组织名册。对金额有异议的，可在收到本通知后书面提出核对。",
            ),
        ),
    )
    document = official.red_paper(
        official.title_lines(f"{issuer()}关于收回", f"“{project.title}”项目", "未使用资金的通知"),
        agreement.organisation.name,
        body,
        on=None if project.round.is_rehearsal else on,
        copies_to=f"{project.community.name}居民委员会，街道财政，街道纪工委",
        signatories=(Signatory("编制"), Signatory("审核"), Signatory("审批", row[1] or "", agreement.terminated_on)),
        balances=(Balance("已拨付资金", (("拨付单", owed.paid_fen), ("台账", owed.held_fen + owed.returned_fen))),),
    )
    return Gathered(
        document, f"追缴通知书 {agreement.ref}", document_series(document.signed_on.year)[1], document.is_draft
    )


def _opening(agreement: Agreement) -> str:
    name = f"你单位承接的“{agreement.project.title}”项目（{agreement.project.ref}，协议编号{agreement.ref}）"
    if agreement.terminated_on is None:
        return f"{name}已于{day(agreement.completed_on)}结项。经核算，已拨付的财政资金有结余，应当退回。"
    fault = f"责任认定：{LIABILITY_LABELS[agreement.liability]}。" if agreement.liability else ""
    return f"{name}的协议自{day(agreement.terminated_on)}起终止。{fault}未使用和未经认可的财政资金应当退回。"


def _amounts(owed: Owed) -> Table:
    rows = (
        ("已拨付", owed.paid_fen),
        ("减：经认可的支出", owed.spent_fen),
        ("减：已退回", owed.returned_fen),
    )
    return Table(
        "资金核算（单位：元）",
        (Column("项目", 60), Column("金额", 40, RIGHT)),
        (*(Row((name, yuan(fen))) for name, fen in rows), Row(("应退回", yuan(owed.due_fen)), "total")),
    )


def _demand(owed: Owed) -> tuple[str, ...]:
    if not owed.due_fen:
        return ("（应退回的资金已全部退回。）",)
    return (
        f"请在收到本通知之日起{DAYS_TO_RETURN}日内退回人民币{yuan(owed.due_fen)}元"
        f"（大写：{daxie(owed.due_fen, prefix=True)}）。",
    )


def _resumed(stop: Suspension) -> tuple[str, ...]:
    return (f"（已于{day(local(stop.resumed_at).date())}恢复。）",) if stop.resumed_at else ()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _named_agreements() -> Any:
    return (
        select(Agreement.ref, Project.title).join(Project, Project.id == Agreement.project_id).order_by(Agreement.ref)
    )


def _parties() -> tuple[Any, ...]:
    return (
        joinedload(Agreement.organisation),
        joinedload(Agreement.project).options(joinedload(Project.round), joinedload(Project.community)),
    )


def _paid(agreement_id: Any) -> Any:
    return select(func.coalesce(func.sum(PaymentRequest.amount_fen), 0)).where(
        PaymentRequest.agreement_id == agreement_id, PaymentRequest.status.in_(PAID)
    )


def _spent(agreement_id: Any) -> Any:
    return (
        select(func.coalesce(func.sum(Voucher.amount_fen), 0))
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(
            Voucher.agreement_id == agreement_id,
            Voucher.status == VoucherStatus.ACCEPTED,
            BudgetLine.source == MoneySource.FISCAL,
        )
    )


def _owed(agreement: Agreement) -> Owed:
    account = and_(Account.kind == AccountKind.PAID, Account.key == agreement.project.ref)
    held = select(func.coalesce(func.sum(Account.balance_fen), 0)).where(account)
    undone = aliased(Journal)
    returned = (
        select(func.coalesce(-func.sum(Entry.amount_fen), 0))
        .join(Account, Account.id == Entry.account_id)
        .join(Journal, Journal.id == Entry.journal_id)
        .outerjoin(undone, undone.id == Journal.reverses_id)
        .where(account, or_(Journal.kind == JournalKind.RETURN, undone.kind == JournalKind.RETURN))
    )
    parts = (_paid(agreement.id), held, returned, _spent(agreement.id))
    paid, kept, back, spent = db.session.execute(select(*(one.scalar_subquery() for one in parts))).one()
    return Owed(int(paid), int(kept), int(back), int(spent))
