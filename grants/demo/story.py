"""The demo street's story, told in order so that every rule agrees with it."""

import random
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

from grants.demo import street
from grants.demo.chapters import channels, delivery, growth, money, needs, opening, polls, register, selection
from grants.demo.chapters.lives import Life, Season, live
from grants.demo.chapters.opening import NOW, PAST, RoundPlan
from grants.demo.scales import Scale
from grants.demo.teller import Teller
from grants.demo.themes import THEMES, Theme
from grants.foundation import clock
from grants.foundation.database import db
from grants.needs.models import Need
from grants.people.models import Place
from grants.rounds.models import Round
from grants.rounds.rules import Category
from grants.voting.models import Poll

TODAY = date(2026, 11, 24)
INTRODUCTION = (
    "居民全程参与需求收集与筛选、项目立项决策、执行机构选择、实施过程监督和服务效率评价。"
    "重点资助社会治理、专业服务、社区营造、志愿服务、福利慈善五大类项目。"
)
FIRST = RoundPlan("梧桐街道第一届公益创投", 2024, date(2024, 3, 4), PAST, (20, 24, 20, 16, 24), INTRODUCTION, {})
SECOND = RoundPlan("梧桐街道第二届公益创投", 2025, date(2025, 2, 24), PAST, (44, 56, 48, 34, 52), INTRODUCTION, {})
THIRD = RoundPlan("梧桐街道第三届公益创投", 2026, date(2026, 7, 6), NOW, (60, 70, 60, 44, 66), INTRODUCTION, {})
REHEARSAL = RoundPlan(
    "演练届次（练习用）",
    2026,
    date(2026, 11, 10),
    {phase: (0, 400) for phase in NOW},
    (20, 20, 20, 20, 20),
    "供工作人员和社会组织练习使用：公示期、投票和申报截止可以提前结束，其余规则与正式届次完全一致。",
    {
        "is_rehearsal": True,
        "need_support_threshold": 1,
        "survey_minimum": 1,
        "survey_percent": 0,
        "survey_checks": 0,
        "jury_size": 5,
    },
    "演练资金（练习用）",
)
GRADES = ((98, 98), (88, 95), (94, 96), (70, 88), (84, 92), (90, 96), (50, 78), (86, 93))
"""Share of judged points and of content answers, taken in turn: they make the grades differ."""
PRESENT = (
    "second_asked",
    "first_approved",
    "first_asked",
    "troubled",
    "signed",
    "awarded",
    "award_announced",
    "reviewing",
    "closed",
    "called",
    "funded",
    "announced",
    "costed",
    "draft",
)
"""How far the projects of the present round are."""


BULLETIN_MONTH = "2026-10"
"""The first month in which projects of the present round ran."""


def tell(scale: Scale, *, seed: int, say: Callable[[str], None]) -> None:
    """Load everything; `say` hears one line a chapter."""
    dice = random.Random(seed)  # noqa: S311 - a repeatable story, no secret
    began = time.monotonic()

    def done(chapter: str) -> None:
        db.session.commit()
        say(f"[{time.monotonic() - began:5.1f}s] {chapter}")

    with clock.set_to(datetime(2024, 2, 1, 9, 0, tzinfo=clock.SHANGHAI)):
        teller = Teller(street.lay(scale, dice), scale, dice)
    selection.fill_pool(teller, date(2024, 2, 20))
    done("places, residents, accounts and organisations")
    small = scale.name == "small"
    past_round(teller, FIRST, 1 if small else 4, skip=0, is_archived=True)
    done("the first round, archived")
    past_round(teller, SECOND, 2 if small else 14, skip=5, is_archived=False)
    growth.fill_library(teller, date(2026, 6, 10))
    done("the second round, ended and evaluated")
    present_round(teller, THIRD)
    done("the third round, under way")
    opening.open_round(teller, REHEARSAL)
    done("a rehearsal round, open to practise on")
    money.close_books(teller, TODAY)
    done("a bank statement, a spot check and the supervisor's opinion")
    register.fill(teller, TODAY)
    done("colleagues, papers and people in the files of organisations")


def _themes(count: int, skip: int) -> list[Theme]:
    """Return themes that take the five categories in turn."""
    by_category = {category: [one for one in THEMES if one.category is category] for category in Category}
    ordered = [by_category[category][turn % len(by_category[category])] for turn in range(8) for category in Category]
    return (ordered[skip:] + ordered[:skip])[:count]


def _spread(teller: Teller, themes: list[Theme]) -> list[tuple[Place, list[Theme]]]:
    """Give every community a few themes to vote on."""
    communities = teller.ground.communities
    shares: list[tuple[Place, list[Theme]]] = [(place, []) for place in communities]
    for number, theme in enumerate(themes):
        shares[number % len(communities)][1].append(theme)
    extra = _themes(len(communities) * 2, 17)
    for number, (_place, share) in enumerate(shares):
        share += [one for one in extra[number * 2 : number * 2 + 2] if one not in share]
    return [(place, share) for place, share in shares if len(share) >= 2]


