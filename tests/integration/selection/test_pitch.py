"""The day of pitches: drawn by lot, called up one after the other, seen by everybody under letters only."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import local, set_to
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.selection import queries, service
from grants.selection.models import PitchDay, PitchSlot
from grants.selection.queries import judging, pitching
from grants.selection.rules import SlotStatus
from tests.browsing import Browser
from tests.factories import selection
from tests.factories.selection import HEADS, NAMES, Stage, later

Browse = Callable[[str | None], Browser]
CALL = "ZM-2026-01-0001"
SEED = "双色球-2026031"


def arrange(stage: Stage) -> PitchDay:
    """Draw the order for the day after the experts were drawn."""
    call = selection.make_reviewing(stage)
    with later(call, hours=1):
        return service.arrange_pitch(
            call=call,
            officer=stage.programme,
            starts_at=call.closes_at + timedelta(days=1),
            place="街道三楼会议室",
            minutes_each=10,
            seed=SEED,
            witness="罗正清",
        )


@pytest.mark.usefixtures("ctx")
def test_the_order_is_the_lots_and_one_at_a_time_is_on_stage() -> None:
    stage = selection.make_stage(organisations=3)
    pitch = arrange(stage)
    letters = [slot.application.blind_label for slot in pitch.slots]
    assert letters == sorted("ABC", key=lambda letter: sha256(f"{SEED}|{letter}".encode()).hexdigest())
    first, second, third = pitch.slots
    with later(pitch.call, days=1):
        with pytest.raises(NotPermitted):
            service.begin_pitch(slot=first, officer=stage.leader)
        with pytest.raises(NotPermitted):
            service.finish_pitch(slot=first, officer=stage.programme)
        service.begin_pitch(slot=first, officer=stage.programme)
        with pytest.raises(RuleBroken, match="上一家还在答辩"):
            service.begin_pitch(slot=second, officer=stage.programme)
        service.finish_pitch(slot=first, officer=stage.programme)
        service.miss_pitch(slot=second, officer=stage.programme)
        service.begin_pitch(slot=second, officer=stage.programme)
        with pytest.raises(NotPermitted):
            service.begin_pitch(slot=first, officer=stage.programme)
    assert [slot.status for slot in pitch.slots] == [SlotStatus.DONE, SlotStatus.RUNNING, SlotStatus.WAITING]
    db.session.flush()
    running = {"status": SlotStatus.RUNNING, "begun_at": second.begun_at}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(PitchSlot).where(PitchSlot.id == third.id).values(**running))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(PitchSlot).where(PitchSlot.id == third.id).values(status=SlotStatus.DONE))


@pytest.mark.usefixtures("ctx")
def test_the_order_is_drawn_once_before_a_witness() -> None:
    stage = selection.make_stage()
    pitch = arrange(stage)
    told: dict[str, Any] = {"place": "三楼", "minutes_each": 10, "seed": SEED, "starts_at": pitch.starts_at}
    with later(pitch.call), pytest.raises(NotPermitted, match="不能重抽"):
        service.arrange_pitch(call=pitch.call, officer=stage.programme, witness="罗正清", **told)
    for slot in pitch.slots:
        db.session.delete(slot)
    db.session.delete(pitch)
    db.session.flush()
    with later(pitch.call), pytest.raises(RuleBroken, match="见证人"):
        service.arrange_pitch(call=pitch.call, officer=stage.programme, witness=" ", **told)
    with later(pitch.call), pytest.raises(RuleBroken, match="分钟"):
        service.arrange_pitch(call=pitch.call, officer=stage.programme, witness="罗正清", **{**told, "minutes_each": 2})


@pytest.fixture
def reviewing(app: Flask, staged: Callable[..., None]) -> Iterator[Any]:
    """Bring a call into review and set the clock there."""
    staged(selection.make_reviewing)
    with app.app_context():
        closes_at = queries.get_call(CALL).closes_at
    with set_to(closes_at + timedelta(hours=2)):
        yield local(closes_at + timedelta(days=1))


def test_the_clerk_runs_the_day_and_everybody_follows_without_names(app: Flask, browse: Browse, reviewing: Any) -> None:
    clerk = browse("programme-1")
    browse(None).get(f"/calls/{CALL}/pitch", status=404)
    fields = {"on": f"{reviewing:%Y-%m-%d}", "at": "09:00", "place": "三楼会议室", "minutes_each": "12"}
    wrong = clerk.post(f"/calls/{CALL}/pitch/arrange", {**fields, "minutes_each": "90"}, status=422)
    assert "三楼会议室" in wrong.html
    browse("leader-1").post(f"/calls/{CALL}/pitch/arrange", fields, status=403)
    clerk.post(f"/calls/{CALL}/pitch/arrange", {**fields, "seed": SEED, "witness": "罗正清"})
    clerk.get(f"/calls/{CALL}/pitch/arrange", status=403)
    assert "到场，开始计时" in clerk.get(f"/calls/{CALL}/pitch/run").text
    clerk.post(f"/calls/{CALL}/pitch/1/begin")
    assert "data-countdown" in clerk.get(f"/calls/{CALL}/pitch/run").html
    clerk.post(f"/calls/{CALL}/pitch/2/begin", status=422)
    clerk.post(f"/calls/{CALL}/pitch/9/begin", status=404)
    with app.app_context():
        call = queries.get_call(CALL)
        pitch = pitching.find_pitch(call)
        assert pitch is not None
        on_stage = pitch.slots[0].application.blind_label
        expert = selection.panel(call)[0].expert.login
        juror = next(one.resident.user.login for one in judging.list_jurors(call) if one.resident.user)
    for login in (None, expert, juror, "org-1"):
        seen = browse(login).get(f"/calls/{CALL}/pitch")
        assert f"正在答辩：申报单位 {on_stage}" in seen.text
        assert "09:12" in seen.text
        for secret in (*NAMES[:2], *HEADS[:2]):
            assert secret not in str(seen.soup.find("main"))
        browse(login).post(f"/calls/{CALL}/pitch/1/finish", status=403 if login else 302)
    with app.app_context():
        pitch = pitching.find_pitch(queries.get_call(CALL))
        assert pitch is not None
        assert pitch.slots[0].status is SlotStatus.RUNNING
