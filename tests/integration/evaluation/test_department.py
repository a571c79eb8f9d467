"""The department's evaluation of a round: computed indicators, and what people set against them with their reason."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from grants.evaluation import service
from grants.evaluation.models import DepartmentPoint
from grants.evaluation.rules import DEPARTMENT_TABLE
from grants.foundation.database import db
from reports.gather import performance
from reports.gather.performance_scores import assess
from tests.browsing import Browser
from tests.factories import payments

Browse = Callable[[str | None], Browser]


@pytest.fixture
def ref(app: Flask) -> str:
    """Sign an agreement; return the reference of its round."""
    with app.app_context():
        found = payments.make_case().parties.round.ref
        db.session.commit()
    return found


def test_the_computed_indicators_are_those_of_the_table(app: Flask, ref: str) -> None:
    with app.app_context():
        lines = [(line.kind, line.group, line.name, line.most) for line in assess(ref).lines]
    assert lines == list(DEPARTMENT_TABLE.values())
    sums = {kind: sum(most for one, _group, _name, most in lines if one == kind) for kind, *_rest in lines}
    assert sums == {"决策": 15, "过程": 25, "产出": 30, "效益": 30}


def test_points_set_on_the_page_are_printed_with_their_reason(app: Flask, browse: Browse, ref: str) -> None:
    page, desk = f"/evaluations/department/{ref}/completion", f"/evaluations/department/{ref}"
    browse("org-1").get(desk, status=403)
    browse("supervisor-1").get(page, status=403)
    assert page not in browse("supervisor-1").get(desk).html
    officer = browse("finance-1")
    assert page in officer.get(desk).html
    assert "得分应在 0 至 10 分之间" in officer.post(page, {"points": "11", "reason": "多"}, status=422).text
    refused = officer.post(page, {"points": "6"}, status=422)
    assert "请写明实地核查的事实和调整理由" in refused.text
    officer.post(page, {"points": "6", "reason": "现场核对活动台账，六场有效。"})
    assert "现场核对活动台账" in officer.get(desk).text
    officer.get(f"/evaluations/department/{ref}/nothing", status=404)
    with app.app_context():
        set_by_hand = assess(ref)
        printed = str(performance.gather(ref).document)
        assert f"{set_by_hand.total:.2f}" in printed
        assert "评价组核定：现场核对活动台账，六场有效" in printed
    officer.post(page, {"points": "", "reason": ""})
    with app.app_context():
        assert assess(ref).total == set_by_hand.total - 6


def test_a_reason_is_a_law_of_the_database_too(app: Flask, ref: str) -> None:
    with app.app_context():
        officer = payments.staff("programme-1")
        service.set_department_points(
            officer=officer, round=performance.assess(ref).round, code="basis", points=4, reason="核查"
        )
        row = {"code": "goals", "points": 1, "reason": "", "made_by_id": officer.id}
        with pytest.raises(IntegrityError, match="points_with_reason"), db.session.begin_nested():
            db.session.execute(insert(DepartmentPoint).values(round_id=performance.assess(ref).round.id, **row))
