"""Builders of mid-term evaluations, through the services; they work on a `tests.factories.payments.Case`."""

from grants.evaluation import service
from grants.evaluation.models import Midterm
from grants.foundation.database import db
from tests.factories.payments import Case

TEXTS = {"conclusion": "进展与约定相符。", "suggestions": "及时报送活动记录。"}


def make_open(case: Case) -> Midterm:
    """Call on the organisation to report."""
    return service.open_midterm(officer=case.parties.programme, agreement=case.agreement)


def make_reported(case: Case) -> Midterm:
    """Let the organisation report in time."""
    midterm = make_open(case)
    service.report_midterm(member=case.member, midterm=midterm, report="活动过半。", problems="")
    return midterm


def make_submitted(case: Case, *, lost: int = 0, adjustment: service.Adjustment | None = None) -> Midterm:
    """Score every judged line, `lost` points below the highest, and hand the scores to the leader."""
    midterm = make_reported(case)
    score(case, midterm, lost=lost, adjustment=adjustment)
    service.submit_midterm(officer=case.parties.programme, midterm=midterm)
    return midterm


def score(case: Case, midterm: Midterm, *, lost: int = 0, adjustment: service.Adjustment | None = None) -> None:
    """Score every judged line."""
    points = {
        item.code: (max(item.max_points - lost, 0), "查阅活动记录。") for item in service.midterm_criteria(midterm)
    }
    service.score_midterm(
        officer=case.parties.programme,
        midterm=midterm,
        points=points,
        adjustment=adjustment or service.Adjustment(),
        texts=TEXTS,
    )


def make_published(case: Case, *, lost: int = 0) -> Midterm:
    """Let the leader publish; with 15 points lost on every judged line it fails."""
    midterm = make_submitted(case, lost=lost)
    service.publish_midterm(leader=case.parties.leader, midterm=midterm)
    db.session.flush()
    return midterm
