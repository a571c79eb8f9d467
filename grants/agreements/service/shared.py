"""What several use cases of agreements need: refusing at a field, telling both sides."""

from grants.agreements import policy
from grants.agreements.models import Agreement, Milestone
from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people import queries as people
from grants.people.rules import Role


def require_rule(why_not: str | None, field: str) -> None:
    """Raise RuleBroken at a form field when a rule gave a reason."""
    if why_not is not None:
        raise RuleBroken(why_not, field)


def tell_organisation(agreement: Agreement, title: str, page: str = "") -> None:
    """Notify everybody who acts for the organisation or its payee; `page` follows the agreement's address."""
    members = [*agreement.organisation.members, *agreement.payee.members]
    for user_id in dict.fromkeys(member.user_id for member in members):
        notify(user_id, title, href=f"/agreements/{agreement.ref}{page}")


def tell_community(milestone: Milestone) -> None:
    """Ask the officers of the project's community to verify a claimed milestone."""
    agreement = milestone.agreement
    for officer in people.list_users_with_role(Role.COMMUNITY):
        if policy.is_of_community(officer, agreement):
            notify(
                officer.id,
                _("请核实里程碑：%(name)s", name=milestone.name),
                href=f"/agreements/{agreement.ref}/milestones/{milestone.position}/verify",
            )
