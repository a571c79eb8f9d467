"""What anyone may check: rules, board, receipts."""

from flask import Response

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.identifiers import BadCode, normalise_code
from grants.foundation.web.downloads import csv_response
from grants.foundation.web.forms import page
from grants.people import current
from grants.voting import queries
from grants.voting.forms import ReceiptForm
from grants.voting.models import Poll
from grants.voting.rules import PollStatus
from grants.voting.service.casting import receipt_of
from grants.voting.views import blueprint


def _public_poll(ref: str) -> Poll:
    poll = queries.get_poll(ref)
    queries.require_visible(poll, current.actor_or_none())
    return poll


@blueprint.get("/<ref>/rules.json")
def rules(ref: str) -> Response:
    """Return the frozen rule file, byte for byte what its hash is of."""
    poll = _public_poll(ref)
    if poll.rule_file is None:
        raise NotFound(_("规则还没有锁定。"))
    return Response(poll.rule_file, mimetype="application/json")


@blueprint.route("/<ref>/receipt", methods=["GET", "POST"])
def receipt(ref: str) -> tuple[str, int]:
    """Look a receipt code up; the code is sent in the body, so that no log keeps it."""
    poll = _public_poll(ref)
    form = ReceiptForm()
    found, looked_up = None, False
    if form.validate_on_submit():
        try:
            ballot = queries.find_ballot(poll, normalise_code(form.code.data or ""))
        except BadCode:
            ballot = None
        looked_up = True
        found = receipt_of(poll, ballot.code, ballot.leaf) if ballot else None
    return page("voting/look_up.html", poll=poll, form=form, found=found, looked_up=looked_up)


@blueprint.get("/<ref>/board")
def board(ref: str) -> tuple[str, int]:
    """Show the board: after the count every code with its choices, until then only how many."""
    poll = _public_poll(ref)
    lines = queries.list_board(poll) if poll.status is PollStatus.COUNTED else []
    return page("voting/board.html", poll=poll, lines=lines[:200], total=len(lines), turnout=queries.turnout(poll))


@blueprint.get("/<ref>/board.csv")
def board_csv(ref: str) -> Response:
    """Return the whole board of a counted poll as CSV."""
    poll = _public_poll(ref)
    if poll.status is not PollStatus.COUNTED:
        raise NotFound(_("计票完成后才公布选票明细。"))
    return csv_response(f"{poll.ref}-board", ["code", "choices", "leaf"], queries.list_board(poll))
