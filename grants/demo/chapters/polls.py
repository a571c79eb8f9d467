"""Residents vote on the deliberated needs of their community."""

import random
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import insert, select, update

from grants.demo.teller import Teller
from grants.demo.themes import Theme
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.identifiers import new_code
from grants.needs.models import Need
from grants.people.models import Place
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting import queries, service
from grants.voting.models import Ballot, Poll, RollEntry
from grants.voting.rules import Channel, CountingRule, PollKind, leaf_hash, spell
from grants.voting.service import Method, OptionDraft


def _moment(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.SHANGHAI)


def hold(
    teller: Teller, round_: Round, community: Place, options: list[tuple[Need, Theme]], day: date, budget_fen: int
) -> Poll:
    """Draft, freeze and open a poll that runs for ten days."""
    first, second = teller.user("programme-1"), teller.user("leader-2")
    with teller.on(day - timedelta(days=3), 10):
        poll = service.draft_poll(
            officer=teller.officer_of(community),
            round=round_,
            community=community,
            title=f"{community.name}公益项目居民投票",
            question="以下需求都已经过社区两委审查和议事会讨论。请选出您认为最需要优先实施的项目。",
            options=[
                OptionDraft(theme.title, theme.summary, need.category, theme.yuan * 100, need.ref)
                for need, theme in options
            ],
            max_choices=min(3, len(options)),
            budget_fen=budget_fen,
            opens_at=_moment(day, 8),
            closes_at=_moment(day + timedelta(days=10), 20),
        )
        service.freeze_poll(officer=first, poll=poll)
    with teller.on(day, 8):
        service.open_poll(officer=second, poll=poll)
    return poll


def fill(teller: Teller, poll: Poll, day: date, ballots: int) -> None:
    """Cast many ballots at once, a quarter on paper; likings differ by place in the list so that counts differ."""
    dice = teller.dice
    people = db.session.scalars(
        select(RollEntry.person_key)
        .where(RollEntry.poll_id == poll.id, RollEntry.has_voted.is_(False))
        .order_by(RollEntry.person_key)
    ).all()
    cast = {user.resident.person_key for user in teller.ground.users.values() if user.resident and user.login[0] == "r"}
    voters = dice.sample([key for key in people if key not in cast], min(ballots, len(people) - len(cast)))
    codes = [option.code for option in poll.options]
    weights = [dice.randrange(2, 12) for _code in codes]
    rows: list[dict[str, object]] = []
    marks: dict[Channel, list[str]] = {Channel.WEB: [], Channel.PAPER: []}
    for key in voters:
        marks[Channel.PAPER if dice.random() < 0.26 else Channel.WEB].append(key)
        chosen = spell(poll.kind, _marking(dice, poll, _liked(dice, poll, codes, weights)))
        code, salt = new_code(), secrets.token_hex(16)
        leaf = leaf_hash(poll.ref, code, chosen, salt)
        rows.append({"poll_id": poll.id, "code": code, "choices": chosen, "salt": salt, "leaf": leaf})
    dice.shuffle(rows)
    with teller.on(day, 12):
        if rows:
            db.session.execute(insert(Ballot), rows)
        for channel, keys in marks.items():
            for start in range(0, len(keys), 500):
                db.session.execute(
                    update(RollEntry)
                    .where(RollEntry.poll_id == poll.id, RollEntry.person_key.in_(keys[start : start + 500]))
                    .values(has_voted=True, channel=channel, voted_on=day)
                    .execution_options(synchronize_session=False)
                )
        audit.record("demo:ballots", actor=None, subject=poll, count=len(rows))


def _liked(dice: random.Random, poll: Poll, codes: list[str], weights: list[int]) -> list[str]:
    """Return the options a voter likes, best first; at least as many as the poll asks for."""
    count = dice.randint(1, poll.max_choices)
    found = list(dict.fromkeys(dice.choices(codes, weights, k=count)))
    return found + [code for code in codes if code not in found][: max(0, poll.min_choices - len(found))]


