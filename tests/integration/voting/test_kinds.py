"""Every kind of ballot through its three screens, malformed ballots on all of them, the whole street in one poll."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.foundation.database import db
from grants.people import queries as people_queries
from grants.rounds.rules import Category
from grants.voting import queries, service
from grants.voting.models import Ballot
from grants.voting.rules import CountingRule, PollKind, Publication
from grants.voting.service import Method, OptionDraft
from tests.browsing import Browser, typed
from tests.factories import people, rounds, voting
from tests.factories.remembering import remembered

Browse = Callable[[str | None], Browser]


@pytest.fixture
def street(app: Flask) -> dict[PollKind, str]:
    """Make a street with one open poll of every kind in its first community; return their references."""
    with app.app_context():
        return _make_polls()


@remembered
def _make_polls() -> dict[PollKind, str]:
    people.make_street()
    staff = people.make_staff()
    for number in range(1, 4):
        people.make_resident(f"resident-{number}", name=f"居民{number}")
    people.make_resident("resident-9", place=people.community(2))
    round_ = rounds.make_round()
    refs = {}
    for kind, method in voting.METHODS.items():
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], round_, people.community(1), method=method)
        refs[kind] = poll.ref
    return refs


FILLED: dict[PollKind, tuple[dict[str, Any], str, str]] = {
    PollKind.APPROVAL: ({"choice": ["03", "01"]}, "01,03", "一键守望"),
    PollKind.KNAPSACK: ({"choice": ["02", "03"]}, "02,03", "合计 124,000.00 元"),
    PollKind.CUMULATIVE: ({"points-01": "7", "points-03": "３", "points-02": ""}, "01:7,03:3", "还剩 0 点"),
    PollKind.SCORING: ({"points-04": "5", "points-02": "1"}, "02:1,04:5", "5 分"),
    PollKind.RANKING: ({"rank-02": "1", "rank-04": "2", "rank-01": ""}, "02>04", "第 1 名"),
}
WRONG: dict[PollKind, tuple[dict[str, Any], str]] = {
    PollKind.APPROVAL: ({"choice": ["01", "02", "03", "04"]}, "您选了 4 项"),
    PollKind.KNAPSACK: ({"choice": ["01", "04"]}, "超出预算"),
    PollKind.CUMULATIVE: ({"points-01": "7", "points-03": "4"}, "分出了 11 点"),
    PollKind.SCORING: ({f"points-0{number}": "5" for number in range(1, 5)}, "您选了 4 项"),
    PollKind.RANKING: ({"rank-01": "1", "rank-02": "1"}, "不能并列"),
}


def _form(soup: BeautifulSoup) -> dict[str, Any]:
    """Return what the ballot's form would send as it stands."""
    return typed(soup.find("form", attrs={"data-ballot": True}))


def _carried(soup: BeautifulSoup) -> dict[str, Any]:
    """Return what the check screen would cast; the order of the boxes says nothing."""
    fields = typed(soup.find("form", id="cast"))
    return fields | {"choice": sorted(fields.get("choice", []))}


def _open(browser: Browser, ref: str) -> dict[str, Any]:
    return {"token": _form(browser.get(f"/polls/{ref}/ballot").soup)["token"]}


@pytest.mark.parametrize("kind", list(PollKind))
def test_every_kind_is_chosen_checked_and_cast(
    street: dict[PollKind, str], browse: Browse, app: Flask, kind: PollKind
) -> None:
    ref, (filled, spelling, said) = street[kind], FILLED[kind]
    browser, path = browse("resident-1"), f"/polls/{ref}/ballot"
    checked = browser.post(path, {**_open(browser, ref), **filled, "step": "check"}, status=200)
    assert said in checked.text
    carried = typed(checked.soup.find("form", id="cast"))
    receipt = browser.post(path, carried, status=200)
    assert receipt.soup.select_one(".receipt__code")
    with app.app_context():
        assert db.session.scalars(db.select(Ballot.choices)).all() == [spelling]
    shown = browser.get(f"/polls/{ref}").text
    assert "您已投票" in shown
    assert "通过“网上”投票" in shown


@pytest.mark.parametrize("kind", list(PollKind))
def test_going_back_and_an_error_keep_everything_typed(
    street: dict[PollKind, str], browse: Browse, kind: PollKind
) -> None:
    ref, browser = street[kind], browse("resident-1")
    path, sent = f"/polls/{ref}/ballot", _open(browser, ref)
    wrong, said = WRONG[kind]
    refused = browser.post(path, {**sent, **wrong, "step": "check"}, status=422)
    assert said in refused.text
    kept = _form(refused.soup)
    assert {name: kept[name] for name in wrong if name != "choice"} == {k: v for k, v in wrong.items() if k != "choice"}
    assert set(kept.get("choice", [])) == set(wrong.get("choice", []))
    filled = FILLED[kind][0]
    checked = browser.post(path, {**sent, **filled, "step": "check"}, status=200)
    back = _form(browser.post(path, typed(checked.soup.find("form", id="back")), status=200).soup)
    again = browser.post(path, {**back, "step": "check"}, status=200)
    assert _carried(again.soup) == _carried(checked.soup)


