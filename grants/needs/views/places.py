"""Which community an officer works for on a page."""

from flask import request

from grants.needs import policy
from grants.people import queries as people
from grants.people.models import Place, User


def places_of(actor: User) -> list[Place]:
    """List the communities that the officer works for."""
    return [place for place in people.list_communities() if policy.may_act_in(actor, place)]


def chosen_place(mine: list[Place]) -> Place | None:
    """Return the community in the address, or the officer's only one."""
    wanted = request.args.get("community")
    if len(mine) == 1 and wanted is None:
        return mine[0]
    return next((place for place in mine if place.code == wanted), None)
