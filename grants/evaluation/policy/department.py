"""Who may set points in the department's evaluation of a round, and why not."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds.models import Round
from grants.rounds.rules import RoundStatus


def why_not_set_department_points(actor: User, round: Round) -> str | None:
    """Say why the actor may not set points by hand."""
    if not actor.has_role(Role.PROGRAMME, Role.FINANCE):
        return _("部门绩效评价由社区建设部和街道财政核定。")
    return _("届次开启后才能评价。") if round.status is RoundStatus.DRAFT else None
