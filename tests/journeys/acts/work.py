"""Supervisors are drawn, activities held with proof, milestones verified from both sides."""

from grants.agreements.queries import get_agreement
from grants.foundation import clock
from grants.supervision.queries import list_supervisors
from tests.journeys.stage import DRAW, Picture, Stage

PAPERS = (("silver", "navy"), ("gray", "teal"), ("ivory", "olive"), ("snow", "maroon"))
"""The sheet and the photograph of each activity: the same one twice would be noticed."""


def play(stage: Stage) -> None:
    """Four activities and the first milestone."""
    watch = f"/supervision/{stage.agreement}"
    stage("programme-1").fill(f"{watch}/supervisors", DRAW, form="supervisors")
    for number, (sheet, photo) in enumerate(PAPERS, start=1):
        _hold(stage, watch, number, sheet, photo)
    reach(stage, 1)


def _hold(stage: Stage, watch: str, number: int, sheet: str, photo: str) -> None:
    """Announce an activity and record it; without the sheets and photographs the record is not taken."""
    plan = {
        "title": f"扶手安装日（{number}）",
        "held_on": clock.today().isoformat(),
        "starts": "00:01",
        "ends": "00:02",
        "place_text": "三号楼",
        "target_group": "elderly",
    }
    activity = stage(stage.member).fill(f"{watch}/activities/new", plan).last
    path = f"/supervision/activities/{activity}/record"
    figures = {"person_count": "15", "attendance_count": "20", "volunteer_count": "3", "summary": "按计划完成。"}
    stage(stage.member).fill(path, figures, refused=422)
    proof = {"sign_in_sheets": Picture(sheet), "photos": Picture(photo), "has_cleared_photos": "y"}
    stage(stage.member).fill(path, {**figures, **proof})


def reach(stage: Stage, number: int) -> None:
    """The organisation claims a milestone, the community verifies, then a drawn resident does; nobody else."""
    claim = f"/agreements/{stage.agreement}/milestones/{number}"
    stage(stage.member).fill(f"{claim}/claim", {"claim": "四场活动均已记录，扶手安装完成。"})
    stage("community-2").is_kept_out(f"{claim}/verify")
    stage("community-1").fill(f"{claim}/verify", {"decision": "verify", "note": "现场查看属实。"})
    path = f"/supervision/{stage.agreement}/milestones/{number}"
    with stage.app.app_context():
        drawn = [one.resident.user.login for one in list_supervisors(get_agreement(stage.agreement).id)]
    outsider = next(name for name in ("resident-1", "resident-2", "resident-3") if name not in drawn)
    stage(outsider).is_kept_out(path)
    stage(drawn[0]).fill(path, {"decision": "verify", "note": "我去看过，装好了。"})
