"""The residents' jury and the community's opinion."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import local, now, today
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import born_until
from grants.foundation.notifications import notify
from grants.people.models import OrganisationMember, User
from grants.people.queries import get_resident, list_resident_keys, list_users_with_role
from grants.people.rules import Role
from grants.rounds.rules import ScoreTableKind
from grants.selection.models import Application, Call, CommunityOpinion, DrawPool, Juror, JuryScore
from grants.selection.policy import judging as policy
from grants.selection.queries import judging as queries
from grants.selection.rules import DrawKind, setting
from grants.selection.rules.drawing import check_witness, fingerprint
from grants.selection.rules.drawing import draw_jury as draw
from grants.selection.rules.scoring import LEVELS, jury_points
from grants.selection.service.holding import hold

_OFFICES = (
    Role.COMMUNITY,
    Role.PROGRAMME,
    Role.FINANCE,
    Role.APPROVER,
    Role.SUPERVISOR,
    Role.EXPERT,
    Role.ORGANISATION,
)


def draw_jury(*, call: Call, officer: User, seed: str, size: int | None = None, witness: str = "") -> list[Juror]:
    """Draw grown-up residents of the project's community, none of them in office or with an applicant."""
    hold(call)
    require(policy.why_not_draw_jury(officer, call))
    seed, witness = seed.strip(), check_witness(witness)
    settings = call.project.round.settings
    wanted = size or int(setting(settings, "jury_size"))
    able = _able(call, int(setting(settings, "jury_minimum_age")))
    drawn = draw(able, wanted, seed)
    jurors = [Juror(call=call, resident=get_resident(uuid.UUID(key))) for key in drawn.chosen]
    db.session.add_all([*jurors, DrawPool(call_id=call.id, kind=DrawKind.JURY, keys=able)])
    call.jury_log = {
        "seed": seed,
        "size": wanted,
        "at": local(now()).strftime("%Y-%m-%d %H:%M:%S"),
        "officer": officer.display_name,
        "witness": witness,
        "pool_count": len(able),
        "pool_sha256": fingerprint(able),
        "chosen": list(drawn.chosen),
    }
    for juror in jurors:
        if juror.resident.user_id is not None:
            title = _("您被抽取为居民评审团成员")
            notify(
                juror.resident.user_id, title, _("请为本社区的项目打分，只有三个问题。"), f"/reviews/jury/{call.ref}"
            )
    audit.record("call:draw_jury", actor=officer, subject=call, seed=seed, count=len(jurors), witness=witness)
    return jurors


def _able(call: Call, minimum_age: int) -> list[str]:
    """Return the keys of the residents who may be drawn, in order."""
    applicants = [
        body
        for one in queries.list_labelled(call)
        for body in (one.organisation_id, one.payee_id, one.organisation.host_id)
        if body
    ]
    barred = set(
        db.session.scalars(select(OrganisationMember.user_id).where(OrganisationMember.organisation_id.in_(applicants)))
    )
    barred |= {user.id for user in list_users_with_role(*_OFFICES)}
    grown_up = list_resident_keys(call.project.community_id, born_until=born_until(today(), minimum_age))
    return sorted(str(key) for key, user_id in grown_up if user_id not in barred)


def score_as_juror(
    *,
    juror: Juror,
    application: Application,
    actor: User,
    levels: Mapping[str, int],
    paper_serial: str = "",
) -> JuryScore:
    """Take a juror's choices (1–5 a question); final. An officer of the community types in paper by its serial."""
    require(policy.why_not_jury_score(actor, juror, application))
    questions = queries.criteria(juror.call.project.round, ScoreTableKind.JURY)
    for question in questions:
        if levels.get(question.code) not in LEVELS:
            raise RuleBroken(_("请回答“%(name)s”。", name=question.name), f"level_{question.code}")
    points = {one.code: jury_points(levels[one.code], one.max_points) for one in questions}
    return _give(juror, application, actor, points, paper_serial)


def stand_aside(*, juror: Juror, application: Application, actor: User, paper_serial: str = "") -> JuryScore:
    """Let a juror stand aside from one application."""
    require(policy.why_not_jury_score(actor, juror, application))
    return _give(juror, application, actor, None, paper_serial)


def _give(
    juror: Juror, application: Application, actor: User, points: dict[str, int] | None, paper_serial: str
) -> JuryScore:
    if application.id in queries.list_scores_of(juror):
        raise RuleBroken(_("这份申报已经评过分，评分提交后不能修改。"))
    is_typed_in = not policy.is_juror(actor, juror)
    if is_typed_in and not paper_serial.strip():
        raise RuleBroken(_("代录纸质评分须填写纸面编号。"), "paper_serial")
    score = JuryScore(
        juror=juror,
        application=application,
        points=points or {},
        total=sum(points.values()) if points is not None else None,
        is_recused=points is None,
        paper_serial=paper_serial.strip() if is_typed_in else None,
        entered_by_id=actor.id if is_typed_in else None,
    )
    db.session.add(score)
    audit.record("jury:score", actor=actor, subject=application, is_recused=points is None, is_typed_in=is_typed_in)
    return score


def give_opinion(*, application: Application, officer: User, points: int, text: str) -> CommunityOpinion:
    """Give the community's opinion (0–100) with its reasons; it may be revised until the ranking is made."""
    require(policy.why_not_give_opinion(officer, application))
    if not 0 <= points <= 100:
        raise RuleBroken(_("请填写 0 至 100 之间的整数。"), "points")
    if not text.strip():
        raise RuleBroken(_("请写明意见，申报组织会读到。"), "text")
    opinion = queries.find_opinion(application) or CommunityOpinion(application=application)
    opinion.points, opinion.text, opinion.given_by_id, opinion.at = points, text.strip(), officer.id, now()
    db.session.add(opinion)
    audit.record("application:give_opinion", actor=officer, subject=application, points=points)
    return opinion
