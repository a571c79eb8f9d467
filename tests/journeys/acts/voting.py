"""A poll is drafted from the needs, frozen and opened by two people, voted on, closed and counted."""

import re
from datetime import timedelta

from grants.foundation import clock
from tests.journeys.stage import Stage


def play(stage: Stage) -> None:
    """From the draft to the published result."""
    path = _draft(stage)
    stage("community-1").cannot(path, "锁定规则", sends=f"{path}/freeze", status=403)
    stage("programme-1").press(path, "锁定规则")
    stage("programme-1").cannot(path, "开放投票", sends=f"{path}/open", status=403)
    stage("leader-1").press(path, "开放投票")
    for login in ("resident-1", "resident-2", "resident-3"):
        _vote(stage, login, stage.needs[0])
    stage("resident-9").is_kept_out(f"{path}/ballot")
    stage("leader-1").press(path, "截止投票")
    stage("programme-1").press(path, "申请封存票箱")
    stage("leader-1").cannot(path, "见证并封存票箱", sends=f"{path}/witness", status=403)
    stage("supervisor-1").press(path, "见证并封存票箱")
    stage("programme-1").cannot(path, "计票并公布", sends=f"{path}/count", status=403)
    stage("leader-1").press(path, "公开抽签")
    stage("leader-1").press(path, "计票并公布")
    assert "入选" in stage(None).look(f"{path}/result").text


def _draft(stage: Stage) -> str:
    soup = stage("community-1").look(f"/needs/poll?round={stage.round}").soup
    lines = {field["value"]: field["name"] for field in soup.select("input[name$=subject_ref]")}
    costs = {lines[ref].removesuffix("subject_ref") + "cost": "20000" for ref in stage.needs}
    local = clock.local(clock.now())
    plan = {
        "title": "演练投票",
        "max_choices": "2",
        "budget_fen": "25000",
        "opens_at": (local - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "closes_at": (local + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
    }
    stage.poll = stage("community-1").fill(None, {**plan, **costs}).last
    return f"/polls/{stage.poll}"


def _vote(stage: Stage, login: str, need: str) -> None:
    """Choose, check, cast; the page that comes then shows the receipt."""
    soup = stage(login).look(f"/polls/{stage.poll}").soup
    row = soup.find("a", href=f"/needs/{need}").find_parent("tr")
    code = re.search(r"\b\d\d\b", row.get_text()).group()
    stage(login).fill(f"/polls/{stage.poll}/ballot", {"choice": [code]})
    receipt = stage(login).press(None, "确认投票")
    assert receipt.soup.select_one(".receipt__code")
