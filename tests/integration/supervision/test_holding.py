"""A row is held while somebody decides on it, on either engine and however it was loaded."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement, Milestone
from grants.evaluation import service as evaluation
from grants.evaluation.models import Survey
from grants.foundation.database import db, hold
from grants.foundation.errors import DomainError
from grants.payments.models import PaymentRequest
from grants.people.models import User
from grants.projects.models import Project
from grants.selection.models import Application, Call
from grants.supervision import service
from grants.supervision.models import Activity, Complaint, Rectification
from tests.factories import payments, supervision

MODELS = (
    Agreement, Milestone, Activity, Rectification, Complaint, PaymentRequest, Survey, Application, Call, Project,
)  # fmt: skip


@pytest.fixture
def everything(app: Flask) -> None:
    """Make one row of every model that is held somewhere."""
    with app.app_context():
        case = payments.make_case()
        payments.request(case)
        supervision.make_recorded(case.parties, case.agreement)
        supervision.make_order(case.parties, case.agreement)
        supervision.make_complaint(case.agreement)
        evaluation.open_survey(officer=case.parties.programme, agreement=case.agreement)
        db.session.commit()


@pytest.mark.usefixtures("everything")
def test_what_was_loaded_by_outer_joins_can_be_held(app: Flask) -> None:
    with app.app_context():
        for model in MODELS:
            joined = [
                joinedload(getattr(model, relation.key))
                for relation in inspect(model).relationships
                if relation.direction.name == "MANYTOONE"
            ]
            thing: Any = db.session.scalars(select(model).options(*joined)).unique().first()
            assert thing is not None, model
            hold(thing)
        db.session.rollback()


def test_two_who_press_at_once_come_one_after_the_other(app: Flask) -> None:
    with app.app_context():
        case = payments.make_case()
        activity = supervision.make_announced(case.parties, case.agreement)
        db.session.flush()
        identity, member = activity.id, case.parties.member.id
        db.session.commit()
    start = Barrier(2)

    def cancel(_number: int) -> str:
        with app.app_context():
            thing, by = db.session.get_one(Activity, identity), db.session.get_one(User, member)
            db.session.rollback()
            start.wait(30)
            try:
                service.cancel_activity(activity=thing, by=by, reason="台风蓝色预警")
                db.session.commit()
            except DomainError:
                db.session.rollback()
                return "refused"
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(2) as pool:
        assert Counter(pool.map(cancel, range(2))) == {"done": 1, "refused": 1}
