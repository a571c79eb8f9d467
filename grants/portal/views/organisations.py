"""The public profile of an organisation."""

from grants.evaluation.rules import GRADE_LABELS
from grants.foundation.web.forms import page
from grants.growth import queries as growth
from grants.growth.rules import ROUNDS_TO_LEAD
from grants.people import current, policy
from grants.people import queries as people
from grants.people.rules import COMMUNITY_KIND_LABELS, LEGAL_KIND_LABELS, Role
from grants.people.rules.dossier import (
    CERTIFICATE_LABELS,
    DOCUMENT_LABELS,
    MEMBER_ROLE_LABELS,
    STANDING_LABELS,
    VALIDITY_LABELS,
)
from grants.portal.queries.organisations import read_profile
from grants.portal.views.blueprint import blueprint
from grants.projects.rules import PROJECT_STATUS_LABELS


@blueprint.get("/organisations/<ref>")
def organisation(ref: str) -> tuple[str, int]:
    """Show an organisation with its projects, grades and money; to its members and the office the whole file."""
    profile = read_profile(ref)
    actor = current.actor_or_none()
    one = profile.organisation
    own = actor is not None and one.id in actor.organisation_ids
    may_see_file = actor is not None and policy.why_not_see_file(actor, one) is None
    return page(
        "portal/organisation.html",
        profile=profile,
        record=growth.read_record(one.id),
        leaders=growth.list_leading_people(ROUNDS_TO_LEAD, one.id),
        records_consent=own,
        organisation=one,
        file=people.read_file(one.id) if may_see_file else None,
        certificates=CERTIFICATE_LABELS,
        documents=DOCUMENT_LABELS,
        member_roles=MEMBER_ROLE_LABELS,
        records=STANDING_LABELS,
        validities=VALIDITY_LABELS,
        may_edit=own or (actor is not None and actor.has_role(Role.PROGRAMME)),
        legal=LEGAL_KIND_LABELS,
        kinds=COMMUNITY_KIND_LABELS,
        grades=GRADE_LABELS,
        statuses=PROJECT_STATUS_LABELS,
    )
