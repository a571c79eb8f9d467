"""The poster for the notice board of a community: its projects of a round, the money, the vote and how to watch.

Only what the public pages show: no person is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from grants.agreements.models import Agreement
from grants.evaluation.models import Evaluation, Survey, SurveyAnswer
from grants.evaluation.rules import GRADE_LABELS, EvaluationStatus, Satisfaction
from grants.foundation.clock import now, today
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.funds.rules import mark_of
from grants.payments.models import PaymentRequest
from grants.people.models import Place
from grants.people.rules import PlaceKind, Role
from grants.projects.models import Project
from grants.rounds.models import Round
from grants.supervision.models import Activity
from grants.supervision.rules import ActivityStatus
from grants.voting.models import Poll, RollEntry
from grants.voting.rules import PollStatus
from reports.data.balance import Balance
from reports.data.poster import Poster, Section
from reports.data.table import CENTRE, RIGHT, Column, Row, Table
from reports.formatting import count, percent
from reports.gather.choices import Choice, Viewer
from reports.gather.common import UNISSUED, Gathered, issuer
from reports.gather.evaluation_rows import PAID
from reports.gather.money_rows import AgreedProject, agreed_projects

MOST_UPCOMING = 6


@dataclass(frozen=True)
class _Facts:
    """Everything read for one poster."""

    round: Round
    community: Place
    projects: Sequence[AgreedProject]
    held: dict[Any, tuple[int, int]]
    satisfied: dict[Any, tuple[int, int]]
    grades: dict[Any, str]
    upcoming: Sequence[Activity]
    entitled: int
    voted: int


def choices(viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the communities of every round with agreements there; a community officer's own only."""
    statement: Any = (
        select(Round.ref, Round.name, Place.code, Place.name)
        .select_from(Agreement)
        .join(Project, Project.id == Agreement.project_id)
        .join(Round, Round.id == Project.round_id)
        .join(Place, Place.id == Project.community_id)
        .where(Agreement.signed_on.is_not(None))
        .distinct()
        .order_by(Round.ref.desc(), Place.code)
    )
    if round_ref:
        statement = statement.where(Round.ref == round_ref)
    actor = viewer.actor
    if actor is not None and actor.community_ids and not actor.roles - {Role.COMMUNITY, Role.RESIDENT}:
        statement = statement.where(Place.id.in_(actor.community_ids))
    rows = db.session.execute(statement)
    return [Choice(f"{ref}-{code[-3:]}", f"{name} {community}") for ref, name, code, community in rows]


def gather(reference: str) -> Gathered:
    """Return the poster of a community for a round; the reference is the round's with the community's three digits.

    Raises NotFound where there is no such round or community, or no project in it.
    """
    facts = _read(reference)
    community, paid = facts.community.name, sum(one.paid_fen for one in facts.projects)
    fiscal, social = (sum(getattr(one, name) for one in facts.projects) for name in ("fiscal_fen", "social_fen"))
    here = now()
    title = f"{community}公益创投公开栏"
    poster = Poster(
        title=title,
        lead=(
            f"{facts.round.name}在{community}实施项目{len(facts.projects)}个，安排财政资金{yuan(fiscal)}元，"
            f"带动社会资金{yuan(social)}元，已拨付{yuan(paid)}元。项目来自居民提出的需求，由居民投票、评审和监督。"
        ),
        sections=tuple(_sections(facts)),
        signed_by=f"{issuer()}　{community}居民委员会",
        signed_on=today(),
        check_code=UNISSUED,
        verify_url=UNISSUED,
        issued_at=here,
        is_draft=facts.round.is_rehearsal,
        mark=str(mark_of(facts.round.fund.source) or ""),
        balances=(Balance("已拨付资金", (("项目合计", paid), ("拨付记录", _paid_here(facts)))),),
    )
    found = facts.round
    return Gathered(poster, f"{title}（{found.name}）", f"HB-{found.year}-{found.number:02d}", found.is_rehearsal)


def _read(reference: str) -> _Facts:
    round_ref, _dash, digits = reference.rpartition("-")
    row = db.session.execute(
        select(Round, Place)
        .join(Place, Place.parent_id == Round.street_id)
        .where(Round.ref == round_ref, Place.kind == PlaceKind.COMMUNITY, Place.code.like(f"%{digits[:3]}"))
    ).one_or_none()
    if row is None or len(digits) != 3:
        raise NotFound(_("没有这一届的这个社区。"))
    found, community = row
    projects = [one for one in agreed_projects(found) if one.community == community.name]
    if not projects:
        raise NotFound(_("这个社区在本届没有签约项目。"))
    ids = [one.agreement_id for one in projects]
    entitled, voted = _turnout(found, community)
    return _Facts(
        found, community, projects, _held(ids), _satisfied(ids), _grades(ids), _upcoming(ids), entitled, voted
    )


def _held(ids: Sequence[Any]) -> dict[Any, tuple[int, int]]:
    rows = db.session.execute(
        select(Activity.agreement_id, func.count(), func.sum(Activity.attendance_count))
        .where(Activity.agreement_id.in_(ids), Activity.status == ActivityStatus.RECORDED)
        .group_by(Activity.agreement_id)
    )
    return {key: (int(number), int(persons)) for key, number, persons in rows}


