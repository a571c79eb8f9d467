"""Open data: what everybody may take away, and in which form."""

import json

from flask import Response, current_app, request

from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.people import queries as people
from grants.portal.exports import giving_package, pabulib_text
from grants.portal.queries import open_data
from grants.portal.views.blueprint import blueprint
from grants.rounds import queries as rounds
from grants.rounds.models import Round
from grants.voting import queries as voting
from grants.voting.rules import PollStatus


def asked_round() -> Round | None:
    """Return the round that the query names; None for all."""
    ref = request.args.get("round", "")
    return rounds.get_round(ref) if ref else None


@blueprint.get("/open-data/")
def open_data_index() -> tuple[str, int]:
    """Show what can be taken away, round by round."""
    listed = rounds.list_rounds()
    return page("portal/open_data.html", rounds=[(one, open_data.list_counted_polls(one)) for one in listed])


@blueprint.get("/open-data/projects.<any(csv, xlsx):form>")
def open_projects(form: str) -> Response:
    """Give the published projects as a table."""
    rows = (one.cells for one in open_data.list_open_projects(asked_round()))
    return table_response(form, "projects", open_data.PROJECT_HEADER, rows, totals=open_data.PROJECT_SUMS)


@blueprint.get("/open-data/payments.<any(csv, xlsx):form>")
def open_payments(form: str) -> Response:
    """Give the payments made as a table."""
    rows = (one.cells for one in open_data.list_open_payments(asked_round()))
    return table_response(form, "payments", open_data.PAYMENT_HEADER, rows, totals=open_data.PAYMENT_SUMS)


@blueprint.get("/open-data/<ref>/360giving.json")
def open_giving(ref: str) -> Response:
    """Give a round in the 360Giving standard."""
    found = open_data.list_open_projects(rounds.get_round(ref))
    street = current_app.config["SETTINGS"].street_name or people.get_street().name
    text = json.dumps(giving_package(found, street), ensure_ascii=False, indent=2)
    return Response(text, mimetype="application/json")


@blueprint.get("/open-data/polls/<ref>.pb")
def open_poll(ref: str) -> Response:
    """Give a counted poll in the Pabulib format, so that anybody may count it again."""
    poll = voting.get_poll(ref)
    if poll.status is not PollStatus.COUNTED:
        return Response("", 404)
    name = {"Content-Disposition": f'attachment; filename="{poll.ref}.pb"'}
    return Response(pabulib_text(poll), mimetype="text/plain", headers=name)
