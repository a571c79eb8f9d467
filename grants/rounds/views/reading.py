"""Reading: the rounds, one round with its phases, envelopes and published rules."""

from flask import Response

from grants.foundation.clock import today
from grants.foundation.web.forms import page
from grants.people import current
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds import policy, queries
from grants.rounds.models import Round
from grants.rounds.rules import ExtensionStatus, Phase, RoundStatus, ScoreTableKind
from grants.rounds.views.blueprint import LABELS, blueprint, readable_round


@blueprint.get("/rounds/")
def index() -> tuple[str, int]:
    """List the rounds; the offices see those in preparation as well."""
    actor = current.actor_or_none()
    inside = actor is not None and actor.has_role(Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)
    rounds = queries.list_rounds(with_drafts=inside)
    return page(
        "rounds/index.html",
        rounds=[(round, queries.envelope_total(round), queries.current_phases(round)) for round in rounds],
        creates=actor is not None and policy.why_not_create_round(actor) is None,
        **LABELS,
    )


@blueprint.get("/rounds/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show one round to everybody, and to its officers what to do next."""
    round, actor = readable_round(ref), current.actor_or_none()
    return page(
        "rounds/show.html",
        round=round,
        timeline=_timeline(round),
        envelopes=queries.summarise_envelopes(round),
        total_fen=queries.envelope_total(round),
        edits=actor is not None and policy.why_not_edit_round(actor, round) is None,
        missing=policy.missing_for_opening(round) if round.status is RoundStatus.DRAFT else [],
        can=_possible(actor, round),
        score_tables=sorted(round.score_tables, key=lambda table: list(ScoreTableKind).index(table.kind)),
        waiting=[item for phase in round.phases for item in phase.extensions if item.status is ExtensionStatus.WAITING],
        **LABELS,
    )


def _timeline(round: Round) -> list[tuple[object, str]]:
    """Return the phases in their order with the state of each today."""
    day = today()
    ordered = sorted(round.phases, key=lambda item: list(Phase).index(item.phase))
    return [(item, "todo" if day < item.starts_on else "done" if day > item.ends_on else "current") for item in ordered]


def _possible(actor: User | None, round: Round) -> set[str]:
    """Return what this person can do with the round now."""
    if actor is None:
        return set()
    draft, running = round.status is RoundStatus.DRAFT, round.status is RoundStatus.OPEN
    answers = {
        "confirm_money": draft and round.money_confirmed_at is None and not policy.why_not_confirm_money(actor, round),
        "open": draft and policy.why_not_open(actor, round) is None,
        "extend": policy.why_not_extend(actor, round) is None,
        "decide": running and actor.has_role(Role.PROGRAMME, Role.APPROVER),
        "close": running and policy.why_not_close(actor, round) is None,
        "archive": round.status is RoundStatus.CLOSED and policy.why_not_close(actor, round) is None,
    }
    return {name for name, possible in answers.items() if possible}


@blueprint.get("/rounds/<ref>/rules.json")
def rules(ref: str) -> Response:
    """Return the frozen rules byte for byte as they were hashed: SHA-256 of this file is the published hash."""
    round = readable_round(ref)
    return Response(
        queries.published_rules(round),
        mimetype="application/json",
        headers={"Content-Disposition": f"attachment; filename={round.ref}-rules.json"},
    )