def _satisfied(ids: Sequence[Any]) -> dict[Any, tuple[int, int]]:
    good = SurveyAnswer.satisfaction.in_((Satisfaction.VERY_GOOD, Satisfaction.GOOD))
    rows = db.session.execute(
        select(Survey.agreement_id, func.count().filter(good), func.count())
        .join(SurveyAnswer, SurveyAnswer.survey_id == Survey.id)
        .where(Survey.agreement_id.in_(ids), Survey.closed_at.is_not(None))
        .group_by(Survey.agreement_id)
    )
    return {key: (int(part), int(whole)) for key, part, whole in rows}


def _grades(ids: Sequence[Any]) -> dict[Any, str]:
    rows = db.session.execute(
        select(Evaluation.agreement_id, Evaluation.grade).where(
            Evaluation.agreement_id.in_(ids), Evaluation.status == EvaluationStatus.PUBLISHED
        )
    )
    return {key: str(GRADE_LABELS[grade]) for key, grade in rows if grade is not None}


def _upcoming(ids: Sequence[Any]) -> Sequence[Activity]:
    return db.session.scalars(
        select(Activity)
        .where(Activity.agreement_id.in_(ids), Activity.status == ActivityStatus.ANNOUNCED, Activity.held_on >= today())
        .order_by(Activity.held_on, Activity.starts)
        .limit(MOST_UPCOMING)
    ).all()


def _turnout(found: Round, community: Place) -> tuple[int, int]:
    """Return how many could vote and how many did in the community's latest counted poll of the round."""
    poll = (
        select(Poll.id)
        .where(Poll.round_id == found.id, Poll.community_id == community.id, Poll.status == PollStatus.COUNTED)
        .order_by(Poll.counted_at.desc(), Poll.ref.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(func.count(), func.count().filter(RollEntry.has_voted)).where(
            RollEntry.poll_id == poll, RollEntry.community_id == community.id
        )
    ).one()
    return int(row[0]), int(row[1])


def _paid_here(facts: _Facts) -> int:
    statement = select(func.coalesce(func.sum(PaymentRequest.amount_fen), 0)).where(
        PaymentRequest.agreement_id.in_([one.agreement_id for one in facts.projects]), PaymentRequest.status.in_(PAID)
    )
    return int(db.session.execute(statement).scalar_one())


def _sections(facts: _Facts) -> list[Section]:
    found = [Section("一、项目和资金", table=_table(facts))]
    if facts.entitled:
        found.append(
            Section(
                "二、居民投票",
                f"{facts.community.name}有投票资格的居民{count(facts.entitled)}人，参加投票{count(facts.voted)}人，"
                f"投票率{percent(facts.voted, facts.entitled)}。票数和计票过程在投票结果页面公开，可以自行核验。",
            )
        )
    if facts.upcoming:
        lines = tuple(
            Row((f"{one.held_on.month}月{one.held_on.day}日 {one.starts:%H:%M}", one.title, one.place_text))
            for one in facts.upcoming
        )
        columns = (Column("时间", 24, CENTRE), Column("活动", 42), Column("地点", 34))
        found.append(Section("近期活动", table=Table("近期活动安排", columns, lines)))
    found.append(
        Section(
            "请您监督",
            "有意见、建议或发现问题，可以告诉社区居委会和居民监督员，也可以在项目页面留言；"
            "反映违纪违法问题可直接向街道纪工委举报，依法保密。扫描二维码可核验本公开栏内容。",
        )
    )
    return [_numbered(index, one) for index, one in enumerate(found)]


def _numbered(index: int, section: Section) -> Section:
    heading = section.heading.partition("、")[2] or section.heading
    return Section(f"{'一二三四五'[index]}、{heading}", section.text, section.table, section.chart)


def _table(facts: _Facts) -> Table:
    lines = []
    for one in facts.projects:
        number, persons = facts.held.get(one.agreement_id, (0, 0))
        good, answers = facts.satisfied.get(one.agreement_id, (0, 0))
        lines.append(
            Row(
                (
                    one.title,
                    one.organisation,
                    yuan(one.fiscal_fen),
                    yuan(one.paid_fen),
                    f"{number}场",
                    f"{count(persons)}人次",
                    percent(good, answers),
                    facts.grades.get(one.agreement_id, "实施中"),
                )
            )
        )
    sums = [sum(getattr(one, name) for one in facts.projects) for name in ("fiscal_fen", "paid_fen")]
    held = [sum(pair[place] for pair in facts.held.values()) for place in (0, 1)]
    whole = ("合计", "", *(yuan(fen) for fen in sums), f"{held[0]}场", f"{count(held[1])}人次", "", "")
    columns = (
        Column("项目", 20),
        Column("承接组织", 17),
        Column("财政资金", 13, RIGHT),
        Column("已拨付", 13, RIGHT),
        Column("活动", 7, CENTRE),
        Column("服务", 10, CENTRE),
        Column("满意率", 10, CENTRE),
        Column("评价", 10, CENTRE),
    )
    note = "满意率在居民满意度调查结束后公布。"
    return Table("本社区项目", columns, (*lines, Row(whole, "total")), unit="单位：元", note=note)
