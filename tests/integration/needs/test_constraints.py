"""What the rules refuse, the database refuses too, by name."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.needs.models import Meeting, MeetingDecision, NeedStamp, NeedSupport
from grants.needs.rules import MeetingKind, NeedSource, NeedStatus, Outcome, Step, Triage
from grants.rounds.models import Round
from tests.factories import needs, people


def refused(name: str, *columns: str) -> Any:
    """Expect the constraint; SQLite names a broken UNIQUE by its columns only."""
    by_columns = ", ".join(columns)
    return pytest.raises(IntegrityError, match=f"{name}|{by_columns}" if columns else name)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": NeedStatus.MERGED}, "ck_need_target_iff_merged"),
        ({"status": NeedStatus.DECLINED}, "ck_need_reason_when_declined"),
        ({"status": NeedStatus.HANDED_OVER, "answer": "转办"}, "ck_need_receiver_when_handed_over"),
        ({"status": NeedStatus.EXAMINED}, "ck_need_triage_when_examined"),
        ({"status": NeedStatus.ADOPTED, "triage": Triage.MANAGEMENT}, "ck_need_only_service_is_adopted"),
        ({"source": NeedSource.PAPER}, "ck_need_officer_unless_web"),
        ({"proposer_id": None}, "ck_need_proposer_when_web"),
        ({"support_count": -1}, "ck_need_support_not_negative"),
    ],
)
def test_a_need_in_an_impossible_state_is_refused(round: Round, changes: dict[str, Any], name: str) -> None:
    need = needs.make_need(round)
    for column, value in changes.items():
        setattr(need, column, value)
    with refused(name):
        db.session.flush()


def test_a_need_is_not_merged_into_itself(round: Round) -> None:
    need = needs.make_need(round)
    need.status = NeedStatus.MERGED
    need.merged_into_id = need.id
    with refused("ck_need_not_merged_into_itself"):
        db.session.flush()


def test_a_status_outside_the_list_is_refused(round: Round) -> None:
    need = needs.make_need(round)
    statement = text("UPDATE need SET status = 'lost' WHERE ref = :ref")
    with refused("ck_need_"):
        db.session.execute(statement, {"ref": need.ref})


def test_a_reference_is_given_once(round: Round) -> None:
    first, second = needs.make_need(round), needs.make_need(round)
    second.ref = first.ref
    with refused("uq_need_ref", "need.ref"):
        db.session.flush()


def test_one_person_stands_behind_a_need_once(round: Round) -> None:
    need = needs.make_need(round)
    db.session.expunge_all()
    db.session.add(NeedSupport(need_id=need.id, resident_id=need.proposer_id))
    with refused("pk_need_support", "need_support.need_id", "need_support.resident_id"):
        db.session.flush()


def test_a_step_is_stamped_once(round: Round) -> None:
    need = needs.make_need(round)
    db.session.add(NeedStamp(need_id=need.id, step=Step.RAISE))
    with refused("uq_need_stamp_need_id_step", "need_stamp.need_id", "need_stamp.step"):
        db.session.flush()


def make_meeting(round: Round, **columns: Any) -> Meeting:
    meeting = Meeting(
        **{
            "ref": "YS-9",
            "round_id": round.id,
            "community_id": people.community(1).id,
            "kind": MeetingKind.DELIBERATION,
            "title": "议事会",
            "held_on": now().date(),
            "convenor": "王书记",
            "entitled_count": 10,
            "attended_count": 8,
            "minutes": "略",
            "recorded_by_id": needs.officer_of(people.community(1)).id,
            **columns,
        }
    )
    db.session.add(meeting)
    return meeting


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"attended_count": 11}, "ck_meeting_attended_within_entitled"),
        ({"entitled_count": 0, "attended_count": 0}, "ck_meeting_somebody_is_entitled"),
    ],
)
def test_an_impossible_meeting_is_refused(round: Round, columns: dict[str, Any], name: str) -> None:
    make_meeting(round, **columns)
    with refused(name):
        db.session.flush()


def decision(meeting: Meeting, **columns: Any) -> MeetingDecision:
    return MeetingDecision(
        **{
            "meeting_id": meeting.id,
            "subject_ref": "XQ-1",
            "for_count": 5,
            "against_count": 0,
            "abstain_count": 0,
            "outcome": Outcome.PASSED,
            "is_passed": True,
            **columns,
        }
    )


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"against_count": -1}, "ck_meeting_decision_votes_not_negative"),
        ({"is_passed": False}, "ck_meeting_decision_passed_iff_outcome"),
    ],
)
def test_an_impossible_decision_is_refused(round: Round, columns: dict[str, Any], name: str) -> None:
    meeting = make_meeting(round)
    db.session.flush()
    db.session.add(decision(meeting, **columns))
    with refused(name):
        db.session.flush()


def test_a_meeting_votes_on_a_subject_once(round: Round) -> None:
    meeting = make_meeting(round)
    db.session.flush()
    db.session.add_all([decision(meeting), decision(meeting)])
    with refused(
        "uq_meeting_decision_meeting_id_subject_ref", "meeting_decision.meeting_id", "meeting_decision.subject_ref"
    ):
        db.session.flush()
