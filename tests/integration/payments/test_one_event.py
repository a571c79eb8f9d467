"""L14: an act that moves money leaves one event, written with the journal and naming it."""

import json

import pytest
from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.models import AuditEntry
from grants.funds import service as ledger
from grants.funds.models import Journal
from grants.payments import service
from grants.payments.rules import PaymentStatus
from tests.factories import funds
from tests.factories import payments as make
from tests.factories.payments import staff


def newest(count: int) -> list[AuditEntry]:
    found = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(count))
    return list(reversed(list(found)))


def journal() -> Journal:
    return db.session.scalars(select(Journal).order_by(Journal.number.desc()).limit(1)).one()


@pytest.mark.usefixtures("ctx")
def test_each_step_that_moves_money_leaves_one_event_that_names_its_journal() -> None:
    case = make.make_case()
    request = make.make_request(case, PaymentStatus.COMMUNITY_PASSED)
    db.session.commit()
    steps = (
        (PaymentStatus.PROGRAMME_PASSED, "payment:pass_programme"),
        (PaymentStatus.APPROVED, None),
        (PaymentStatus.PAID, "payment:pay"),
    )
    for status, action in steps:
        seq, _hash = audit.head()
        make.advance(case, request, status)
        db.session.commit()
        if action is None:
            continue
        event = newest(1)[0]
        assert (audit.head()[0], event.action) == (seq + 1, action)
        assert json.loads(event.details)["parts"][0]["ref"] == journal().ref
    assert audit.verify().holds


@pytest.mark.usefixtures("ctx")
def test_a_journal_of_no_other_act_is_its_own_event_and_goes_with_it_on_a_rollback() -> None:
    make.make_case()
    db.session.commit()
    seq, _hash = audit.head()
    project = journal().target.key
    held = {"project_ref": project, "amount_fen": 100, "maker": funds.hand("ledger-maker")}
    ledger.reserve(request_id="gone", **held)
    db.session.rollback()
    assert audit.head()[0] == seq
    ledger.reserve(request_id="kept", **held)
    db.session.commit()
    event = newest(1)[0]
    assert (event.seq, event.action, event.subject_ref) == (seq + 1, "journal:post", journal().ref)


@pytest.mark.usefixtures("ctx")
def test_another_persons_event_does_not_take_a_journal_in() -> None:
    case = make.make_case()
    db.session.commit()
    ledger.reserve(
        project_ref=case.agreement.project.ref, amount_fen=1, request_id="mine", maker=funds.hand("ledger-maker")
    )
    request = make.request(case)
    service.pass_community(request=request, officer=staff("community-1"))
    db.session.commit()
    assert [event.action for event in newest(3)] == ["journal:post", "payment:request", "payment:pass_community"]
