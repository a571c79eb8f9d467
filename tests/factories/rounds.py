"""Builders of rounds and notices, with their money in the ledger and every phase running today."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

from grants.foundation.clock import now, set_to, start_of, today
from grants.foundation.database import db
from grants.foundation.models import Holiday
from grants.foundation.workdays import builtin_table
from grants.funds.models import Fund
from grants.funds.rules import FundSource
from grants.people import queries as people
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds import service
from grants.rounds.models import Envelope, Notice, Round, RoundPhase
from grants.rounds.queries import published_rules
from grants.rounds.rules import (
    DEFAULT_SETTINGS,
    Category,
    NoticeKind,
    Phase,
    RoundStatus,
    ScoreTableKind,
    rules_hash,
)
from grants.rounds.service.drafting import PhaseDates, starting_lines, write_table
from tests.factories import funds

DAYS_OFF = ((1, 1), *((5, day) for day in range(1, 5)), *((10, day) for day in range(1, 8)))


def make_calendar() -> None:
    """Import a made-up notice for the coming years, so that no test depends on the day it is run."""
    years = set(range(today().year, today().year + 3)) - set(builtin_table().years)
    imported = set(db.session.scalars(db.select(Holiday.day)))
    off = {date(year, month, day) for year in years for month, day in DAYS_OFF}
    db.session.add_all(Holiday(day=day, is_workday=False, name="假日") for day in sorted(off - imported))
    db.session.flush()


def make_fund(ref: str = "ZJ-2026-01", source: FundSource = FundSource.STREET, *, amount_fen: int = 0) -> Fund:
    """Make a fund, with money in its pool when an amount is given."""
    return funds.make_fund(ref, amount_fen=amount_fen, source=source)


def make_round(number: int = 1, *, envelope_fen: int = 30_000_000, **settings: Any) -> Round:
    """Make an open round in which every phase runs today, so that each stage can be tested alone.

    Its five envelopes are filled in the ledger. Keyword settings replace the defaults.
    """
    make_calendar()
    day = today()
    fund = make_fund(f"ZJ-2026-{number:02d}", amount_fen=envelope_fen * len(Category))
    made = Round(
        ref=f"JC-2026-{number:02d}",
        number=number,
        name=f"第{number}届公益创投",
        year=2026,
        status=RoundStatus.DRAFT,
        fund_id=fund.id,
        street_id=people.get_street().id,
        settings={**DEFAULT_SETTINGS, **settings},
    )
    db.session.add(made)
    db.session.flush()
    for phase in Phase:
        db.session.add(
            RoundPhase(
                round_id=made.id, phase=phase, starts_on=day - timedelta(days=30), ends_on=day + timedelta(days=30)
            )
        )
    for category in Category:
        db.session.add(Envelope(round_id=made.id, category=category, amount_fen=envelope_fen))
    for kind in ScoreTableKind:
        write_table(made, kind, starting_lines(kind, None))
    db.session.flush()
    made.settings_hash = rules_hash(published_rules(made))
    made.status, made.opened_at = RoundStatus.OPEN, now()
    for category in Category:
        if envelope_fen:
            funds.make_envelope(fund, made.ref, category, amount_fen=envelope_fen)
    db.session.flush()
    return made


def make_draft_round(*, amount_fen: int = 1_000_000) -> Round:
    """Make a round in preparation through the services: dated and planned, with money that finance has to confirm."""
    make_calendar()
    officer = funds.hand("programme-1", Role.PROGRAMME)
    fund = make_fund("ZJ-2026-09", amount_fen=amount_fen)
    made = service.create_round(name="第三届公益创投", year=2026, fund=fund, officer=officer)
    start = today()
    dates = {
        phase: PhaseDates(start + timedelta(days=20 * place), start + timedelta(days=20 * place + 19))
        for place, phase in enumerate(Phase)
    }
    service.set_phases(round=made, officer=officer, dates=dates)
    share = amount_fen // len(Category)
    service.set_envelopes(round=made, officer=officer, amounts=dict.fromkeys(Category, share))
    return made


def open_draft(made: Round) -> Round:
    """Let finance confirm the money of a draft round and the leader open it."""
    service.confirm_money(round=made, officer=funds.hand("finance-1", Role.FINANCE))
    service.open_round(round=made, officer=funds.hand("leader-1", Role.APPROVER))
    return made


def make_notice(
    made: Round, officer: User | None = None, *, kind: NoticeKind = NoticeKind.PROJECT, subject_ref: str = "GYCT-X"
) -> Notice:
    """Publish a notice today."""
    return service.publish_notice(
        round=made,
        kind=kind,
        subject_ref=subject_ref,
        title="关于拟立项项目的公示",
        body="经居民议事和集中决策，拟对下列项目立项，现予公示。\n\n公示期内，任何单位和个人均可实名提出异议。",
        officer=officer or funds.hand("programme-1", Role.PROGRAMME),
    )


def after_window(notice: Notice) -> AbstractContextManager[None]:
    """Set the clock to the morning after a notice's window: `with after_window(notice): …`."""
    return set_to(start_of(notice.ends_on + timedelta(days=1)) + timedelta(hours=9))


def end_notice(notice: Notice, officer: User | None = None) -> None:
    """End a notice on the day after its window, whatever day it is now."""
    with after_window(notice):
        service.end_notice(notice=notice, officer=officer or funds.hand("programme-1", Role.PROGRAMME))
