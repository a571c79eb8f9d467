"""Who may do what with a project; each answer is the sentence that the person reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from grants.foundation.i18n import Text, _, _l
from grants.foundation.money import yuan
from grants.needs.models import Need
from grants.needs.rules import NeedStatus
from grants.people.models import Place, User
from grants.people.rules import PlaceKind, Role
from grants.projects import queries
from grants.projects.models import Project
from grants.projects.rules import (
    INTERNAL,
    PROJECT_FLOW,
    ProjectAction,
    ProjectStatus,
    missing_kinds,
    shares,
)
from grants.rounds import policy as rounds
from grants.rounds.models import Round
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, NoticeStatus, Phase


def why_not_see(actor: User | None, project: Project) -> str | None:
    """Say why a project is not shown: the public sees it from its notice on."""
    is_public = project.notice_id is not None or project.status not in INTERNAL | {ProjectStatus.REJECTED}
    if is_public or (actor is not None and _may_look_inside(actor, project)):
        return None
    return _("这个项目尚在研究中，公示后即向社会公开。")


def _may_look_inside(actor: User, project: Project) -> bool:
    return actor.has_role(*queries.INSIDERS) or project.community_id in actor.community_ids


def may_draft_somewhere(actor: User | None) -> bool:
    """Tell whether drafting projects is part of the account's work."""
    return actor is not None and actor.has_role(Role.PROGRAMME, Role.COMMUNITY)


def _why_not_drafter(actor: User, place: Place) -> str | None:
    if actor.has_role(Role.PROGRAMME) or place.id in actor.community_ids:
        return None
    if actor.has_role(Role.COMMUNITY) and place.kind is PlaceKind.STREET:
        return _("面向全街道的项目由社区建设部起草。")
    return _("项目由社区建设部或%(place)s的居委会起草。", place=place.name)


def why_not_draft(actor: User, round: Round, place: Place) -> str | None:
    """Say why the officer cannot draft a project for this place in this round."""
    return _why_not_drafter(actor, place) or rounds.why_not_in_phase(round, Phase.PROJECTS)


def why_not_answer(place: Place, needs: Sequence[Need]) -> str | None:
    """Say why a project for this place cannot answer these needs: adopted ones only, of one round, and of the place."""
    if not needs:
        return _("每个项目至少回应一条已采纳的居民需求。")
    for need in needs:
        if need.status is not NeedStatus.ADOPTED:
            return _("%(ref)s尚未采纳，不能据此立项。", ref=need.ref)
        if need.round_id != needs[0].round_id:
            return _("所选需求不属于同一届。")
        if place.kind is not PlaceKind.STREET and need.community_id != place.id:
            return _("%(ref)s不属于%(place)s；涉及多个社区的，请起草面向全街道的项目。", ref=need.ref, place=place.name)
    return None


def why_not_edit(actor: User, project: Project) -> str | None:
    """Say why the officer cannot change the draft."""
    refusal = _why_not_drafter(actor, project.community)
    if refusal is None and project.status is not ProjectStatus.DRAFT:
        return _("项目已提交决策，不能再修改；需要修改请先撤回到草案。")
    return refusal


def list_missing(project: Project) -> list[str]:
    """List what the draft still lacks before it can be submitted for decision, in the order of its pages."""
    texts = (
        (project.objective, _("项目目标")),
        (project.public_benefit, _("公益性说明")),
        (project.innovation, _("创新性说明")),
        (project.locality, _("区域性说明")),
        (project.starts_on and project.ends_on, _("实施起止日期")),
        (project.direct_beneficiary_count, _("直接受益人数")),
        (any(project.five_links.values()), _("五社联动（至少一项）")),
        (project.costs, _("测算明细（至少一行）")),
    )
    missing = [str(label) for value, label in texts if not value]
    return missing + [str(label) for label in missing_kinds({line.kind for line in project.indicators})]


def list_over_caps(project: Project) -> list[str]:
    """Say which budget codes exceed the round's caps, quoting the rule."""
    caps = project.round.settings["budget_caps_percent"]
    found = shares(((line.code, line.amount_fen) for line in project.costs), caps)
    return [
        _(
            "“%(name)s”合计 %(amount)s 元，占 %(share)s%%，超过%(round)s规则规定的 %(cap)s%%（即 %(most)s 元）。",
            name=BUDGET_LABELS[share.code],
            amount=yuan(share.amount_fen),
            share=share.percent,
            round=project.round.name,
            cap=share.cap_percent,
            most=yuan(share.cap_fen or 0),
        )
        for share in found
        if share.is_over
    ]


def why_not_submit(actor: User, project: Project) -> str | None:
    """Say why the draft cannot be submitted for decision."""
    refusal = why_not_edit(actor, project) or why_not_answer(project.community, project.needs)
    if refusal is not None:
        return refusal
    missing = list_missing(project)
    if missing:
        return _("还缺：%(missing)s。", missing="、".join(missing))
    return "".join(list_over_caps(project)) or None


def why_not_revise(actor: User, project: Project) -> str | None:
    """Say why the project cannot go back to being a draft: before the decision, or when its notice was withdrawn."""
    if not actor.has_role(Role.APPROVER) and (refusal := _why_not_drafter(actor, project.community)):
        return refusal
    if not PROJECT_FLOW.allows(project.status, ProjectAction.REVISE):
        return PROJECT_FLOW.refusal()
    notice = project.notice
    if project.status is ProjectStatus.ANNOUNCED and (notice is None or notice.status is not NoticeStatus.WITHDRAWN):
        return _("立项公示没有撤回，不能退回草案。")
    return None


