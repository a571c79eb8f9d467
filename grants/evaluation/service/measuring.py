"""What the project's indicators reached: read from the records where they are counted, entered with its source else."""

from collections.abc import Mapping

from grants.evaluation import policy, queries
from grants.evaluation.models import Evaluation, Measurement
from grants.evaluation.rules import Facts, measured
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.projects.models import Indicator
from grants.projects.rules import Measure


def read_records(evaluation: Evaluation, facts: Facts) -> None:
    """Set the value of every indicator that the system counts itself."""
    kept = queries.measurements_of(evaluation)
    for indicator in evaluation.agreement.project.indicators:
        found = measured(indicator.measure, facts)
        if found is not None:
            _keep(indicator, kept.get(indicator.id), *found, by=None)


def enter_values(*, officer: User, evaluation: Evaluation, values: Mapping[int, tuple[float, str]]) -> None:
    """Set the values of indicators that are entered by hand, by position: (value in the indicator's unit, source).

    Raises RuleBroken for a negative value or one without the source that it was read from.
    """
    require(policy.why_not_score(officer, evaluation))
    kept = queries.measurements_of(evaluation)
    for indicator in evaluation.agreement.project.indicators:
        if indicator.measure is not Measure.MANUAL or indicator.position not in values:
            continue
        value, source = values[indicator.position]
        if value < 0:
            raise RuleBroken(_("“%(name)s”的完成值应为不小于零的数字。", name=indicator.name))
        if not source.strip():
            raise RuleBroken(_("“%(name)s”的完成值须写明依据。", name=indicator.name))
        _keep(indicator, kept.get(indicator.id), value, source.strip(), by=officer)
    audit.record("evaluation:measure", actor=officer, subject=evaluation, indicators=len(values))


def _keep(indicator: Indicator, kept: Measurement | None, value: float, source: str, *, by: User | None) -> None:
    if kept is None:
        kept = Measurement(indicator_id=indicator.id)
        db.session.add(kept)
    if (kept.value, kept.source) != (value, source):
        kept.value, kept.source, kept.at = value, source, clock.now()
        kept.entered_by_id = by.id if by else None


def lacking(evaluation: Evaluation) -> list[str]:
    """List the indicators that have no value yet."""
    kept = queries.measurements_of(evaluation)
    return [one.name for one in evaluation.agreement.project.indicators if one.id not in kept]
