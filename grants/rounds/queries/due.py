"""What of rounds and notices waits for somebody."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.due import DueItem
from grants.foundation.i18n import _
from grants.foundation.workdays import CalendarMissing, add_working_days
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds.models import Notice, Objection, PhaseExtension, Round
from grants.rounds.queries.notices import holiday_table
from grants.rounds.queries.rounds import clock_day
from grants.rounds.rules import (
    PHASE_LABELS,
    ExtensionStatus,
    NoticeStatus,
    ObjectionStatus,
    RoundStatus,
)

ANSWER_WORKING_DAYS = 5
"""An objection is answered in writing within five working days (domain §2, stage 10)."""


def list_due_for(actor: User) -> list[DueItem]:
    """List what this person can do about rounds, extensions, objections and notices."""
    items: list[DueItem] = []
    if actor.has_role(Role.PROGRAMME, Role.FINANCE, Role.APPROVER):
        items += _draft_rounds(actor)
    if actor.has_role(Role.PROGRAMME, Role.APPROVER):
        items += _extensions(actor)
    if actor.has_role(Role.PROGRAMME):
        items += [*_objections(), *_notices_over()]
    return items


def _draft_rounds(actor: User) -> list[DueItem]:
    items = []
    for round in db.session.scalars(select(Round).where(Round.status == RoundStatus.DRAFT).order_by(Round.number)):
        title = _what_to_do(actor, round)
        if title:
            items.append(DueItem(title=title, href=f"/rounds/{round.ref}", stage=_("届次"), meta=round.name))
    return items


def _what_to_do(actor: User, round: Round) -> str | None:
    if round.money_confirmed_at is None:
        if actor.has_role(Role.FINANCE):
            return _("确认届次额度")
        return _("筹备新一届") if actor.has_role(Role.PROGRAMME) else None
    return _("批准开启新一届") if actor.has_role(Role.APPROVER) else None


def _extensions(actor: User) -> list[DueItem]:
    statement = (
        select(PhaseExtension)
        .where(PhaseExtension.status == ExtensionStatus.WAITING, PhaseExtension.proposed_by_id != actor.id)
        .options(joinedload(PhaseExtension.round_phase))
    )
    return [
        DueItem(
            title=_("复核延期：%(phase)s", phase=PHASE_LABELS[item.round_phase.phase]),
            href=f"/rounds/{item.round_phase.round.ref}",
            stage=_("届次"),
            meta=item.reason,
            due_on=item.old_ends_on,
        )
        for item in db.session.scalars(statement)
    ]


def _objections() -> list[DueItem]:
    statement = (
        select(Objection)
        .where(Objection.status == ObjectionStatus.OPEN)
        .options(joinedload(Objection.notice))
        .order_by(Objection.raised_at)
    )
    table = holiday_table()
    items = []
    for objection in db.session.scalars(statement):
        try:
            due_on = add_working_days(local(objection.raised_at).date(), ANSWER_WORKING_DAYS, table)
        except CalendarMissing:
            due_on = None
        items.append(
            DueItem(
                title=_("答复异议 %(ref)s", ref=objection.ref),
                href=f"/notices/{objection.notice.ref}",
                stage=_("公示"),
                meta=objection.notice.title,
                due_on=due_on,
            )
        )
    return items


def _notices_over() -> list[DueItem]:
    statement = select(Notice).where(Notice.status == NoticeStatus.RUNNING, Notice.ends_on < clock_day())
    return [
        DueItem(
            title=_("公示期满，办结公示"),
            href=f"/notices/{notice.ref}",
            stage=_("公示"),
            meta=notice.title,
            due_on=notice.ends_on,
        )
        for notice in db.session.scalars(statement)
    ]
