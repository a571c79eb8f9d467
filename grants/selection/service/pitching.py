"""The day of pitches: its order drawn by lot in public, and each applicant called up in turn."""

from datetime import datetime

from grants.foundation import audit
from grants.foundation.clock import local, now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people.models import User
from grants.selection.models import Call, PitchDay, PitchSlot
from grants.selection.policy import pitching as policy
from grants.selection.queries import judging
from grants.selection.queries import pitching as queries
from grants.selection.rules import SLOT_FLOW, SlotAction, SlotStatus
from grants.selection.rules.drawing import check_witness, draw_order
from grants.selection.rules.pitching import LONGEST_TURN, SHORTEST_TURN, turn_starts_at
from grants.selection.service.holding import hold
from grants.selection.service.telling import tell_organisation


def arrange_pitch(
    *, call: Call, officer: User, starts_at: datetime, place: str, minutes_each: int, seed: str, witness: str
) -> PitchDay:
    """Draw the order of the pitches by the letters of the applicants, and tell everybody when their turn is."""
    hold(call)
    require(policy.why_not_arrange(officer, call, queries.find_pitch(call)))
    _check(starts_at, place, minutes_each)
    by_letter = {one.blind_label or "": one for one in judging.list_labelled(call)}
    seed, witness = seed.strip(), check_witness(witness)
    order = draw_order(list(by_letter), seed)
    pitch = PitchDay(
        call=call,
        starts_at=starts_at,
        place=place.strip(),
        minutes_each=minutes_each,
        seed=seed,
        witness=witness,
        drawn_by_id=officer.id,
    )
    pitch.slots = [
        PitchSlot(application=by_letter[letter], position=position, status=SlotStatus.WAITING)
        for position, letter in enumerate(order, start=1)
    ]
    db.session.add(pitch)
    _tell(pitch)
    audit.record("pitch:arrange", actor=officer, subject=call, seed=seed, order=list(order), witness=witness)
    return pitch


def _check(starts_at: datetime, place: str, minutes_each: int) -> None:
    if starts_at <= now():
        raise RuleBroken(_("答辩时间须在今后。"), "on")
    if not place.strip():
        raise RuleBroken(_("请填写答辩地点。"), "place")
    if not SHORTEST_TURN <= minutes_each <= LONGEST_TURN:
        values = {"min": SHORTEST_TURN, "max": LONGEST_TURN}
        raise RuleBroken(_("每家答辩时间应为 %(min)s 至 %(max)s 分钟。", **values), "minutes_each")


def _tell(pitch: PitchDay) -> None:
    call = pitch.call
    href = f"/calls/{call.ref}/pitch"
    day = local(pitch.starts_at).strftime("%Y-%m-%d %H:%M")
    for slot in pitch.slots:
        at = local(turn_starts_at(pitch.starts_at, pitch.minutes_each, slot.position)).strftime("%Y-%m-%d %H:%M")
        values = {"label": slot.application.blind_label, "position": slot.position, "at": at, "place": pitch.place}
        text = _("贵组织的匿名代号为 %(label)s，第 %(position)s 个答辩，时间 %(at)s，地点 %(place)s。", **values)
        tell_organisation(slot.application.organisation_id, _("现场答辩安排"), text, href)
    seats = [one.expert_id for one in judging.list_panel(call) if one.replaced_at is None]
    seats += [one.resident.user_id for one in judging.list_jurors(call) if one.resident.user_id is not None]
    for user_id in seats:
        notify(user_id, _("现场答辩安排"), _("%(at)s 开始，地点 %(place)s。", at=day, place=pitch.place), href)


def _hold(slot: PitchSlot) -> None:
    hold(slot.pitch.call)
    db.session.refresh(slot)


def begin_pitch(*, slot: PitchSlot, officer: User) -> None:
    """Call an applicant up: present, and the clock runs. Raises RuleBroken while another one is on stage."""
    _hold(slot)
    require(policy.why_not_step(officer, slot, SlotAction.BEGIN))
    if any(one.status is SlotStatus.RUNNING for one in slot.pitch.slots):
        raise RuleBroken(_("上一家还在答辩，请先结束上一家。"))
    slot.status = SLOT_FLOW.next(slot.status, SlotAction.BEGIN)
    slot.begun_at = now()
    audit.record("pitch:begin", actor=officer, subject=slot.application)


def finish_pitch(*, slot: PitchSlot, officer: User) -> None:
    """End the turn of the applicant on stage."""
    _hold(slot)
    require(policy.why_not_step(officer, slot, SlotAction.FINISH))
    slot.status = SLOT_FLOW.next(slot.status, SlotAction.FINISH)
    slot.ended_at = now()
    audit.record("pitch:finish", actor=officer, subject=slot.application)


def miss_pitch(*, slot: PitchSlot, officer: User) -> None:
    """Note that an applicant did not come when called up."""
    _hold(slot)
    require(policy.why_not_step(officer, slot, SlotAction.MISS))
    slot.status = SLOT_FLOW.next(slot.status, SlotAction.MISS)
    audit.record("pitch:miss", actor=officer, subject=slot.application)