def _marking(dice: random.Random, poll: Poll, liked: list[str]) -> dict[str, int]:
    """Return what somebody who likes these options marks on a ballot of the poll's kind."""
    if poll.kind is PollKind.RANKING:
        return {code: rank for rank, code in enumerate(liked, start=1)}
    if poll.kind is PollKind.SCORING:
        return {code: max(1, (poll.points or 1) - place - dice.randint(0, 1)) for place, code in enumerate(liked)}
    if poll.kind is PollKind.CUMULATIVE:
        left = (poll.points or 0) - len(liked)
        return {code: 1 + (left - left // 2 if place == 0 else 0) for place, code in enumerate(liked)}
    costs, left_fen, bag = {option.code: option.cost_fen for option in poll.options}, poll.budget_fen, {}
    for code in liked:
        if poll.kind is PollKind.APPROVAL or costs[code] <= left_fen:
            bag[code], left_fen = 1, left_fen - costs[code]
    return bag


def count(teller: Teller, poll: Poll) -> None:
    """Close, seal and count a poll on the day after its deadline."""
    with teller.on(clock.local(poll.closes_at).date() + timedelta(days=1), 9):
        service.close_poll(officer=teller.user("leader-2"), poll=poll)
        service.ask_seal(officer=teller.user("programme-1"), poll=poll)
        service.witness_seal(supervisor=teller.user("supervisor-1"), poll=poll)
        service.count_poll(officer=teller.user("leader-2"), poll=poll)


@dataclass(frozen=True)
class Special:
    """A poll of another kind than the usual one: where (0 is the whole street), what about, how, and how long ago."""

    place: int
    title: str
    question: str
    method: Method
    max_choices: int
    yuan: int
    options: tuple[OptionDraft, ...]
    started: int
    turnout_percent: int


def _option(title: str, summary: str, category: Category, yuan: int, beneficiary: str = "") -> OptionDraft:
    return OptionDraft(title, summary, category, yuan * 100, beneficiary=beneficiary)


SPECIALS = (
    Special(
        0,
        "明年先解决什么？全街道需求排序",
        "下面六件事是各社区提得最多的。请按您家的需要排出先后，结果作为明年公益创投的选题依据，这次不分配资金。",
        Method(PollKind.RANKING, CountingRule.SUPPORT, minimum_age=16),
        3,
        0,
        (
            _option("老年助餐", "八十岁以上和独居老人的午餐、晚餐", Category.WELFARE, 0),
            _option("暑期托管", "双职工家庭孩子的假期去处", Category.PROFESSIONAL, 0),
            _option("电动车充电", "楼道飞线整治和集中充电点", Category.GOVERNANCE, 0),
            _option("楼道适老改造", "扶手、坡道和照明", Category.COMMUNITY, 0),
            _option("助残陪伴", "残疾人家庭的陪护和喘息", Category.VOLUNTEER, 0),
            _option("邻里纠纷调解", "噪声、漏水、占道的居民自己说事", Category.GOVERNANCE, 0),
        ),
        45,
        9,
    ),
    Special(
        1,
        "十万元微更新，您来当家",
        "社区有十万元用于小区公共空间微更新。请在预算内自己搭配，合计不超过十万元。",
        Method(PollKind.KNAPSACK, CountingRule.EQUAL_SHARES, {"fill": "greedy"}),
        5,
        100_000,
        (
            _option("儿童沙池翻新", "换沙、围挡和遮阳", Category.COMMUNITY, 28_000),
            _option("晾衣架和长椅", "十二处公共晾晒与歇脚", Category.COMMUNITY, 36_000),
            _option("楼道照明", "感应灯四十盏", Category.GOVERNANCE, 24_000),
            _option("一米菜园", "六十块认领小菜地", Category.COMMUNITY, 32_000),
            _option("共享工具屋", "梯子、电钻、轮椅免费借用", Category.VOLUNTEER, 18_000),
        ),
        3,
        12,
    ),
    Special(
        2,
        "社区课堂开什么课",
        "每人十点，喜欢哪门课就多给几点。课时费从社区营造经费列支。",
        Method(PollKind.CUMULATIVE, CountingRule.GREEDY, points=10),
        4,
        48_000,
        (
            _option("智能手机课", "买菜、挂号、防诈骗", Category.PROFESSIONAL, 12_000),
            _option("八段锦", "每周三次，早上七点", Category.COMMUNITY, 9_000),
            _option("书法与国画", "零基础，节前写春联", Category.COMMUNITY, 15_000),
            _option("急救与家庭护理", "心肺复苏、翻身、喂饭", Category.VOLUNTEER, 18_000),
            _option("亲子手工", "周末半天", Category.WELFARE, 11_000),
        ),
        3,
        14,
    ),
    Special(
        2,
        "助餐点由谁来办：试运行打分",
        "三家机构各试运行了两周。请为您去过的助餐点打分，1 分最低，5 分最高；得分供评审参考。",
        Method(PollKind.SCORING, CountingRule.SUPPORT, points=5),
        3,
        0,
        (
            _option("东门助餐点", "两荤两素一汤，可送餐上门", Category.WELFARE, 0, "暖阳社会工作服务中心"),
            _option("西区助餐点", "可选菜，周末不休", Category.WELFARE, 0, "银龄互助养老服务社"),
            _option("中心助餐点", "软食和低盐餐", Category.WELFARE, 0, "和美家园物业服务促进中心"),
        ),
        40,
        8,
    ),
)


def hold_specials(teller: Teller, round_: Round, today: date) -> None:
    """Hold a poll of every other kind: some counted, some open today."""
    for special in SPECIALS:
        day = today - timedelta(days=special.started)
        place = teller.ground.street if special.place == 0 else teller.ground.communities[special.place - 1]
        poll = _hold_special(teller, round_, place, special, day)
        entitled = queries.turnout(poll).entitled
        fill(teller, poll, day + timedelta(days=2), min(1200, max(25, entitled * special.turnout_percent // 100)))
        if poll.closes_at < _moment(today, 0):
            count(teller, poll)


def _hold_special(teller: Teller, round_: Round, place: Place, special: Special, day: date) -> Poll:
    officer = teller.user("programme-2") if special.place == 0 else teller.officer_of(place)
    with teller.on(day - timedelta(days=4), 15):
        poll = service.draft_poll(
            officer=officer,
            round=round_,
            community=place,
            title=special.title,
            question=special.question,
            options=special.options,
            max_choices=special.max_choices,
            budget_fen=special.yuan * 100,
            opens_at=_moment(day, 8),
            closes_at=_moment(day + timedelta(days=12), 20),
            method=special.method,
        )
        service.freeze_poll(officer=teller.user("programme-1"), poll=poll)
    with teller.on(day, 8):
        service.open_poll(officer=teller.user("leader-2"), poll=poll)
    return poll
