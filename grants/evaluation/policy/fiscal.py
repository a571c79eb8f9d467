"""Who may judge in the fiscal self-evaluation, and why not."""

from grants.evaluation import queries
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import EvaluationStatus
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.rules import ProjectStatus


def why_not_read_fiscal(actor: User, evaluation: Evaluation) -> str | None:
    """Say why the actor may not read the self-evaluation while it is made."""
    if actor.has_role(*queries.OFFICE) or evaluation.agreement.organisation_id in actor.organisation_ids:
        return None
    return _("绩效自评表由承接组织和街道填报，公布后可以下载。")


def why_not_fill_fiscal(actor: User, evaluation: Evaluation) -> str | None:
    """Say why the actor may not fill in the self-evaluation: the office, and the organisation before submission."""
    if evaluation.agreement.project.status is ProjectStatus.CLOSED:
        return _("项目已经结项，绩效自评表不能再修改。")
    if actor.has_role(Role.PROGRAMME, Role.FINANCE):
        return None
    if evaluation.agreement.organisation_id not in actor.organisation_ids:
        return _("绩效自评由承接组织填报，社区建设部和街道财政核定。")
    return None if evaluation.status is EvaluationStatus.DRAFT else _("评价已提交审定，绩效自评由街道核定。")
