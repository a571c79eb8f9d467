"""Resident supervisors: drawn by lot from a published seed, they visit and verify milestones."""

import hashlib
import secrets
from datetime import date

from grants.agreements.models import Agreement, Milestone
from grants.agreements.rules import MILESTONE_FLOW, MilestoneAction
from grants.agreements.service import return_milestone
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import born_until
from grants.foundation.models import StoredFile
from grants.foundation.notifications import notify
from grants.people.models import User
from grants.selection.rules.drawing import in_order
from grants.supervision import policy, queries
from grants.supervision.models import ResidentSupervisor, SiteVisit, SupervisorDraw
from grants.supervision.rules import setting
from grants.supervision.service.shared import require_rule, tell_organisation


def draw_supervisors(
    *, agreement: Agreement, officer: User, seed: str = "", count: int | None = None, witness: str = ""
) -> list[ResidentSupervisor]:
    """Draw adult residents of the project's community who have an account and do not belong to the organisation.

    The lots are SHA-256 of "seed|key", so that the draw can be repeated from its log; without a seed one is made.
    `count` defaults to what the round sets. Raises RuleBroken when too few can be drawn.
    """
    require(policy.why_not_draw(officer, agreement))
    settings = agreement.project.round.settings
    wanted = count or int(setting(settings, "supervisors_per_project"))
    adults = born_until(today(), int(setting(settings, "supervisor_minimum_age")))
    candidates = {str(resident.id): resident for resident in queries.list_candidates(agreement, adults)}
    if len(candidates) < wanted:
        raise RuleBroken(
            _(
                "本社区可抽取的居民（成年、有账号、与承接组织无关）只有 %(count)s 人，不足 %(wanted)s 人。",
                count=len(candidates),
                wanted=wanted,
            ),
            "count",
        )
    draw = SupervisorDraw(
        agreement_id=agreement.id,
        seed=seed.strip() or secrets.token_hex(16),
        wanted_count=wanted,
        candidate_count=len(candidates),
        candidates_hash=hashlib.sha256("\n".join(sorted(candidates)).encode()).hexdigest(),
        witness=witness,
        drawn_by_id=officer.id,
    )
    db.session.add(draw)
    chosen = [
        ResidentSupervisor(agreement=agreement, resident=candidates[key], draw_seed=draw.seed, draw=draw)
        for key in in_order(list(candidates), draw.seed)[:wanted]
    ]
    db.session.add_all(chosen)
    _tell_drawn(agreement, chosen)
    audit.record(
        "supervisor:draw",
        actor=officer,
        subject=agreement,
        seed=draw.seed,
        candidates=draw.candidate_count,
        candidates_hash=draw.candidates_hash,
        drawn=[str(one.resident.id) for one in chosen],
        witness=witness,
    )
    return chosen


def _tell_drawn(agreement: Agreement, chosen: list[ResidentSupervisor]) -> None:
    for one in chosen:
        if one.resident.user_id is not None:
            notify(
                one.resident.user_id,
                _("您被抽取为居民监督员：%(title)s", title=agreement.project.title),
                _("请到现场看一看，在手机上写下所见；里程碑完成时请您核实。不便参加的可以退出。"),
                "/supervision/tasks",
            )


def stand_down(*, supervisor: ResidentSupervisor, by: User, reason: str) -> None:
    """Release a resident from the duty; another one can be drawn."""
    require(policy.why_not_stand_down(by, supervisor))
    require_rule(None if reason.strip() else _("请写明退出的原因。"), "reason")
    supervisor.stood_down_at = now()
    supervisor.stand_down_reason = reason
    audit.record("supervisor:stand_down", actor=by, subject=supervisor.agreement, reason=reason)


def record_visit(
    *,
    agreement: Agreement,
    by: User,
    visited_on: date,
    finding: str,
    is_satisfactory: bool,
    file: StoredFile | None = None,
) -> SiteVisit:
    """Write down what a resident supervisor or an officer found on the spot."""
    require(policy.why_not_visit(by, agreement))
    require_rule(None if finding.strip() else _("请写下您看到的情况。"), "finding")
    if visited_on > today():
        raise RuleBroken(_("走访日期不能晚于今天。"), "visited_on")
    visit = SiteVisit(
        agreement=agreement,
        visited_on=visited_on,
        visitor=by,
        is_by_resident=queries.is_supervisor_of(by, agreement.id),
        finding=finding,
        is_satisfactory=is_satisfactory,
        file=file,
    )
    db.session.add(visit)
    audit.record("visit:record", actor=by, subject=agreement, is_satisfactory=is_satisfactory, on=visited_on)
    return visit


def verify_by_resident(*, milestone: Milestone, supervisor: User, note: str) -> None:
    """Confirm as the drawn resident what the community confirmed before; the milestone is proven then."""
    hold(milestone)
    require(policy.why_not_verify(supervisor, milestone))
    status = MILESTONE_FLOW.next(milestone.status, MilestoneAction.VERIFY_RESIDENT)
    require_rule(None if note.strip() else _("请写一两句您看到的情况。"), "note")
    milestone.status = status
    milestone.resident_by_id = supervisor.id
    milestone.resident_at = now()
    milestone.resident_note = note
    agreement = milestone.agreement
    tell_organisation(agreement, _("里程碑已核实：%(name)s", name=milestone.name), f"/agreements/{agreement.ref}")
    audit.record("milestone:verify_resident", actor=supervisor, subject=agreement, position=milestone.position)


def send_back_by_resident(*, milestone: Milestone, supervisor: User, reason: str) -> None:
    """Return a milestone to the organisation because the drawn resident found otherwise."""
    hold(milestone)
    require(policy.why_not_verify(supervisor, milestone))
    # The community's own confirmation comes first: what is merely claimed is not the resident's to judge yet
    MILESTONE_FLOW.next(milestone.status, MilestoneAction.VERIFY_RESIDENT)
    return_milestone(milestone, reason)
    audit.record(
        "milestone:send_back", actor=supervisor, subject=milestone.agreement, position=milestone.position, reason=reason
    )
