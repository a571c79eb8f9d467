"""From needs to the ballot, and what the desk shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.needs import queries, service
from grants.needs.rules import Triage
from grants.people import queries as people_queries
from grants.people.models import User
from grants.rounds import queries as rounds_queries
from grants.rounds.models import Round
from grants.voting import queries as voting
from tests.browsing import Browser
from tests.factories import needs, people

Browse = Callable[[str | None], Browser]


def account(login: str) -> User:
    user = people_queries.find_user(login)
    assert user is not None
    return user


def terms(**parts: object) -> service.PollTerms:
    day = now()
    told = {
        "title": "银杏社区需求投票",
        "question": "您最需要哪些？",
        "max_choices": 2,
        "budget_fen": 8_000_000,
        "opens_at": day + timedelta(days=1),
        "closes_at": day + timedelta(days=8),
    }
    return service.PollTerms(**{**told, **parts})  # type: ignore[arg-type]


def test_the_ballot_is_written_from_the_needs(round: Round) -> None:
    first = needs.make_examined_need(round, title="开设助餐点")
    second = needs.second(needs.make_examined_need(round, title="修路灯"), 2)
    poll = service.put_to_vote(
        round=round,
        community=people.community(1),
        officer=account("community-1"),
        terms=terms(),
        costs={first.ref: 3_000_000, second.ref: 2_000_000},
    )
    assert [(option.subject_ref, option.title, option.cost_fen) for option in poll.options] == [
        (second.ref, "修路灯", 2_000_000),
        (first.ref, "开设助餐点", 3_000_000),
    ]
    assert poll.options[0].summary == second.body


def test_what_is_disputed_not_ours_or_on_a_ballot_already_stays_off(round: Round) -> None:
    good = needs.make_examined_need(round)
    others = [
        needs.make_disputed_need(round),
        needs.make_examined_need(round, triage=Triage.MANAGEMENT),
        needs.make_adopted_need(round),
    ]
    entry = {"round": round, "community": people.community(1), "officer": account("community-1"), "terms": terms()}
    for other in others:
        with pytest.raises(RuleBroken, match=other.ref):
            service.put_to_vote(costs={good.ref: 1_000, other.ref: 1_000}, **entry)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="至少为两条"):
        service.put_to_vote(costs={good.ref: 1_000}, **entry)  # type: ignore[arg-type]
    second = needs.make_examined_need(round)
    service.put_to_vote(costs={good.ref: 1_000, second.ref: 1_000}, **entry)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="已列入投票"):
        service.put_to_vote(costs={good.ref: 1_000, second.ref: 1_000}, **entry)  # type: ignore[arg-type]


def test_another_community_s_needs_are_not_put_to_the_vote(round: Round) -> None:
    pair = [needs.make_examined_need(round, actor=account("resident-3")) for _number in range(2)]
    costs = {need.ref: 1_000 for need in pair}
    with pytest.raises(RuleBroken):
        service.put_to_vote(
            round=round, community=people.community(1), officer=account("community-1"), terms=terms(), costs=costs
        )
    with pytest.raises(RuleBroken, match="不属于本届"):
        service.put_to_vote(
            round=round, community=people.community(1), officer=account("programme-1"), terms=terms(), costs=costs
        )


@pytest.mark.usefixtures("street")
def test_an_officer_drafts_a_poll_on_the_page(app: Flask, browse: Browse) -> None:
    with app.app_context():
        round = rounds_queries.find_open_round()
        assert round is not None
        refs = [needs.make_examined_need(round).ref for _number in range(3)]
        db.session.commit()
    browser = browse("community-1")
    assert all(ref in browser.get("/needs/poll").text for ref in refs)
    fields = {
        "title": "银杏社区需求投票",
        "max_choices": "2",
        "budget_fen": "80,000",
        "opens_at": "2027-01-04T09:00",
        "closes_at": "2027-01-10T18:00",
    }
    for index, (ref, cost) in enumerate(zip(refs, ("30,000", "一万", ""), strict=True)):
        fields |= {f"lines-{index}-subject_ref": ref, f"lines-{index}-cost": cost}
    seen = browser.post("/needs/poll", fields, status=422)
    assert "没有看懂这个金额" in seen.text
    assert seen.soup.find("input", {"name": "lines-0-cost"})["value"] == "30,000"
    sent = browser.post("/needs/poll", {**fields, "lines-1-cost": "10000"})
    with app.app_context():
        poll = voting.get_poll(sent.location.rsplit("/", 1)[1])
        assert {option.subject_ref: option.cost_fen for option in poll.options} == {
            refs[0]: 3_000_000,
            refs[1]: 1_000_000,
        }


def test_while_a_poll_runs_its_needs_are_not_adopted(round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = needs.make_deliberated_need(round), needs.make_deliberated_need(round)
    poll = service.put_to_vote(
        round=round,
        community=people.community(1),
        officer=account("programme-1"),
        terms=terms(),
        costs={first.ref: 1_000, second.ref: 1_000},
    )
    running = poll.status.OPEN
    monkeypatch.setattr(
        "grants.voting.queries.find_poll_about",
        lambda _ref: type("Running", (), {"status": running, "ref": poll.ref})(),
    )
    with pytest.raises(RuleBroken, match="计票公布之后再定"):
        service.adopt_need(need=first, officer=account("programme-1"))


def test_the_desk_counts_what_waits_in_each_step(round: Round) -> None:
    needs.make_need(round)
    needs.make_need(round)
    needs.make_examined_need(round)
    needs.make_disputed_need(round)
    needs.make_need(round, actor=account("resident-3"))

    def words(login: str) -> list[str]:
        return [item.title for item in queries.list_due_for(account(login))]

    assert words("community-1") == ["2 条需求待两委审事", "1 条需求待民主议事", "1 条有争议的需求待居民（代表）会议"]
    assert words("programme-1")[0] == "3 条需求待两委审事"
    assert words("community-2") == ["1 条需求待两委审事"]
    assert words("resident-1") == words("leader-1") == []
    due = queries.list_due_for(account("community-1"))[0]
    assert due.href == "/needs/screening?round=JC-2026-01&status=raised"
    assert due.due_on is not None
