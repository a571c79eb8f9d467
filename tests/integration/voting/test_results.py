"""From the sealed box to a result that people can read: every kind of ballot, every rule, no way back to a person."""

import csv
import io
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from pabulib.checker import Checker
from sqlalchemy import insert, select

from grants.foundation import clock, jobs
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.foundation.identifiers import new_code
from grants.foundation.models import AuditEntry, JobRun, JobStatus
from grants.people import queries as people_queries
from grants.people.models import User
from grants.people.rules import AgeBand
from grants.portal.exports import pabulib_text
from grants.voting import queries, service
from grants.voting.models import Ballot, Poll, RollEntry
from grants.voting.rules import Channel, CountingRule, PollKind, leaf_hash, spell
from grants.voting.service import Method, counting
from tests.browsing import Browser
from tests.factories import people, rounds, voting

Browse = Callable[[str | None], Browser]
Markings = list[tuple[Mapping[str, int], int]]
APPROVALS: Markings = [({"01": 1, "02": 1}, 12), ({"01": 1, "03": 1}, 9), ({"03": 1}, 4), ({"02": 1, "04": 1}, 15)]


def account(login: str) -> User:
    user = people_queries.find_user(login)
    assert user is not None
    return user


def sealed_poll(markings: Markings, method: Method | None = None) -> Poll:
    """Make a poll of four options (9.8, 5.2, 7.2, 9.9 of 16 万) whose box holds these ballots, closed and sealed."""
    people.make_street()
    staff = people.make_staff()
    for number in range(1, 4):
        people.make_resident(f"resident-{number}", name=f"居民{number}")
    poll = voting.make_draft(staff["programme-1"], rounds.make_round(), people.community(1))
    for name, value in vars(method or Method()).items():
        if name != "publication":
            setattr(poll, name, value)
    service.freeze_poll(officer=staff["programme-1"], poll=poll)
    service.open_poll(officer=staff["leader-1"], poll=poll)
    fill(poll, markings)
    with clock.set_to(poll.closes_at + timedelta(minutes=1)):
        service.close_poll(officer=staff["leader-1"], poll=poll)
    service.ask_seal(officer=staff["programme-1"], poll=poll)
    service.witness_seal(supervisor=staff["supervisor-1"], poll=poll)
    db.session.commit()
    return poll


def fill(poll: Poll, markings: Markings) -> None:
    """Put ballots into the box, each with a roll entry that has voted."""
    spellings = [spell(poll.kind, marking) for marking, count in markings for _voter in range(count)]
    bands = (AgeBand.FROM_18, AgeBand.FROM_35, AgeBand.FROM_60)
    for number, spelling in enumerate(spellings):
        code, salt = new_code(), secrets.token_hex(8)
        leaf = leaf_hash(poll.ref, code, spelling, salt)
        row = {"poll_id": poll.id, "code": code, "choices": spelling, "salt": salt, "leaf": leaf}
        db.session.execute(insert(Ballot).values(row))
        entry = RollEntry(
            poll_id=poll.id,
            person_key=f"{number:064}",
            community_id=poll.community_id,
            age_band=bands[min(2, number // 16)],
            has_voted=True,
            channel=Channel.WEB if number % 3 else Channel.PAPER,
            voted_on=clock.today(),
        )
        db.session.add(entry)


def counted(markings: Markings, method: Method | None = None) -> dict[str, Any]:
    poll = sealed_poll(markings, method)
    service.count_poll(officer=account("leader-1"), poll=poll)
    db.session.commit()
    assert poll.result is not None
    return {"ref": poll.ref, **poll.result}


def why(result: dict[str, Any]) -> dict[str, str]:
    return {line["code"]: line["why"] for line in result["options"]}


def test_the_lot_is_drawn_and_published_before_anybody_counts(app: Flask, browse: Browse) -> None:
    with app.app_context():
        ref = sealed_poll(APPROVALS).ref
    leader = browse("leader-1")
    leader.post(f"/polls/{ref}/count", status=422)
    for login in ("supervisor-1", "community-1", "finance-1", "resident-1", "programme-1"):
        browse(login).post(f"/polls/{ref}/draw", status=403)
    assert "计票并公布" not in leader.get(f"/polls/{ref}").text
    leader.press(f"/polls/{ref}", "公开抽签")
    with app.app_context():
        seed = queries.get_poll(ref).tie_seed
        assert seed
    assert seed in browse(None).get(f"/polls/{ref}").text
    browse(None).get(f"/polls/{ref}/result", status=404)
    leader.post(f"/polls/{ref}/draw", status=403)
    leader.press(f"/polls/{ref}", "计票并公布")
    assert seed in browse(None).get(f"/polls/{ref}/result").text
    with app.app_context():
        assert queries.get_poll(ref).tie_seed == seed
        acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject_ref == ref)).all()
        assert [act for act in acts if act in {"poll:draw", "poll:count"}] == ["poll:draw", "poll:count"]


