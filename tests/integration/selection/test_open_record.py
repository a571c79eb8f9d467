"""What a decided call opens to everybody: every point without names, every draw done again."""

import csv
import io
import json
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm.attributes import flag_modified

from grants.foundation.database import db
from grants.people.queries import find_user
from grants.selection import queries, service
from grants.selection.queries import draws, judging
from grants.selection.rules import DrawKind, Tie
from grants.selection.service import DeclaredTie
from tests.browsing import Browser
from tests.factories import selection
from tests.factories.selection import HEADS, NAMES, Stage, later
from tests.unit.selection.test_recount import recounted

Browse = Callable[[str | None], Browser]
Staged = Callable[..., None]
CALL = "ZM-2026-01-0001"


def bring_mixed(stage: Stage) -> None:
    """Bring a call to its notice, with a tie, a recusal before and in the middle, a voided sheet, a juror aside."""
    call = selection.make_reviewing(stage)
    members = selection.panel(call)
    with later(call):
        service.declare_conflicts(
            member=members[0], actor=members[0].expert, ties=[DeclaredTie(stage.organisations[0], Tie.KIN)]
        )
        for member in members[1:]:
            service.declare_conflicts(member=member, actor=member.expert, ties=[])
    by_label: dict[str, list[Any]] = {}
    for review in judging.list_reviews(call):
        by_label.setdefault(review.application.blind_label or "", []).append(review)
    gone = by_label["C"][-1]
    with later(call):
        service.recuse(review=gone, actor=gone.member.expert, reason="认出是曾任职的单位。")
    shares = {"A": [0.8, 0.8, 0.8, 0.8, 0.8], "B": [0.8, 0.8, 0.8, 0.8, 0.8], "C": [0.9, 0.72, 0.83, 0.77, 0.81]}
    for label, reviews in by_label.items():
        for number, review in enumerate(one for one in reviews if one is not gone):
            selection.score(review, shares[label][number])
    voided = by_label["A"][0]
    with later(call, days=1):
        service.propose_void(review=voided, officer=stage.programme, reason="误看了另一份材料。")
        fresh = service.decide_void(review=voided, officer=stage.leader, is_approved=True)
    assert fresh is not None
    selection.score(fresh, 0.8)
    first = selection.jurors(call)[0]
    with later(call, days=1):
        aside = next(one for one in judging.list_labelled(call) if one.blind_label == "C")
        assert first.resident.user is not None
        service.stand_aside(juror=first, application=aside, actor=first.resident.user)
        for juror in selection.jurors(call):
            for application in judging.list_labelled(call):
                if juror is first and application is aside:
                    continue
                assert juror.resident.user is not None
                levels = {"jury_need": 4, "jury_trust": 5, "jury_join": 3}
                service.score_as_juror(juror=juror, application=application, actor=juror.resident.user, levels=levels)
    selection.opinions(stage, call)
    with later(call, days=2):
        service.rank_call(call=call, officer=stage.programme)


def announce(app: Flask) -> None:
    """Propose and second the award of the brought call."""
    with app.app_context():
        call = queries.get_call(CALL)
        officer, leader = find_user("programme-1"), find_user("leader-1")
        assert officer is not None
        assert leader is not None
        with later(call, days=2):
            service.propose_award(call=call, officer=officer)
            service.announce_award(call=call, leader=leader)
        db.session.commit()


def test_everybody_can_compute_the_published_ranking_again(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(bring_mixed, organisations=3)
    path = f"/calls/{CALL}/recount"
    for login in (None, "org-1", "resident-1", "expert-1"):
        browse(login).get(f"{path}.json", status=404)
    before = json.loads(browse("supervisor-1").get(f"{path}.json").html)
    announce(app)
    visitor = browse(None)
    told = json.loads(visitor.get(f"{path}.json").html)
    by_hand = recounted(told)
    page = visitor.get(f"/calls/{CALL}").soup.find(id="result")
    assert page is not None
    shown = [[cell.get_text(strip=True) for cell in line.find_all(["td", "th"])] for line in page.find_all("tr")[1:]]
    for one, expected, cells in zip(told["applications"], by_hand, shown, strict=True):
        figures = one["published"]
        assert one["label"] == expected[0]
        assert [figures[key] for key in ("expert", "jury", "community", "composite")] == list(expected[1:5])
        assert [cell for cell in cells if "." in cell] == list(expected[1:5])
    facts = {one["label"]: one for one in told["applications"]}
    assert [len(facts[label]["sheets"]) for label in "ABC"] in ([5, 5, 3], [4, 5, 4], [5, 4, 4])
    assert facts["A"]["voided_sheets"] == 1
    assert facts["C"]["recused_experts"] == 1
    assert facts["C"]["jurors_aside"] == 1
    assert {one["published"]["tie_break"] for one in told["applications"]} >= {"公开种子抽签"}
    sent = json.dumps([told, before], ensure_ascii=False)
    for secret in (*NAMES[:3], *(name[:4] for name in NAMES[:3]), *HEADS[:3], "专家甲", "expert-", "SB-2026"):
        assert secret not in sent
    lines = list(csv.reader(io.StringIO(visitor.get(f"{path}.csv").html.lstrip("\ufeff"))))
    total = sum(Fraction(line[5]) for line in lines if line[0] == "C" and line[1] == "专家评分")
    assert total == sum(Fraction(sheet["total"]) for sheet in facts["C"]["sheets"])


def test_every_draw_is_done_again_and_a_changed_result_shows(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(selection.make_reviewing)
    visitor = browse(None)
    page = visitor.get(f"/calls/{CALL}/draws")
    assert page.text.count("重做结果与当时一致") == 2
    assert "罗正清" in page.text
    for secret in ("专家甲", "expert-", *NAMES[:2]):
        assert secret not in page.html
    visitor.get(f"/calls/{CALL}/draws/panel.csv", status=404)
    assert "专家甲" in browse("supervisor-1").get(f"/calls/{CALL}/draws/panel.csv").html
    lines = list(csv.reader(io.StringIO(visitor.get(f"/calls/{CALL}/draws/jury.csv").html.lstrip("\ufeff"))))[1:]
    assert [line[1] for line in lines] == sorted(line[1] for line in lines)
    assert [line[4] for line in lines] == ["是"] * 4 + ["否"] * (len(lines) - 4)
    with app.app_context():
        call = queries.get_call(CALL)
        log = call.panel_log
        assert draws.list_draws(call, with_names=False)[0].pool_sha256 == (
            sha256("\n".join(log["pool"]).encode()).hexdigest()
        )
        log["chosen"][0], log["chosen"][1] = log["chosen"][1], log["chosen"][0]
        flag_modified(call, "panel_log")
        call.jury_log = {**call.jury_log, "chosen": call.jury_log["chosen"][:3]}
        db.session.commit()
        found = {one.kind: one.is_same for one in draws.list_draws(call, with_names=False)}
        assert found == {DrawKind.PANEL: False, DrawKind.JURY: False}
    assert visitor.get(f"/calls/{CALL}/draws").text.count("重做结果与当时不一致") == 2


@pytest.mark.parametrize("path", ["draws", "recount.json", "pitch"])
def test_a_call_that_is_not_there_has_nothing_to_check(browse: Browse, staged: Staged, path: str) -> None:
    staged(selection.make_call)
    browse(None).get(f"/calls/ZM-2026-01-0009/{path}", status=404)
