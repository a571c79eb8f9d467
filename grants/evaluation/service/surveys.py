"""The residents' verdict: surveys among people actually served, one answer a person, nobody named."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import select, update

from grants.agreements.models import Agreement
from grants.evaluation import policy, queries
from grants.evaluation.models import Survey, SurveyAnswer, SurveyCheck, SurveyInvitation
from grants.evaluation.rules import EvaluationStatus, Satisfaction, SurveyChannel, SurveyStatus
from grants.evaluation.service import scoring
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import NotFound, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import mask_name
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.people.models import Resident, User
from grants.supervision.models import Activity, ActivitySignIn


@dataclass(frozen=True)
class Answer:
    """What one person says: satisfaction, the three senses (1–5), a comment."""

    satisfaction: Satisfaction
    gain: int
    happiness: int
    safety: int
    comment: str = ""


@dataclass(frozen=True)
class Call:
    """How a call went; the two answers are None where nobody picked up."""

    is_reached: bool
    has_joined: bool | None = None
    has_answered: bool | None = None
    note: str = ""


def token_hash(token: str) -> str:
    """Return what is stored of a survey token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_survey(*, officer: User, agreement: Agreement) -> Survey:
    """Open the satisfaction survey of a project."""
    require(policy.why_not_open_survey(officer, agreement))
    if queries.find_survey_of(agreement.id) is not None:
        raise TransitionRefused(_("这个项目已经发起过满意度调查。"))
    survey = Survey(
        id=uuid.uuid4(),
        ref=next_reference(f"MY-{agreement.project.round.number:02d}"),
        agreement_id=agreement.id,
        opened_by_id=officer.id,
    )
    db.session.add(survey)
    audit.record("survey:open", actor=officer, subject=survey, project=agreement.project.ref)
    return survey


def invite_served(*, officer: User, survey: Survey) -> int:
    """Send a personal link to every resident who signed in to an activity and was not invited yet; return how many."""
    require(policy.why_not_enter_answer(officer, survey))
    invited = select(SurveyInvitation.resident_id).where(
        SurveyInvitation.survey_id == survey.id, SurveyInvitation.resident_id.is_not(None)
    )
    served = (
        select(Resident)
        .join(ActivitySignIn, ActivitySignIn.resident_id == Resident.id)
        .join(Activity, Activity.id == ActivitySignIn.activity_id)
        .where(Activity.agreement_id == survey.agreement_id, Resident.id.not_in(invited))
        .distinct()
    )
    residents = db.session.scalars(served).all()
    for resident in residents:
        token = _invite(survey, resident.id)
        if resident.user_id is not None:
            title = _("请评价您参加过的项目：%(title)s", title=survey.agreement.project.title)
            notify(resident.user_id, title, href=f"/surveys/{token}")
    audit.record("survey:invite", actor=officer, subject=survey, count=len(residents))
    return len(residents)


def mint_tokens(*, officer: User, survey: Survey, count: int) -> list[str]:
    """Return one-time links for people served who did not sign in by phone, to be printed and handed out once."""
    require(policy.why_not_enter_answer(officer, survey))
    if not 1 <= count <= 200:
        raise RuleBroken(_("一次可以生成 1 至 200 个答题码。"), "count")
    tokens = [_invite(survey, None) for _number in range(count)]
    audit.record("survey:mint", actor=officer, subject=survey, count=count)
    return tokens


def _invite(survey: Survey, resident_id: uuid.UUID | None) -> str:
    token = secrets.token_urlsafe(18)
    db.session.add(SurveyInvitation(survey_id=survey.id, token_hash=token_hash(token), resident_id=resident_id))
    return token


def require_open_invitation(*, token: str) -> SurveyInvitation:
    """Return the invitation of a token that can still be answered, or say why not."""
    invitation = queries.find_invitation(token_hash(token))
    if invitation is None:
        raise NotFound(_("这个答题链接无效，请使用收到的完整链接或二维码。"))
    if invitation.survey.status is not SurveyStatus.OPEN:
        raise TransitionRefused(_("调查已经结束，感谢您的关心。"))
    if invitation.is_used:
        raise TransitionRefused(_("您已经评价过了，每人只能评价一次。"))
    return invitation


