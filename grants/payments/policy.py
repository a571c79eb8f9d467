"""Who may do what in a payment. Six people sign one payment, and each only for their own side."""

from grants.agreements.models import Agreement, Tranche
from grants.agreements.policy import acts_for, is_of_community, why_not_read
from grants.agreements.rules import AgreementStatus
from grants.foundation.i18n import Text, _, _l
from grants.funds.policy import why_not_handle_money, why_not_read_ledger
from grants.payments import queries
from grants.payments.models import FinanceOpinion, PaymentRequest, Voucher, VoucherCheck, VoucherCheckItem
from grants.payments.rules import CHAIN, SIGNATURES, PaymentAction, PaymentStatus, step_in
from grants.people.models import User
from grants.people.rules import Role

OFFICE_ROLES: dict[PaymentAction, tuple[Role, Text]] = {
    PaymentAction.PASS_PROGRAMME: (Role.PROGRAMME, _l("社区建设部")),
    PaymentAction.PASS_FINANCE: (Role.FINANCE, _l("街道财政")),
    PaymentAction.APPROVE: (Role.APPROVER, _l("分管领导")),
    PaymentAction.PAY: (Role.FINANCE, _l("街道财政")),
}


def why_not_payable(tranche: Tranche) -> str | None:
    """Say which condition of a tranche is not met yet; the first in the order in which they are met."""
    return next((check.why_not for check in queries.gate_checks(tranche) if not check.is_met), None)


def why_not_see(actor: User | None, request: PaymentRequest) -> str | None:
    """Say why the account may not open a payment request; both sides and the offices do."""
    return why_not_read(actor, request.agreement)


def why_not_request(actor: User, tranche: Tranche) -> str | None:
    """Say why the account cannot ask for a tranche."""
    if not acts_for(actor, tranche.agreement):
        return _("拨付由承接组织申请。")
    live = queries.find_live_request(tranche)
    if live is not None:
        return _("第 %(number)s 期已有拨付申请 %(ref)s，不能重复申请。", number=tranche.number, ref=live.ref)
    return None


def why_not_revise(actor: User, request: PaymentRequest) -> str | None:
    """Say why the account cannot correct and send a request again, or take it back to correct it."""
    return None if acts_for(actor, request.agreement) else _("申请由承接组织修改。")


def why_not_sign(actor: User, request: PaymentRequest, action: PaymentAction) -> str | None:
    """Say why the account cannot take this step: the wrong side, or a hand that has signed before."""
    reason = why_not_office(actor, request, action) or why_not_handle_money(actor)
    if reason:
        return reason
    signed = queries.signers(request)
    if action in SIGNATURES and actor.id in signed:
        name = next((step.label for step in CHAIN if step.action is signed[actor.id]), _("申请"))
        return _("您已在“%(step)s”环节签过字，同一笔款的各环节须由不同的人办理。", step=name)
    return None


def why_not_office(actor: User, request: PaymentRequest, action: PaymentAction) -> str | None:
    """Say why a step belongs to another side or office than the account's."""
    if action is PaymentAction.PASS_COMMUNITY:
        if is_of_community(actor, request.agreement):
            return None
        return _("由项目所在的%(community)s居委会核实。", community=request.agreement.project.community.name)
    if action is PaymentAction.CONFIRM:
        return None if acts_for(actor, request.agreement) else _("到账由承接组织确认。")
    role, name = OFFICE_ROLES[action]
    return None if actor.has_role(role) else _("这一环节由%(office)s办理。", office=name)


def why_not_return(actor: User, request: PaymentRequest) -> str | None:
    """Say why the account cannot send the request back: whoever has the next step may."""
    step = step_in(request.status)
    if step is None or step.action is PaymentAction.CONFIRM:
        return _("这笔申请已经办结或正在补正，不能退回。")
    return why_not_office(actor, request, step.action)


def why_not_reject(actor: User, request: PaymentRequest) -> str | None:
    """Say why the account cannot reject the request for good."""
    if not actor.has_role(Role.APPROVER):
        return _("驳回由分管领导决定；其他环节请退回补正。")
    return None if request.status is PaymentStatus.FINANCE_PASSED else _("请在审批环节办理驳回。")


