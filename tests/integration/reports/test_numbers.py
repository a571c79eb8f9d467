"""Every number of the annual report and the main ones of a project report are those of the tables."""

from dataclasses import replace

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.foundation.money import yuan
from reports.gather import project_evaluation, round_summary
from reports.tables import round_summary as summary_tables
from tests.factories import agreements, needs, people
from tests.factories import evaluation as evaluations
from tests.integration.reports.conftest import make_evaluated
from tests.integration.reports.deriving import check_evaluation, check_summary, number


@pytest.fixture
def world(ctx: Flask) -> tuple[str, str]:
    """Make a round with an evaluated project, one with its agreement only, and needs; return round and project."""
    case, evaluation = make_evaluated()
    evaluations.publish(case, evaluation)
    parties = case.parties
    agreements.make_signed(parties, title="第二个项目")
    needs.second(needs.make_paper_need(parties.round, community=people.community(1)), 2)
    db.session.commit()
    return parties.round.ref, case.agreement.project.ref


def test_the_annual_report_says_what_the_tables_hold(world: tuple[str, str]) -> None:
    doc = round_summary.gather(world[0]).document
    check_summary(doc, world[0])
    assert len(doc.projects) == 2
    made = summary_tables.build(doc)
    total = made["projects"].rows[-1]
    assert total.kind == "total"
    agreed = number("SELECT sum(amount_fen) FROM agreement")
    assert yuan(agreed) in total.cells


def test_a_project_report_says_what_the_tables_hold(world: tuple[str, str]) -> None:
    check_evaluation(project_evaluation.gather(world[1]).document, world[1])


def test_a_number_that_is_off_by_one_is_found(world: tuple[str, str]) -> None:
    doc = round_summary.gather(world[0]).document
    first, *rest = doc.projects
    with pytest.raises(AssertionError):
        check_summary(replace(doc, projects=(replace(first, paid_fen=first.paid_fen + 1), *rest)), world[0])
