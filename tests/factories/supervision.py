"""Builders for a running project: activities, supervisors, orders and complaints, through the services.

They work on the parties and signed agreements of `tests.factories.agreements`.
"""

import itertools
from contextlib import AbstractContextManager
from datetime import time, timedelta

from grants.agreements.models import Agreement, Milestone
from grants.foundation.clock import set_to, start_of, today
from grants.foundation.database import db
from grants.foundation.models import StoredFile
from grants.people.models import User
from grants.supervision import queries, service
from grants.supervision.models import Activity, Complaint, Rectification, ResidentSupervisor
from tests.factories import agreements, people
from tests.factories.agreements import Parties

_numbers = itertools.count(1)


def plan(**changes: object) -> service.Plan:
    """Return a plan for this afternoon, with some parts replaced."""
    parts: dict[str, object] = {
        "title": "助餐志愿者培训",
        "held_on": today(),
        "starts": time(14, 0),
        "ends": time(16, 0),
        "place_text": "党群服务中心二楼活动室",
        "team": "周敏、刘洋",
        **changes,
    }
    return service.Plan(**parts)  # type: ignore[arg-type]


def record(**changes: object) -> service.Record:
    """Return what a usual activity was, with some parts replaced."""
    parts: dict[str, object] = {
        "person_count": 35,
        "attendance_count": 40,
        "volunteer_count": 6,
        "summary": "讲解食品安全与送餐礼仪，现场演练。",
        "has_cleared_photos": True,
        **changes,
    }
    return service.Record(**parts)  # type: ignore[arg-type]


def make_announced(parties: Parties, agreement: Agreement, **changes: object) -> Activity:
    """Announce an activity for today."""
    activity = service.announce_activity(agreement=agreement, by=parties.member, plan=plan(**changes))
    db.session.flush()
    return activity


def make_sheet(sha256: str | None = None) -> StoredFile:
    """Make the row of a scanned sign-in sheet."""
    return agreements.make_file("签到表.jpg", sha256=sha256, purpose="sign_in_sheet")


def make_photo(sha256: str | None = None) -> StoredFile:
    """Make the row of a photo."""
    return agreements.make_file("现场照片.jpg", sha256=sha256, purpose="activity_photo")


def record_it(parties: Parties, activity: Activity, *, photo_sha256: str | None = None, **changes: object) -> Activity:
    """Record an announced activity with sheet and photo."""
    service.record_activity(
        activity=activity,
        by=parties.member,
        record=record(**changes),
        sign_in_sheets=[make_sheet()],
        photos=[make_photo(photo_sha256)],
    )
    db.session.flush()
    return activity


def make_recorded(
    parties: Parties, agreement: Agreement, *, photo_sha256: str | None = None, **changes: object
) -> Activity:
    """Announce an activity and record it; `changes` are about the record."""
    return record_it(parties, make_announced(parties, agreement), photo_sha256=photo_sha256, **changes)


def make_cancelled(parties: Parties, agreement: Agreement) -> Activity:
    """Announce an activity and call it off."""
    activity = make_announced(parties, agreement)
    service.cancel_activity(activity=activity, by=parties.member, reason="台风蓝色预警")
    return activity


def make_neighbours(parties: Parties, count: int = 4) -> list[User]:
    """Make residents of the project's community with accounts, neighbour-1 and so on."""
    users = []
    for _time in range(count):
        login = f"neighbour-{next(_numbers)}"
        user = people.make_resident(login, place=parties.community, name="陈秀兰").user
        assert user is not None
        users.append(user)
    return users


def make_supervisors(parties: Parties, agreement: Agreement, *, seed: str = "20260301") -> list[ResidentSupervisor]:
    """Make neighbours and draw supervisors among them."""
    make_neighbours(parties)
    drawn = service.draw_supervisors(agreement=agreement, officer=parties.programme, seed=seed, witness="王书记")
    db.session.flush()
    return drawn


def user_of(supervisor: ResidentSupervisor) -> User:
    """Return the account of a drawn resident."""
    user = supervisor.resident.user
    assert user is not None
    return user


def verify_milestone(parties: Parties, agreement: Agreement, position: int = 1) -> Milestone:
    """Bring a milestone all the way: claimed, verified by the community and by a drawn resident."""
    milestone = agreements.verify_for_community(parties, agreement, position)
    drawn = [one for one in queries.list_supervisors(agreement.id) if one.stood_down_at is None]
    drawn = drawn or make_supervisors(parties, agreement)
    service.verify_by_resident(
        milestone=milestone, supervisor=user_of(drawn[0]), note="去看过两次，饭菜热乎，老人满意。"
    )
    db.session.flush()
    return milestone


def make_order(parties: Parties, agreement: Agreement) -> Rectification:
    """Order something to be put right."""
    order = service.issue_rectification(
        agreement=agreement,
        by=parties.community_officer,
        problem="3 月 5 日活动签到表缺少联系方式，人数与照片不符。",
        demand="补齐签到表，核实人数并说明差异。",
        due_on=today() + timedelta(days=15),
    )
    db.session.flush()
    return order


def answer(parties: Parties, order: Rectification) -> Rectification:
    """Let the organisation answer an order."""
    service.answer_rectification(rectification=order, by=parties.member, answer="已补齐签到表，差异系重复计算。")
    return order


def close(parties: Parties, order: Rectification) -> Rectification:
    """Answer an order and close it after a re-check."""
    service.recheck_rectification(
        rectification=answer(parties, order), by=parties.programme, is_done=True, note="材料齐全，予以销号。"
    )
    return order


def make_complaint(agreement: Agreement, *, sender: User | None = None, is_whistleblowing: bool = False) -> Complaint:
    """Send a complaint about a project, with a telephone number."""
    sent = service.complain(
        project_ref=agreement.project.ref,
        text="送餐经常晚到半小时，饭菜凉了。",
        contact="13800138000",
        is_whistleblowing=is_whistleblowing,
        sender=sender,
    )
    db.session.flush()
    return sent.complaint


def on_day(days: int) -> AbstractContextManager[None]:
    """Set the clock to ten o'clock so many days from today: `with on_day(3): …`."""
    return set_to(start_of(today() + timedelta(days=days)) + timedelta(hours=10))
