"""Who may arrange the day of pitches and call the applicants up."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.selection.models import Call, PitchDay, PitchSlot
from grants.selection.policy.calls import why_not_officer
from grants.selection.rules import SLOT_FLOW, CallStatus, SlotAction


def why_not_arrange(actor: User, call: Call, pitch: PitchDay | None) -> str | None:
    """Say why the actor may not draw the order of the pitches."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if call.status is not CallStatus.REVIEWING:
        return _("评审期间安排现场答辩：先完成资格审查、抽取专家。")
    return _("答辩顺序已经抽取，不能重抽。") if pitch is not None else None


def why_not_step(actor: User, slot: PitchSlot, action: SlotAction) -> str | None:
    """Say why the actor may not call up, mark absent or end this turn."""
    if (reason := why_not_officer(actor)) is not None:
        return reason
    if slot.pitch.call.status is not CallStatus.REVIEWING:
        return _("评审已经结束。")
    return None if SLOT_FLOW.allows(slot.status, action) else _("这家申报单位现在不能这样办理。")
