"""The book of social money: the list with its leverage, one entry, noting it, and the second person's word."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound, require
from grants.foundation.files import PAPERS, accept, send, store_upload
from grants.foundation.i18n import _, _l
from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.foundation.web.refusals import noting
from grants.funds import policy, queries, service
from grants.funds.forms import ConfirmForm, ContributionForm, RefusalForm, ReversalForm
from grants.funds.models import Contribution
from grants.funds.queries import LEVERAGE_LABELS, LeverageBy, SocialFilter
from grants.funds.rules import (
    CONTRIBUTION_KIND_LABELS,
    CONTRIBUTION_STATUS_LABELS,
    ContributionKind,
    Home,
    ProposalStatus,
)
from grants.funds.views.blueprint import LABELS, blueprint
from grants.people import current


def _scope() -> Collection[UUID] | None:
    """Return whose money the actor sees: the offices everybody's, a member that of the own organisations."""
    actor = current.actor()
    return None if policy.why_not_read_ledger(actor) is None else actor.organisation_ids


def _narrow() -> SocialFilter:
    kind, status = request.args.get("kind", ""), request.args.get("status", "")
    return SocialFilter(
        kind=ContributionKind(kind) if kind in set(ContributionKind) else None,
        status=ProposalStatus(status) if status in set(ProposalStatus) else None,
        words=request.args.get("q", "").strip(),
    )


def _by() -> LeverageBy:
    by = request.args.get("by", "")
    return LeverageBy(by) if by in set(LeverageBy) else LeverageBy.PROJECT


def _recordable() -> list[Home]:
    actor = current.actor()
    return [home for home in queries.list_homes() if policy.why_not_record_contribution(actor, home) is None]


@blueprint.get("/social/")
def social() -> tuple[str, int]:
    """Show leverage by project, round or organisation, and the entries of the book."""
    scope, narrow, by = _scope(), _narrow(), _by()
    return page(
        "funds/social.html",
        by=by,
        dimensions=LEVERAGE_LABELS,
        rows=queries.summarise_leverage(by, organisation_ids=scope),
        narrow=narrow,
        entries=queries.list_contributions(Window.of(request.args), narrow, organisation_ids=scope),
        homes=_recordable(),
        **LABELS,
    )


HEADER = (
    _l("编号"),
    _l("项目编号"),
    _l("承接组织"),
    _l("资金性质"),
    _l("出资方"),
    _l("金额（元）"),
    _l("日期"),
    _l("状态"),
    _l("冲销的登记"),
)


@blueprint.get("/social.<any(csv, xlsx):form>")
def social_export(form: str) -> FlaskResponse:
    """Return the book, filtered as on the page."""
    return table_response(form, _("社会资金台账"), HEADER, _rows())


def _rows() -> Iterator[tuple[Any, ...]]:
    for one in queries.iterate_contributions(_narrow(), organisation_ids=_scope()):
        yield (
            one.ref,
            one.project_ref,
            one.organisation.name,
            str(CONTRIBUTION_KIND_LABELS[one.kind]),
            one.contributor,
            yuan_plain(one.counted_fen),
            one.received_on,
            str(CONTRIBUTION_STATUS_LABELS[one.status]),
            one.reverses.ref if one.reverses else "",
        )


def _readable(ref: str) -> Contribution:
    found = queries.get_contribution(ref)
    require(policy.why_not_read_contribution(current.actor(), found.organisation_id))
    return found


def _show(found: Contribution, refusal: RefusalForm, confirm: ConfirmForm, reversal: ReversalForm) -> tuple[str, int]:
    actor, waits = current.actor(), found.status is ProposalStatus.WAITING
    undone = queries.find_contribution_reversal(found)
    return page(
        "funds/contribution.html",
        one=found,
        home=queries.find_home(found.project_ref),
        undone=undone,
        form=refusal,
        confirm_form=confirm,
        reversal_form=reversal,
        decides=waits and policy.why_not_decide_contribution(actor, found) is None,
        withdraws=waits and policy.why_not_withdraw_contribution(actor, found) is None,
        reverses=undone is None and policy.why_not_reverse_contribution(actor, found) is None,
        is_fresh=current.has_stepped_up(),
        **LABELS,
    )


