"""A project that has been through everything a report tells of."""

from collections.abc import Callable

import pytest
from flask import Flask

from grants.evaluation.models import Evaluation
from grants.foundation.database import db
from grants.payments.rules import PaymentStatus
from tests.factories import evaluation as evaluations
from tests.factories import payments
from tests.factories import supervision as supervised
from tests.factories.payments import Case

PAID_FEN = 3_000_000
SPENT_FEN = (1_234_567, 600_003, 50_000)
"""Accepted on the first two lines, which are public money, and on the fourth, which is money from society."""


def make_evaluated() -> tuple[Case, Evaluation]:
    """Make a project with a paid tranche, vouchers, activities, an order put right, and a scored evaluation."""
    case = payments.make_case()
    payments.make_request(case, PaymentStatus.CONFIRMED)
    for line, amount in zip((1, 2, 4), SPENT_FEN, strict=True):
        payments.accept(case, amount, line=line)
    payments.enter(case, 7_777, line=1)
    for _number in range(3):
        supervised.make_recorded(case.parties, case.agreement)
    supervised.close(case.parties, supervised.make_order(case.parties, case.agreement))
    supervised.make_complaint(case.agreement)
    made = evaluations.make_draft(case)
    db.session.flush()
    return case, made


@pytest.fixture
def evaluated(ctx: Flask) -> tuple[Case, Evaluation]:
    """Return a project whose evaluation is scored and not yet published."""
    made = make_evaluated()
    db.session.commit()
    return made


@pytest.fixture
def published(app: Flask) -> Callable[[], str]:
    """Return a function that makes a project with a published evaluation and returns its reference."""

    def make() -> str:
        with app.app_context():
            case, evaluation = make_evaluated()
            evaluations.publish(case, evaluation)
            db.session.commit()
            return case.agreement.project.ref

    return make
