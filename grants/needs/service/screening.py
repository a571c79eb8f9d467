"""Screening: the two committees examine, unite duplicates, hand over, decline with a reason, and adopt."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, insert, select, update

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.needs import policy
from grants.needs.models import Need, NeedSupport
from grants.needs.rules import NEED_FLOW, NEED_STATUS_LABELS, TRIAGE_LABELS, NeedAction, Step, Triage
from grants.needs.service.stamps import stamp
from grants.people.models import User
from grants.rounds.rules import Category
from grants.voting import queries as voting


def examine_need(
    *,
    need: Need,
    officer: User,
    triage: Triage,
    note: str = "",
    category: Category | None = None,
    public_photos: Collection[UUID] = (),
) -> None:
    """Examine a need (两委审事): sort it by 721, put its category right, note the opinion, release its photos."""
    _begin(need, officer, NeedAction.EXAMINE)
    _move(need, officer, NeedAction.EXAMINE)
    need.triage = triage
    if category is not None:
        need.category = category
    for attachment in need.attachments:
        attachment.is_public = attachment.file_id in public_photos
    opinion = _("%(triage)s。%(note)s", triage=TRIAGE_LABELS[triage], note=note)
    stamp(need=need, step=Step.EXAMINE, note=opinion, by=officer)
    audit.record("need:examine", actor=officer, subject=need, triage=triage, category=need.category, note=note)


def hand_over_need(*, need: Need, officer: User, department: str, reason: str, triage: Triage | None = None) -> None:
    """Hand a need to the department that can meet it, and tell the proposer who and why."""
    _begin(need, officer, NeedAction.HAND_OVER)
    _say(department, "department", _("请填写接办部门。"))
    _say(reason, "reason", _("请写明转办原因，提出人会看到。"))
    _move(need, officer, NeedAction.HAND_OVER)
    need.handed_to = department
    need.answer = reason
    need.triage = triage or need.triage
    stamp(need=need, step=Step.EXAMINE, note=_("转交%(department)s办理。", department=department), by=officer)
    _tell(need, reason)
    audit.record("need:hand_over", actor=officer, subject=need, department=department, reason=reason)


def decline_need(*, need: Need, officer: User, reason: str) -> None:
    """Answer a need with "no" and the reason its proposer will read; a dispute must have lost its meeting first."""
    _begin(need, officer, NeedAction.DECLINE)
    _say(reason, "reason", _("请写明不采纳的原因，提出人会看到。"))
    _move(need, officer, NeedAction.DECLINE)
    need.answer = reason
    stamp(need=need, step=Step.EXAMINE, note=reason, by=officer)
    _tell(need, reason)
    audit.record("need:decline", actor=officer, subject=need, reason=reason)


def merge_needs(*, needs: Collection[Need], target: Need, officer: User) -> None:
    """Unite needs with another of the same community: nobody counts twice, and their pages point on to it."""
    _lock(target)
    for need in needs:
        _lock(need)
        require(policy.why_not_merge(officer, need, target), RuleBroken)
        _move(need, officer, NeedAction.MERGE)
        need.merged_into_id = target.id
        need.answer = _("与%(ref)s“%(title)s”合并办理。", ref=target.ref, title=target.title)
        db.session.flush()
        _unite_supporters(need, target)
        _repoint(need, target)
        _tell(need, need.answer)
        audit.record("need:merge", actor=officer, subject=need, into=target.ref)


def _unite_supporters(need: Need, target: Need) -> None:
    already = select(NeedSupport.resident_id).where(NeedSupport.need_id == target.id)
    wanting = select(
        db.literal(target.id, type_=NeedSupport.need_id.type), NeedSupport.resident_id, NeedSupport.at
    ).where(NeedSupport.need_id == need.id, NeedSupport.resident_id.not_in(already))
    db.session.execute(insert(NeedSupport).from_select(["need_id", "resident_id", "at"], wanting))
    count = select(func.count()).select_from(NeedSupport).where(NeedSupport.need_id == target.id)
    target.support_count = db.session.execute(count).scalar_one()
    db.session.flush()


def _repoint(need: Need, target: Need) -> None:
    """Let needs that were merged earlier point straight to the need that now stands for them all."""
    db.session.execute(update(Need).where(Need.merged_into_id == need.id).values(merged_into_id=target.id))


def adopt_need(*, need: Need, officer: User, note: str = "") -> None:
    """Adopt a need that a meeting passed or that residents funded in a counted poll (集中定事 may begin)."""
    _begin(need, officer, NeedAction.ADOPT)
    result = voting.result_for(need.ref)
    _move(need, officer, NeedAction.ADOPT)
    if result is not None:
        basis = _("居民投票（%(poll)s）入选，得 %(votes)s 票。", poll=result.poll_ref, votes=result.votes)
        stamp(need=need, step=Step.DELIBERATE, note=basis, by=officer)
    else:
        basis = _("议事会议通过。")
    need.answer = f"{basis}{note}"
    _tell(need, need.answer)
    audit.record("need:adopt", actor=officer, subject=need, basis=basis, note=note)


def _lock(need: Need) -> None:
    """Read the need afresh and hold its row, so that two officers cannot act on it at once."""
    db.session.flush()
    db.session.refresh(need, with_for_update={"of": Need})


def _begin(need: Need, officer: User, action: NeedAction) -> None:
    """Refuse whoever has no say (403), what comes too late (409) and what a rule forbids (422)."""
    _lock(need)
    require(policy.why_not_screen(officer, need), NotPermitted)
    if not NEED_FLOW.allows(need.status, action):
        raise TransitionRefused(NEED_FLOW.refusal())
    require(policy.why_not_do(officer, need, action), RuleBroken)


def _move(need: Need, officer: User, action: NeedAction) -> None:
    need.status = NEED_FLOW.next(need.status, action)
    need.screened_by_id = officer.id


def _say(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise RuleBroken(message, field)


def _tell(need: Need, text: str) -> None:
    """Let the proposer know, when there is an account to write to."""
    if need.proposer is None or need.proposer.user_id is None:
        return
    title = _("您提出的“%(title)s”：%(status)s", title=need.title, status=NEED_STATUS_LABELS[need.status])
    notify(need.proposer.user_id, title, text, f"/needs/{need.ref}")
