"""A project that is done, graded and photographed: what a case is made of."""

import pytest
from flask import Flask

from grants.evaluation.models import Evaluation
from grants.foundation.database import db
from tests.factories import evaluation as evaluations
from tests.factories import payments, supervision
from tests.factories.payments import Case
from tests.factories.remembering import remembered

STORY = (
    "居民在议事会上提出独居老人吃饭难，社工和楼组长逐户核定名单，"
    "志愿者固定结对送餐，半年来没有断过一天，老人也愿意下楼了。"
)
LESSONS = "名单由楼组长和居民一起核定；志愿者固定结对，不轮换；每月公开一次账目。"


@remembered
def make_finished() -> tuple[Case, Evaluation]:
    """Make a project with three public photos and a published evaluation."""
    case = payments.make_case()
    for _number in range(3):
        supervision.make_recorded(case.parties, case.agreement, has_cleared_photos=True)
    supervision.make_recorded(case.parties, case.agreement, has_cleared_photos=False)
    evaluation = evaluations.publish(case, evaluations.make_draft(case))
    return case, evaluation


@pytest.fixture
def finished(ctx: Flask) -> tuple[Case, Evaluation]:
    """Return a finished project with its evaluation, inside the application."""
    made = make_finished()
    db.session.commit()
    return made
