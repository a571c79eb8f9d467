"""Residents vote on the deliberated needs of their community."""

import secrets
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
from grants.voting import service
from grants.voting.models import Ballot, Poll, RollEntry
from grants.voting.rules import Channel, leaf_hash, spell
from grants.voting.rules import chosen as marking_of
from grants.voting.service import OptionDraft


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
    cast = {teller.resident(user).person_key for user in teller.residents_of(poll.community) if user.login[0] == "r"}
    voters = dice.sample([key for key in people if key not in cast], min(ballots, len(people) - len(cast)))
    codes = [option.code for option in poll.options]
    weights = [dice.randrange(2, 12) for _code in codes]
    rows: list[dict[str, object]] = []
    marks: dict[Channel, list[str]] = {Channel.WEB: [], Channel.PAPER: []}
    for key in voters:
        marks[Channel.PAPER if dice.random() < 0.26 else Channel.WEB].append(key)
        count = dice.randint(1, poll.max_choices)
        chosen = spell(poll.kind, marking_of(dice.choices(codes, weights, k=count)))
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


def count(teller: Teller, poll: Poll) -> None:
    """Close, seal and count a poll on the day after its deadline."""
    with teller.on(clock.local(poll.closes_at).date() + timedelta(days=1), 9):
        service.close_poll(officer=teller.user("leader-2"), poll=poll)
        service.ask_seal(officer=teller.user("programme-1"), poll=poll)
        service.witness_seal(supervisor=teller.user("supervisor-1"), poll=poll)
        service.count_poll(officer=teller.user("leader-2"), poll=poll)