def test_text_that_is_no_number_stays_in_its_box(street: dict[PollKind, str], browse: Browse) -> None:
    ref, browser = street[PollKind.CUMULATIVE], browse("resident-1")
    sent = {**_open(browser, ref), "points-01": "三点", "points-02": "2", "step": "check"}
    refused = browser.post(f"/polls/{ref}/ballot", sent, status=422)
    assert "请用整数填写" in refused.text
    assert (_form(refused.soup)["points-01"], _form(refused.soup)["points-02"]) == ("三点", "2")


@pytest.mark.parametrize("kind", [PollKind.APPROVAL, PollKind.CUMULATIVE, PollKind.RANKING])
def test_searching_hides_options_and_loses_no_choice(
    street: dict[PollKind, str], browse: Browse, kind: PollKind
) -> None:
    ref, browser = street[kind], browse("resident-1")
    path, filled = f"/polls/{ref}/ballot", FILLED[kind][0]
    searched = browser.post(
        path, {**_open(browser, ref), **filled, "step": "filter", "q": "停车", "category": ""}, status=200
    )
    cards = {card["for"][-2:]: card.has_attr("hidden") for card in searched.soup.select(".ballot__option")}
    assert cards == {"01": True, "02": False, "03": True, "04": True}
    assert "显示 1 项，共 4 项" in searched.text
    checked = browser.post(path, {**_form(searched.soup), "step": "check"}, status=200)
    assert FILLED[kind][2] in checked.text or "一键守望" in checked.text


def test_the_search_can_stand_in_the_address(street: dict[PollKind, str], browse: Browse) -> None:
    seen = browse("resident-1").get(f"/polls/{street[PollKind.APPROVAL]}/ballot?category=welfare")
    shown = [card["for"][-2:] for card in seen.soup.select(".ballot__option") if not card.has_attr("hidden")]
    assert shown == ["04"]


def test_the_order_is_random_between_forms_and_fixed_for_one(street: dict[PollKind, str], browse: Browse) -> None:
    ref, browser = street[PollKind.APPROVAL], browse("resident-1")
    orders = set()
    for _turn in range(12):
        seen = browser.get(f"/polls/{ref}/ballot")
        order = [card["for"] for card in seen.soup.select(".ballot__option")]
        orders.add(tuple(order))
        again = browser.post(f"/polls/{ref}/ballot", {**_form(seen.soup), "step": "filter"}, status=200)
        assert [card["for"] for card in again.soup.select(".ballot__option")] == order
    assert len(orders) > 1


CODES = st.sampled_from(["01", "02", "03", "04", "99", "", "01,02", "01>02", "01:2"])
NUMBERS = st.sampled_from(["", "0", "1", "2", "3", "5", "6", "11", "-1", "1.5", "三", "9" * 40, "²", " 2 ", "\x00"])
FIELDS = st.dictionaries(
    st.sampled_from(["choice", "step", "token", "q", "category"])
    | CODES.map(lambda code: f"points-{code}")
    | CODES.map(lambda code: f"rank-{code}"),
    st.lists(CODES | NUMBERS, min_size=1, max_size=5),
    max_size=7,
)


def _marks(kind: PollKind, fields: dict[str, list[str]]) -> dict[str, int] | None:
    """Read a ballot by other means than the code under test; None when anything on it is out of place."""
    marks: dict[str, int] = {}
    for name, values in fields.items():
        boxed = kind in {PollKind.APPROVAL, PollKind.KNAPSACK} and name == "choice" and len(set(values)) == len(values)
        numbered = re.fullmatch("rank-(.*)" if kind is PollKind.RANKING else "points-(.*)", name)
        if boxed:
            marks |= dict.fromkeys(values, 1)
        elif (
            numbered
            and kind not in {PollKind.APPROVAL, PollKind.KNAPSACK}
            and re.fullmatch(" ?[0-9]{0,6} ?", values[0])
        ):
            marks |= {numbered[1]: int(values[0])} if len(values) == 1 and values[0].strip(" 0") else {}
            if len(values) != 1:
                return None
        else:
            return None
    return marks


