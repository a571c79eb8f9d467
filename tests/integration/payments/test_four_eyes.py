"""Ways around the second person: each is refused, leaves an event with the reason, and moves no money."""

import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.models import AuditEntry
from grants.foundation.sealing import vault
from grants.funds.models import Journal
from grants.payments import queries, service
from grants.payments.models import PaymentRequest
from grants.payments.rules import PaymentStatus
from grants.people.models import RoleGrant, SecondFactorReset
from grants.people.rules import Role
from grants.people.service import accounts
from tests.browsing import Browser
from tests.factories import funds
from tests.factories import payments as make
from tests.factories.payments import staff

Browse = Callable[[str | None], Browser]
PAY = {"bank_reference": "HD-1", "paid_on": "", "note": ""}


def at(app: Flask, status: PaymentStatus) -> str:
    """Bring a request to a status and return its address."""
    with app.app_context():
        request = make.make_request(make.make_case(), status)
        address = f"/payments/{request.ref}"
        db.session.commit()
    return address


def state(app: Flask) -> tuple[str, int, int]:
    """Return where the request stands, how many journals there are, and how many events."""
    with app.app_context():
        request = db.session.scalars(select(PaymentRequest)).one()
        counts = [db.session.scalar(select(db.func.count()).select_from(kind)) for kind in (Journal, AuditEntry)]
        return request.status.value, counts[0], counts[1]


def refused(app: Flask, before: tuple[str, int, int]) -> dict[str, Any]:
    """Check that nothing moved and that exactly one event tells of the refusal; return what it says."""
    assert state(app) == (before[0], before[1], before[2] + 1)
    with app.app_context():
        event = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert event.action == "payment:refuse"
        details: dict[str, Any] = json.loads(event.details)
        return {**details, "who": event.actor_label, "ref": event.subject_ref}


def grant(login: str, role: Role) -> None:
    db.session.add(RoleGrant(user_id=staff(login).id, role=role, starts_on=today() - timedelta(days=1)))


def pay_form(reference: str = "HD-1") -> dict[str, str]:
    return {**PAY, "bank_reference": reference, "paid_on": today().isoformat()}


def test_one_person_in_two_roles_is_refused(app: Flask, browse: Browse) -> None:
    address = at(app, PaymentStatus.FINANCE_PASSED)
    with app.app_context():
        grant("finance-1", Role.APPROVER)
        db.session.commit()
    finance = browse("finance-1")
    before = state(app)
    finance.post(f"{address}/approve", {"note": ""}, status=403)
    said = refused(app, before)
    assert (said["act"], said["ref"]) == ("payments.approve", address.rsplit("/", 1)[1])
    assert "签过字" in said["reason"]


def test_an_edit_after_the_approval_is_refused(app: Flask, browse: Browse) -> None:
    address = at(app, PaymentStatus.APPROVED)
    with app.app_context():
        db.session.execute(update(PaymentRequest).values(purpose="别的用途"))
        db.session.commit()
    finance = browse("finance-2")
    before = state(app)
    seen = finance.post(f"{address}/pay", pay_form(), status=422)
    assert "原审批已失效" in seen.text
    assert "原审批已失效" in refused(app, before)["reason"]


def test_a_payment_sent_again_with_another_body_is_refused(app: Flask, browse: Browse) -> None:
    address = at(app, PaymentStatus.APPROVED)
    finance = browse("finance-2")
    finance.post(f"{address}/pay", pay_form())
    before = state(app)
    finance.post(f"{address}/pay", pay_form("HD-2"), status=409)
    refused(app, before)
    with app.app_context():
        assert db.session.scalars(select(PaymentRequest.bank_reference)).one() == "HD-1"


def test_an_approver_who_was_demoted_is_refused_at_the_next_request(app: Flask, browse: Browse) -> None:
    address = at(app, PaymentStatus.FINANCE_PASSED)
    leader = browse("leader-1")
    assert "审批" in leader.get(address).text
    with app.app_context():
        mine = db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == staff("leader-1").id)).one()
        mine.revoked_at = now()
        grant("leader-1", Role.PROGRAMME)
        db.session.commit()
    before = state(app)
    leader.post(f"{address}/approve", {"note": ""}, status=403)
    assert refused(app, before)["reason"] == "access list"


@pytest.mark.parametrize("what", ["password", "second factor"])
def test_an_approver_who_was_reset_by_others_proves_themselves_afresh(app: Flask, browse: Browse, what: str) -> None:
    address = at(app, PaymentStatus.FINANCE_PASSED)
    leader = browse("leader-1")
    assert leader.get(f"{address}/approve").text
    with app.app_context():
        if what == "password":
            token = accounts.issue_link(admin=staff("admin-1"), user=staff("leader-1"))
            accounts.set_password_by_link(token=token, password="长长的一句口令-梧桐树下-2026")
        else:
            staff("leader-1").totp_cipher = vault().encrypt("ABCDEFGH", "totp")
            reset = accounts.request_reset(admin=staff("admin-1"), user=staff("leader-1"), reason="手机遗失")
            accounts.decide_reset(officer=staff("leader-2"), reset=reset, is_agreed=True)
            assert db.session.scalar(select(db.func.count()).select_from(SecondFactorReset)) == 1
        db.session.commit()
    status, journals, _events = state(app)
    assert "/sign-in" in leader.post(f"{address}/approve", {"note": ""}, status=302).location
    assert state(app)[:2] == (status, journals)


def test_a_payment_survives_kill_9_before_and_after_the_commit(app: Flask) -> None:
    address = at(app, PaymentStatus.APPROVED)
    for commits, paid in ((False, 0), (True, 3_000_000)):
        die_while_paying(app, address, commits=commits)
        with app.app_context():
            request = queries.get_request(address.rsplit("/", 1)[1])
            assert queries.paid_fen(request.agreement_id) == paid
            funds.assert_ledger_holds()
            assert queries.check_payments() == queries.check_journal_events() == []
    assert state(app)[0] == "paid"


def die_while_paying(app: Flask, address: str, *, commits: bool) -> None:
    """Pay in a process that is killed just before, or just after, its commit."""
    with app.app_context():
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        with app.app_context():
            request = queries.get_request(address.rsplit("/", 1)[1])
            service.pay(request=request, officer=staff("finance-2"), bank_reference="HD-1", paid_on=today())
            db.session.flush()
            if commits:
                db.session.commit()
        os.kill(os.getpid(), signal.SIGKILL)
    _pid, ended = os.waitpid(child, 0)
    assert os.WTERMSIG(ended) == signal.SIGKILL
