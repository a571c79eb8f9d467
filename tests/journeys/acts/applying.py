"""A call is published; two organisations apply; whoever is not complete is told so; both are found eligible."""

import re
from datetime import timedelta

from grants.foundation import clock
from tests.browsing import main_form
from tests.journeys.person import Person
from tests.journeys.stage import Picture, Stage

TEXTS = (
    *("overview", "features", "need_analysis", "goals", "plan"),
    *("risks", "beneficiaries", "sustainability", "link_residents"),
)


def play(stage: Stage) -> None:
    """From the call to the applications that experts will read."""
    done = stage("programme-1").fill(
        f"/calls/new?project={stage.project}",
        {
            "closes_on": (clock.today() + timedelta(days=20)).isoformat(),
            "requirements": "每周在社区工作不少于两个半天。",
        },
    )
    stage.call = done.after("calls")
    stage("resident-1").is_kept_out(f"/calls/{stage.call}/apply")
    stage.applications = [_apply(stage, "org-1"), _apply(stage, "org-4")]
    stage("org-2").is_kept_out(f"/applications/{stage.applications[0]}")
    stage("programme-1").press(f"/calls/{stage.call}", "截止申报")
    for application in stage.applications:
        _admit(stage, application)


def _apply(stage: Stage, login: str) -> str:
    person = stage(login)
    ref = person.fill(f"/calls/{stage.call}/apply").after("applications")
    check, edit = f"/applications/{ref}/check", f"/applications/{ref}/edit"
    person.fill(check, {"has_declared": "1"}, refused=422)
    person.fill(f"{edit}/basics", {"person_target": "60", "attendance_target": "120", "activity_target": "4"})
    texts = dict.fromkeys(TEXTS, "由居民自治小组牵头，社工协助，逐楼推进。")
    person.fill(f"{edit}/texts", {**texts, "experience": "近三年承接同类项目四个。"})
    _plan(person, f"{edit}/plan")
    fiscal = {"code": "01", "content": "扶手与工具", "unit_price": "1500", "quantity": "10"}
    person.fill(f"{edit}/budget", {f"fiscal-0-{name}": value for name, value in fiscal.items()})
    team = {"name": "陈静", "duty": "项目负责人", "qualification": "社会工作师", "is_leader": "1"}
    person.fill(f"{edit}/team", {f"team-0-{name}": value for name, value in team.items()})
    for kind, colour in (("registration", "red"), ("inspection", "green"), ("pledge", "blue"), ("team", "gold")):
        person.fill(f"/applications/{ref}/documents", {"kind": kind, "file": Picture(colour)})
    person.fill(check, {"has_declared": "1"})
    return ref


def _plan(person: Person, path: str) -> None:
    month = person.look(path).soup.find("select", attrs={"name": re.compile("month$")})
    first = next(option["value"] for option in month.find_all("option") if option.get("value"))
    planned = {"month": first, "title": "扶手安装日", "session_count": "4", "person_count": "60"}
    person.fill(None, {f"activities-0-{name}": value for name, value in planned.items()})


def _admit(stage: Stage, application: str) -> None:
    path = f"/applications/{application}/eligibility"
    form = main_form(stage("programme-2").look(path).soup)
    names = {field["name"] for field in form.find_all("input", attrs={"name": re.compile("is_met|met_")})}
    stage("programme-2").fill(None, dict.fromkeys(names, "yes" if form.find("input", value="yes") else "1"))
