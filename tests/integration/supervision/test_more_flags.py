"""Signs found by comparing, by the calendar and in the vouchers; each with its evidence, each cleared with a reason."""

from datetime import timedelta

import pytest

from grants.agreements.models import Agreement
from grants.foundation.clock import set_to, start_of, today
from grants.foundation.database import db
from grants.payments import service as payment_service
from grants.payments.queries.signs import find_signs
from grants.payments.service.vouchers import Spending
from grants.supervision import queries, service
from grants.supervision.models import Activity, ActivitySignIn
from grants.supervision.rules import FlagKind
from tests.factories import agreements, supervision
from tests.factories.agreements import Parties

LOOK, NEARLY, OTHER = "0f1e2d3c4b5a6978", "0f1e2d3c4b5a697b", "f0e1d2c3b4a59687"


def kinds(agreement: Agreement) -> set[FlagKind]:
    """Return the kinds of the signs that nobody explained."""
    return {flag.kind for flag in queries.list_flags(agreement)}


def recorded(parties: Parties, agreement: Agreement, look: str) -> Activity:
    """Record an activity whose photo looks like this."""
    activity = supervision.make_recorded(parties, agreement)
    photo = next(one for one in activity.evidence if one.kind == "photo")
    photo.file.picture_hash = look
    db.session.flush()
    return activity


def test_a_photo_that_looks_like_another_is_a_sign_until_it_is_explained(
    parties: Parties, agreement: Agreement
) -> None:
    first, second = recorded(parties, agreement, LOOK), recorded(parties, agreement, NEARLY)
    recorded(parties, agreement, OTHER)
    (flag,) = (one for one in queries.list_flags(agreement) if one.kind is FlagKind.NEAR_PHOTO)
    assert first.ref in flag.text
    assert second.ref in flag.text
    assert flag.why
    service.clear_flag(agreement=agreement, by=parties.programme, key=flag.key, reason="同一间教室，人不同。")
    db.session.flush()
    assert FlagKind.NEAR_PHOTO not in kinds(agreement)


def test_the_same_people_at_every_activity_are_a_sign(parties: Parties, agreement: Agreement) -> None:
    people = [user.resident for user in supervision.make_neighbours(parties, 6)]
    activities = [supervision.make_recorded(parties, agreement) for _time in range(2)]
    for activity in activities:
        db.session.add_all(ActivitySignIn(activity_id=activity.id, resident_id=one.id) for one in people[:5] if one)
    db.session.flush()
    (flag,) = (one for one in queries.list_flags(agreement) if one.kind is FlagKind.REPEATED_NAMES)
    assert all(activity.ref in flag.text for activity in activities)


@pytest.mark.parametrize(("days", "kind"), [(30, None), (31, FlagKind.SILENCE_SOON), (46, FlagKind.SILENCE)])
def test_silence_is_warned_of_before_it_is_a_sign(
    parties: Parties, agreement: Agreement, days: int, kind: FlagKind | None
) -> None:
    supervision.make_recorded(parties, agreement)
    with set_to(start_of(today()) + timedelta(days=days, hours=9)):
        assert kinds(agreement) & {FlagKind.SILENCE, FlagKind.SILENCE_SOON} == ({kind} if kind else set())


def test_the_end_of_a_term_is_warned_of_thirty_days_before(parties: Parties, agreement: Agreement) -> None:
    for days, expected in ((31, False), (30, True)):
        with set_to(start_of(agreement.ends_on - timedelta(days=days)) + timedelta(hours=9)):
            assert (FlagKind.ENDING_SOON in kinds(agreement)) is expected


def enter(parties: Parties, agreement: Agreement, number: str, payee: str, yuan: int, line: int = 1) -> None:
    """Enter a voucher."""
    budget_line = next(one for one in agreement.budget_lines if one.position == line)
    spending = Spending(
        invoice_number=number, payee=payee, spent_on=agreement.starts_on, amount_fen=yuan * 100, purpose="材料"
    )
    paper = agreements.make_file("发票.pdf", purpose="invoice")
    payment_service.enter_voucher(line=budget_line, actor=parties.member, spending=spending, file=paper)
    db.session.flush()


def test_vouchers_show_money_before_work_one_supplier_and_an_invoice_used_twice(
    parties: Parties, agreement: Agreement
) -> None:
    with set_to(start_of(agreement.starts_on) + timedelta(hours=9)):
        enter(parties, agreement, "24101", "甲商行", 900)
        enter(parties, agreement, "24102", "乙商行", 100)
        enter(parties, agreement, "24101", "丙商行", 100)
        found = {flag.kind for flag in find_signs(agreement)}
        assert found == {FlagKind.SPENT_BEFORE, FlagKind.SAME_INVOICE, FlagKind.ONE_SUPPLIER}
        assert found <= kinds(agreement), "supervision hears of what payments see"
    with set_to(start_of(agreement.ends_on) + timedelta(hours=9)):
        assert FlagKind.SPENDING_GAP in kinds(agreement)


def test_the_organisation_reads_of_silence_and_of_the_end_on_its_desk_but_not_of_other_signs(
    parties: Parties, agreement: Agreement
) -> None:
    recorded(parties, agreement, LOOK)
    recorded(parties, agreement, NEARLY)
    with set_to(start_of(agreement.ends_on - timedelta(days=20)) + timedelta(hours=9)):
        titles = " ".join(item.title for item in queries.list_due_for(parties.member))
    assert "协议即将到期" in titles
    assert "较长时间没有活动" in titles
    assert "几乎相同" not in titles
