"""Receipts, looked up and printed, and ballots opened for checking. Codes travel in bodies, never in addresses."""

from flask import request

from grants.foundation.errors import NotPermitted
from grants.foundation.i18n import _
from grants.foundation.sealing import vault
from grants.foundation.web.forms import page
from grants.foundation.web.qr import qr_svg
from grants.people import current
from grants.voting import queries
from grants.voting.forms import ReceiptForm
from grants.voting.models import Poll
from grants.voting.rules import entry_of
from grants.voting.service import challenge as challenging
from grants.voting.service import receipts
from grants.voting.views import blueprint

LONGEST = 400


@blueprint.app_template_filter("ballot_parts")
def _parts(spelling: str) -> list[tuple[str, str]]:
    """Return (option code, points or rank in words) of a stored ballot; nothing beside a code that is only chosen."""
    if ">" in spelling:
        ranked = enumerate(spelling.split(">"), start=1)
        return [(code, _("第 %(rank)d 名", rank=rank)) for rank, code in ranked]
    pairs = (part.partition(":") for part in spelling.split(","))
    return [(code, _("%(points)s 点", points=points) if points else "") for code, _colon, points in pairs]


@blueprint.get("/keys.json")
def keys() -> dict[str, str]:
    """Return the public key that receipts are signed for, and what exactly is signed."""
    return {"ed25519": vault().public_key_hex, "signed": "poll|code|leaf (UTF-8)"}


@blueprint.route("/<ref>/receipt", methods=["GET", "POST"])
def receipt(ref: str) -> tuple[str, int]:
    """Look a receipt up on the board."""
    poll = _public(ref)
    form = ReceiptForm()
    answer = receipts.look_up(poll=poll, text=form.code.data or "") if form.validate_on_submit() else None
    return page("voting/look_up.html", poll=poll, form=form, answer=answer, titles=_titles(poll))


def _titles(poll: Poll) -> dict[str, str]:
    return {option.code: option.title for option in poll.options}


@blueprint.post("/<ref>/slip")
def slip(ref: str) -> tuple[str, int]:
    """Show a receipt as a slip to print, with its QR code; only one that we signed."""
    poll = _public(ref)
    fields = {name: request.form.get(name, "")[:LONGEST] for name in ("code", "leaf", "signature")}
    found = receipts.genuine_receipt(poll=poll, **fields)
    text = f"{found.poll_ref}|{found.code}|{found.leaf}|{found.signature}"
    return page("voting/receipt_slip.html", poll=poll, receipt=found, qr=qr_svg(text, _("回执二维码")))


@blueprint.post("/<ref>/challenge")
def challenge(ref: str) -> tuple[str, int]:
    """Open the filled-in ballot for checking instead of casting it."""
    poll = queries.get_poll(ref)
    resident = current.actor().resident
    if resident is None:
        raise NotPermitted(_("投票请使用居民账号。您可以查看，但不能投票。"))
    entry = entry_of(poll.kind, request.form.to_dict(flat=False))
    token = request.form.get("token", "")
    opened = challenging.challenge(poll=poll, person_key=resident.person_key, marking=entry.marking, token=token)
    return page("voting/challenge.html", poll=poll, opened=opened, titles=_titles(poll))


def _public(ref: str) -> Poll:
    poll = queries.get_poll(ref)
    queries.require_visible(poll, current.actor_or_none())
    return poll
