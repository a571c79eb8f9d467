"""The people served rate the project, a second person publishes, the project closes when nothing is left open."""

import re

from grants.agreements.queries import get_agreement
from grants.evaluation.queries import find_survey_of
from tests.browsing import main_form
from tests.journeys.acts import money
from tests.journeys.stage import Stage

ANSWER = {"satisfaction": "very_good", "gain": "5", "happiness": "5", "safety": "4", "comment": "好"}
TEXTS = {"conclusion": "达到约定目标。", "strengths": "居民参与。", "problems": "无。", "suggestions": "推广。"}


def half_way(stage: Stage) -> None:
    """Without a mid-term evaluation that was passed the second tranche is not asked for."""
    ask = f"/payments/agreements/{stage.agreement}/tranches/2/request"
    assert "中期评估还没有公布结果" in stage(stage.member).look(ask).text
    officer = stage("programme-1")
    page = f"/evaluations/midterms/{officer.fill(f'/evaluations/midterms/new?agreement={stage.agreement}').last}"
    stage(None).is_kept_out(page)
    officer.cannot(page, "提交审定", sends=f"{page}/points", status=403)
    said = {"report": "四场活动均已开展。", "problems": ""}
    stage(stage.member).fill(page, {"report": ""}, form="/report", refused=422)
    stage(stage.member).fill(page, said, form="/report")
    names = [box["name"] for box in main_form(officer.look(page).soup, "points").find_all("input")]
    points = {name: "8" for name in names if name.startswith("points-")}
    basis = {name: "查阅档案" for name in names if name.startswith("basis-")}
    officer.fill(page, {**points, "conclusion": "进展正常。"}, form="/points", refused=422)
    officer.fill(page, {**points, **basis, "conclusion": "进展正常。"}, form="/points")
    officer.cannot(page, "公布中期结果", sends=f"{page}/publish", status=403)
    stage("leader-1").press(page, "公布中期结果")
    assert "合格" in stage(None).look(page).text


def rate(stage: Stage) -> None:
    """Without the answers of those served nothing can be submitted."""
    officer = stage("programme-1")
    new = f"/evaluations/new?agreement={stage.agreement}"
    officer.press(new, "发起满意度调查")
    with stage.app.app_context():
        survey = f"/evaluations/surveys/{find_survey_of(get_agreement(stage.agreement).id).ref}"
    stage.evaluation = officer.fill(new).last
    page = f"/evaluations/{stage.evaluation}"
    officer.cannot(survey, "结束调查", sends=f"{survey}/close", status=403)
    codes = officer.fill(survey, {"count": "2"}, form="/codes")
    token = min(re.findall(r"/surveys/([\w-]{20,})", codes.html))
    stage(None).fill(f"/surveys/{token}", ANSWER)
    stage(None).cannot(f"/surveys/{token}", "提交评价", sends=f"/surveys/{token}", fields=ANSWER, status=409)
    officer.press(survey, "结束调查")
    form = main_form(officer.look(page).soup, "points")
    points = {
        field["name"]: field.find_parent("tr").find_all("td")[2].get_text(strip=True)
        for field in form.find_all("input", attrs={"name": re.compile("^points-")})
    }
    values = {
        field["name"]: "3" if field["name"].startswith("value") else "名单与照片"
        for field in form.find_all("input", attrs={"name": re.compile("^(value|source)-")})
    }
    officer.fill(None, {**points, **values, **TEXTS}, form="points")
    officer.cannot(page, "公布评价结果", sends=f"{page}/publish", status=403)
    stage("leader-1").press(page, "公布评价结果")


def close(stage: Stage) -> None:
    """The last tranche arrives, nothing is left, the project closes and its whole trace can be read."""
    page = f"/evaluations/{stage.evaluation}"
    stage("programme-1").cannot(page, "项目结项", sends=f"{page}/close", status=403)
    money.pay(stage, 3)
    # All of it was paid: there is nothing to take back
    stage("finance-1").cannot(page, "收回结余", sends=f"{page}/settle", status=403)
    stage("programme-1").press(page, "项目结项")
    trace = stage(None).look(f"/projects/{stage.project}").text
    for word in ("已结项", "百姓提事", "主动公示", "扶手安装日"):
        assert word in trace
