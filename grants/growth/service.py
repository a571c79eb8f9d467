"""Choosing and withdrawing cases, recording a leader's consent, taking a need over into the next round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, literal, select
from sqlalchemy.exc import IntegrityError

from grants.evaluation.models import Evaluation
from grants.evaluation.rules import Grade
from grants.foundation import audit
from grants.foundation.clock import now, today
from grants.foundation.database import db, hold
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.numbering import next_reference
from grants.growth import policy, queries
from grants.growth.models import CarriedNeed, CasePicture, ExemplaryCase, LeaderConsent
from grants.growth.rules import LESSONS_LENGTH, MOST_PICTURES, STORY_LENGTH
from grants.needs import service as needs
from grants.needs.models import Need, NeedSupport
from grants.needs.rules import NeedSource
from grants.people.models import Organisation, User
from grants.rounds.models import Round
from grants.supervision.models import ActivityEvidence


@dataclass(frozen=True)
class CaseText:
    """What a case tells: its title, what was done, what others can take from it; the reason where it is not 优秀."""

    title: str
    story: str
    lessons: str
    reason: str = ""


def choose_case(
    *, evaluation: Evaluation, officer: User, text: CaseText, pictures: Sequence[ActivityEvidence] = ()
) -> ExemplaryCase:
    """Put a finished project into the library with a short text and at most two pictures that are public already.

    Raises RuleBroken with its field for a text or picture that does not do.
    """
    hold(evaluation)
    require(policy.why_not_choose(officer, evaluation))
    grade = evaluation.grade
    if grade is None:  # the policy refused already; said once more for the type checker
        raise RuleBroken(_("评价结果公布后才能评为案例。"))
    _check_text(text, grade)
    _check_pictures(evaluation, pictures)
    round = evaluation.agreement.project.round
    case = ExemplaryCase(
        ref=next_reference(f"AL-{round.year}-{round.number:02d}", 2),
        agreement=evaluation.agreement,
        title=text.title.strip(),
        story=text.story.strip(),
        lessons=text.lessons.strip(),
        grade=grade,
        reason=None if grade is Grade.EXCELLENT else text.reason.strip(),
        chosen_by=officer,
        pictures=[CasePicture(position=place, evidence=one) for place, one in enumerate(pictures, start=1)],
    )
    try:
        with db.session.begin_nested():
            db.session.add(case)
    except IntegrityError:
        raise TransitionRefused(_("这个项目已在案例库中。")) from None
    audit.record("case:choose", actor=officer, subject=case, project=evaluation.agreement.project.ref, grade=grade)
    return case


def _check_text(text: CaseText, grade: Grade) -> None:
    if not text.title.strip():
        raise RuleBroken(_("请填写案例标题"), "title")
    for value, (least, most), field in (
        (text.story, STORY_LENGTH, "story"),
        (text.lessons, LESSONS_LENGTH, "lessons"),
    ):
        if not least <= len(value.strip()) <= most:
            raise RuleBroken(_("请写 %(least)d 到 %(most)d 字。", least=least, most=most), field)
    if grade is not Grade.EXCELLENT and not text.reason.strip():
        raise RuleBroken(_("这个项目的等次不是“优秀”，请写明评为案例的理由。"), "reason")


def _check_pictures(evaluation: Evaluation, pictures: Sequence[ActivityEvidence]) -> None:
    if len(pictures) > MOST_PICTURES:
        raise RuleBroken(_("最多选 %(count)d 张照片。", count=MOST_PICTURES), "pictures")
    for one in pictures:
        if one.activity.agreement_id != evaluation.agreement_id:
            raise RuleBroken(_("请选择本项目活动的照片。"), "pictures")
        why_not = policy.why_not_show_picture(one)
        if why_not is not None:
            raise RuleBroken(why_not, "pictures")


def withdraw_case(*, case: ExemplaryCase, officer: User, reason: str) -> None:
    """Take a case out of the library for a reason that stays on record."""
    hold(case)
    require(policy.why_not_withdraw_case(officer, case))
    if not reason.strip():
        raise RuleBroken(_("请写明移出案例库的理由"), "reason")
    case.withdrawn_at = now()
    case.withdrawn_by_id = officer.id
    case.withdraw_reason = reason.strip()
    audit.record("case:withdraw", actor=officer, subject=case, reason=case.withdraw_reason)


def record_consent(*, organisation: Organisation, member: User, name: str, given_on: date) -> LeaderConsent:
    """Record that a leader agreed in writing to be named; only somebody who led a project of the organisation can."""
    require(policy.why_not_record_consent(member, organisation))
    if given_on > today():
        raise RuleBroken(_("同意书的日期不能晚于今天。"), "given_on")
    if name not in queries.list_leaders_of(organisation.id):
        raise RuleBroken(_("请选择担任过项目负责人的人员。"), "name")
    consent = LeaderConsent(organisation=organisation, name=name, given_on=given_on, recorded_by_id=member.id)
    try:
        with db.session.begin_nested():
            db.session.add(consent)
    except IntegrityError:
        raise TransitionRefused(_("这位负责人的同意书已经登记。")) from None
    audit.record("leader:consent", actor=member, subject=organisation, given_on=given_on)
    return consent


def withdraw_consent(*, consent: LeaderConsent, actor: User) -> None:
    """Take a consent back: from now on the name is masked again."""
    hold(consent)
    require(policy.why_not_withdraw_consent(actor, consent))
    consent.withdrawn_at = now()
    audit.record("leader:withdraw", actor=actor, subject=consent.organisation)


def carry_need(*, need: Need, into: Round, officer: User) -> Need:
    """Raise a need of the reserve again in a later round, with those who stood behind it; once."""
    hold(need)
    require(policy.why_not_carry(officer, need, into))
    new = needs.enter_need(
        round=into,
        officer=officer,
        community=need.community,
        source=NeedSource.COUNTER if need.source is NeedSource.WEB else need.source,
        text=needs.NeedText(
            need.category, need.title, need.body, need.place_text, need.target_group, need.urgency, need.grid
        ),
        resident=need.proposer,
    )
    db.session.flush()
    _bring_supporters(need, new)
    db.session.add(CarriedNeed(need=new, from_need=need, carried_by_id=officer.id))
    audit.record("need:carry", actor=officer, subject=new, was=need.ref, round=into.ref)
    return new


def _bring_supporters(need: Need, new: Need) -> None:
    there = select(NeedSupport.resident_id).where(NeedSupport.need_id == new.id)
    others = select(literal(new.id, NeedSupport.need_id.type), NeedSupport.resident_id, literal(now())).where(
        NeedSupport.need_id == need.id, NeedSupport.resident_id.not_in(there)
    )
    db.session.execute(insert(NeedSupport).from_select(["need_id", "resident_id", "at"], others))
    db.session.refresh(new)
    new.support_count = queries.count_supporters(new.id)
