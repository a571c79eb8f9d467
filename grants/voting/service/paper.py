"""Ballots on paper: numbered stubs mark the roll at once, anonymous slips are read by two officers apart.

Stub and slip never meet again: the slips of a batch are counted, signed, shuffled, keyed twice and put into the box
together, in a random order and one transaction.
"""

import secrets
from datetime import date

from sqlalchemy import insert, select

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.numbering import next_reference
from grants.people.models import Resident, User
from grants.voting import policy, queries
from grants.voting.models import PaperBatch, PaperSlip, PaperStub, Poll
from grants.voting.rules import CHANNEL_LABELS, BadSpelling, BatchStatus, Channel, read, spell, why_not_valid
from grants.voting.rules.channels import drawn_out, read_keyed
from grants.voting.service.casting import Help, hold_open, mark_roll, put_in_box

SPOILED = ""
MOST_SLIPS = 2000


def open_batch(*, officer: User, poll: Poll, station: str, voted_on: date) -> PaperBatch:
    """Begin the batch of one station on one day."""
    require(policy.why_not_open_batch(officer, poll))
    if not clock.local(poll.opens_at).date() <= voted_on <= clock.today():
        raise RuleBroken(_("投票日期须在投票开始之后，且不晚于今天。"), "voted_on")
    if any(one.station == station and one.voted_on == voted_on for one in queries.list_batches(poll)):
        raise RuleBroken(_("这个站点当天已有一批，请在那一批里登记。"), "station")
    batch = PaperBatch(
        ref=next_reference(f"{poll.ref}-P", width=2),
        poll_id=poll.id,
        station=station,
        voted_on=voted_on,
        opened_by_id=officer.id,
    )
    db.session.add(batch)
    audit.record("poll:open_batch", actor=officer, subject=poll, batch=batch.ref, station=station)
    return batch


def take_stub(*, officer: User, batch: PaperBatch, number: int, resident: Resident, help_reason: str = "") -> PaperStub:
    """Enter a stub: it uses up the person's right at once, or is kept as refused with the reason.

    Raises RuleBroken for a number that was entered before, TransitionRefused outside the time of the poll.
    """
    # The poll before the batch, as in posting: two orders could wait for each other
    hold_open(batch.poll)
    _lock(batch)
    require(policy.why_not_take_stub(officer, batch), TransitionRefused)
    if number < 1 or any(row.number == number for row in queries.list_stubs(batch)):
        raise RuleBroken(_("%(number)d 号存根已经登记过，请核对编号。", number=number), "number")
    helped = Help(officer.id, help_reason) if help_reason else None
    accepted = mark_roll(batch.poll, resident.person_key, Channel.PAPER, helped)
    stub = PaperStub(
        batch_id=batch.id,
        number=number,
        person_key=resident.person_key,
        is_accepted=accepted,
        refusal="" if accepted else _refusal(batch.poll, resident),
        keyed_by_id=officer.id,
        helper_id=officer.id if helped and accepted else None,
    )
    db.session.add(stub)
    audit.record("poll:take_stub", actor=officer, subject=batch.poll, batch=batch.ref, number=number, accepted=accepted)
    return stub


def _refusal(poll: Poll, resident: Resident) -> str:
    entry = queries.find_roll_entry(poll, resident.person_key)
    if entry is None or entry.channel is None:
        return _("不在这次投票的居民名册上")
    return _("已经通过“%(channel)s”投过票", channel=str(CHANNEL_LABELS[entry.channel]))


def count_slips(*, officer: User, batch: PaperBatch, slips: int) -> None:
    """State how many envelopes the officer counted: the first of two independent counts."""
    _lock(batch)
    if batch.status is not BatchStatus.STUBS:
        raise TransitionRefused(_("这一批已经清点签字。"))
    require(policy.why_not_serve(officer, batch.poll))
    if not 0 <= slips <= MOST_SLIPS:
        raise RuleBroken(_("数量须在 0 和 %(most)d 之间。", most=MOST_SLIPS), "slips")
    batch.slip_count = slips
    batch.counted_by_id = officer.id
    audit.record("poll:count_slips", actor=officer, subject=batch.poll, batch=batch.ref, slips=slips)