def _gather(teller: Teller, round_: Round, place: Place, themes: list[Theme], day: date) -> list[tuple[Need, Theme]]:
    """Raise, examine and deliberate the needs of a community."""
    found = [(needs.raise_needs(teller, round_, place, theme, day + timedelta(days=2)), theme) for theme in themes]
    for need, theme in found:
        needs.examine(teller, need, theme, day + timedelta(days=16))
    needs.deliberate(teller, round_, place, [need for need, _theme in found], day + timedelta(days=22))
    return found


def _vote(teller: Teller, round_: Round, place: Place, options: list[tuple[Need, Theme]], day: date) -> Poll:
    """Hold and fill a poll whose budget is about two thirds of what is asked for."""
    budget = max(sum(theme.yuan for _need, theme in options) * 70, max(theme.yuan for _need, theme in options) * 100)
    poll = polls.hold(teller, round_, place, options, day, budget)
    ballots = max(20, teller.scale.ballots // max(1, len(teller.ground.communities)))
    polls.fill(teller, poll, day + timedelta(days=4), ballots + teller.dice.randrange(max(2, ballots // 6)))
    return poll


def _winners(poll: Poll, options: list[tuple[Need, Theme]]) -> list[tuple[Need, Theme]]:
    codes = set((poll.result or {})["winners"])
    refs = {option.subject_ref for option in poll.options if option.code in codes}
    return [(need, theme) for need, theme in options if need.ref in refs]


def past_round(teller: Teller, plan: RoundPlan, count: int, skip: int, *, is_archived: bool) -> None:
    """Tell a whole round whose projects are closed."""
    round_ = opening.open_round(teller, plan)
    season = Season()
    day = plan.starts_on
    told = 0
    for place, themes in _spread(teller, _themes(count, skip)):
        if told >= count:
            break
        options = _gather(teller, round_, place, themes, day)
        poll = _vote(teller, round_, place, options, day + timedelta(days=56))
        polls.count(teller, poll)
        for need, theme in _winners(poll, options):
            if told >= count:
                break
            needs.adopt(teller, need, day + timedelta(days=69))
            quality, liking = GRADES[told % len(GRADES)]
            life = Life(need, theme, "archived", quality=quality, liking=liking, activities=8 + told % 4 * 2)
            live(teller, season, life, day + timedelta(days=76))
            told += 1
    opening.end_round(teller, round_, is_archived=is_archived)
    db.session.flush()


def present_round(teller: Teller, plan: RoundPlan) -> None:
    """Tell the round that is under way: every stage has something in it."""
    round_ = opening.open_round(teller, plan)
    season = Season()
    day = plan.starts_on
    stages = list(PRESENT)
    for place, themes in _spread(teller, _themes(14, 11))[: max(1, len(teller.ground.communities) * 2 // 3)]:
        options = _gather(teller, round_, place, themes, day)
        poll = _vote(teller, round_, place, options, day + timedelta(days=31))
        polls.count(teller, poll)
        for need, theme in _winners(poll, options):
            needs.adopt(teller, need, day + timedelta(days=44))
            if stages:
                stage = stages.pop(0)
                late = STAGE_DELAY.get(stage, 0)
                live(teller, season, Life(need, theme, stage, months=8, activities=6), day + timedelta(days=45 + late))
    delivery.bulletin(teller, round_, BULLETIN_MONTH)
    _late_needs(teller, round_)
    polls.hold_specials(teller, round_, TODAY)


STAGE_DELAY = {"award_announced": 23, "reviewing": 28, "closed": 42, "called": 58, "funded": 60, "announced": 90}
"""Days by which a project starts later so that it is at its stage today."""


def _late_needs(teller: Teller, round_: Round) -> None:
    """Raise fresh needs: some just raised, some examined, one poll open now, and the ones answered with a no."""
    spread = _themes(18, 23)
    for number, place in enumerate(teller.ground.communities[:6]):
        themes = spread[number * 3 : number * 3 + 3]
        start = TODAY - timedelta(days=34)
        if number < 3:
            options = _gather(teller, round_, place, themes, start)
            poll = polls.hold(teller, round_, place, options, TODAY - timedelta(days=4), themes[0].yuan * 150)
            polls.fill(teller, poll, TODAY - timedelta(days=2), max(30, teller.scale.ballots // 40))
            if number == 0:
                channels.serve(teller, poll, TODAY - timedelta(days=1))
        else:
            for theme in themes:
                need = needs.raise_needs(teller, round_, place, theme, TODAY - timedelta(days=9))
                if number == 3:
                    needs.examine(teller, need, theme, TODAY - timedelta(days=3))
        needs.answer_the_rest(teller, round_, place, TODAY - timedelta(days=20))
