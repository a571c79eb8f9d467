"""Signing up for an activity: seats, the waiting list, stepping back, the list with masked names."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.agreements.models import Agreement
from grants.foundation.clock import set_to, start_of, today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.foundation.models import Notification
from grants.people.models import User
from grants.people.queries import find_user
from grants.people.rules import Role
from grants.supervision import queries, service
from grants.supervision.models import Activity
from grants.supervision.rules import RegistrationStatus
from tests.browsing import Browser
from tests.factories import agreements, people, supervision
from tests.factories.agreements import Parties

Browse = Callable[[str | None], Browser]
SEATED, WAITING = RegistrationStatus.SEATED, RegistrationStatus.WAITING


@pytest.fixture
def activity(parties: Parties, agreement: Agreement) -> Activity:
    """Announce an activity for tomorrow with two seats."""
    return supervision.make_announced(
        parties, agreement, held_on=today() + timedelta(days=1), seat_count=2, capacity=40
    )


def sign_up(activity: Activity, *users: User) -> list[RegistrationStatus]:
    """Sign people up one after the other and return what each got."""
    got = []
    for user in users:
        got.append(service.register(activity=activity, by=user).status)
        db.session.flush()
    return got


def messages(user: User) -> list[str]:
    """Return the titles of somebody's messages."""
    statement = db.select(Notification.title).where(Notification.user_id == user.id)
    return list(db.session.scalars(statement))


def test_seats_go_in_order_and_the_first_who_waits_moves_up(parties: Parties, activity: Activity) -> None:
    first, second, third, fourth = supervision.make_neighbours(parties)
    assert sign_up(activity, first, second, third, fourth) == [SEATED, SEATED, WAITING, WAITING]
    with pytest.raises(NotPermitted, match="报过名"):
        service.register(activity=activity, by=first)
    service.withdraw_registration(activity=activity, by=fourth)
    service.withdraw_registration(activity=activity, by=first)
    assert any("候补成功" in title for title in messages(third))
    assert queries.count_seated(activity.id) == 2
    assert sign_up(activity, first) == [WAITING], "who comes back stands at the end"
    service.withdraw_registration(activity=activity, by=second)
    assert sign_up(activity, second, fourth) == [WAITING, WAITING]
    service.withdraw_registration(activity=activity, by=fourth)
    with pytest.raises(NotPermitted, match="没有报名"):
        service.withdraw_registration(activity=activity, by=fourth)


def test_signing_up_ends_when_the_activity_begins(parties: Parties, activity: Activity) -> None:
    early, late = supervision.make_neighbours(parties, 2)
    begins = start_of(activity.held_on) + timedelta(hours=14)
    with set_to(begins - timedelta(minutes=1)):
        assert sign_up(activity, early) == [SEATED]
    with set_to(begins):
        with pytest.raises(NotPermitted, match="已经开始"):
            service.register(activity=activity, by=late)
        with pytest.raises(NotPermitted, match="已经开始"):
            service.withdraw_registration(activity=activity, by=early)


def test_without_seats_nobody_needs_to_sign_up_and_staff_cannot(parties: Parties, agreement: Agreement) -> None:
    (neighbour,) = supervision.make_neighbours(parties, 1)
    tomorrow = today() + timedelta(days=1)
    free = supervision.make_announced(parties, agreement, held_on=tomorrow)
    with pytest.raises(NotPermitted, match="不用报名"):
        service.register(activity=free, by=neighbour)
    seated = supervision.make_announced(parties, agreement, held_on=tomorrow, seat_count=5)
    for actor in (parties.member, parties.community_officer):
        with pytest.raises(NotPermitted, match="居民本人"):
            service.register(activity=seated, by=actor)
    service.register(activity=seated, by=neighbour)
    db.session.flush()
    service.cancel_activity(activity=seated, by=parties.member, reason="台风蓝色预警")
    assert any("取消了" in title for title in messages(neighbour))
    with pytest.raises(NotPermitted, match="已取消"):
        service.withdraw_registration(activity=seated, by=neighbour)


@pytest.mark.parametrize(("seats", "capacity"), [(0, None), (41, 40)])
def test_seats_fit_the_place_by_rule_and_by_database(
    parties: Parties, agreement: Agreement, seats: int, capacity: int | None
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        supervision.make_announced(parties, agreement, seat_count=seats, capacity=capacity)
    assert refusal.value.field == "seat_count"
    made = supervision.make_announced(parties, agreement, seat_count=40, capacity=40)
    made.seat_count, made.capacity = seats, capacity
    with pytest.raises(IntegrityError, match="seats_fit_the_place"):
        db.session.flush()


def test_the_last_seat_is_given_once(app: Flask) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        made = supervision.make_announced(
            parties, agreements.make_signed(parties), held_on=today() + timedelta(days=1), seat_count=1
        )
        logins = [user.login for user in supervision.make_neighbours(parties, 6)]
        ref = made.ref
        db.session.commit()
    start = Barrier(len(logins))

    def press(login: str) -> RegistrationStatus:
        with app.app_context():
            user = find_user(login)
            assert user is not None
            db.session.rollback()
            start.wait(30)
            status = service.register(activity=queries.get_activity(ref), by=user).status
            db.session.commit()
            db.session.remove()
            return status

    with ThreadPoolExecutor(len(logins)) as pool:
        got = list(pool.map(press, logins))
    assert sorted(got) == [SEATED] + [WAITING] * 5


def test_residents_sign_up_on_the_page_and_the_list_masks_their_names(app: Flask, browse: Browse) -> None:
    with app.app_context():
        parties = agreements.make_parties()
        made = supervision.make_announced(
            parties, agreements.make_signed(parties), seat_count=1, starts=time(23, 58), ends=time(23, 59)
        )
        people.make_resident("resident-1", name="李桂芳", place=parties.community)
        people.make_resident("resident-2", name="王建国", place=parties.community)
        people.make_user("org-9", Role.ORGANISATION, organisation=people.make_organisation("晨曦志愿服务中心"))
        page, code = f"/supervision/activities/{made.ref}", made.sign_in_code
        db.session.commit()
    first, second, member = browse("resident-1"), browse("resident-2"), browse("org-1")
    first.press(page, "我要报名")
    assert "名额已满" in second.get(page).text
    second.press(page, "名额已满，我要候补")
    assert "候补" in second.get("/supervision/tasks").text
    second.post(f"/supervision/sign-in/{code}")
    seen = member.get(f"{page}/guests")
    assert "李*芳" in seen.text
    assert "李桂芳" not in seen.html + member.get(f"{page}/guests?format=csv").html
    assert "已签到" in seen.text
    first.press(page, "取消报名")
    assert "名额已满，我要候补" in first.get(page).text, "the seat went to the one who waited"
    for login in ("org-9", "resident-1", None):
        browse(login).get(f"{page}/guests", status=302 if login is None else 403)
    member.post(f"{page}/register", status=403)
