"""Every community in every round: needs, votes, projects, attendances and satisfaction, in a fixed number of reads."""

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus
from grants.evaluation.models import Survey, SurveyAnswer
from grants.evaluation.rules import Satisfaction, SurveyStatus
from grants.foundation.database import db
from grants.needs.models import Need
from grants.people import queries as people
from grants.projects.models import Project
from grants.rounds import queries as rounds
from grants.supervision.models import Activity
from grants.supervision.rules import ActivityStatus
from grants.voting.models import Poll, RollEntry
from grants.voting.rules import PollStatus

CONTENT = (Satisfaction.VERY_GOOD, Satisfaction.GOOD)
Key = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True)
class CommunityFigures:
    """One community in one round. Votes and the roll are summed over its counted polls."""

    round_number: int
    round_ref: str
    round_name: str
    community_code: str
    community: str
    needs: int
    supports: int
    votes: int
    roll: int
    projects: int
    amount_fen: int
    activities: int
    persons: int
    attendances: int
    answers: int
    content_answers: int


def list_community_figures() -> list[CommunityFigures]:
    """List every community in every round that was opened, rehearsals left out: rounds by number, then by code."""
    found: Counter[tuple[Key, str]] = Counter()
    for statement, names in _statements():
        for round_id, community_id, *values in db.session.execute(statement):
            for name, value in zip(names, values, strict=True):
                found[(round_id, community_id), name] += int(value or 0)
    real = sorted((one for one in rounds.list_rounds() if not one.is_rehearsal), key=lambda one: one.number)
    return [
        CommunityFigures(
            one.number,
            one.ref,
            one.name,
            place.code,
            place.name,
            **{name: found[(one.id, place.id), name] for _statement, names in _statements() for name in names},
        )
        for one in real
        for place in people.list_communities()
    ]


def _statements() -> list[tuple[Any, tuple[str, ...]]]:
    return [
        (_needs(), ("needs", "supports")),
        (_votes(), ("votes", "roll")),
        (_projects(), ("projects", "amount_fen")),
        (_held(), ("activities", "persons", "attendances")),
        (_said(), ("answers", "content_answers")),
    ]


def _needs() -> Any:
    columns = (Need.round_id, Need.community_id)
    return select(*columns, func.count(), func.sum(Need.support_count)).group_by(*columns)


def _votes() -> Any:
    voted = func.sum(case((RollEntry.has_voted, 1), else_=0))
    return (
        select(Poll.round_id, RollEntry.community_id, voted, func.count())
        .join(RollEntry, RollEntry.poll_id == Poll.id)
        .where(Poll.status == PollStatus.COUNTED)
        .group_by(Poll.round_id, RollEntry.community_id)
    )


def _projects() -> Any:
    columns = (Project.round_id, Project.community_id)
    return (
        select(*columns, func.count(), func.sum(Agreement.amount_fen))
        .join(Agreement, Agreement.project_id == Project.id)
        .where(Agreement.status != AgreementStatus.DRAFT)
        .group_by(*columns)
    )


def _held() -> Any:
    columns = (Project.round_id, Project.community_id)
    sums = (func.count(), func.sum(Activity.person_count), func.sum(Activity.attendance_count))
    return (
        select(*columns, *sums)
        .join(Agreement, Agreement.project_id == Project.id)
        .join(Activity, Activity.agreement_id == Agreement.id)
        .where(Activity.status == ActivityStatus.RECORDED)
        .group_by(*columns)
    )


def _said() -> Any:
    columns = (Project.round_id, Project.community_id)
    content = func.sum(case((SurveyAnswer.satisfaction.in_(CONTENT), 1), else_=0))
    return (
        select(*columns, func.count(), content)
        .join(Agreement, Agreement.project_id == Project.id)
        .join(Survey, Survey.agreement_id == Agreement.id)
        .join(SurveyAnswer, SurveyAnswer.survey_id == Survey.id)
        .where(Survey.status == SurveyStatus.CLOSED)
        .group_by(*columns)
    )
