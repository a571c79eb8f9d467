"""The board and what anyone may take home from it: rules, leaves, choices, roots, the proof bundle."""

from flask import Response, request

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.web.downloads import csv_response
from grants.foundation.web.forms import page
from grants.people import current
from grants.voting import queries
from grants.voting.models import Poll
from grants.voting.rules import PollStatus, Publication, rounded_turnout
from grants.voting.service import bundle as bundles
from grants.voting.views import blueprint


def _public_poll(ref: str) -> Poll:
    poll = queries.get_poll(ref)
    queries.require_visible(poll, current.actor_or_none())
    return poll


def _counted_poll(ref: str) -> Poll:
    poll = _public_poll(ref)
    if poll.status is not PollStatus.COUNTED:
        raise NotFound(_("计票完成后才公布选票明细。"))
    return poll


@blueprint.get("/<ref>/rules.json")
def rules(ref: str) -> Response:
    """Return the frozen rule file, byte for byte what its hash is of."""
    poll = _public_poll(ref)
    if poll.rule_file is None:
        raise NotFound(_("规则还没有锁定。"))
    return Response(poll.rule_file, mimetype="application/json")


@blueprint.get("/<ref>/board")
def board(ref: str) -> tuple[str, int]:
    """Show the leaves in their order with the roots over them; after the count also what the poll publishes."""
    poll = _public_poll(ref)
    total = queries.count_board(poll)
    last = max(1, -(-total // queries.LEAVES_A_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    return page(
        "voting/board.html",
        poll=poll,
        lines=queries.page_of_leaves(poll, number),
        choices=_choices_of(poll, number),
        number=number,
        last=last,
        total=total,
        checkpoints=queries.list_checkpoints(poll),
        challenged=queries.list_challenged(poll) if poll.status is PollStatus.COUNTED else [],
        challenged_count=_shown(poll, queries.count_challenged(poll)),
        turnout=queries.turnout(poll),
    )


def _shown(poll: Poll, count: int) -> int:
    return count if poll.status in queries.OVER else rounded_turnout(count)


def _choices_of(poll: Poll, number: int) -> dict[str, tuple[str, str]]:
    """Return code and choices by leaf for one page of a counted open poll; nothing for any other."""
    if poll.status is not PollStatus.COUNTED or poll.publication is not Publication.OPEN:
        return {}
    return queries.choices_by_leaf(poll, [line.leaf for line in queries.page_of_leaves(poll, number)])


@blueprint.get("/<ref>/board.csv")
def board_csv(ref: str) -> Response:
    """Return the whole board: of a counted open poll with codes, choices and salts, of any other the leaves."""
    poll = _public_poll(ref)
    header, rows = bundles.board_table(poll)
    return csv_response(f"{poll.ref}-board", header, rows)


@blueprint.get("/<ref>/choices.csv")
def choices_csv(ref: str) -> Response:
    """Return what the ballots of a counted poll say, sorted, apart from codes and leaves."""
    poll = _counted_poll(ref)
    rows = [[choices] for choices in queries.list_public_choices(poll)]
    return csv_response(f"{poll.ref}-choices", ["choices"], rows)


@blueprint.get("/<ref>/poster")
def poster(ref: str) -> tuple[str, int]:
    """Show the newest root as a poster for the notice board in the street."""
    poll = _public_poll(ref)
    checkpoints = queries.list_checkpoints(poll)
    if not checkpoints:
        raise NotFound(_("公示板还没有第一批指纹。"))
    return page("voting/board_poster.html", poll=poll, checkpoints=checkpoints, last=checkpoints[-1])


@blueprint.get("/<ref>/bundle.zip")
def bundle(ref: str) -> Response:
    """Return everything that is needed to count a poll again, with the program that does it."""
    poll = _counted_poll(ref)
    headers = {"Content-Disposition": f'attachment; filename="{poll.ref}-proof.zip"'}
    return Response(bundles.zipped(poll), mimetype="application/zip", headers=headers)