def sign_batch(*, officer: User, batch: PaperBatch, slips: int) -> None:
    """Count the envelopes a second time and sign; raises RuleBroken when the two counts differ."""
    _lock(batch)
    if batch.counted_by_id is None:
        raise TransitionRefused(_("须先由一位工作人员清点。"))
    require(policy.why_not_sign_batch(officer, batch))
    if slips != batch.slip_count:
        raise RuleBroken(_("两人清点的数目不一致，请一起重新清点。"), "slips")
    batch.signed_by_id = officer.id
    batch.status = BatchStatus.SIGNED
    db.session.flush()
    if queries.surplus_of(batch) == 0:
        _lay_out(batch)
    audit.record("poll:sign_batch", actor=officer, subject=batch.poll, batch=batch.ref, slips=slips)


def _lay_out(batch: PaperBatch) -> None:
    """Make an empty line for every slip to be read; a batch without slips has nothing to read."""
    count = batch.slip_count or 0
    out = set(drawn_out(batch.lot_seed, count, batch.drawn_out)) if batch.lot_seed else set()
    rows = [{"batch_id": batch.id, "number": number} for number in range(1, count + 1) if number not in out]
    if rows:
        db.session.execute(insert(PaperSlip), rows)
    else:
        batch.status = BatchStatus.SETTLED


def ask_for_lot(*, officer: User, batch: PaperBatch) -> None:
    """Ask that surplus slips be drawn out by public lot, unread."""
    _lock(batch)
    require(policy.why_not_ask_for_lot(officer, batch))
    batch.lot_asked_by_id = officer.id
    audit.record("poll:ask_lot", actor=officer, subject=batch.poll, batch=batch.ref, surplus=queries.surplus_of(batch))


def agree_to_lot(*, supervisor: User, batch: PaperBatch) -> list[int]:
    """Draw the lot: its seed, the surplus and the numbers taken out go on record. Returns those numbers."""
    _lock(batch)
    require(policy.why_not_agree_to_lot(supervisor, batch))
    surplus = queries.surplus_of(batch)
    batch.lot_seed = secrets.token_hex(32)
    batch.drawn_out = surplus
    batch.lot_agreed_by_id = supervisor.id
    db.session.flush()
    numbers = drawn_out(batch.lot_seed, batch.slip_count or 0, surplus)
    _lay_out(batch)
    audit.record(
        "poll:draw_lot", actor=supervisor, subject=batch.poll, batch=batch.ref, seed=batch.lot_seed, slips=numbers
    )
    return numbers


def key_slip(*, officer: User, batch: PaperBatch, number: int, text: str, is_spoiled: bool = False) -> None:
    """Key one slip as the officer reads it; when both have keyed all, what agrees is settled.

    Raises RuleBroken for what cannot stand on a ballot: then it is read again, or keyed as blank or spoiled.
    """
    _lock(batch)
    require(policy.why_not_key(officer, batch))
    spelling = _spelling(batch.poll, text, is_spoiled)
    if officer.id not in batch.keyers:
        setattr(batch, "first_keyer_id" if batch.first_keyer_id is None else "second_keyer_id", officer.id)
    column = "first_choices" if batch.first_keyer_id == officer.id else "second_choices"
    setattr(_slip(batch, number), column, spelling)
    db.session.flush()
    audit.record("poll:key_slip", actor=officer, subject=batch.poll, batch=batch.ref, number=number)
    _compare(batch)