def test_greedy_tells_why_and_how_many_votes_were_missing(app: Flask, browse: Browse) -> None:
    with app.app_context():
        result = counted(APPROVALS)
        # 02 has 27 votes, 01 21, 04 15, 03 13; 5.2 + 9.8 = 15.0 leave 1.0 for 9.9 and 7.2
        assert result["winners"] == ["02", "01"]
        assert why(result) == {"01": "funded", "02": "funded", "03": "does_not_fit", "04": "does_not_fit"}
        assert {line["code"]: line["votes_needed"] for line in result["options"]}["03"] == 21
        assert result["rule"]["method"] == "greedy"
        assert (result["settled_exactly"], result["smallest_gap"]) == (0, None)
    text = browse(None).get(f"/polls/{result['ref']}/result").text
    assert "离入选最近的是“暖心餐桌·高龄助餐”，有效支持度 68%" in text
    assert "轮到它时预算还剩 10,000.00 元，不够它的费用 72,000.00 元。它有 13 票，至少要 21 票。" in text
    assert "有效支持度 61%" in text


def test_equal_shares_shows_who_paid_and_where_the_money_went(app: Flask, browse: Browse) -> None:
    method = Method(rule=CountingRule.EQUAL_SHARES)
    with app.app_context():
        result = counted(APPROVALS, method)
        assert result["rule"]["utility"] == "cost"
        assert result["counted_by"] == "mes"
        assert result["steps"] > 0
        assert result["total_cost_fen"] <= result["budget_fen"]
        reasons = set(why(result).values())
        assert reasons & {"money_spent", "too_few_votes"}
    seen = browse(None).get(f"/polls/{result['ref']}/result")
    assert "等额分配法（按项目费用衡量；" in seen.text
    assert "位支持者每人付" in seen.text
    assert "各选项得票" in [title.get_text() for title in seen.soup.select("svg.chart > title")]
    assert "条形图，单位：票。" in seen.soup.select("svg.chart > desc")[0].get_text()


@pytest.mark.parametrize(
    ("method", "markings", "winners"),
    [
        (Method(PollKind.KNAPSACK), [({"03": 1, "02": 1}, 11), ({"01": 1}, 10)], ["02", "03"]),
        (Method(PollKind.CUMULATIVE, points=10), [({"04": 7, "02": 3}, 5), ({"03": 10}, 3)], ["04", "02"]),
        (Method(PollKind.SCORING, points=5), [({"01": 5, "02": 1}, 5), ({"02": 4}, 4)], ["01", "02"]),
        (Method(PollKind.RANKING), [({"04": 1, "02": 2}, 6), ({"02": 1}, 5)], ["04", "02"]),
        (
            Method(PollKind.CUMULATIVE, CountingRule.EQUAL_SHARES, {"utility": "points"}, points=10),
            [({"04": 7, "02": 3}, 5), ({"02": 10}, 3)],
            ["02", "04"],
        ),
    ],
)
def test_every_kind_of_ballot_is_counted_and_shown(
    app: Flask, browse: Browse, method: Method, markings: Markings, winners: list[str]
) -> None:
    with app.app_context():
        result = counted(markings, method)
        assert result["winners"] == winners
    for login in (None, "programme-1"):
        browse(login).get(f"/polls/{result['ref']}/result")
    for table in ("options", "rounds", "shares", "turnout"):
        browse(None).get(f"/polls/{result['ref']}/result/{table}.xlsx")


def test_envelopes_and_floors_hold(app: Flask, browse: Browse) -> None:
    options = {"envelopes": {"professional": 5_000_000}, "floors": {"001": 0}}
    with app.app_context():
        result = counted(APPROVALS, Method(rule_options=options))
        assert why(result)["01"] == "envelope_full"
        assert result["winners"] == ["02", "04"]
    assert "一类的资金有上限，还剩 50,000.00 元" in browse(None).get(f"/polls/{result['ref']}/result").text


