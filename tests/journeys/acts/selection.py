"""Experts declare, score and lock; jurors and the community give their points; the ranking decides the award."""

import re
from typing import Any

from grants.selection.queries import get_call
from grants.selection.queries.judging import list_jurors, list_labelled, list_panel, list_reviews_of_member
from tests.browsing import main_form
from tests.journeys.acts.projects import end_notice
from tests.journeys.stage import DRAW, Stage

LEVELS = {f"level_{code}": "5" for code in ("jury_need", "jury_trust", "jury_join")}


def play(stage: Stage) -> None:
    """From the draw of the panel to the confirmed award."""
    _review(stage)
    _jury(stage)
    for number, application in enumerate(stage.applications):
        stage("community-2").is_kept_out(f"/applications/{application}/opinion")
        opinion = {"points": str(90 - number * 5), "text": "熟悉社区，愿意支持。"}
        stage("community-1").fill(f"/applications/{application}/opinion", opinion)
    _award(stage)


def _review(stage: Stage) -> None:
    """Experts declare before they see anything."""
    stage("programme-1").fill(f"/calls/{stage.call}/panel", {**DRAW, "size": "5"})
    with stage.app.app_context():
        panel = [member.expert.login for member in list_panel(get_call(stage.call))]
    for login in panel:
        stage(login).fill(f"/reviews/{stage.call}/declaration", {"is_complete": "y"})
        _score(stage, login)
    outsider = next(f"expert-{n}" for n in range(1, 8) if f"expert-{n}" not in panel)
    stage(outsider).is_kept_out(f"/reviews/{stage.call}")


def _score(stage: Stage, login: str) -> None:
    with stage.app.app_context():
        member = next(one for one in list_panel(get_call(stage.call)) if one.expert.login == login)
        sheets = [(str(one.id), one.application.organisation.short_name) for one in list_reviews_of_member(member)]
    for sheet, applicant in sheets:
        seen = stage(login).look(f"/reviews/sheet/{sheet}")
        assert applicant not in seen.text, "the sheet is blind"
        share = 0.9 if applicant == "暖阳社工" else 0.8
        points = {
            field["name"]: f"{round(float(_most(field)) * share * 2) / 2}"
            for field in main_form(seen.soup).find_all("input", attrs={"name": re.compile("^points_")})
        }
        stage(login).fill(None, {**points, "comment": "方案可行，测算有据，建议细化应急预案。"})
        stage(login).fill(f"/reviews/sheet/{sheet}/lock")


def _most(field: Any) -> str:
    """Return the highest points of a criterion, as its label says."""
    label = field.find_parent("div").get_text(" ")
    return field.get("max") or re.findall(r"\d+", label)[-1]


def _jury(stage: Stage) -> None:
    """Drawn residents score on their telephones; for those without an account the community enters the paper."""
    stage("programme-1").fill(f"/calls/{stage.call}/jury", {**DRAW, "size": "5"})
    with stage.app.app_context():
        found = get_call(stage.call)
        users = [(str(one.id), one.resident.user) for one in list_jurors(found)]
        jurors = [(juror, user.login if user else None) for juror, user in users]
        labels = [one.blind_label for one in list_labelled(found)]
    for number, (juror, login) in enumerate(jurors):
        for label in labels:
            if login is None:
                paper = {**LEVELS, "paper_serial": f"{label}-{number}"}
                stage("community-1").fill(f"/calls/{stage.call}/jury/{juror}/{label}", paper)
            else:
                stage(login).fill(f"/reviews/jury/{stage.call}/{label}", LEVELS)


def _award(stage: Stage) -> None:
    """One officer proposes, the leader seconds, a notice runs, the award is final."""
    call = f"/calls/{stage.call}"
    stage("programme-1").press(f"{call}/panel", "生成排名")
    stage("programme-1").fill(f"{call}/award", {"note": "综合得分第一。"})
    stage("programme-1").cannot(f"{call}/award", "审定并公示", sends=f"{call}/award/announce", status=403)
    stage("leader-1").press(f"{call}/award", "审定并公示")
    end_notice(stage)
    stage("programme-1").press(f"{call}/award", "公示期满，确认入选")
    stage.winner, stage.member = stage.applications[0], "org-1"
    assert "入选" in stage(stage.member).look(f"/applications/{stage.winner}/result").text
