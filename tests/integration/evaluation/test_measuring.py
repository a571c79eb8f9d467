"""What a project reached: counted from the records, entered with its source, complete before it is handed on."""

import pytest
from flask import Flask

from grants.evaluation import queries, service
from grants.evaluation.rules import EvaluationStatus
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.projects.models import Indicator
from grants.projects.rules import IndicatorKind, Measure
from tests.factories import evaluation as builders
from tests.factories import payments


@pytest.fixture
def case(ctx: Flask) -> payments.Case:
    """Return a project under way that promises trained neighbours, counted by hand, and activities."""
    made = payments.make_case()
    project = made.agreement.project
    at = max((one.position for one in project.indicators), default=0)
    for number, (measure, name) in enumerate(
        [(Measure.MANUAL, "骨干居民"), (Measure.ACTIVITY_COUNT, "活动场次")], start=at + 1
    ):
        db.session.add(
            Indicator(
                project_id=project.id,
                position=number,
                kind=IndicatorKind.OUTPUT_COUNT,
                measure=measure,
                name=name,
                unit="人",
                target=12,
            )
        )
    db.session.flush()
    db.session.refresh(project, ["indicators"])
    return made


def _values(evaluation: object) -> dict[str, float]:
    kept = queries.measurements_of(evaluation)  # type: ignore[arg-type]
    return {one.indicator.name: one.value for one in kept.values()}


def test_what_the_records_count_is_read_and_the_rest_is_entered(case: payments.Case) -> None:
    evaluation = builders.make_draft(case)
    db.session.flush()
    values = _values(evaluation)
    assert values["活动场次"] == queries.facts_of(case.agreement).activity_count
    assert values["骨干居民"] == 12


def test_nothing_is_handed_on_while_a_value_lacks(case: payments.Case) -> None:
    builders.make_survey(case)
    evaluation = service.draft_evaluation(officer=case.parties.programme, agreement=case.agreement)
    points = {item.code: (item.max_points, "") for item in service.criteria_of(evaluation)}
    service.set_points(officer=case.parties.programme, evaluation=evaluation, points=points, texts=builders.TEXTS)
    with pytest.raises(RuleBroken, match="骨干居民"):
        service.submit_evaluation(officer=case.parties.programme, evaluation=evaluation)
    assert evaluation.status is EvaluationStatus.DRAFT


@pytest.mark.parametrize("given", [(-1.0, "名单"), (3.0, "  ")])
def test_a_value_needs_a_number_and_its_source(case: payments.Case, given: tuple[float, str]) -> None:
    evaluation = builders.make_draft(case)
    position = next(one.position for one in case.agreement.project.indicators if one.name == "骨干居民")
    with pytest.raises(RuleBroken, match="骨干居民"):
        service.enter_values(officer=case.parties.programme, evaluation=evaluation, values={position: given})


def test_what_is_counted_cannot_be_entered_and_only_the_office_enters(case: payments.Case) -> None:
    evaluation = builders.make_draft(case)
    counted = next(one.position for one in case.agreement.project.indicators if one.name == "活动场次")
    before = _values(evaluation)["活动场次"]
    service.enter_values(officer=case.parties.programme, evaluation=evaluation, values={counted: (999, "口头")})
    assert _values(evaluation)["活动场次"] == before
    with pytest.raises(NotPermitted):
        service.enter_values(officer=case.parties.leader, evaluation=evaluation, values={})


def test_the_end_of_the_survey_brings_a_draft_up_to_date(case: payments.Case) -> None:
    evaluation = service.draft_evaluation(officer=case.parties.programme, agreement=case.agreement)
    by_code = {line.criterion.code: line for line in evaluation.points}
    assert by_code["voice_survey"].points == 0
    builders.make_survey(case)
    assert {line.criterion.code: line for line in evaluation.points}["voice_survey"].points > 0
