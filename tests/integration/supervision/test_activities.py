"""Activities: announced, signed in to, recorded with proof, or cancelled; and what looks odd about them."""

from datetime import time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.foundation.clock import start_of, today
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotFound, NotPermitted, RuleBroken, TransitionRefused
from grants.people.rules import Role
from grants.supervision import policy, queries, service
from grants.supervision.models import Activity, ActivityEvidence, ActivitySignIn
from grants.supervision.rules import (
    ACTIVITY_FLOW,
    ActivityAction,
    ActivityStatus,
    EvidenceKind,
    FlagKind,
)
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties


def test_an_announced_activity_is_public_at_once(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_announced(parties, agreement)
    assert activity.ref.startswith("HD-2026-01-")
    assert [one.ref for one in queries.list_upcoming(parties.community.id)] == [activity.ref]
    assert [one.ref for one in queries.list_activities_of_project(agreement.project_id)] == [activity.ref]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": today() - timedelta(days=1)}, "held_on"),
        ({"held_on": today() + timedelta(days=400)}, "held_on"),
        ({"ends": time(13, 0)}, "ends"),
    ],
)
def test_a_plan_keeps_to_the_future_the_term_and_the_clock(
    parties: Parties, agreement: Agreement, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        supervision.make_announced(parties, agreement, **changes)
    assert refusal.value.field == field


def test_only_the_organisation_announces_and_only_while_the_agreement_runs(parties: Parties) -> None:
    running, ended = agreements.make_signed(parties), agreements.make_terminated(parties)
    with pytest.raises(NotPermitted):
        service.announce_activity(agreement=running, by=parties.programme, plan=supervision.plan())
    with pytest.raises(NotPermitted, match="已经结束"):
        service.announce_activity(agreement=ended, by=parties.member, plan=supervision.plan())


# Signing in


def test_a_resident_signs_in_once_on_the_day(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_announced(parties, agreement)
    resident = people.make_resident("resident-1")
    service.sign_in(resident=resident, code=activity.sign_in_code.lower().replace("-", " "))
    assert queries.count_sign_ins(activity.id) == 1
    with pytest.raises(NotPermitted, match="每人一次"):
        service.sign_in(resident=resident, code=activity.sign_in_code)
    db.session.add(ActivitySignIn(activity_id=activity.id, resident_id=resident.id))
    db.session.expunge_all()
    with pytest.raises(IntegrityError):
        db.session.execute(db.insert(ActivitySignIn).values(activity_id=activity.id, resident_id=resident.id))


def test_nobody_signs_in_before_or_after_the_day(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_announced(parties, agreement, held_on=today() + timedelta(days=2))
    resident = people.make_resident("resident-1")
    for days in (0, 1, 3):
        with supervision.on_day(days), pytest.raises(NotPermitted, match="当天"):
            service.sign_in(resident=resident, code=activity.sign_in_code)
    with supervision.on_day(2):
        service.sign_in(resident=resident, code=activity.sign_in_code)


def test_a_resident_without_an_account_signs_the_paper_sheet(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_announced(parties, agreement)
    with pytest.raises(NotPermitted, match="纸质签到表"):
        service.sign_in(resident=people.make_resident(), code=activity.sign_in_code)


def test_an_unknown_or_misread_code_is_refused(parties: Parties, agreement: Agreement) -> None:
    resident = people.make_resident("resident-1")
    with pytest.raises(NotFound):
        service.sign_in(resident=resident, code="0000-0000-0000-0000")
    with pytest.raises(RuleBroken):
        service.sign_in(resident=resident, code="short")


def test_people_who_signed_in_are_known_once_for_the_survey(parties: Parties, agreement: Agreement) -> None:
    resident = people.make_resident("resident-1")
    for _time in range(2):
        service.sign_in(resident=resident, code=supervision.make_announced(parties, agreement).sign_in_code)
    assert queries.count_signed_in_residents(agreement.id) == 1
    assert [one.id for one in queries.list_signed_in_residents(agreement.id)] == [resident.id]


# Recording


def test_a_record_adds_to_the_sums_of_the_agreement(parties: Parties, agreement: Agreement) -> None:
    supervision.make_recorded(parties, agreement)
    supervision.make_recorded(parties, agreement, person_count=5, attendance_count=5, volunteer_count=0)
    supervision.make_cancelled(parties, agreement)
    assert queries.totals(agreement.id) == queries.ActivityTotals(2, 40, 45, 6)


@pytest.mark.parametrize("missing", ["sign_in_sheets", "photos"])
def test_nothing_is_recorded_without_sheet_and_photo(parties: Parties, agreement: Agreement, missing: str) -> None:
    activity = supervision.make_announced(parties, agreement)
    files = {"sign_in_sheets": [supervision.make_sheet()], "photos": [supervision.make_photo()]}
    files[missing] = []
    with pytest.raises(RuleBroken) as refusal:
        service.record_activity(activity=activity, by=parties.member, record=supervision.record(), **files)
    assert refusal.value.field == missing
    assert activity.status is ActivityStatus.ANNOUNCED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person_count": 0}, "person_count"),
        ({"person_count": 41}, "attendance_count"),
        ({"volunteer_count": -1}, "volunteer_count"),
        ({"summary": " "}, "summary"),
    ],
)
def test_a_record_counts_persons_and_attendances_soundly(
    parties: Parties, agreement: Agreement, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        supervision.make_recorded(parties, agreement, **changes)
    assert refusal.value.field == field


def test_fewer_persons_than_signed_in_by_phone_are_not_believed(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_announced(parties, agreement)
    for number in range(2):
        service.sign_in(resident=people.make_resident(f"resident-{number}"), code=activity.sign_in_code)
    with pytest.raises(RuleBroken, match="扫码签到"):
        supervision.record_it(parties, activity, person_count=1)


def test_an_activity_is_not_recorded_before_it_was_held_nor_by_anybody_else(
    parties: Parties, agreement: Agreement
) -> None:
    activity = supervision.make_announced(parties, agreement, held_on=today() + timedelta(days=1))
    with pytest.raises(NotPermitted, match="还没有举行"):
        supervision.record_it(parties, activity)
    other = people.make_organisation("晨曦志愿服务中心")
    stranger = people.make_user("org-2", Role.ORGANISATION, organisation=other)
    for outsider in (stranger, parties.programme, parties.community_officer):
        assert policy.why_not_record(outsider, activity) is not None


@pytest.mark.parametrize("status", ActivityStatus)
@pytest.mark.parametrize("action", ActivityAction)
def test_only_what_the_table_allows_can_be_done(
    parties: Parties, agreement: Agreement, status: ActivityStatus, action: ActivityAction
) -> None:
    makers = {
        ActivityStatus.ANNOUNCED: supervision.make_announced,
        ActivityStatus.RECORDED: supervision.make_recorded,
        ActivityStatus.CANCELLED: supervision.make_cancelled,
    }
    activity = makers[status](parties, agreement)

    def do() -> None:
        if action is ActivityAction.RECORD:
            supervision.record_it(parties, activity)
        else:
            service.cancel_activity(activity=activity, by=parties.member, reason="下雨")

    if ACTIVITY_FLOW.allows(status, action):
        do()
    else:
        with pytest.raises(TransitionRefused):
            do()
        assert activity.status is status


# What looks odd


def kinds(agreement: Agreement) -> set[FlagKind]:
    """Return the kinds of red flags an agreement has."""
    return {flag.kind for flag in queries.list_flags(agreement)}


def test_the_same_photo_handed_in_elsewhere_is_a_red_flag_on_both_sides(parties: Parties) -> None:
    first, second = agreements.make_signed(parties), agreements.make_signed(parties, title="四点半课堂")
    one = supervision.make_recorded(parties, first, photo_sha256="a" * 64)
    assert kinds(first) == set()
    other = supervision.make_recorded(parties, second, photo_sha256="a" * 64)
    for mine, theirs, owner in ((one, other, first), (other, one, second)):
        flags = [flag for flag in queries.list_flags(owner) if flag.kind is FlagKind.REUSED_FILE]
        assert len(flags) == 1
        assert mine.ref in flags[0].text
        assert theirs.ref in flags[0].text


def test_a_photo_of_another_day_is_a_red_flag(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_recorded(parties, agreement)
    photo = next(one for one in activity.evidence if one.kind is EvidenceKind.PHOTO)
    photo.file.taken_at = start_of(today()) + timedelta(hours=23)
    db.session.flush()
    assert kinds(agreement) == set()
    photo.file.taken_at = start_of(today()) - timedelta(hours=1)
    db.session.flush()
    assert kinds(agreement) == {FlagKind.PHOTO_DAY}


def test_one_team_in_two_places_at_once_is_a_red_flag(parties: Parties, agreement: Agreement) -> None:
    supervision.make_announced(parties, agreement)
    supervision.make_announced(parties, agreement, starts=time(15, 0), ends=time(17, 0))
    supervision.make_announced(parties, agreement, starts=time(16, 0), ends=time(18, 0), team="王强")
    assert [flag.kind for flag in queries.list_flags(agreement)] == [FlagKind.OVERLAP]


def test_more_people_than_the_place_holds_is_a_red_flag(parties: Parties, agreement: Agreement) -> None:
    supervision.record_it(parties, supervision.make_announced(parties, agreement, capacity=30))
    assert kinds(agreement) == {FlagKind.CROWDED}


def test_silence_and_missing_records_are_red_flags(parties: Parties, agreement: Agreement) -> None:
    supervision.make_announced(parties, agreement)
    with supervision.on_day(7):
        assert kinds(agreement) == set()
    with supervision.on_day(8):
        assert kinds(agreement) == {FlagKind.LATE_RECORD}
    with supervision.on_day(46):
        assert kinds(agreement) == {FlagKind.LATE_RECORD, FlagKind.SILENCE}


# Who may open what


def test_sign_in_sheets_are_for_those_who_check_and_photos_only_when_cleared(
    parties: Parties, agreement: Agreement
) -> None:
    cleared = supervision.make_recorded(parties, agreement)
    uncleared = supervision.make_recorded(parties, agreement, has_cleared_photos=False)
    watching = supervision.user_of(supervision.make_supervisors(parties, agreement)[0])
    resident = people.make_resident("resident-1").user

    def opens(activity: Activity, kind: EvidenceKind, who: object) -> bool:
        found = next(one for one in activity.evidence if one.kind is kind)
        return policy.why_not_open_evidence(who, found) is None  # type: ignore[arg-type]

    for who in (None, resident):
        assert opens(cleared, EvidenceKind.PHOTO, who)
        assert not opens(cleared, EvidenceKind.SIGN_IN, who)
        assert not opens(uncleared, EvidenceKind.PHOTO, who)
    assert opens(uncleared, EvidenceKind.PHOTO, watching)
    assert not opens(uncleared, EvidenceKind.SIGN_IN, watching)
    for who in (parties.member, parties.community_officer, parties.programme, parties.leader):
        assert opens(uncleared, EvidenceKind.SIGN_IN, who)
    assert [one.activity_id for one in queries.list_public_photos(agreement.id)] == [cleared.id]


# The database refuses


def test_the_database_refuses_an_unsound_activity(parties: Parties, agreement: Agreement) -> None:
    breaches: list[tuple[str, dict[str, object]]] = [
        ("recorded_at_iff_recorded", {"status": ActivityStatus.RECORDED}),
        ("reason_when_cancelled", {"status": ActivityStatus.CANCELLED}),
        ("attendance_covers_persons", {"person_count": 3}),
        ("ends_after_start", {"ends": time(13, 0)}),
        ("capacity_positive", {"capacity": 0}),
        ("volunteers_not_negative", {"volunteer_count": -1}),
    ]
    activity = supervision.make_announced(parties, agreement)
    for name, values in breaches:
        with pytest.raises(IntegrityError, match=name), db.session.begin_nested():
            db.session.execute(db.update(Activity).where(Activity.id == activity.id).values(**values))


def test_two_activities_never_share_a_sign_in_code(parties: Parties, agreement: Agreement) -> None:
    first, second = (supervision.make_announced(parties, agreement) for _time in range(2))
    second.sign_in_code = first.sign_in_code
    with pytest.raises(IntegrityError, match="sign_in_code"):
        db.session.flush()


def test_what_is_not_recorded_waits_on_the_organisations_desk(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_announced(parties, agreement)
    items = [item for item in queries.list_due_for(parties.member) if activity.ref in item.href]
    assert [item.due_on for item in items] == [today() + timedelta(days=7)]
    supervision.record_it(parties, activity)
    assert not [item for item in queries.list_due_for(parties.member) if activity.ref in item.href]


def test_evidence_belongs_to_an_activity_and_a_file(parties: Parties, agreement: Agreement) -> None:
    activity = supervision.make_recorded(parties, agreement)
    kinds_kept = sorted(one.kind.value for one in activity.evidence)
    assert kinds_kept == ["photo", "sign_in"]
    assert db.session.get(ActivityEvidence, activity.evidence[0].id) is not None
    with pytest.raises(DomainError):
        queries.get_evidence(agreement.id)
