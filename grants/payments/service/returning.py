"""The way back: a request is returned with the items to correct, and sent again when each is answered."""

from collections.abc import Mapping, Sequence

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.payments import policy, queries
from grants.payments.models import PaymentRequest, PaymentSubmission, ReturnItem
from grants.payments.rules import PAYMENT_FLOW, Correction, PaymentAction, list_words, why_not_listed
from grants.payments.service.chain import free_money, lock, take
from grants.people.models import User


def return_request(*, request: PaymentRequest, actor: User, items: Sequence[Correction]) -> None:
    """Send a request back with the items to correct; every signature of this cycle is void and the list stays as it is.

    Raises RuleBroken for an empty list, one of more than MOST_ITEMS, or one that names the same twice.
    """
    lock(request)
    PAYMENT_FLOW.next(request.status, PaymentAction.RETURN)
    require(policy.why_not_return(actor, request))
    wrong = why_not_listed(items)
    if wrong:
        raise RuleBroken(wrong, "faults")
    free_money(request, actor)
    words = list_words(items)
    take(request, PaymentAction.RETURN, actor, words, return_reason=words, content_hash=None)
    db.session.add_all(
        ReturnItem(step_id=request.steps[-1].id, position=position, kind=item.kind, text=item.text)
        for position, item in enumerate(items, start=1)
    )
    if request.requested_by_id is not None:
        title = _("拨付申请退回补正：%(ref)s", ref=request.ref)
        notify(request.requested_by_id, title, body=words, href=f"/payments/{request.ref}/revise")


def answer_items(request: PaymentRequest, actor: User, answers: Mapping[int, str]) -> None:
    """Write the answer to every open item, by its position; raises RuleBroken at the first that has none."""
    for item in queries.list_open_items(request):
        answer = answers.get(item.position, "").strip()
        if not answer:
            raise RuleBroken(
                _("第 %(number)s 项还没有说明补正情况，逐项说明后才能重新提交。", number=item.position),
                f"answer_{item.position}",
            )
        with db.session.no_autoflush:
            item.answer, item.answered_by_id, item.answered_at = answer, actor.id, now()
    # The database lets a request pass only when it has read the answers
    db.session.flush()


def keep_submission(request: PaymentRequest) -> None:
    """Keep what the request says in the cycle that has just begun."""
    if request.invoice_file_id is None:
        raise RuleBroken(_("请上传发票或收据，没有票据不能拨付。"), "invoice")
    db.session.add(
        PaymentSubmission(
            request_id=request.id,
            cycle=queries.current_cycle(request),
            amount_fen=request.amount_fen,
            purpose=request.purpose,
            payee_name=request.payee_name,
            payee_account_last4=request.payee_account_last4,
            invoice_file_id=request.invoice_file_id,
        )
    )
