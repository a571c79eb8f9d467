"""Public notices (公示) and the objections to them."""

from grants.foundation import audit
from grants.foundation.clock import local, now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import normalise_phone
from grants.foundation.notifications import notify
from grants.foundation.numbering import next_reference
from grants.foundation.sealing import vault
from grants.foundation.workdays import add_working_days
from grants.people.models import User
from grants.rounds import policy, queries
from grants.rounds.models import Notice, Objection, Round
from grants.rounds.rules import (
    NOTICE_FLOW,
    OBJECTION_FLOW,
    OBJECTION_STATUS_LABELS,
    NoticeAction,
    NoticeKind,
    ObjectionAction,
)

SHORTEST_NAME = 2


def publish_notice(*, round: Round, kind: NoticeKind, subject_ref: str, title: str, body: str, officer: User) -> Notice:
    """Publish a notice; the round says for how many working days anyone may object.

    Raises CalendarMissing when the window reaches into a year whose holidays nobody has imported.
    """
    require(policy.why_not_publish(officer, round))
    moment = now()
    notice = Notice(
        ref=next_reference(f"GS-{round.year}-{round.number:02d}"),
        round_id=round.id,
        kind=kind,
        subject_ref=subject_ref,
        title=title,
        body=body,
        published_at=moment,
        ends_on=add_working_days(local(moment).date(), round.settings["notice_working_days"], queries.holiday_table()),
        published_by_id=officer.id,
    )
    db.session.add(notice)
    audit.record("notice:publish", actor=officer, subject=notice, kind=kind, about=subject_ref, ends_on=notice.ends_on)
    return notice


def end_notice(*, notice: Notice, officer: User) -> None:
    """End a notice whose window is over and whose objections are all answered and rejected."""
    status = NOTICE_FLOW.next(notice.status, NoticeAction.END)
    require(policy.why_not_end(officer, notice), RuleBroken)
    notice.status = status
    notice.ended_at = now()
    notice.ended_by_id = officer.id
    audit.record("notice:end", actor=officer, subject=notice)


def withdraw_notice(*, notice: Notice, officer: User, reason: str) -> None:
    """Take a notice back, for example because an objection was right; the decision must be made anew."""
    require(policy.why_not_publish(officer, notice.round))
    notice.status = NOTICE_FLOW.next(notice.status, NoticeAction.WITHDRAW)
    notice.withdrawal_reason = reason
    notice.ended_at = now()
    notice.ended_by_id = officer.id
    audit.record("notice:withdraw", actor=officer, subject=notice, reason=reason)


def raise_objection(
    *, notice: Notice, name: str, contact: str, text: str, unit: str = "", actor: User | None = None
) -> Objection:
    """Object to a notice under one's real name; `contact` (phone or e-mail) is sealed before it is stored."""
    require(policy.why_not_object(notice), RuleBroken)
    _require_identity(name, contact)
    if not text.strip():
        raise RuleBroken(_("请写明异议的内容和依据。"), "text")
    reference = next_reference(f"YY-{notice.round.year}-{notice.round.number:02d}")
    objection = Objection(
        ref=reference,
        notice_id=notice.id,
        name=name.strip(),
        contact_cipher=vault().encrypt(contact.strip(), f"objection:{reference}"),
        unit=unit,
        text=text,
        raised_by_id=actor.id if actor else None,
    )
    db.session.add(objection)
    audit.record("objection:raise", actor=actor, subject=objection, notice=notice.ref)
    return objection


def _require_identity(name: str, contact: str) -> None:
    if len(name.strip()) < SHORTEST_NAME:
        raise RuleBroken(_("异议须实名提出，请填写您的真实姓名。"), "name")
    plain = contact.strip()
    local_part, _at, host = plain.partition("@")
    if (local_part and "." in host) or len(normalise_phone(plain)) >= 7:
        return
    raise RuleBroken(_("请留下能联系到您的手机号码或电子邮箱，以便书面答复。"), "contact")


def answer_objection(*, objection: Objection, officer: User, is_upheld: bool, answer: str) -> None:
    """Answer an objection in writing; one that is upheld keeps its notice from being ended."""
    require(policy.why_not_answer(officer))
    action = ObjectionAction.UPHOLD if is_upheld else ObjectionAction.REJECT
    status = OBJECTION_FLOW.next(objection.status, action)
    if not answer.strip():
        raise RuleBroken(_("请填写书面答复。"), "answer")
    objection.status = status
    objection.answer = answer
    objection.answered_by_id = officer.id
    objection.answered_at = now()
    if objection.raised_by_id:
        notify(
            objection.raised_by_id,
            _("您的异议 %(ref)s 已答复：%(outcome)s", ref=objection.ref, outcome=OBJECTION_STATUS_LABELS[status]),
            body=answer,
            href=f"/notices/{objection.notice.ref}",
        )
    audit.record("objection:answer", actor=officer, subject=objection, is_upheld=is_upheld)


def reveal_contact(*, objection: Objection, officer: User, reason: str) -> str:
    """Return an objector's contact data to the officer who answers; every look is on record with its reason."""
    require(policy.why_not_answer(officer))
    if not reason.strip():
        raise RuleBroken(_("请填写查看联系方式的理由。"), "reason")
    audit.record("objection:reveal", actor=officer, subject=objection, reason=reason)
    return vault().decrypt(objection.contact_cipher, f"objection:{objection.ref}")
