"""The winning need becomes a costed project, decided by the leader, announced and funded."""

import re
from datetime import timedelta

from grants.foundation import clock
from tests.journeys.stage import Stage

COSTS = (
    {"code": "01", "content": "扶手与工具", "unit_price": "1600", "quantity": "10"},
    {"code": "04", "content": "项目社工补贴", "unit_price": "400", "quantity": "10"},
)
INDICATORS = {
    0: {"kind": "output_count", "measure": "activity_count", "name": "开展活动场次", "target": "4", "unit": "场"},
    2: {"kind": "effect_social", "measure": "manual", "name": "建立自治小组", "target": "2", "unit": "个"},
}
"""The other lines are there already and stay as they are."""


def play(stage: Stage) -> None:
    """From the adopted need to the funded project."""
    stage("programme-1").fill(f"/needs/{stage.needs[0]}/screen", {"action": "adopt"})
    path = _draft(stage)
    stage("programme-1").press(f"{path}/work", "提交")
    stage("programme-1").cannot(
        f"{path}/decide",
        "同意立项",
        sends=f"{path}/decide",
        fields={"note": "同意", "decision": "approve"},
        status=403,
    )
    stage("leader-1").fill(f"{path}/decide", {"note": "同意立项。"})
    stage("programme-1").cannot(f"{path}/work", "正式立项", sends=f"{path}/fund", status=302)
    assert "已立项" not in stage(None).look(path).soup.find("h1").find_parent("header").get_text()
    stage("programme-1").press(f"{path}/work", "发布立项公示")
    end_notice(stage)
    stage("programme-1").press(f"{path}/work", "立项", form="/fund")
    assert "已立项" in stage(None).look(path).text


def _draft(stage: Stage) -> str:
    done = stage("programme-1").fill(
        f"/projects/new?need={stage.needs[0]}",
        {
            "title": "楼道扶手共建",
            "summary": "由居民自治小组牵头，为十个单元安装扶手并建立轮值维护制度。",
            "objective": "十个单元楼道安全隐患清零。",
            "public_benefit": "免费向全体居民开放。",
            "innovation": "居民自己设计、自己维护。",
            "locality": "针对本社区老楼多、老人多的特点。",
            "link_residents": "楼栋自治小组长期维护",
            "service_point": "社区党群服务中心",
            "direct_beneficiary_count": "60",
            "vulnerable_percent": "60",
            "starts_on": clock.today().isoformat(),
            "ends_on": (clock.today() + timedelta(days=200)).isoformat(),
        },
    )
    stage.project = done.after("projects")
    path = f"/projects/{stage.project}"
    lines = {f"lines-{number}-{name}": one[name] for number, one in enumerate(COSTS) for name in one}
    stage("programme-1").fill(f"{path}/costs", lines)
    promises = {f"lines-{number}-evidence": "活动记录" for number in INDICATORS}
    for number, line in INDICATORS.items():
        promises |= {f"lines-{number}-{name}": value for name, value in line.items()}
    stage("programme-1").fill(f"{path}/indicators", promises)
    return path


def end_notice(stage: Stage) -> None:
    """The public reads the newest notice about the project; the office ends it (a rehearsal need not wait)."""
    soup = stage(None).look("/notices/").soup
    link = soup.find("a", href=re.compile(r"^/notices/GS-"), string=re.compile("扶手"))
    assert link is not None
    stage(None).look(link["href"])
    stage("programme-1").press(link["href"], "公示期满，办结")