def why_content_changed(request: PaymentRequest) -> str | None:
    """Say that what was approved is not what would be paid: then the approval is void."""
    agreement = request.agreement
    if request.content_hash != queries.content_of(request):
        return _("审批后申请内容有变动，原审批已失效，请退回重新办理。")
    if (request.payee_name, request.payee_account_index) != (agreement.payee_name, agreement.payee_account_index):
        return _("收款单位或账户与协议不一致，原审批已失效，请退回重新办理。")
    return None


def why_not_enter_voucher(actor: User, agreement: Agreement) -> str | None:
    """Say why the account cannot enter what was spent under this agreement."""
    if not acts_for(actor, agreement):
        return _("支出票据由承接组织登记。")
    return _("协议签署后才能登记支出。") if agreement.status is AgreementStatus.DRAFT else None


def why_not_see_voucher(actor: User | None, voucher: Voucher) -> str | None:
    """Say why the account may not open a voucher."""
    return why_not_read(actor, voucher.agreement)


def why_not_check_voucher(actor: User, voucher: Voucher) -> str | None:
    """Say why the account cannot accept or refuse a voucher."""
    if not actor.has_role(Role.FINANCE):
        return _("票据由街道财政审核。")
    return _("票据由您登记，须由另一位同志审核。") if voucher.entered_by_id == actor.id else None


def why_not_see_check(actor: User | None, check: VoucherCheck) -> str | None:
    """Say why the account may not open a spot check; whoever may read the agreement may."""
    return why_not_read(actor, check.agreement)


def why_not_draw_check(actor: User, agreement: Agreement) -> str | None:
    """Say why the account may not draw or close a spot check of this agreement's vouchers."""
    if not actor.has_role(Role.FINANCE, Role.PROGRAMME):
        return _("财务抽查由街道财政或社区建设部办理。")
    return why_not_read(actor, agreement)


def why_not_find(actor: User, item: VoucherCheckItem) -> str | None:
    """Say why the account may not record what a drawn voucher showed: not whoever judged the voucher."""
    reason = why_not_draw_check(actor, item.check.agreement)
    if reason:
        return reason
    return _("这张票据由您审核，须由另一位同志抽查。") if item.voucher.checked_by_id == actor.id else None


def why_not_see_bank(actor: User) -> str | None:
    """Say why the account may not see statements of the bank."""
    if actor.has_role(Role.FINANCE, Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return None
    return _("银行对账由街道财政办理，社区建设部、分管领导和纪监委可以查看。")


def why_not_reconcile(actor: User) -> str | None:
    """Say why the account may not import a statement or take a match back."""
    if not actor.has_role(Role.FINANCE):
        return _("银行对账由街道财政办理。")
    return why_not_handle_money(actor)


def why_not_match(actor: User, request: PaymentRequest) -> str | None:
    """Say why the account may not say by hand what a line proves: not whoever examined or approved the payment."""
    reason = why_not_reconcile(actor)
    if reason:
        return reason
    if request.status not in (PaymentStatus.PAID, PaymentStatus.CONFIRMED):
        return _("只有已支付的款项才能与银行流水勾对。")
    if queries.signers(request).get(actor.id) not in (None, PaymentAction.PAY):
        return _("您审核过这笔款，须由另一位同志与银行流水勾对。")
    return None


def why_not_see_desk(actor: User) -> str | None:
    """Say why the account may not see how the money of all projects is used."""
    return why_not_read_ledger(actor)


def why_not_leave_opinion(actor: User) -> str | None:
    """Say why the account may not leave an opinion about the use of money."""
    return None if actor.has_role(Role.SUPERVISOR) else _("监督意见由纪监委提出。")


def why_not_answer_opinion(actor: User, opinion: FinanceOpinion) -> str | None:
    """Say why the account may not answer an opinion."""
    if not actor.has_role(Role.FINANCE):
        return _("监督意见由街道财政答复。")
    return _("这条意见已经答复。") if opinion.answer is not None else None
