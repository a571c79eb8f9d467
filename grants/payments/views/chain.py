"""What the page of a request shows of its chain, and what this person can do with it now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from grants.agreements.policy import acts_for
from grants.foundation.i18n import Text, _, _l
from grants.payments import policy, queries
from grants.payments.models import PaymentRequest
from grants.payments.rules import CHAIN, PAYMENT_FLOW, PaymentAction, PaymentStatus, step_in
from grants.people.models import User

SignatureLine = tuple[Text, str | None, datetime | None, str, str | None]
ENDED = (PaymentStatus.RETURNED, PaymentStatus.REJECTED)


def signature_lines(request: PaymentRequest) -> list[SignatureLine]:
    """Return the chain of the present cycle; in a returned or rejected request every signature is void."""
    places = [(PaymentAction.REQUEST, _("承接组织申请")), *((step.action, step.label) for step in CHAIN)]
    waiting = step_in(request.status)
    return [_line(request, action, label, waiting is not None and waiting.action is action) for action, label in places]


def _line(request: PaymentRequest, action: PaymentAction, label: Text, is_next: bool) -> SignatureLine:
    step = queries.step_of(request, action)
    if step is None:
        return (label, None, None, "current" if is_next else "todo", None)
    state = "stopped" if request.status in ENDED else "done"
    note = _("已作废") if state == "stopped" else step.note
    return (label, step.actor.display_name, step.at, state, note or None)


def history(request: PaymentRequest) -> Iterator[dict[str, Any]]:
    """Return every step of every cycle, newest first, for the timeline."""
    labels: dict[PaymentAction, Text] = {step.action: step.label for step in CHAIN}
    labels |= {
        PaymentAction.REQUEST: _("提交申请"),
        PaymentAction.RETURN: _("退回补正"),
        PaymentAction.REJECT: _("驳回"),
    }
    tones = {PaymentAction.RETURN: "warn", PaymentAction.REJECT: "bad", PaymentAction.PAY: "good"}
    for step in sorted(request.steps, key=lambda item: item.at, reverse=True):
        title = labels[step.action]
        yield {
            "at": step.at,
            "title": _("%(step)s（第 %(cycle)s 轮）", step=title, cycle=step.cycle) if step.cycle > 1 else title,
            "actor": step.actor.display_name,
            "text": step.note,
            "tone": tones.get(step.action, "neutral"),
        }


@dataclass(frozen=True)
class Act:
    """Something this person can do now: where, in which words, and how prominent."""

    label: Text
    href: str
    kind: str = "secondary"
    is_post: bool = False


SIGN_PAGES: dict[PaymentAction, tuple[str, Text]] = {
    PaymentAction.PASS_COMMUNITY: ("payments.sign", _l("核实并签字")),
    PaymentAction.PASS_PROGRAMME: ("payments.sign", _l("审核并签字")),
    PaymentAction.PASS_FINANCE: ("payments.sign", _l("审核并签字")),
    PaymentAction.APPROVE: ("payments.approve", _l("审批")),
    PaymentAction.PAY: ("payments.pay", _l("登记支付")),
}


def acts(actor: User, request: PaymentRequest) -> list[Act]:
    """Return what this person can do with the request now, the main thing first."""
    found = [*_signing(actor, request)]
    if PAYMENT_FLOW.allows(request.status, PaymentAction.RETURN):
        if policy.why_not_return(actor, request) is None:
            found.append(Act(_("退回补正"), url_for("payments.send_back", ref=request.ref)))
        if acts_for(actor, request.agreement):
            found.append(Act(_("撤回修改"), url_for("payments.recall", ref=request.ref)))
    if policy.why_not_reject(actor, request) is None:
        found.append(Act(_("驳回"), url_for("payments.reject", ref=request.ref), "quiet"))
    if request.status is PaymentStatus.RETURNED and acts_for(actor, request.agreement):
        found.append(Act(_("补正后重新提交"), url_for("payments.revise", ref=request.ref), "primary"))
    return found


def _signing(actor: User, request: PaymentRequest) -> Iterator[Act]:
    step = step_in(request.status)
    if step is None or policy.why_not_sign(actor, request, step.action) is not None:
        return
    if step.action is PaymentAction.CONFIRM:
        yield Act(_("确认到账"), url_for("payments.confirm", ref=request.ref), "primary", is_post=True)
        return
    endpoint, label = SIGN_PAGES[step.action]
    yield Act(label, url_for(endpoint, ref=request.ref), "primary")


def why_cannot_sign(actor: User, request: PaymentRequest) -> str | None:
    """Say why this person cannot take the next step, for those whose office it would be."""
    step = step_in(request.status)
    if step is None or actor.id not in queries.signers(request):
        return None
    if policy.why_not_office(actor, request, step.action) is not None:
        # Whoever has done their part need not read that the next part is another's
        return None
    return policy.why_not_sign(actor, request, step.action)
