"""The fiscal self-evaluation on its page and on paper: what is judged there is printed there."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from grants.evaluation import queries
from grants.evaluation.models import Measurement
from grants.foundation.database import db
from grants.people.rules import Role
from grants.projects.rules import Measure
from reports.gather import self_evaluation
from tests.browsing import Browser
from tests.factories import evaluation as builders
from tests.factories import payments, people

Browse = Callable[[str | None], Browser]


@pytest.fixture
def made(app: Flask) -> tuple[str, str, int]:
    """Score a project; return the references of evaluation and project, and the position of a target met by hand."""
    with app.app_context():
        case = payments.make_case()
        evaluation = builders.make_draft(case)
        stranger = people.make_organisation("别的机构")
        people.make_user("org-9", Role.ORGANISATION, organisation=stranger)
        project = case.agreement.project
        by_hand = next(one.position for one in project.indicators if one.measure is Measure.MANUAL)
        db.session.commit()
        return evaluation.ref, project.ref, by_hand


def test_what_people_judge_counts_on_the_page_and_on_paper(
    app: Flask, browse: Browse, made: tuple[str, str, int]
) -> None:
    ref, project, at = made
    page = f"/evaluations/{ref}/fiscal"
    officer = browse("programme-1")
    assert "绩效自评" in officer.get(page).text
    typed = {f"note-{at}": "小组刚刚组成。", f"level-{at}": "partly", f"percent-{at}": "85"}
    refused = officer.post(page, typed, status=422)
    assert "60 至 80" in refused.text
    assert "小组刚刚组成。" in refused.text
    officer.post(page, {**typed, f"percent-{at}": "70"})
    with app.app_context():
        table = queries.fiscal_table(queries.get_evaluation(ref))
        line = next(one for one in table.lines if one.indicator.position == at)
        assert line.points == (line.most * 70 / 100).quantize(line.points)
        printed = self_evaluation.gather(project).document
        assert "小组刚刚组成。" in str(printed)
        assert f"{table.total}" in str(printed)


def test_the_organisation_fills_in_its_own_and_cuts_nothing(browse: Browse, made: tuple[str, str, int]) -> None:
    ref, _project, at = made
    page = f"/evaluations/{ref}/fiscal"
    browse("org-9").get(page, status=404)
    browse("org-9").post(page, {f"note-{at}": "冒填"}, status=404)
    browse("community-1").get(page, status=403)
    browse("org-1").post(page, {f"note-{at}": "已完成。"})
    browse("org-1").post(page, {f"note-{at}": "已完成。", f"cut-{at}": "5"}, status=422)
    browse("supervisor-1").post(page, {f"note-{at}": "改"}, status=403)


def test_the_database_knows_the_levels_too(app: Flask, made: tuple[str, str, int]) -> None:
    with app.app_context():
        for broken in ({"level": "partly", "level_percent": 85}, {"level": "missed"}, {"cut_percent": 101}):
            with pytest.raises(IntegrityError), db.session.begin_nested():
                db.session.execute(update(Measurement).values(broken))