def _spelling(poll: Poll, text: str, is_spoiled: bool) -> str:
    if is_spoiled:
        return SPOILED
    try:
        marking = read_keyed(poll.kind, text)
    except BadSpelling as error:
        raise RuleBroken(_("看不懂“%(typed)s”，请按提示的写法录入。", typed=text[:40]), "text") from error
    problem = why_not_valid(queries.terms_of(poll), marking)
    if problem is not None:
        raise RuleBroken(_("%(problem)s如果票面确实如此，请按废票录入。", problem=problem), "text")
    return spell(poll.kind, marking)


def _slip(batch: PaperBatch, number: int) -> PaperSlip:
    statement = select(PaperSlip).where(PaperSlip.batch_id == batch.id, PaperSlip.number == number)
    slip = db.session.scalars(statement).one_or_none()
    if slip is None:
        raise RuleBroken(_("这一批没有 %(number)d 号选票。", number=number), "number")
    return slip


def _compare(batch: PaperBatch) -> None:
    sums = queries.reconcile(batch)
    if sums.keyed_once < sums.to_key or sums.keyed_twice < sums.to_key:
        return
    for slip in db.session.scalars(select(PaperSlip).where(PaperSlip.batch_id == batch.id)):
        if slip.first_choices == slip.second_choices:
            slip.settled_choices = slip.first_choices
    batch.status = BatchStatus.KEYED if sums.differing else BatchStatus.SETTLED
    db.session.flush()


def settle_slip(*, officer: User, batch: PaperBatch, number: int, text: str, is_spoiled: bool = False) -> None:
    """Say what a slip says that was read in two ways: the third person's look at the paper itself."""
    _lock(batch)
    require(policy.why_not_settle(officer, batch))
    slip = _slip(batch, number)
    if slip.settled_choices is not None:
        raise TransitionRefused(_("这张选票已经核对一致。"))
    slip.settled_choices = _spelling(batch.poll, text, is_spoiled)
    slip.settled_by_id = officer.id
    db.session.flush()
    if not queries.list_differing(batch):
        batch.status = BatchStatus.SETTLED
    audit.record("poll:settle_slip", actor=officer, subject=batch.poll, batch=batch.ref, number=number)


def post_batch(*, officer: User, batch: PaperBatch, remark: str = "") -> int:
    """Put every valid slip into the box in a random order; returns how many. Nothing is posted twice.

    Raises RuleBroken when slips are missing and nobody says why.
    """
    poll = batch.poll
    # Sealing takes this lock alone: a batch is in the box before it, or not at all
    db.session.execute(select(Poll.id).where(Poll.id == poll.id).with_for_update(read=True))
    db.session.refresh(poll, ["status"])
    _lock(batch)
    require(policy.why_not_post(officer, batch), TransitionRefused)
    sums = queries.reconcile(batch)
    if not sums.adds_up:
        raise NotPermitted(_("这一批没有对平，不能入箱。"))
    if sums.missing and not remark.strip():
        raise RuleBroken(_("选票比存根少 %(count)d 张，请写明原因。", count=sums.missing), "remark")
    slips = db.session.scalars(
        select(PaperSlip.settled_choices).where(PaperSlip.batch_id == batch.id, PaperSlip.settled_choices != SPOILED)
    ).all()
    spellings = [text for text in slips if text]
    secrets.SystemRandom().shuffle(spellings)
    for spelling in spellings:
        put_in_box(poll, read(poll.kind, spelling))
    batch.status = BatchStatus.POSTED
    batch.posted_by_id = officer.id
    batch.posted_at = clock.now()
    batch.remark = remark.strip()
    audit.record(
        "poll:post_batch", actor=officer, subject=poll, batch=batch.ref, ballots=len(spellings), spoiled=sums.spoiled
    )
    return len(spellings)


def _lock(batch: PaperBatch) -> None:
    """Hold the batch so that two officers' acts on it follow one another."""
    db.session.execute(select(PaperBatch.id).where(PaperBatch.id == batch.id).with_for_update())
    db.session.refresh(batch)
