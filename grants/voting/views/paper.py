"""Ballots on paper: batches, stubs, counting, keying by two, the third look, into the box; and the ballots to print."""

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.people import queries as people
from grants.voting import policy, queries
from grants.voting.forms import BatchForm, FindForm, PostForm, SlipCountForm, SlipForm, StubForm
from grants.voting.models import PaperBatch, Poll
from grants.voting.rules import BATCH_STATUS_LABELS, BatchStatus
from grants.voting.rules.channels import drawn_out
from grants.voting.service import paper as service
from grants.voting.views import blueprint
from grants.voting.views.finding import Found, find_on_roll

MOST_PRINTED = 100


def _load(ref: str, batch_ref: str) -> tuple[Poll, PaperBatch]:
    poll = queries.get_poll(ref)
    require(policy.why_not_see_channels(current.actor(), poll))
    return poll, queries.get_batch(poll, batch_ref)


def _to(batch: PaperBatch) -> Response:
    return redirect(url_for("voting.paper_batch", ref=batch.poll.ref, batch_ref=batch.ref))


@blueprint.route("/<ref>/paper", methods=["GET", "POST"])
def paper(ref: str) -> Response | tuple[str, int]:
    """List the batches of a poll; begin one."""
    poll, actor = queries.get_poll(ref), current.actor()
    require(policy.why_not_see_channels(actor, poll))
    form = BatchForm(voted_on=clock.today())
    if form.validate_on_submit():
        with errors_on(form):
            batch = service.open_batch(
                officer=actor, poll=poll, station=form.station.data or "", voted_on=form.voted_on.data or clock.today()
            )
            return _to(batch)
    batches = queries.list_batches(poll)
    return page(
        "voting/paper.html",
        poll=poll,
        form=form,
        batches=batches,
        sums={batch.id: queries.reconcile(batch) for batch in batches},
        why_not=policy.why_not_open_batch(actor, poll),
        labels=BATCH_STATUS_LABELS,
        most=MOST_PRINTED,
    )


@blueprint.get("/<ref>/paper/print")
def paper_print(ref: str) -> tuple[str, int]:
    """Show ballots to print: a numbered stub above, the anonymous slip below the cut line."""
    poll = queries.get_poll(ref)
    require(policy.why_not_see_channels(current.actor(), poll))
    first = max(1, request.args.get("first", 1, type=int))
    count = min(MOST_PRINTED, max(1, request.args.get("count", 1, type=int)))
    return page("voting/paper_print.html", poll=poll, numbers=range(first, first + count))


@blueprint.get("/<ref>/paper/<batch_ref>")
def paper_batch(ref: str, batch_ref: str) -> tuple[str, int]:
    """Show a batch: what is to be done next, its control sums, its stubs."""
    poll, batch = _load(ref, batch_ref)
    return _batch_page(poll, batch)


def _batch_page(poll: Poll, batch: PaperBatch, **more: Any) -> tuple[str, int]:
    actor = current.actor()
    lot = drawn_out(batch.lot_seed, batch.slip_count or 0, batch.drawn_out) if batch.lot_seed else []
    return page(
        "voting/paper_batch.html",
        **{
            "poll": poll,
            "batch": batch,
            "sums": queries.reconcile(batch),
            "surplus": queries.surplus_of(batch),
            "lot": lot,
            "stubs": queries.list_stubs(batch),
            "find": FindForm(formdata=None),
            "found": None,
            "stub_form": StubForm(formdata=None, number=queries.next_stub_number(batch)),
            "count_form": SlipCountForm(formdata=None),
            "post_form": PostForm(formdata=None),
            "labels": BATCH_STATUS_LABELS,
            "why_not": _why_not(batch),
            "serves": policy.why_not_serve(actor, poll) is None,
            **more,
        },
    )


def _why_not(batch: PaperBatch) -> dict[str, str | None]:
    actor = current.actor()
    return {
        "stub": policy.why_not_take_stub(actor, batch),
        "sign": policy.why_not_sign_batch(actor, batch),
        "ask": policy.why_not_ask_for_lot(actor, batch),
        "agree": policy.why_not_agree_to_lot(actor, batch),
        "key": policy.why_not_key(actor, batch),
        "settle": policy.why_not_settle(actor, batch),
        "post": policy.why_not_post(actor, batch),
    }


@blueprint.post("/<ref>/paper/<batch_ref>/find")
def paper_find(ref: str, batch_ref: str) -> tuple[str, int]:
    """Look up whose stub it is; what was typed never gets into an address."""
    poll, batch = _load(ref, batch_ref)
    require(policy.why_not_take_stub(current.actor(), batch))
    form = FindForm()
    found: list[Found] | None = find_on_roll(current.actor(), poll, form) if form.validate_on_submit() else None
    return _batch_page(poll, batch, find=form, found=found)


