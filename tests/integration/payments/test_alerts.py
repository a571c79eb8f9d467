"""Terms that run out: whoever has the step is told once at 80 percent, the leaders too when it is late."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.foundation import clock
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.models import Notification
from grants.payments import queries, service
from grants.payments.models import PaymentAlert
from grants.payments.rules import PaymentStatus
from tests.factories import payments as make
from tests.factories.payments import staff

EVERYBODY = ("org-1", "community-1", "community-2", "programme-1", "finance-1", "finance-2", "leader-1", "leader-2")


def told(words: str) -> set[str]:
    rows = db.session.scalars(select(Notification).where(Notification.title.contains(words)))
    readers = {row.user_id for row in rows}
    return {who for who in EVERYBODY if staff(who).id in readers}


@pytest.mark.usefixtures("ctx")
@pytest.mark.parametrize(
    ("status", "holders"),
    [
        (PaymentStatus.REQUESTED, {"community-1"}),
        (PaymentStatus.COMMUNITY_PASSED, {"programme-1"}),
        (PaymentStatus.PROGRAMME_PASSED, {"finance-1", "finance-2"}),
        (PaymentStatus.FINANCE_PASSED, {"leader-1", "leader-2"}),
        (PaymentStatus.APPROVED, {"finance-2"}),
    ],
)
def test_each_step_warns_its_own_hands_once_and_the_leaders_when_it_is_late(
    status: PaymentStatus, holders: set[str]
) -> None:
    request = make.make_request(make.make_case(), status)
    assert service.warn_deadlines() == 0
    start, levels = now(), []
    for day in range(2, 10):
        with clock.set_to(start + timedelta(days=day)):
            levels.append(service.warn_deadlines())
            assert service.warn_deadlines() == 0
            term = queries.deadline_of(request)
            assert term is not None
            if term.is_near and not term.is_late:
                assert (told("临近办理时限"), told("已超办理时限")) == (holders, set())
    assert sum(levels) == 2
    assert told("已超办理时限") == holders | {"leader-1", "leader-2"}
    assert len(db.session.scalars(select(PaymentAlert)).all()) == 2
