"""The public profile of an organisation."""

from grants.evaluation.rules import GRADE_LABELS
from grants.foundation.web.forms import page
from grants.people import current
from grants.people.rules import COMMUNITY_KIND_LABELS, LEGAL_KIND_LABELS, Role
from grants.portal.queries.organisations import read_profile
from grants.portal.views.blueprint import blueprint
from grants.projects.rules import PROJECT_STATUS_LABELS


@blueprint.get("/organisations/<ref>")
def organisation(ref: str) -> tuple[str, int]:
    """Show an organisation with its projects, grades and money over the rounds."""
    profile = read_profile(ref)
    actor = current.actor_or_none()
    own = actor is not None and profile.organisation.id in actor.organisation_ids
    return page(
        "portal/organisation.html",
        profile=profile,
        organisation=profile.organisation,
        may_edit=own or (actor is not None and actor.has_role(Role.PROGRAMME)),
        legal=LEGAL_KIND_LABELS,
        kinds=COMMUNITY_KIND_LABELS,
        grades=GRADE_LABELS,
        statuses=PROJECT_STATUS_LABELS,
    )
