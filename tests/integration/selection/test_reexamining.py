"""Re-examinations: opened for an objection, found and signed by two persons; the award waits for them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused
from grants.rounds import service as rounds_service
from grants.rounds.models import Objection
from grants.selection import queries, service
from grants.selection.models import Call, Reexamination
from grants.selection.queries.reexamining import list_reexaminations
from grants.selection.rules import CallStatus, Outcome
from tests.browsing import Browser
from tests.factories import rounds, selection
from tests.factories.selection import Stage, later

Browse = Callable[[str | None], Browser]
CALL = "ZM-2026-01-0001"


def object_to(call: Call) -> Objection:
    """Object to the notice of an announced call."""
    assert call.notice is not None
    with later(call, days=2):
        return rounds_service.raise_objection(
            notice=call.notice, name="王建军", contact="13800001234", text="第二名的业绩材料没有计入。"
        )


def opened(stage: Stage) -> Reexamination:
    """Bring a call to its notice, with an objection under re-examination."""
    call = selection.make_announced(stage)
    with later(call, days=2):
        return service.open_reexamination(
            call=call, objection=object_to(call), officer=stage.programme, scope="重新核对评分表与汇总表。"
        )


@pytest.mark.usefixtures("ctx")
def test_the_award_waits_for_two_persons_to_finish() -> None:
    stage = selection.make_stage()
    one = opened(stage)
    call = one.call
    assert call.notice is not None
    with rounds.after_window(call.notice):
        rounds_service.answer_objection(
            objection=one.objection, officer=stage.programme, is_upheld=False, answer="已启动复核。"
        )
        with pytest.raises(TransitionRefused, match="复核尚未办结"):
            service.confirm_award(call=call, officer=stage.programme)
        with pytest.raises(NotPermitted, match="还没有复核意见"):
            service.sign_outcome(reexamination=one, officer=stage.leader)
        found: dict[str, Any] = {"reexamination": one, "outcome": Outcome.MAINTAINED}
        with pytest.raises(RuleBroken, match="理由"):
            service.find_outcome(officer=stage.programme, finding=" ", **found)
        for login in ("finance-1", "supervisor-1", "admin-1", "community-1"):
            with pytest.raises(NotPermitted):
                service.find_outcome(officer=stage.staff[login], finding="核对无误。", **found)
        service.find_outcome(officer=stage.programme, finding="核对全部评分表，与汇总表一致。", **found)
        for login in ("programme-1", "programme-2", "finance-1", "supervisor-1"):
            with pytest.raises(NotPermitted):
                service.sign_outcome(reexamination=one, officer=stage.staff[login])
        with pytest.raises(TransitionRefused, match="复核尚未办结"):
            service.confirm_award(call=call, officer=stage.programme)
        service.sign_outcome(reexamination=one, officer=stage.leader)
        with pytest.raises(NotPermitted, match="不能再改"):
            service.find_outcome(officer=stage.programme, finding="改主意了。", **found)
        service.confirm_award(call=call, officer=stage.programme)
    assert call.status is CallStatus.AWARDED


@pytest.mark.usefixtures("ctx")
def test_a_correction_has_the_award_taken_back_and_stops_no_later_one() -> None:
    stage = selection.make_stage()
    one = opened(stage)
    call = one.call
    with later(call, days=3):
        service.find_outcome(
            reexamination=one, officer=stage.leader, outcome=Outcome.CORRECTED, finding="业绩证明不实。"
        )
        service.sign_outcome(reexamination=one, officer=stage.programme)
    assert call.notice is not None
    with rounds.after_window(call.notice):
        rounds_service.answer_objection(
            objection=one.objection, officer=stage.programme, is_upheld=False, answer="见复核结果。"
        )
        with pytest.raises(TransitionRefused, match="复核决定改正"):
            service.confirm_award(call=call, officer=stage.programme)
        service.revoke_award(call=call, officer=stage.programme, reason="复核决定改正。")
        service.propose_award(call=call, officer=stage.programme)
        service.announce_award(call=call, leader=stage.leader)
    assert call.notice is not None
    with rounds.after_window(call.notice):
        service.confirm_award(call=call, officer=stage.programme)
    assert [entry.outcome for entry in list_reexaminations(call)] == [Outcome.CORRECTED]


@pytest.mark.usefixtures("ctx")
def test_the_database_wants_two_persons_and_a_whole_finding() -> None:
    stage = selection.make_stage()
    one = opened(stage)
    db.session.flush()
    broken: list[dict[str, Any]] = [
        {"signed_by_id": stage.leader.id, "signed_at": one.opened_at},
        {"outcome": Outcome.MAINTAINED},
        {
            "outcome": Outcome.MAINTAINED,
            "finding": "核对无误。",
            "found_by_id": stage.leader.id,
            "found_at": one.opened_at,
            "signed_by_id": stage.leader.id,
            "signed_at": one.opened_at,
        },
        {"scope": ""},
    ]
    for values in broken:
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(Reexamination).where(Reexamination.id == one.id).values(**values))


def test_the_pages_lead_from_the_objection_to_the_signature(
    app: Flask, browse: Browse, staged: Callable[..., None]
) -> None:
    kept: dict[str, Any] = {}

    def bring(stage: Stage) -> None:
        call = selection.make_announced(stage)
        kept["objection"] = object_to(call).ref

    staged(bring)
    office, leader = browse("programme-1"), browse("leader-1")
    assert "启动复核" in office.get(f"/calls/{CALL}/award").text
    path = f"/calls/{CALL}/award/reexamine/{kept['objection']}"
    assert "没有计入" in office.post(path, {"scope": ""}, status=422).text
    for login in ("leader-1", "org-1", "expert-1", "supervisor-1"):
        browse(login).post(path, {"scope": "x"}, status=403)
    office.post(f"/calls/ZM-2026-01-0009/award/reexamine/{kept['objection']}", {"scope": "x"}, status=404)
    office.post(path, {"scope": "重新核对评分表。"})
    with app.app_context():
        one = list_reexaminations(queries.get_call(CALL))[0].id
    path = f"/calls/{CALL}/award/reexaminations/{one}"
    assert "请选择结论" in office.post(path, {"finding": "核对一致"}, status=422).text
    office.post(path, {"outcome": "maintained", "finding": "逐份核对一致。"})
    office.post(f"{path}/sign", status=403)
    assert "签署复核意见" in leader.get(f"/calls/{CALL}/award").text
    leader.post(f"{path}/sign")
    shown = browse("supervisor-1").get(f"/calls/{CALL}/award").text
    assert "维持拟入选决定" in shown
    assert "逐份核对一致" in shown
