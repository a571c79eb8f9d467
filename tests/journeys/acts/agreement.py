"""The agreement is drafted, offered and signed by both sides; the project starts."""

import re

from tests.journeys.stage import Picture, Stage


def play(stage: Stage) -> None:
    """From the award to the signed agreement."""
    officer = stage("programme-2")
    officer.press("/agreements/?status=awaiting", "起草协议", form=stage.winner)
    link = officer.look("/agreements/").soup.find("a", href=re.compile("^/agreements/XY-"), string=re.compile("扶手"))
    stage.agreement = link["href"].split("/")[2]
    path = f"/agreements/{stage.agreement}"
    stage("org-2").is_kept_out(path)
    stage(stage.member).press(path, "同意这一版方案")
    officer.press(path, "送承接组织签署")
    stage("leader-2").is_kept_out(f"{path}/sign")
    stage(stage.member).fill(f"{path}/sign")
    stage("leader-2").fill(f"{path}/sign", {"signed_file": Picture("white")})
    assert "实施中" in stage(None).look(f"/projects/{stage.project}").text
