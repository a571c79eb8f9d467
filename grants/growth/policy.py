"""Who may put a project into the library of cases, name leading people and take needs over, and why not."""

from grants.evaluation.models import Evaluation
from grants.evaluation.rules import EvaluationStatus, Grade
from grants.foundation.i18n import _
from grants.growth import queries
from grants.growth.models import ExemplaryCase, LeaderConsent
from grants.needs import policy as needs
from grants.needs.models import Need
from grants.people.models import Organisation, User
from grants.people.rules import Role
from grants.projects.rules import ProjectStatus
from grants.rounds.models import Round
from grants.supervision.models import ActivityEvidence
from grants.supervision.policy import why_not_open_evidence

FINISHED = (ProjectStatus.EVALUATED, ProjectStatus.CLOSED)


def is_librarian(actor: User | None) -> bool:
    """Tell whether the library of cases is the actor's work."""
    return actor is not None and actor.has_role(Role.PROGRAMME)


def why_not_choose(actor: User | None, evaluation: Evaluation) -> str | None:
    """Say why the actor may not put a project into the library: it is finished, graded and not in it yet."""
    if not is_librarian(actor):
        return _("案例由社区建设部评选入库。")
    if evaluation.status is not EvaluationStatus.PUBLISHED:
        return _("评价结果公布后才能评为案例。")
    if evaluation.agreement.project.status not in FINISHED:
        return _("只有完成并评价的项目可以评为案例。")
    if evaluation.agreement.project.round.is_rehearsal:
        return _("演练届次的项目不入案例库。")
    if evaluation.grade is Grade.FAIL:
        return _("评价不合格的项目不能评为案例。")
    return _("这个项目已在案例库中。") if queries.find_case_of(evaluation.agreement_id) is not None else None


def why_not_show_picture(evidence: ActivityEvidence) -> str | None:
    """Say why a picture may not stand in a case: everybody must be allowed to see it already."""
    return why_not_open_evidence(None, evidence)


def why_not_withdraw_case(actor: User | None, case: ExemplaryCase) -> str | None:
    """Say why the actor may not take a case out of the library."""
    if not is_librarian(actor):
        return _("案例由社区建设部评选入库。")
    return _("这个案例已经移出案例库。") if case.withdrawn_at is not None else None


def why_not_read_case(actor: User | None, case: ExemplaryCase) -> str | None:
    """Say why somebody may not read a case: everybody reads the library, the office also what left it."""
    if case.withdrawn_at is None or is_librarian(actor):
        return None
    return _("这个案例已经移出案例库。")


def why_not_record_consent(actor: User | None, organisation: Organisation) -> str | None:
    """Say why the actor may not record or withdraw a leader's consent: the organisation that employs them does."""
    if actor is not None and organisation.id in actor.organisation_ids:
        return None
    return _("公开姓名的同意书由负责人所在的组织登记。")


def why_not_withdraw_consent(actor: User | None, consent: LeaderConsent) -> str | None:
    """Say why the actor may not withdraw a consent: the organisation or the programme does, at any time."""
    if consent.withdrawn_at is not None:
        return _("这份同意已经撤回。")
    if actor is not None and actor.has_role(Role.PROGRAMME):
        return None
    return why_not_record_consent(actor, consent.organisation)


def why_not_carry(actor: User | None, need: Need, into: Round) -> str | None:
    """Say why the actor may not take a need of the reserve over into a round."""
    if actor is None or not (actor.has_role(Role.PROGRAMME) or need.community_id in actor.community_ids):
        return _("储备库中的需求由社区建设部或需求所在社区居委会转入。")
    if queries.find_carried_from(need.id) is not None:
        return _("这条需求已经转入过后面的届次。")
    if not queries.is_in_reserve(need, into):
        return _("这条需求不在储备库中：已经立项、答复、转办，或不属于以前的届次。")
    return needs.why_not_enter(actor, into, need.community)
