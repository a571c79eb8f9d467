"""Which community an officer works for on a page, and in which round."""

from flask import request

from grants.needs import policy
from grants.people import queries as people
from grants.people.models import Place, User
from grants.rounds import queries as rounds
from grants.rounds.queries import RoundChoice
from grants.rounds.rules import Phase


def places_of(actor: User) -> list[Place]:
    """List the communities that the officer works for."""
    return [place for place in people.list_communities() if policy.may_act_in(actor, place)]


def chosen_place(mine: list[Place]) -> Place | None:
    """Return the community in the address, or the officer's only one."""
    wanted = request.args.get("community")
    if len(mine) == 1 and wanted is None:
        return mine[0]
    return next((place for place in mine if place.code == wanted), None)


def round_choice(phase: Phase) -> RoundChoice:
    """Return the rounds that work of this phase may belong to, and the one that the address names."""
    return rounds.choose_round(phase, request.args.get("round"))
