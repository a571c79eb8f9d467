"""Changes of a running agreement: asked for, examined, decided; and its history."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.agreements import policy, queries, service
from grants.agreements.forms import DecideForm, change_form
from grants.agreements.models import Amendment
from grants.agreements.rules import ChangeAction, ChangeKind, ChangeStatus
from grants.agreements.views.blueprint import blueprint, readable
from grants.agreements.views.labels import LABELS
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current


@blueprint.get("/<ref>/changes/")
def changes(ref: str) -> tuple[str, int]:
    """Show the history of an agreement's changes and suspensions."""
    agreement = readable(ref)
    return page(
        "agreements/changes.html",
        agreement=agreement,
        changes=queries.list_amendments(agreement.id),
        why_not=policy.why_not_propose(current.actor(), agreement),
        may_ask=policy.acts_for(current.actor(), agreement),
        kinds=ChangeKind,
        **LABELS,
    )


@blueprint.route("/<ref>/changes/new/<kind>", methods=["GET", "POST"])
def propose_change(ref: str, kind: str) -> Response | tuple[str, int]:
    """Ask for a change for the organisation."""
    agreement, actor = readable(ref), current.actor()
    if kind not in set(ChangeKind):
        raise NotFound(_("没有这种变更。"))
    require(policy.why_not_propose(actor, agreement))
    form = change_form(ChangeKind(kind), agreement)
    if form.validate_on_submit():
        with errors_on(form):
            made = service.propose_change(agreement=agreement, by=actor, wish=form.wish(ChangeKind(kind)))
            filed = made.status is ChangeStatus.FILED
            flash(_("变更已备案，已经生效。") if filed else _("变更已提交，等待社区建设部审核。"), "success")
            return redirect(url_for("agreements.change", ref=ref, number=made.number))
    return page(
        "agreements/change_new.html", form=form, agreement=queries.get_agreement(ref), kind=ChangeKind(kind), **LABELS
    )


def _amendment(ref: str, number: int) -> Amendment:
    readable(ref)
    return queries.get_amendment(ref, number)


@blueprint.route("/<ref>/changes/<int:number>", methods=["GET", "POST"])
def change(ref: str, number: int) -> Response | tuple[str, int]:
    """Show a change; whose turn it is agrees or refuses, a leader after a fresh second factor."""
    amendment, actor, form = _amendment(ref, number), current.actor(), DecideForm()
    can = policy.possible_with(actor, amendment)
    if request.method == "POST":
        require(None if can & DECISIONS else policy.why_not_refuse(actor, amendment) or _("这项变更已经办结。"))
    if ChangeAction.APPROVE in can and not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=request.path))
    if form.validate_on_submit():
        with errors_on(form):
            _decide(amendment, form)
            return redirect(url_for("agreements.change", ref=ref, number=number))
    return page("agreements/change.html", form=form, change=amendment, **_facts(amendment, can), **LABELS)


DECISIONS = {ChangeAction.ENDORSE, ChangeAction.APPROVE, ChangeAction.REFUSE}


def _facts(amendment: Amendment, can: set[ChangeAction]) -> dict[str, object]:
    return {
        "agreement": amendment.agreement,
        "rows": queries.describe_change(amendment),
        "may_decide": bool(can & DECISIONS),
        "may_withdraw": ChangeAction.WITHDRAW in can,
    }


def _decide(amendment: Amendment, form: DecideForm) -> None:
    actor, note = current.actor(), form.note.data or ""
    if form.decision.data == "refuse":
        service.refuse_change(amendment=amendment, by=actor, note=note)
        flash(_("已不予批准，已告知承接组织。"), "success")
    elif amendment.status is ChangeStatus.PROPOSED:
        service.endorse_change(amendment=amendment, by=actor, note=note)
        flash(_("已审核同意，等待分管领导审批。"), "success")
    else:
        service.approve_change(amendment=amendment, by=actor, note=note)
        flash(_("已批准，协议内容随之变更。"), "success")


@blueprint.post("/<ref>/changes/<int:number>/withdraw")
def withdraw_change(ref: str, number: int) -> Response:
    """Take back a change that nobody has decided yet."""
    service.withdraw_change(amendment=_amendment(ref, number), by=current.actor())
    flash(_("变更已撤回。"), "success")
    return redirect(url_for("agreements.change", ref=ref, number=number))
