"""Paper: stubs mark the roll at once, slips are read by two apart, and nothing enters the box that does not add up."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from grants.foundation import clock
from grants.foundation.database import db
from grants.foundation.errors import DomainError, NotPermitted, RuleBroken, TransitionRefused
from grants.people import queries as people_queries
from grants.people.models import Resident, User
from grants.voting import queries, service
from grants.voting.models import Ballot, PaperBatch, PaperStub, RollEntry
from grants.voting.rules import BatchStatus, Channel
from grants.voting.rules.channels import drawn_out
from grants.voting.service import paper
from tests.browsing import Browser
from tests.factories import people, rounds, voting
from tests.factories.remembering import remembered

Browse = Callable[[str | None], Browser]


@dataclass(frozen=True)
class Hall:
    """An open poll with a paper batch begun, and seven residents; the first two have accounts."""

    poll_ref: str
    batch_ref: str

    @property
    def page(self) -> str:
        return f"/polls/{self.poll_ref}/paper/{self.batch_ref}"


@pytest.fixture
def hall(app: Flask) -> Hall:
    with app.app_context():
        return _make_hall()


@remembered
def _make_hall() -> Hall:
    people.make_street()
    staff = people.make_staff()
    for number in range(1, 8):
        people.make_resident(f"resident-{number}" if number < 3 else None, name=f"居民{number}号")
    people.make_resident(place=people.community(2), name="邻社区人")
    poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
    batch = paper.open_batch(officer=staff["community-1"], poll=poll, station="社区服务大厅", voted_on=clock.today())
    db.session.flush()
    return Hall(poll.ref, batch.ref)


def _who(login: str) -> User:
    found = people_queries.find_user(login)
    assert found is not None
    return found


def _resident(name: str) -> Resident:
    return db.session.scalars(db.select(Resident).where(Resident.name == name)).one()


def _batch(hall: Hall) -> PaperBatch:
    return queries.get_batch(queries.get_poll(hall.poll_ref), hall.batch_ref)


def _stubs(hall: Hall, *numbers: int) -> None:
    for number in numbers:
        paper.take_stub(
            officer=_who("community-1"), batch=_batch(hall), number=number, resident=_resident(f"居民{number}号")
        )


def _sign(hall: Hall, slips: int) -> None:
    paper.count_slips(officer=_who("community-1"), batch=_batch(hall), slips=slips)
    paper.sign_batch(officer=_who("programme-1"), batch=_batch(hall), slips=slips)


def _key(hall: Hall, login: str, *texts: str) -> None:
    numbers = [number for number, _done in queries.list_slips_for(_batch(hall), _who(login).id)]
    for number, text in zip(numbers, texts, strict=True):
        paper.key_slip(officer=_who(login), batch=_batch(hall), number=number, text=text, is_spoiled=text == "")


def test_a_batch_goes_from_stubs_to_the_box_through_the_pages(hall: Hall, browse: Browse, app: Flask) -> None:
    officer, second, third = browse("community-1"), browse("programme-1"), browse("programme-2")
    for number in (3, 4, 5):
        found = officer.post(f"{hall.page}/find", {"words": f"居民{number}号"}, status=200)
        resident = found.soup.find("input", {"name": "resident"})["value"]
        suggested = found.soup.find("input", {"name": "number"})["value"]
        officer.post(f"{hall.page}/stub", {"resident": resident, "number": suggested})
    officer.post(f"{hall.page}/count", {"slips": "3"})
    assert "不一致" in second.post(f"{hall.page}/count", {"slips": "4"}, status=422).text
    second.post(f"{hall.page}/count", {"slips": "3"})
    for browser, texts in ((officer, ("1 3", "2", "4")), (second, ("3，1", "2", "3"))):
        for number, text in enumerate(texts, start=1):
            browser.post(f"{hall.page}/key", {"number": str(number), "text": text})
    officer.get(f"{hall.page}/settle", status=403)
    seen = third.get(f"{hall.page}/settle").text
    assert "第 3 号选票" in seen
    third.post(f"{hall.page}/settle", {"number": "3", "text": "", "spoiled": "1"})
    assert "已对平" in officer.get(hall.page).text
    officer.post(f"{hall.page}/post", {"remark": ""})
    with app.app_context():
        poll = queries.get_poll(hall.poll_ref)
        assert sorted(db.session.scalars(db.select(Ballot.choices))) == ["01,03", "02"]
        assert queries.count_unposted_batches(poll) == 0
        totals = queries.paper_totals(poll)
        assert (totals.accepted, totals.in_box, totals.without_ballot) == (3, 2, 1)
        with clock.set_to(clock.now() + timedelta(days=8)):
            service.close_poll(officer=_who("leader-1"), poll=poll)
            assert queries.ballots_expected(poll) == queries.count_ballots(poll) == 2


def test_a_stub_blocks_the_web_at_once(hall: Hall, browse: Browse, app: Flask) -> None:
    phone = browse("resident-1")
    token = phone.get(f"/polls/{hall.poll_ref}/ballot").soup.find("input", {"name": "token"})["value"]
    with app.app_context():
        _stubs(hall, 1)
        db.session.commit()
    refused = phone.post(f"/polls/{hall.poll_ref}/ballot", {"token": token, "step": "cast", "choice": "01"}, status=409)
    assert "纸质选票" in refused.text


def test_who_voted_on_the_web_is_refused_at_the_counter_with_the_reason(hall: Hall, app: Flask) -> None:
    with app.app_context():
        poll, key = queries.get_poll(hall.poll_ref), _resident("居民1号").person_key
        form = service.mint_form(poll=poll, person_key=key)
        service.cast(poll=poll, person_key=key, marking={"01": 1}, token=form)
        _stubs(hall, 1)
        stub = db.session.scalars(db.select(PaperStub)).one()
        assert (stub.is_accepted, stub.refusal) == (False, "已经通过“网上”投过票")
        paper.take_stub(officer=_who("community-1"), batch=_batch(hall), number=9, resident=_resident("邻社区人"))
        assert queries.accepted_stubs(_batch(hall)) == 0


def test_paper_and_web_at_the_same_moment_leave_one_mark(hall: Hall, app: Flask) -> None:
    with app.app_context():
        poll = queries.get_poll(hall.poll_ref)
        key = _resident("居民1号").person_key
        form = service.mint_form(poll=poll, person_key=key)
    outcomes: list[str] = []

    def act(number: int) -> None:
        with app.app_context():
            try:
                if number % 2:
                    service.cast(poll=queries.get_poll(hall.poll_ref), person_key=key, marking={"01": 1}, token=form)
                    outcomes.append("web")
                else:
                    stub = paper.take_stub(
                        officer=_who("community-1"),
                        batch=_batch(hall),
                        number=number + 1,
                        resident=_resident("居民1号"),
                    )
                    outcomes.append("paper" if stub.is_accepted else "refused")
                db.session.commit()
            except DomainError as error:
                db.session.rollback()
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 8
    with app.app_context():
        poll = queries.get_poll(hall.poll_ref)
        accepted, ballots = queries.accepted_stubs(_batch(hall)), queries.count_ballots(poll)
        marked = db.session.scalars(db.select(RollEntry.channel).where(RollEntry.has_voted)).all()
        assert accepted + ballots == 1
        assert marked == [Channel.PAPER if accepted else Channel.WEB]


def test_two_different_people_count_and_the_same_number(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3)
        with pytest.raises(TransitionRefused):
            paper.sign_batch(officer=_who("programme-1"), batch=_batch(hall), slips=1)
        paper.count_slips(officer=_who("community-1"), batch=_batch(hall), slips=1)
        with pytest.raises(NotPermitted):
            paper.sign_batch(officer=_who("community-1"), batch=_batch(hall), slips=1)
        with pytest.raises(RuleBroken):
            paper.sign_batch(officer=_who("programme-1"), batch=_batch(hall), slips=2)
        paper.sign_batch(officer=_who("programme-1"), batch=_batch(hall), slips=1)
        with pytest.raises(TransitionRefused):
            _stubs(hall, 4)


def test_two_keyers_and_a_third_look(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3, 4)
        _sign(hall, 2)
        _key(hall, "community-1", "1", "2 3")
        assert queries.list_slips_for(_batch(hall), _who("programme-1").id) == [(1, False), (2, False)]
        _key(hall, "programme-1", "1", "2")
        assert _batch(hall).status is BatchStatus.KEYED
        with pytest.raises(NotPermitted):
            paper.key_slip(officer=_who("programme-2"), batch=_batch(hall), number=1, text="4")
        with pytest.raises(NotPermitted):
            paper.settle_slip(officer=_who("community-1"), batch=_batch(hall), number=2, text="2")
        with pytest.raises(TransitionRefused):
            paper.post_batch(officer=_who("programme-1"), batch=_batch(hall))
        paper.settle_slip(officer=_who("supervisor-1"), batch=_batch(hall), number=2, text="2 3")
        assert paper.post_batch(officer=_who("programme-1"), batch=_batch(hall)) == 2
        with pytest.raises(TransitionRefused):
            paper.post_batch(officer=_who("programme-1"), batch=_batch(hall))
        assert sorted(db.session.scalars(db.select(Ballot.choices))) == ["01", "02,03"]


@pytest.mark.parametrize("text", ["1 2 3 4", "9", "1 1", "一号", "1:3", ""])
def test_what_cannot_stand_on_a_ballot_is_not_keyed(hall: Hall, app: Flask, text: str) -> None:
    with app.app_context():
        _stubs(hall, 3)
        _sign(hall, 1)
        with pytest.raises(RuleBroken):
            paper.key_slip(officer=_who("community-1"), batch=_batch(hall), number=1, text=text)
        paper.key_slip(officer=_who("community-1"), batch=_batch(hall), number=1, text="", is_spoiled=True)


def test_more_slips_than_stubs_wait_for_a_lot_by_two(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3, 4)
        _sign(hall, 4)
        assert queries.surplus_of(_batch(hall)) == 2
        with pytest.raises(NotPermitted):
            paper.key_slip(officer=_who("community-1"), batch=_batch(hall), number=1, text="1")
        with pytest.raises(NotPermitted):
            paper.ask_for_lot(officer=_who("community-1"), batch=_batch(hall))
        with pytest.raises(NotPermitted):
            paper.agree_to_lot(supervisor=_who("supervisor-1"), batch=_batch(hall))
        paper.ask_for_lot(officer=_who("programme-1"), batch=_batch(hall))
        with pytest.raises(NotPermitted):
            paper.agree_to_lot(supervisor=_who("programme-2"), batch=_batch(hall))
        out = paper.agree_to_lot(supervisor=_who("supervisor-1"), batch=_batch(hall))
        batch = _batch(hall)
        assert out == drawn_out(batch.lot_seed, 4, 2)
        left = [number for number, _done in queries.list_slips_for(batch, _who("community-1").id)]
        assert sorted([*out, *left]) == [1, 2, 3, 4]
        _key(hall, "community-1", "1", "2")
        _key(hall, "programme-1", "1", "2")
        assert paper.post_batch(officer=_who("community-1"), batch=_batch(hall)) == 2


def test_a_lot_waits_on_the_supervisors_desk_and_open_batches_on_the_officers(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3)
        _sign(hall, 2)
        assert queries.list_paper_due(_who("supervisor-1")) == []
        paper.ask_for_lot(officer=_who("programme-1"), batch=_batch(hall))
        assert [batch.ref for batch, _words in queries.list_paper_due(_who("supervisor-1"))] == [hall.batch_ref]
        with clock.set_to(clock.now() + timedelta(days=8)):
            service.close_poll(officer=_who("leader-1"), poll=queries.get_poll(hall.poll_ref))
            assert [batch.ref for batch, _words in queries.list_paper_due(_who("community-1"))] == [hall.batch_ref]
            assert queries.list_paper_due(_who("community-2")) == []


def test_two_officers_who_begin_to_key_at_once_become_first_and_second(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3)
        _sign(hall, 1)
        db.session.commit()
    outcomes: list[str] = []

    def key(login: str) -> None:
        with app.app_context():
            try:
                paper.key_slip(officer=_who(login), batch=_batch(hall), number=1, text="2")
                db.session.commit()
                outcomes.append("keyed")
            except DomainError as error:
                db.session.rollback()
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=key, args=(who,)) for who in ("community-1", "programme-1", "programme-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotPermitted", "keyed", "keyed"]
    with app.app_context():
        assert _batch(hall).status is BatchStatus.SETTLED


def test_a_batch_posted_twice_at_once_goes_in_once(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3)
        _sign(hall, 1)
        _key(hall, "community-1", "1")
        _key(hall, "programme-1", "1")
        db.session.commit()
    outcomes: list[str] = []

    def post(login: str) -> None:
        with app.app_context():
            try:
                paper.post_batch(officer=_who(login), batch=_batch(hall))
                db.session.commit()
                outcomes.append("posted")
            except DomainError as error:
                db.session.rollback()
                outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=post, args=(who,)) for who in ("community-1", "programme-1") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["TransitionRefused"] * 5 + ["posted"]
    with app.app_context():
        assert queries.count_ballots(queries.get_poll(hall.poll_ref)) == 1


def test_missing_slips_are_posted_with_a_reason_only(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3, 4)
        _sign(hall, 1)
        _key(hall, "community-1", "1")
        _key(hall, "programme-1", "1")
        with pytest.raises(RuleBroken):
            paper.post_batch(officer=_who("community-1"), batch=_batch(hall))
        paper.post_batch(officer=_who("community-1"), batch=_batch(hall), remark="一位居民把选票带走了")
        poll = queries.get_poll(hall.poll_ref)
        assert queries.paper_totals(poll).without_ballot == 1
        assert queries.count_ballots(poll) == 1


def test_keying_goes_on_after_the_close_but_no_stub_is_taken(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3)
        _sign(hall, 1)
        with clock.set_to(clock.now() + timedelta(days=8)):
            service.close_poll(officer=_who("leader-1"), poll=queries.get_poll(hall.poll_ref))
            assert queries.count_unposted_batches(queries.get_poll(hall.poll_ref)) == 1
            _key(hall, "community-1", "1")
            _key(hall, "programme-1", "1")
            assert paper.post_batch(officer=_who("community-1"), batch=_batch(hall)) == 1


def test_a_stub_after_the_deadline_is_refused(hall: Hall, app: Flask) -> None:
    with app.app_context(), clock.set_to(clock.now() + timedelta(days=8)), pytest.raises(TransitionRefused):
        _stubs(hall, 3)


def test_a_stub_number_is_taken_once(hall: Hall, app: Flask) -> None:
    with app.app_context():
        _stubs(hall, 3)
        with pytest.raises(RuleBroken):
            paper.take_stub(officer=_who("community-1"), batch=_batch(hall), number=3, resident=_resident("居民4号"))


def test_help_with_a_paper_ballot_stands_beside_the_roll_entry(hall: Hall, app: Flask) -> None:
    with app.app_context():
        paper.take_stub(
            officer=_who("community-1"),
            batch=_batch(hall),
            number=1,
            resident=_resident("居民3号"),
            help_reason="视力不便",
        )
        entry = db.session.scalars(db.select(RollEntry).where(RollEntry.has_voted)).one()
        assert (entry.helper_id, entry.help_reason) == (_who("community-1").id, "视力不便")


def test_strangers_see_no_paper_and_printing_shows_numbers_above_the_cut_only(hall: Hall, browse: Browse) -> None:
    for login in ("community-2", "resident-1", "finance-1"):
        browse(login).get(hall.page, status=403)
    sheet = browse("community-1").get(f"/polls/{hall.poll_ref}/paper/print?first=7&count=2").soup
    assert [one.get_text() for one in sheet.find_all(class_="stub__number")] == ["00007", "00008"]
    assert all("0000" not in one.get_text() for one in sheet.find_all(class_="slip"))
