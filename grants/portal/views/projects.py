"""The page of one project: the public trace from the first need to the last fen."""

from types import SimpleNamespace

from grants.evaluation.rules import GRADE_LABELS, SATISFACTION_LABELS, SENSE_LABELS
from grants.foundation.clock import today
from grants.foundation.web.forms import page
from grants.funds.rules import JOURNAL_KIND_LABELS
from grants.needs.rules import NEED_STATUS_LABELS
from grants.people import current
from grants.people.rules import Role
from grants.portal import steps
from grants.portal.queries import home
from grants.portal.queries.trace import INSIDERS, read_trace
from grants.portal.views.blueprint import blueprint
from grants.projects import policy as projects
from grants.projects.rules import INDICATOR_KIND_LABELS, PROJECT_STATUS_LABELS, ProjectStatus
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, NOTICE_STATUS_LABELS
from grants.selection.rules import setting
from grants.supervision.rules import RECTIFICATION_STATUS_LABELS

LABELS = SimpleNamespace(
    budget=BUDGET_LABELS,
    category=CATEGORY_LABELS,
    grade=GRADE_LABELS,
    indicator=INDICATOR_KIND_LABELS,
    journal=JOURNAL_KIND_LABELS,
    need=NEED_STATUS_LABELS,
    notice=NOTICE_STATUS_LABELS,
    project=PROJECT_STATUS_LABELS,
    rectification=RECTIFICATION_STATUS_LABELS,
    satisfaction=SATISFACTION_LABELS,
    sense=SENSE_LABELS,
    tone={
        ProjectStatus.ACTIVE: "progress",
        ProjectStatus.CLOSED: "good",
        ProjectStatus.EVALUATED: "good",
        ProjectStatus.FUNDED: "good",
        ProjectStatus.REJECTED: "bad",
        ProjectStatus.TERMINATED: "bad",
    },
)


@blueprint.get("/projects/<ref>")
def project(ref: str) -> tuple[str, int]:
    """Show one project with all that happened to it, in the order in which it happened."""
    actor = current.actor_or_none()
    trace = read_trace(ref, actor)
    expected = steps.Expected(home.phase_starts(trace.project.round_id), today())
    works = actor is not None and actor.has_role(*INSIDERS)
    return page(
        "portal/project.html",
        trace=trace,
        project=trace.project,
        six=steps.six_steps(trace),
        stages=steps.stages(trace, expected),
        weights=setting(trace.project.round.settings, "selection_weights"),
        labels=LABELS,
        works_here=works,
        work_steps=projects.list_work(actor, trace.project) if works and actor else [],
        may_see_money=actor is not None
        and actor.has_role(Role.FINANCE, Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR),
    )
