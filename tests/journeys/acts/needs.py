"""Residents raise needs, a neighbour seconds one, the two committees screen them, a meeting deliberates."""

from grants.foundation import clock
from tests.journeys.person import Person
from tests.journeys.stage import Stage

NEEDS = {
    "resident-1": ("楼道里想装扶手", "楼里老人多，上下楼没有抓手，去年摔过两位。希望每层都装上扶手。"),
    "resident-2": ("想要一个社区菜园", "东门那块空地荒了三年，邻居们愿意轮流种菜浇水，也教孩子认一认庄稼。"),
}
WHERE = {"place_text": "三号楼", "target_group": "elderly", "urgency": "soon"}


def play(stage: Stage) -> None:
    """Two residents' needs, a second from a neighbour, screening and a meeting."""
    stage("programme-1").is_kept_out("/needs/new")
    for login in NEEDS:
        stage.needs.append(_raise(stage, login))
    stage("resident-3").press(f"/needs/{stage.needs[0]}", "我也需要")
    stage("community-2").is_kept_out(f"/needs/{stage.needs[0]}/screen")
    for ref in stage.needs:
        decision = {"action": "examine", "triage": "service", "reason": "两委同意提交议事会。"}
        stage("community-1").fill(f"/needs/{ref}/screen", decision)
    _meet(stage)


def _raise(stage: Stage, login: str) -> str:
    person, (title, body) = stage(login), NEEDS[login]
    if not stage.round:
        stage.round = _rehearsal(person)
    person.fill("/needs/new", {"round": stage.round, "title": title, "category": "community", "body": body})
    person.fill(None, WHERE)
    return person.fill(None).last


def _rehearsal(person: Person) -> str:
    """Several rounds are open: the story plays in the one that is marked as a rehearsal."""
    options = person.look("/needs/new").soup.select("select[name=round] option")
    return next(one["value"] for one in options if "演练" in one.get_text())


def _meet(stage: Stage) -> None:
    soup = stage("community-1").look(f"/needs/meetings/new?round={stage.round}").soup
    lines = {field["value"]: field["name"] for field in soup.select("input[name$=subject_ref]")}
    votes = {}
    for ref in stage.needs:
        stem = lines[ref].removesuffix("subject_ref")
        votes |= {f"{stem}for_count": "18", f"{stem}against_count": "1", f"{stem}abstain_count": "1"}
    record = {
        "title": "公益需求议事会",
        "held_on": clock.today().isoformat(),
        "convenor": "社区协商委员会",
        "entitled_count": "30",
        "attended_count": "20",
        "minutes": "逐项讨论并表决。",
        "checks": ["democratic", "open", "equal", "orderly", "rational"],
    }
    stage("community-1").fill(None, {**record, **votes})
