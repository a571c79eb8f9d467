"""The monitor of a poll: does the box hold what the roll says, and does anything stand out. No choice is shown."""

from dataclasses import dataclass
from typing import Any

from grants.foundation.errors import require
from grants.foundation.web.forms import page
from grants.people import current
from grants.people.rules import Role
from grants.voting import policy, queries
from grants.voting.models import Poll
from grants.voting.rules import CHANNEL_LABELS, Channel, PollStatus, rounded_turnout
from grants.voting.rules.cells import LEAST, hide_small
from grants.voting.rules.channels import stands_out
from grants.voting.rules.stories import AGE_BAND_LABELS
from grants.voting.views import blueprint

OVER = frozenset({PollStatus.CLOSED, PollStatus.SEALED, PollStatus.COUNTED})


@dataclass(frozen=True)
class Cell:
    """One line of a breakdown; `voted` is None where so few voted that it would say who."""

    label: str
    entitled: int | None
    voted: int | None


@blueprint.get("/<ref>/monitor")
def monitor(ref: str) -> tuple[str, int]:
    """Show the control sums and whatever stands out: staff live and rounded, everybody after the close."""
    poll, actor = queries.get_poll(ref), current.actor_or_none()
    queries.require_visible(poll, actor)
    require(policy.why_not_monitor(actor, poll))
    over = poll.status in OVER
    sums = queries.control_sums(poll)
    return page(
        "voting/monitor.html",
        poll=poll,
        over=over,
        channel_labels=CHANNEL_LABELS,
        sums=sums,
        least=LEAST,
        shown=_exact_or_rounded(over),
        by_channel=_channels(sums, over),
        by_community=_cells(queries.voters_by_community(poll), over),
        by_age=_cells([(str(AGE_BAND_LABELS[b]), e, v) for b, e, v in queries.voters_by_age(poll)], over),
        serves=actor is not None and policy.why_not_see_channels(actor, poll) is None,
        **_events(poll),
        **_short(poll, over),
        **_helpers(poll, sums),
    )


def _events(poll: Poll) -> dict[str, Any]:
    """Return what the audit chain and the paper desk tell: ballots an hour, wrong codes, refusals, outages."""
    return {
        "hours": [one for one in queries.list_station_hours(poll) if one.count >= LEAST],
        "started": queries.count_started(poll),
        "refused_stubs": queries.count_refused_stubs(poll),
        "wrong_codes": queries.count_wrong_codes(poll),
        "downtimes": queries.list_downtimes(poll),
        "unposted": queries.count_unposted_batches(poll),
    }


def _exact_or_rounded(over: bool) -> Any:
    return (lambda count: count) if over else rounded_turnout


def _cells(rows: list[tuple[str, int, int]], over: bool) -> list[Cell]:
    """Round a live breakdown down to tens; after the close show it exactly, without cells that say who voted."""
    if not over:
        return [Cell(label, entitled, rounded_turnout(voted)) for label, entitled, voted in rows]
    hidden = hide_small([voted for _label, _entitled, voted in rows])
    return [Cell(label, entitled, voted) for (label, entitled, _voted), voted in zip(rows, hidden, strict=True)]


def _channels(sums: queries.Sums, over: bool) -> list[tuple[str, int | None, int | None]]:
    """Return (channel, roll marks, ballots in the box); while open rounded down to tens."""
    shown = _exact_or_rounded(over)
    return [
        (str(CHANNEL_LABELS[one]), shown(sums.channels.get(one, 0)), shown(sums.ballots_of(one))) for one in Channel
    ]


def _short(poll: Poll, over: bool) -> dict[str, Any]:
    """Compare the share of ballots with at most one choice to the vote before; only after the close."""
    if not over:
        return {"short": None, "short_before": None, "short_alarm": False}
    short, total = queries.short_ballots(poll)
    before = queries.find_poll_before(poll)
    short_before, total_before = queries.short_ballots(before) if before else (0, 0)
    share = short / total if total else 0.0
    share_before = short_before / total_before if total_before else None
    return {
        "short": share if total >= LEAST else None,
        "short_before": share_before,
        "short_alarm": share_before is not None and share - share_before > queries.LEAST_SHARE_RISE,
    }


def _helpers(poll: Poll, sums: queries.Sums) -> dict[str, Any]:
    """Return what helpers did: the sum for everybody, each one's share for the supervisor."""
    actor = current.actor_or_none()
    helped = queries.list_helpers(poll)
    outstanding = stands_out(dict(helped), sums.voted)
    is_supervisor = actor is not None and actor.has_role(Role.SUPERVISOR)
    return {
        "helped": queries.count_helped(poll),
        "helpers": helped if is_supervisor else None,
        "outstanding": outstanding if is_supervisor else set(),
        "helper_alarm": bool(outstanding),
    }
