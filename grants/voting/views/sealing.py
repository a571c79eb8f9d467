"""Sealing the box: an officer asks, the supervisor witnesses."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.i18n import _
from grants.people import current
from grants.voting import queries, service
from grants.voting.views import blueprint


@blueprint.post("/<ref>/seal")
def seal(ref: str) -> Response:
    """Ask the supervisor to witness the sealing."""
    service.ask_seal(officer=current.actor(), poll=queries.get_poll(ref))
    flash(_("已申请封存票箱，请纪监委到场见证。"), "success")
    return redirect(url_for("voting.show", ref=ref))


@blueprint.post("/<ref>/witness")
def witness(ref: str) -> Response:
    """Seal the box in the supervisor's presence."""
    service.witness_seal(supervisor=current.actor(), poll=queries.get_poll(ref))
    flash(_("票箱已封存：选票已按随机次序重新写入，可以计票。"), "success")
    return redirect(url_for("voting.show", ref=ref))
