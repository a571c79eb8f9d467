"""A street with projects at several stages, for tests of the portal."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event

from grants.foundation.database import db
from grants.payments.rules import PaymentStatus
from tests.factories import agreements, payments, people, projects, rounds, supervision


@dataclass(frozen=True)
class Refs:
    """What a test looks for."""

    running: str
    organisation: str
    funded: str
    draft: str
    round: str


@pytest.fixture
def places(app: Flask) -> Refs:
    """Make one running project with money and evidence, one just funded and one draft; committed."""
    with app.app_context():
        # That builder numbers its projects itself; the services below give out 0001 and 0002
        for _number in range(2):
            next(agreements._numbers)
        case = payments.make_case()
        payments.make_request(case, PaymentStatus.CONFIRMED)
        payments.accept(case, 120_000)
        supervision.make_recorded(case.parties, case.agreement)
        made = Refs(
            running=case.agreement.project.ref,
            organisation=case.agreement.organisation.ref,
            funded=projects.make_funded(case.parties.round, title="枫林苑老年助餐").ref,
            draft=projects.make_draft(case.parties.round, title="还在草拟的项目").ref,
            round=case.parties.round.ref,
        )
        people.make_resident("resident-1", name="张桂兰")
        db.session.commit()
    return made


@pytest.fixture
def empty_street(app: Flask) -> None:
    """Make a street with an open round in which nothing has happened."""
    with app.app_context():
        people.make_street()
        people.make_staff()
        people.make_resident("resident-1", name="张桂兰")
        rounds.make_round()
        db.session.commit()


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database inside the block."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