def _forms() -> tuple[RefusalForm, ConfirmForm, ReversalForm]:
    return RefusalForm(formdata=None), ConfirmForm(formdata=None), ReversalForm(formdata=None)


@blueprint.get("/social/<ref>")
def contribution(ref: str) -> tuple[str, int]:
    """Show one entry with its proof and what can be done with it."""
    return _show(_readable(ref), *_forms())


@blueprint.get("/social/<ref>/proof")
def contribution_proof(ref: str) -> FlaskResponse:
    """Return the paper that proves an entry."""
    return send(_readable(ref).proof, inline=True)


@blueprint.route("/social/new/<project_ref>", methods=["GET", "POST"])
def contribution_new(project_ref: str) -> Response | tuple[str, int]:
    """Note social money of a project."""
    home = queries.find_home(project_ref)
    if home is None:
        raise NotFound(_("没有找到已签约的项目 %(ref)s。", ref=project_ref))
    require(policy.why_not_record_contribution(current.actor(), home))
    form, matchable = ContributionForm(), queries.list_matchable(project_ref)
    form.matches.choices = [("", _("不是配捐"))] + [(one.ref, f"{one.ref} {one.contributor}") for one in matchable]
    if form.validate_on_submit():
        with errors_on(form), noting():
            made = _record(home, form)
            flash(_("已登记，由街道财政核对凭证后计入。"), "success")
            return redirect(url_for("funds.contribution", ref=made.ref))
    return page("funds/contribution_new.html", form=form, home=home, accept=accept(PAPERS), **LABELS)


def _record(home: Home, form: ContributionForm) -> Contribution:
    actor = current.actor()
    gift = service.Gift(
        kind=ContributionKind(form.kind.data),
        contributor=form.contributor.data or "",
        amount_fen=form.amount_fen.data,
        received_on=form.received_on.data,  # type: ignore[arg-type]  # the form requires it
        note=form.note.data or "",
        matches=queries.get_contribution(form.matches.data) if form.matches.data else None,
    )
    proof = store_upload(form.proof.data, purpose="contribution", actor_id=actor.id, allow=PAPERS)
    return service.record_contribution(home=home, gift=gift, proof=proof, actor=actor)


@blueprint.post("/social/<ref>/confirm")
def contribution_confirm(ref: str) -> Response | tuple[str, int]:
    """Agree that the proof holds."""
    found, form = _readable(ref), ConfirmForm()
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("funds.contribution", ref=ref)))
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.confirm_contribution(contribution=found, officer=current.actor())
            flash(_("已确认，计入社会资金。"), "success")
            return redirect(url_for("funds.contribution", ref=ref))
    refusal, _confirm, reversal = _forms()
    return _show(_readable(ref), refusal, form, reversal)


@blueprint.post("/social/<ref>/refuse")
def contribution_refuse(ref: str) -> Response | tuple[str, int]:
    """Send back with the reason."""
    found, form = _readable(ref), RefusalForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            service.refuse_contribution(contribution=found, officer=current.actor(), reason=form.reason.data or "")
            flash(_("已退回登记人。"), "success")
            return redirect(url_for("funds.contribution", ref=ref))
    _refusal, confirm, reversal = _forms()
    return _show(_readable(ref), form, confirm, reversal)


@blueprint.post("/social/<ref>/withdraw")
def contribution_withdraw(ref: str) -> Response:
    """Take one's own entry back."""
    service.withdraw_contribution(contribution=_readable(ref), actor=current.actor())
    flash(_("已撤回。"), "success")
    return redirect(url_for("funds.contribution", ref=ref))


@blueprint.post("/social/<ref>/reverse")
def contribution_reverse(ref: str) -> Response | tuple[str, int]:
    """Ask for a confirmed entry to be taken back."""
    found, form = _readable(ref), ReversalForm()
    if form.validate_on_submit():
        with errors_on(form), noting():
            made = service.reverse_contribution(
                contribution=found, reason=form.reason.data or "", actor=current.actor()
            )
            flash(_("冲销已提出，等待另一位同志复核。"), "success")
            return redirect(url_for("funds.contribution", ref=made.ref))
    refusal, confirm, _reversal = _forms()
    return _show(_readable(ref), refusal, confirm, form)
