"""Papers to an organisation that must put something right, or whose agreement ends early: 整改通知, 终止通知."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from grants.agreements.models import Agreement, BudgetLine
from grants.agreements.rules import LIABILITY_LABELS
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.money import daxie, yuan
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import VoucherStatus
from grants.people.models import User
from grants.projects.models import Project
from grants.selection.rules import MoneySource
from grants.supervision.models import Rectification
from grants.supervision.rules import RectificationStatus
from reports.data.common import Signatory
from reports.data.official_paper import OfficialPaper
from reports.formatting import day
from reports.gather import official
from reports.gather.common import Gathered, document_series, issuer
from reports.gather.evaluation_rows import PAID


def rectification(reference: str) -> Gathered:
    """Return the 整改通知书 of an order; it was issued when the order was. Raises NotFound."""
    row = db.session.execute(
        select(Rectification, User.display_name)
        .join(User, User.id == Rectification.issued_by_id)
        .where(Rectification.ref == reference)
        .options(joinedload(Rectification.agreement).options(*_parties()))
    ).one_or_none()
    if row is None:
        raise NotFound(_("没有找到这份整改通知，请核对编号。"))
    order: Rectification = row[0]
    agreement, project = order.agreement, order.agreement.project
    on = local(order.issued_at).date()
    opening = f"经监督检查，你单位承接的“{project.title}”项目（{project.ref}，协议编号{agreement.ref}）存在以下问题："
    body = official.headed(
        ("", (opening,)),
        ("一、存在的问题", tuple(_lines(order.problem))),
        ("二、整改要求", tuple(_lines(order.demand))),
        (
            "三、整改期限和复查",
            (
                f"请于{day(order.due_on)}前完成整改，登录系统提交书面整改报告和证明材料（整改编号{order.ref}），"
                "由未参与整改的人员复查。整改完成前暂停拨付后续资金；逾期不改或整改不到位的，"
                "将依照协议终止项目，收回未使用和违规使用的资金。",
                *_state(order),
            ),
        ),
    )
    document = official.red_paper(
        official.title_lines(f"{issuer()}关于", f"“{project.title}”项目", "限期整改的通知"),
        agreement.organisation.name,
        body,
        on=None if project.round.is_rehearsal else on,
        copies_to=f"{project.community.name}居民委员会，街道财政，街道纪工委",
        signatories=(Signatory("编制", row[1], on), Signatory("审核"), Signatory("审批")),
    )
    return _filed(document, f"整改通知书 {order.ref}")


def termination(reference: str) -> Gathered:
    """Return the 终止通知书 of an agreement that was terminated, with the money to come back. Raises NotFound."""
    officer = aliased(User)
    row = db.session.execute(
        select(Agreement, officer.display_name)
        .join(Project, Project.id == Agreement.project_id)
        .outerjoin(officer, officer.id == Agreement.terminated_by_id)
        .where((Agreement.ref == reference) | (Project.ref == reference), Agreement.terminated_on.is_not(None))
        .options(*_parties())
    ).one_or_none()
    if row is None:
        raise NotFound(_("没有找到已终止的协议，请核对编号。"))
    agreement: Agreement = row[0]
    project = agreement.project
    paid, spent = _paid_and_spent(agreement)
    body = official.headed(
        (
            "",
            (
                f"你单位与我办签订的“{project.title}”项目资助协议（编号{agreement.ref}），"
                f"自{day(agreement.terminated_on)}起终止。现将有关事项通知如下：",
            ),
        ),
        ("一、终止的事实和依据", (*_lines(agreement.termination_reason or ""), *_liability(agreement))),
        ("二、资金清算", _settlement(paid, spent)),
        (
            "三、后续事项",
            (
                "请在收到本通知后停止使用项目资金，整理移交服务档案，做好服务对象的解释和衔接工作。"
                "对本通知有异议的，可向我办书面申诉，也可依法申请救济。",
            ),
        ),
    )
    document = official.red_paper(
        official.title_lines(f"{issuer()}关于终止", f"“{project.title}”项目", "资助协议的通知"),
        agreement.organisation.name,
        body,
        on=None if project.round.is_rehearsal else agreement.terminated_on,
        copies_to=f"{project.community.name}居民委员会，街道财政，街道纪工委",
        signatories=(Signatory("编制"), Signatory("审核"), Signatory("审批", row[1] or "", agreement.terminated_on)),
    )
    return _filed(document, f"终止协议通知书 {agreement.ref}")


def _liability(agreement: Agreement) -> list[str]:
    return [f"责任认定：{LIABILITY_LABELS[agreement.liability]}。"] if agreement.liability else []


def _parties() -> tuple[Any, ...]:
    return (
        joinedload(Agreement.organisation),
        joinedload(Agreement.project).options(joinedload(Project.round), joinedload(Project.community)),
    )


def _filed(document: OfficialPaper, title: str) -> Gathered:
    return Gathered(document, title, document_series(document.signed_on.year)[1], document.is_draft)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _state(order: Rectification) -> list[str]:
    if order.status is RectificationStatus.CLOSED and order.closed_at is not None:
        return [f"（该事项已于{day(local(order.closed_at).date())}复查通过，予以销号。）"]
    return []


def _paid_and_spent(agreement: Agreement) -> tuple[int, int]:
    """Return what was paid of public money and what of it was proven as spent, in 分."""
    paid = select(func.coalesce(func.sum(PaymentRequest.amount_fen), 0)).where(
        PaymentRequest.agreement_id == agreement.id, PaymentRequest.status.in_(PAID)
    )
    spent = (
        select(func.coalesce(func.sum(Voucher.amount_fen), 0))
        .join(BudgetLine, BudgetLine.id == Voucher.budget_line_id)
        .where(
            Voucher.agreement_id == agreement.id,
            Voucher.status == VoucherStatus.ACCEPTED,
            BudgetLine.source == MoneySource.FISCAL,
        )
    )
    row = db.session.execute(select(paid.scalar_subquery(), spent.scalar_subquery())).one()
    return int(row[0]), int(row[1])


def _settlement(paid: int, spent: int) -> tuple[str, ...]:
    if not paid:
        return ("本协议尚未拨付财政资金，不再拨付。",)
    left = max(0, paid - spent)
    text = f"已拨付财政资金{yuan(paid)}元，经认可的支出{yuan(spent)}元，未拨付的资金不再拨付。"
    if not left:
        return (text + "已拨付资金全部核销，没有需要收回的资金。",)
    return (
        text + f"未使用或未经认可的{yuan(left)}元（大写：{daxie(left, prefix=True)}）应当退回原资金账户，"
        "请在三十日内办理；违规使用的资金另行核定收回。",
    )