def _is_proper(kind: PollKind, fields: dict[str, list[str]]) -> bool:
    """Tell whether fields are a ballot that may be stored."""
    marks = _marks(kind, {name: values for name, values in fields.items() if name not in {"q", "category"}})
    if not marks or len(marks) > 3 or not set(marks) <= {"01", "02", "03", "04"}:
        return False
    costs = {"01": 98, "02": 52, "03": 72, "04": 99}
    return {
        PollKind.APPROVAL: True,
        PollKind.KNAPSACK: sum(costs[code] for code in marks) <= 160,
        PollKind.CUMULATIVE: sum(marks.values()) <= 10,
        PollKind.SCORING: max(marks.values()) <= 5,
        PollKind.RANKING: sorted(marks.values()) == list(range(1, len(marks) + 1)),
    }[kind]


@pytest.mark.parametrize("kind", list(PollKind))
def test_nothing_malformed_is_ever_stored(
    street: dict[PollKind, str], browse: Browse, app: Flask, kind: PollKind
) -> None:
    ref, browser = street[kind], browse("resident-2")
    path, token = f"/polls/{ref}/ballot", _open(browser, street[kind])["token"]
    csrf = browser.csrf()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(FIELDS, st.sampled_from(["cast", "check"]))
    def attack(fields: dict[str, list[str]], step: str) -> None:
        sent = {"csrf_token": csrf, "step": step, "token": token, **fields}
        body = {name: value for name, value in fields.items() if name not in {"step", "token"}}
        proper = _is_proper(kind, body) and {"step", "token"}.isdisjoint(fields)
        if proper and step == "cast":
            return  # a good ballot; storing it would end the experiment
        response = browser.client.post(path, data=sent)
        assert response.status_code == (200 if proper else 422), (sent, response.status_code)
        if not proper:
            soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
            assert soup.select_one(".notice") is not None
        with app.app_context():
            assert db.session.execute(db.select(db.func.count()).select_from(Ballot)).scalar_one() == 0

    attack()


def test_the_whole_street_votes_in_one_poll(street: dict[PollKind, str], browse: Browse, app: Flask) -> None:
    with app.app_context():
        programme, leader = (people_queries.find_user(login) for login in ("programme-1", "leader-1"))
        options = [
            OptionDraft("口袋公园", "", Category.COMMUNITY, 100_00, community="990101001001"),
            OptionDraft("四点半课堂", "", Category.PROFESSIONAL, 200_00, community="990101001002"),
        ]
        round_ = queries.get_poll(street[PollKind.APPROVAL]).round
        poll = voting.make_open(
            programme, leader, round_, people_queries.get_street(), options=options, max_choices=2, budget_fen=300_00
        )
        ref, homes = poll.ref, {option.community.name for option in poll.options}
        assert homes == {"银杏社区", "丹桂社区"}
        assert queries.turnout(poll).entitled == people_queries.count_residents()
        db.session.commit()
    for login in ("resident-1", "resident-9"):
        browser = browse(login)
        sent = {**_open(browser, ref), "choice": ["01"], "step": "cast"}
        assert "投票成功" in browser.post(f"/polls/{ref}/ballot", sent, status=200).text
    assert "全街道 2 个社区" in browse(None).get(f"/polls/{ref}").text
    browse("community-1").get("/polls/")
    with app.app_context():
        assert ref in {poll.ref for poll in queries.list_open_polls(people.community(2).id)}


def test_an_option_outside_the_polls_area_is_refused(street: dict[PollKind, str], app: Flask) -> None:
    with app.app_context():
        programme = people_queries.find_user("programme-1")
        round_ = queries.get_poll(street[PollKind.APPROVAL]).round
        options = [*voting.OPTIONS[:2], OptionDraft("外来", "", Category.WELFARE, 1, community="990101001002")]
        with pytest.raises(service.polls.RuleBroken):
            voting.make_draft(programme, round_, people.community(1), options=options)


@pytest.mark.parametrize(
    ("method", "beneficiary", "expected"),
    [
        (Method(), "", Publication.PROTECTED),
        (Method(rule=CountingRule.SUPPORT), "", Publication.OPEN),
        (Method(rule=CountingRule.SUPPORT), "暖阳社工服务中心", Publication.PROTECTED),
        (Method(publication=Publication.OPEN), "", Publication.OPEN),
    ],
)
def test_codes_stand_beside_choices_only_where_nothing_is_at_stake(
    street: dict[PollKind, str], app: Flask, method: Method, beneficiary: str, expected: Publication
) -> None:
    with app.app_context():
        programme = people_queries.find_user("programme-1")
        round_ = queries.get_poll(street[PollKind.APPROVAL]).round
        options = [
            OptionDraft("甲", "", Category.WELFARE, 100, beneficiary=beneficiary),
            OptionDraft("乙", "", Category.WELFARE, 100),
        ]
        poll = voting.make_draft(programme, round_, people.community(1), method=method, options=options, max_choices=1)
        assert poll.publication is expected
