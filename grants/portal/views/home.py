"""The start page."""

from grants.foundation.clock import today
from grants.foundation.web.forms import page
from grants.people import current
from grants.portal.queries.home import read_home
from grants.portal.views.blueprint import blueprint
from grants.projects.rules import PROJECT_STATUS_LABELS
from grants.rounds.rules import CATEGORY_LABELS, PHASE_LABELS


@blueprint.get("/")
def home() -> tuple[str, int]:
    """Show what residents can do now, and how the round stands."""
    found = read_home(current.actor_or_none())
    return page(
        "portal/home.html",
        home=found,
        running=found.running(today()),
        categories=CATEGORY_LABELS,
        phases=PHASE_LABELS,
        statuses=PROJECT_STATUS_LABELS,
    )
