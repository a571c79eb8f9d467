"""One decision for one need or for many: what an officer chose on the screening page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from grants.foundation import audit
from grants.foundation.errors import DomainError, RuleBroken
from grants.foundation.i18n import _
from grants.needs.models import Need
from grants.needs.rules import NeedAction, Triage
from grants.needs.service import screening
from grants.people.models import User
from grants.rounds.rules import Category


@dataclass(frozen=True)
class Decision:
    """What shall be done: the action, and those of its details that it needs."""

    action: NeedAction
    reason: str = ""
    triage: Triage | None = None
    category: Category | None = None
    department: str = ""
    target: Need | None = None
    public_photos: Collection[UUID] = ()


@dataclass(frozen=True)
class Refusal:
    """A need that could not be dealt with, and why."""

    ref: str
    reason: str


def screen(*, need: Need, officer: User, decision: Decision) -> None:
    """Do to a need what the officer decided; raises as the use case itself does."""
    match decision.action:
        case NeedAction.EXAMINE:
            _examine(need, officer, decision)
        case NeedAction.HAND_OVER:
            screening.hand_over_need(
                need=need,
                officer=officer,
                department=decision.department,
                reason=decision.reason,
                triage=decision.triage,
            )
        case NeedAction.DECLINE:
            screening.decline_need(need=need, officer=officer, reason=decision.reason)
        case NeedAction.MERGE:
            if decision.target is None:
                raise RuleBroken(_("请填写要并入的需求编号，例如 XQ-03-001-0012。"), "target")
            screening.merge_needs(needs=[need], target=decision.target, officer=officer)
        case NeedAction.ADOPT:
            screening.adopt_need(need=need, officer=officer, note=decision.reason)
        case _:
            raise RuleBroken(_("议事结果请通过登记会议记录办理。"), "action")


def _examine(need: Need, officer: User, decision: Decision) -> None:
    if decision.triage is None:
        raise RuleBroken(_("请选择“721”分类。"), "triage")
    screening.examine_need(
        need=need,
        officer=officer,
        triage=decision.triage,
        note=decision.reason,
        category=decision.category,
        public_photos=decision.public_photos,
    )


def screen_many(*, needs: Sequence[Need], officer: User, decision: Decision) -> list[Refusal]:
    """Do the same to several needs, each for itself; what cannot be done is reported and the others stand.

    Raises the refusal itself when none could be done, so that the form shows it at its field.
    """
    if not needs:
        raise RuleBroken(_("请至少勾选一条需求。"), "needs")
    refusals: list[Refusal] = []
    first: DomainError | None = None
    for need in needs:
        try:
            with audit.savepoint():
                screen(need=need, officer=officer, decision=decision)
        except DomainError as error:
            first = first or error
            refusals.append(Refusal(need.ref, error.message))
    if first is not None and len(refusals) == len(needs):
        raise first
    return refusals