def test_needs_are_ranked_and_get_no_money(app: Flask, browse: Browse) -> None:
    with app.app_context():
        result = counted([({"04": 1, "02": 2}, 6), ({"02": 1}, 5)], Method(PollKind.RANKING, CountingRule.SUPPORT))
        assert result["winners"] == []
        ranks = {line["code"]: (line["rank"], line["votes"], line["score"]) for line in result["options"]}
        assert ranks["04"] == (1, 6, 12)
        assert ranks["02"] == (2, 11, 11)
    text = browse(None).get(f"/polls/{result['ref']}/result").text
    assert "只排先后，不分配资金" in text
    assert "入选" not in text.split("谁参加了投票")[0].split("怎么算出来的")[1].replace("入选项目", "")


def test_small_cells_cannot_be_read_or_computed_back(app: Flask, browse: Browse) -> None:
    with app.app_context():
        result = counted(APPROVALS)
        voted = {row["name"]: row["voted"] for row in result["by_age"]}
        # 16, 16 and 8: the 8 is hidden and, so that it does not follow from 40, one 16 as well
        assert sorted((value is None, value) for value in voted.values() if value) == [(False, 16)]
        assert list(voted.values()).count(None) == 2
        assert result["ballots"] == 40
    seen = browse(None).get(f"/polls/{result['ref']}/result")
    assert "不公布" in seen.text
    file = browse(None).get(f"/polls/{result['ref']}/result/turnout.csv")
    cells = [cell for row in csv.reader(io.StringIO(file.html)) for cell in row]
    assert cells.count("不足 10 人，不公布") >= 2


@pytest.mark.parametrize("spelling", ["09", "01:2", "02,01", ""])
def test_a_ballot_that_is_not_valid_stops_the_count(app: Flask, monkeypatch: pytest.MonkeyPatch, spelling: str) -> None:
    """The database lets nobody change a sealed ballot; the count does not rely on that."""
    with app.app_context():
        poll = sealed_poll(APPROVALS)
        found = queries.list_spellings(poll)
        monkeypatch.setattr(queries, "list_spellings", lambda _poll: [*found[1:], (spelling, found[0][1])])
        with pytest.raises(RuleBroken):
            service.count_poll(officer=account("leader-1"), poll=poll)
        db.session.rollback()
        assert queries.get_poll(poll.ref).result is None


def test_a_ballot_too_few_stops_the_count(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        poll = sealed_poll(APPROVALS)
        leaves = queries.list_leaves(poll)
        monkeypatch.setattr(queries, "list_leaves", lambda _poll: leaves[1:])
        with pytest.raises(RuleBroken, match="不一致"):
            service.count_poll(officer=account("leader-1"), poll=poll)
        with pytest.raises(NotPermitted):
            service.count_poll(officer=account("programme-1"), poll=poll)


def test_a_big_box_is_counted_in_the_background(app: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "BIG", 20)
    with app.app_context():
        ref = sealed_poll(APPROVALS).ref
        service.draw_lot(officer=account("leader-1"), poll=queries.get_poll(ref))
        db.session.commit()
    sent_on = browse("leader-1").post(f"/polls/{ref}/count").response.location
    assert "/jobs/" in sent_on
    with app.app_context():
        jobs.work(once=True)
        run = db.session.scalars(select(JobRun).where(JobRun.kind == counting.COUNT)).one()
        assert run.status is JobStatus.DONE, run.error
        assert (queries.get_poll(ref).result or {})["winners"] == ["02", "01"]
    browse(None).get(f"/polls/{ref}/result")


@pytest.mark.parametrize("rule", [CountingRule.GREEDY, CountingRule.EQUAL_SHARES])
def test_the_checker_of_the_format_recounts_the_export(app: Flask, tmp_path: Path, rule: CountingRule) -> None:
    with app.app_context():
        ref = counted([*APPROVALS, ({"04": 1}, 6)], Method(rule=rule))["ref"]
        (tmp_path / "poll.pb").write_text(pabulib_text(queries.get_poll(ref)), "utf-8")
    report = Checker().process_files([str(tmp_path / "poll.pb")])
    assert report["metadata"]["invalid"] == 0, report
    assert "rule validation skipped" not in report["poll"]["results"]["warnings"]


@pytest.mark.parametrize("rule", CountingRule)
def test_a_vote_nobody_took_part_in_has_a_result_too(app: Flask, browse: Browse, rule: CountingRule) -> None:
    with app.app_context():
        result = counted([], Method(rule=rule))
        assert (result["winners"], result["ballots"]) == ([], 0)
    browse(None).get(f"/polls/{result['ref']}/result")
    for table in ("options", "rounds", "shares", "turnout"):
        browse(None).get(f"/polls/{result['ref']}/result/{table}.csv")
