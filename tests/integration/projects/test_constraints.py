"""What the rules refuse, the database refuses too, by name."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.projects.models import Indicator, Project, ProjectCost, ProjectNeed
from grants.projects.rules import IndicatorKind, ProjectStatus
from grants.rounds.models import Round
from grants.rounds.rules import BudgetCode
from tests.factories import projects

Builder = Callable[[Round], Project]
CASES: list[tuple[Builder, dict[str, Any], str]] = [
    (projects.make_draft, {"ceiling_fen": -1}, "ck_project_ceiling_not_negative"),
    (projects.make_draft, {"status": ProjectStatus.COSTED}, "ck_project_ceiling_when_costed"),
    (projects.make_costed, {"status": ProjectStatus.APPROVED}, "ck_project_approved_when_decided"),
    (projects.make_costed, {"status": ProjectStatus.REJECTED}, "ck_project_reason_when_rejected"),
    (projects.make_costed, {"approved_at": now()}, "ck_project_approval_is_signed"),
    (projects.make_approved, {"status": ProjectStatus.ANNOUNCED}, "ck_project_notice_when_announced"),
    (projects.make_noticed, {"status": ProjectStatus.FUNDED}, "ck_project_funded_at_iff_funded"),
    (projects.make_funded, {"funded_at": None}, "ck_project_funded_at_iff_funded"),
    (projects.make_funded, {"status": ProjectStatus.CLOSED}, "ck_project_closed_at_iff_closed"),
    (projects.make_draft, {"ends_on": today()}, "ck_project_ends_after_start"),
    (projects.make_draft, {"vulnerable_percent": 101}, "ck_project_percent_in_range"),
]


def refused(name: str, *columns: str) -> Any:
    """Expect the constraint; SQLite names a broken UNIQUE by its columns only."""
    return pytest.raises(IntegrityError, match=f"{name}|{', '.join(columns)}" if columns else name)


@pytest.mark.parametrize(("builder", "changes", "name"), CASES)
def test_a_project_in_an_impossible_state_is_refused(
    round: Round, builder: Builder, changes: dict[str, Any], name: str
) -> None:
    project = builder(round)
    for column, value in changes.items():
        setattr(project, column, value)
    with refused(name):
        db.session.flush()


@pytest.mark.parametrize("column", ["drafted_by_id", "costed_by_id"])
def test_the_approver_is_a_second_person(round: Round, column: str) -> None:
    project = projects.make_approved(round)
    setattr(project, column, project.approved_by_id)
    with refused("ck_project_approved_by_second_person"):
        db.session.flush()


def test_a_status_outside_the_list_is_refused(round: Round) -> None:
    project = projects.make_draft(round)
    with refused("ck_project_"):
        db.session.execute(text("UPDATE project SET status = 'lost' WHERE ref = :ref"), {"ref": project.ref})


def test_a_reference_is_given_once(round: Round) -> None:
    first, second = projects.make_draft(round), projects.make_draft(round)
    second.ref = first.ref
    with refused("uq_project_ref", "project.ref"):
        db.session.flush()


def test_a_project_answers_a_need_once(round: Round) -> None:
    project = projects.make_draft(round)
    need_id = project.needs[0].id
    db.session.expunge_all()
    db.session.add(ProjectNeed(project_id=project.id, need_id=need_id))
    with refused("pk_project_need", "project_need.project_id", "project_need.need_id"):
        db.session.flush()


@pytest.mark.parametrize("amounts", [(0, 1), (1, 0), (-5, 1)])
def test_a_cost_line_has_a_price_and_a_quantity(round: Round, amounts: tuple[int, int]) -> None:
    project = projects.make_draft(round)
    price, quantity = amounts
    db.session.add(
        ProjectCost(
            project_id=project.id,
            position=1,
            code=BudgetCode.MATERIALS,
            content="物资",
            unit_price_fen=price,
            quantity=quantity,
        )
    )
    with refused("ck_project_cost_amounts_positive"):
        db.session.flush()


def indicator(project: Project, **columns: Any) -> Indicator:
    return Indicator(
        **{
            "project_id": project.id,
            "position": 1,
            "kind": IndicatorKind.OUTPUT_COUNT,
            "name": "活动",
            "unit": "场",
            "target": 10,
            **columns,
        }
    )


def test_a_target_is_not_negative(round: Round) -> None:
    db.session.add(indicator(projects.make_draft(round), target=-1))
    with refused("ck_indicator_target_not_negative"):
        db.session.flush()


def test_two_indicators_never_share_a_position(round: Round) -> None:
    project = projects.make_draft(round)
    db.session.add_all([indicator(project), indicator(project)])
    with refused("uq_indicator_project_id_position", "indicator.project_id", "indicator.position"):
        db.session.flush()