def answer_survey(*, token: str, answer: Answer) -> SurveyAnswer:
    """Take the one answer a token is good for. The answer does not name the token."""
    invitation = require_open_invitation(token=token)
    _use(invitation)
    return _keep(invitation.survey, answer, SurveyChannel.LINK, None)


def answer_own_survey(*, resident: User, survey: Survey, answer: Answer) -> SurveyAnswer:
    """Take the one answer of a resident whom the project served, invited or not. The answer names nobody."""
    require(policy.why_not_answer(resident, survey))
    if resident.resident is None:  # the policy refused already; said once more for the type checker
        raise RuleBroken(_("评价由项目服务过的居民填写，请用居民账号登录。"))
    invitation = queries.find_own_invitation(survey, resident.resident)
    if invitation is None:
        _invite(survey, resident.resident.id)
        db.session.flush()
        invitation = queries.find_own_invitation(survey, resident.resident)
    if invitation is not None:
        _use(invitation)
    return _keep(survey, answer, SurveyChannel.LINK, None)


def _use(invitation: SurveyInvitation) -> None:
    used = db.session.execute(
        update(SurveyInvitation)
        .where(SurveyInvitation.id == invitation.id, SurveyInvitation.is_used.is_(False))
        .values(is_used=True)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise TransitionRefused(_("您已经评价过了，每人只能评价一次。"))


def enter_answer(*, officer: User, survey: Survey, answer: Answer, channel: SurveyChannel) -> SurveyAnswer:
    """Type in an answer given by phone or on paper; who typed it is kept."""
    require(policy.why_not_enter_answer(officer, survey))
    if channel is SurveyChannel.LINK:
        raise RuleBroken(_("请选择电话或纸质。"), "channel")
    return _keep(survey, answer, channel, officer)


def _keep(survey: Survey, answer: Answer, channel: SurveyChannel, officer: User | None) -> SurveyAnswer:
    kept = SurveyAnswer(
        survey_id=survey.id,
        channel=channel,
        satisfaction=answer.satisfaction,
        gain=answer.gain,
        happiness=answer.happiness,
        safety=answer.safety,
        comment=answer.comment,
        entered_by_id=officer.id if officer else None,
    )
    db.session.add(kept)
    audit.record("survey:answer", actor=officer, subject=survey, channel=channel.value)
    return kept


def check_answer(*, officer: User, survey: Survey, person: str, call: Call) -> SurveyCheck:
    """Note a call that checks whether somebody on the lists was served; what they think is not asked."""
    require(policy.why_not_check(officer, survey))
    if not person.strip():
        raise RuleBroken(_("请填写签到表上的姓名（可隐去中间字）"), "person")
    if call.is_reached and (call.has_joined is None or call.has_answered is None):
        raise RuleBroken(_("接通的请选择是否参加、是否评价过"), "has_joined")
    check = SurveyCheck(
        survey_id=survey.id,
        person=mask_name(person.strip()),
        is_reached=call.is_reached,
        has_joined=call.has_joined if call.is_reached else None,
        has_answered=call.has_answered if call.is_reached else None,
        note=call.note,
        called_by_id=officer.id,
    )
    db.session.add(check)
    audit.record("survey:check", actor=officer, subject=survey, is_reached=call.is_reached)
    return check


def close_survey(*, officer: User, survey: Survey) -> None:
    """Close the survey; refused while fewer people than required have answered."""
    require(policy.why_not_close_survey(officer, survey))
    given = queries.survey_summary(survey.agreement_id).answers
    survey.status = SurveyStatus.CLOSED
    survey.closed_at = clock.now()
    evaluation = queries.find_evaluation_of(survey.agreement_id)
    if evaluation is not None and evaluation.status is EvaluationStatus.DRAFT:
        scoring.compute(evaluation)
    audit.record("survey:close", actor=officer, subject=survey, answers=given)