@blueprint.post("/<ref>/paper/<batch_ref>/stub")
def paper_stub(ref: str, batch_ref: str) -> Response | tuple[str, int]:
    """Enter a stub: it counts, or is refused with the reason."""
    poll, batch = _load(ref, batch_ref)
    form = StubForm()
    if form.validate_on_submit():
        with errors_on(form):
            stub = service.take_stub(
                officer=current.actor(),
                batch=batch,
                number=form.number.data or 0,
                resident=people.get_resident(_uuid(form.resident.data)),
                help_reason=form.help_reason.data or "",
            )
            if stub.is_accepted:
                flash(_("%(number)d 号存根已登记。", number=stub.number), "success")
            else:
                words = _(
                    "%(number)d 号存根不能计入：%(why)s。请把选票当面作废。", number=stub.number, why=stub.refusal
                )
                flash(words, "error")
            return _to(batch)
    return _batch_page(poll, batch, stub_form=form, found=_again(poll, form))


def _uuid(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError as error:
        raise RuleBroken(_("请先查找并选择居民。")) from error


def _again(poll: Poll, form: StubForm) -> list[Found]:
    resident = people.get_resident(_uuid(form.resident.data))
    return [Found(resident, queries.find_roll_entry(poll, resident.person_key))]


@blueprint.post("/<ref>/paper/<batch_ref>/count")
def paper_count(ref: str, batch_ref: str) -> Response | tuple[str, int]:
    """State a count of envelopes: the first officer's, then the second's, which signs when both agree."""
    poll, batch = _load(ref, batch_ref)
    form = SlipCountForm()
    if form.validate_on_submit():
        with errors_on(form):
            second = batch.counted_by_id not in (None, current.actor().id)
            act = service.sign_batch if second else service.count_slips
            act(officer=current.actor(), batch=batch, slips=form.slips.data or 0)
            flash(_("两人清点一致，已签字。") if second else _("已记录，请另一位工作人员独立清点。"), "success")
            return _to(batch)
    return _batch_page(poll, batch, count_form=form)


@blueprint.post("/<ref>/paper/<batch_ref>/lot")
def paper_lot(ref: str, batch_ref: str) -> Response:
    """Ask for the lot over surplus slips, or agree to it and draw."""
    _poll, batch = _load(ref, batch_ref)
    if batch.lot_asked_by_id is None:
        service.ask_for_lot(officer=current.actor(), batch=batch)
        flash(_("已提出，请纪监委到场监督并同意抽签。"), "success")
    else:
        service.agree_to_lot(supervisor=current.actor(), batch=batch)
        flash(_("已抽签，请按公布的编号把选票当场抽出、封存，不拆开。"), "success")
    return _to(batch)


@blueprint.route("/<ref>/paper/<batch_ref>/key", methods=["GET", "POST"])
def paper_key(ref: str, batch_ref: str) -> Response | tuple[str, int]:
    """Key one slip after the other, alone."""
    poll, batch = _load(ref, batch_ref)
    actor, form = current.actor(), SlipForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.key_slip(officer=actor, batch=batch, **_read(form))
            if batch.status is not BatchStatus.SIGNED:
                return _to(batch)
            return redirect(url_for("voting.paper_key", ref=ref, batch_ref=batch_ref))
    require(policy.why_not_key(actor, batch))
    slips = queries.list_slips_for(batch, actor.id)
    waiting = [number for number, done in slips if not done]
    if not form.is_submitted():
        form.number.data = request.args.get("number", waiting[0] if waiting else None, type=int)
    return page(
        "voting/paper_key.html", poll=poll, batch=batch, form=form, slips=slips, waiting=waiting, settling=False
    )


def _read(form: SlipForm) -> dict[str, Any]:
    return {
        "number": form.number.data or 0,
        "text": form.text.data or "",
        "is_spoiled": "spoiled" in request.form,
    }


@blueprint.route("/<ref>/paper/<batch_ref>/settle", methods=["GET", "POST"])
def paper_settle(ref: str, batch_ref: str) -> Response | tuple[str, int]:
    """Take the third look at a slip that two officers read differently."""
    poll, batch = _load(ref, batch_ref)
    form = SlipForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.settle_slip(officer=current.actor(), batch=batch, **_read(form))
            if batch.status is BatchStatus.KEYED:
                return redirect(url_for("voting.paper_settle", ref=ref, batch_ref=batch_ref))
            return _to(batch)
    require(policy.why_not_settle(current.actor(), batch))
    differing = queries.list_differing(batch)
    if not form.is_submitted():
        form.number.data = differing[0].number if differing else None
    return page("voting/paper_key.html", poll=poll, batch=batch, form=form, differing=differing, settling=True)


@blueprint.post("/<ref>/paper/<batch_ref>/post")
def paper_post(ref: str, batch_ref: str) -> Response | tuple[str, int]:
    """Put a settled batch into the box."""
    poll, batch = _load(ref, batch_ref)
    form = PostForm()
    if form.validate_on_submit():
        with errors_on(form):
            count = service.post_batch(officer=current.actor(), batch=batch, remark=form.remark.data or "")
            flash(_("%(count)d 张选票已打乱顺序放入票箱。", count=count), "success")
            return _to(batch)
    return _batch_page(poll, batch, post_form=form)