def _why_not_leader(actor: User, project: Project) -> str | None:
    if not actor.has_role(Role.APPROVER):
        return _("立项由分管领导决策。")
    if actor.id in {project.drafted_by_id, project.costed_by_id}:
        return _("您起草或提交了这个项目，请由另一位领导决策。")
    return None


def why_not_approve(actor: User, project: Project) -> str | None:
    """Say why the leader cannot approve: a second person decides, on at least one adopted need."""
    if refusal := _why_not_leader(actor, project):
        return refusal
    if not PROJECT_FLOW.allows(project.status, ProjectAction.APPROVE):
        return PROJECT_FLOW.refusal()
    return why_not_answer(project.community, project.needs)


def why_not_reject(actor: User, project: Project) -> str | None:
    """Say why the leader cannot turn the project down."""
    if refusal := _why_not_leader(actor, project):
        return refusal
    return None if PROJECT_FLOW.allows(project.status, ProjectAction.REJECT) else PROJECT_FLOW.refusal()


def why_not_announce(actor: User, project: Project) -> str | None:
    """Say why the decision cannot be published for objections."""
    if not actor.has_role(Role.PROGRAMME):
        return _("立项公示由社区建设部发布。")
    if not PROJECT_FLOW.allows(project.status, ProjectAction.ANNOUNCE):
        return PROJECT_FLOW.refusal()
    return rounds.why_not_publish(actor, project.round)


def why_not_fund(actor: User, project: Project) -> str | None:
    """Say why the project cannot be funded: its notice must have ended and the envelope must cover its ceiling."""
    if not actor.has_role(Role.PROGRAMME):
        return _("立项由社区建设部办理。")
    if not PROJECT_FLOW.allows(project.status, ProjectAction.FUND):
        return PROJECT_FLOW.refusal()
    return _why_not_ended(project) or _why_not_covered(project)


def _why_not_ended(project: Project) -> str | None:
    notice = project.notice
    if notice is None or notice.status is NoticeStatus.WITHDRAWN:
        return _("立项公示已撤回，请退回草案重新办理。")
    if notice.status is not NoticeStatus.ENDED:
        return _("立项公示 %(ref)s 尚未办结：公示期满、异议答复完毕并办结后才能立项。", ref=notice.ref)
    return None


def _why_not_covered(project: Project) -> str | None:
    left = queries.uncommitted_fen(project.round, project.category)
    if left >= project.ceiling_fen:
        return None
    return _(
        "“%(category)s”类额度还有 %(left)s 元未安排，不足以覆盖本项目上限 %(ceiling)s 元。请先调整额度。",
        category=CATEGORY_LABELS[project.category],
        left=yuan(max(left, 0)),
        ceiling=yuan(project.ceiling_fen),
    )


@dataclass(frozen=True)
class WorkStep:
    """One thing an officer can do with a project on its work panel, or why it is not possible now."""

    action: ProjectAction
    label: Text
    endpoint: str
    is_page: bool
    why_not: str | None


def list_work(actor: User | None, project: Project) -> list[WorkStep]:
    """List what this officer could do next with the project; empty for everybody whose work it is not."""
    if actor is None:
        return []
    steps = {
        ProjectStatus.DRAFT: (_edit(actor, project), _submit(actor, project)),
        ProjectStatus.COSTED: (_decide(actor, project), _revise(actor, project)),
        ProjectStatus.APPROVED: (_announce(actor, project),),
        ProjectStatus.ANNOUNCED: (_fund(actor, project), _decide(actor, project), _revise(actor, project)),
    }.get(project.status, ())
    return [step for step in steps if step is not None]


def _edit(actor: User, project: Project) -> WorkStep | None:
    if why_not_edit(actor, project) is not None:
        return None
    return WorkStep(ProjectAction.COST, _l("继续编写草案"), "projects.edit", True, None)


def _submit(actor: User, project: Project) -> WorkStep | None:
    if why_not_edit(actor, project) is not None:
        return None
    return WorkStep(ProjectAction.COST, _l("提交决策"), "projects.submit", False, why_not_submit(actor, project))


def _decide(actor: User, project: Project) -> WorkStep | None:
    if not actor.has_role(Role.APPROVER):
        return None
    is_open = project.status is ProjectStatus.COSTED
    why_not = why_not_approve(actor, project) if is_open else why_not_reject(actor, project)
    label = _l("立项决策") if is_open else _l("终止立项")
    return WorkStep(ProjectAction.APPROVE, label, "projects.decide", True, why_not)


def _revise(actor: User, project: Project) -> WorkStep | None:
    if why_not_revise(actor, project) is not None:
        return None
    return WorkStep(ProjectAction.REVISE, _l("退回草案"), "projects.revise", False, None)


def _announce(actor: User, project: Project) -> WorkStep | None:
    if not actor.has_role(Role.PROGRAMME):
        return None
    return WorkStep(
        ProjectAction.ANNOUNCE, _l("发布立项公示"), "projects.announce", False, why_not_announce(actor, project)
    )


def _fund(actor: User, project: Project) -> WorkStep | None:
    if not actor.has_role(Role.PROGRAMME):
        return None
    return WorkStep(ProjectAction.FUND, _l("正式立项"), "projects.fund", False, why_not_fund(actor, project))
