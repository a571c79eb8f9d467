"""Meetings (议事): put on record with attendance, the five checks, and the votes that move needs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from grants.foundation import audit, clock, files, numbering
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.needs import policy, queries
from grants.needs.models import Meeting, MeetingDecision, Need
from grants.needs.rules import (
    ACTION_AFTER,
    FIVE_CHECKS,
    NEED_FLOW,
    OPEN_FOR_MEETING,
    MeetingKind,
    NeedStatus,
    Outcome,
    Step,
    Votes,
    has_quorum,
    outcome,
)
from grants.needs.service.stamps import stamp
from grants.people.models import Place, User
from grants.rounds.models import Round


@dataclass(frozen=True)
class Vote:
    """How the meeting voted on one need (XQ-…) or project (GYCT-…)."""

    subject_ref: str
    for_count: int
    against_count: int = 0
    abstain_count: int = 0
    note: str = ""

    @property
    def votes(self) -> Votes:
        """Return the hands counted."""
        return Votes(self.for_count, self.against_count, self.abstain_count)


@dataclass(frozen=True)
class MeetingSheet:
    """The head of a record: what kind of meeting, when, who could come and who came.

    `checks` names the ticked ones of the five (五个议), each with a note that may be empty.
    """

    kind: MeetingKind
    title: str
    held_on: date
    convenor: str
    entitled_count: int
    attended_count: int
    minutes: str
    checks: Mapping[str, str] = field(default_factory=dict)
    place_text: str = ""


def record_meeting(
    *,
    round: Round,
    community: Place,
    officer: User,
    sheet: MeetingSheet,
    votes: Sequence[Vote],
    minutes_file: Any = None,
) -> Meeting:
    """Put a meeting on record and let each vote act on its need; `minutes_file` is the upload of the signed sheet.

    Without quorum nothing is decided. Raises RuleBroken for an incomplete record or impossible counts and
    TransitionRefused for a need that no longer waits for a meeting.
    """
    require(policy.why_not_meet(officer, round, community))
    _check_sheet(sheet)
    needs = _needs_of(votes, round, community)
    meeting = _make(round, community, officer, sheet)
    if minutes_file is not None:
        meeting.minutes_file = _store(minutes_file, officer)
    for vote in votes:
        _decide(meeting, vote, needs.get(vote.subject_ref), officer)
    audit.record(
        "meeting:record",
        actor=officer,
        subject=meeting,
        decisions={decision.subject_ref: decision.outcome for decision in meeting.decisions},
    )
    return meeting


def _check_sheet(sheet: MeetingSheet) -> None:
    if sheet.held_on > clock.today():
        raise RuleBroken(_("会议日期不能晚于今天，请在会后登记。"), "held_on")
    if sheet.entitled_count < 1:
        raise RuleBroken(_("应到人数至少为 1 人。"), "entitled_count")
    if not 0 <= sheet.attended_count <= sheet.entitled_count:
        raise RuleBroken(_("实到人数不能超过应到人数。"), "attended_count")
    missing = [str(label) for key, label in FIVE_CHECKS.items() if key not in sheet.checks]
    if missing:
        raise RuleBroken(_("“五个议”须逐项确认，还缺：%(missing)s。", missing="、".join(missing)), "checks")


def _needs_of(votes: Sequence[Vote], round: Round, community: Place) -> dict[str, Need]:
    """Return the needs voted on, held until the commit; refuse those this meeting has no say on."""
    refs = [vote.subject_ref for vote in votes]
    if not refs or len(set(refs)) != len(refs):
        raise RuleBroken(_("请至少填写一项表决，每项议题只填一次。"))
    needs = {need.ref: need for need in queries.list_needs_by_ref(refs)}
    for ref in refs:
        if ref.startswith("XQ-") and ref not in needs:
            raise RuleBroken(_("没有编号为%(ref)s的需求。", ref=ref))
    for need in needs.values():
        if need.round_id != round.id or need.community_id != community.id:
            raise RuleBroken(
                _("%(ref)s不属于本届%(community)s，不能由这次会议表决。", ref=need.ref, community=community.name)
            )
        db.session.refresh(need, with_for_update={"of": Need})
    return needs


def _make(round: Round, community: Place, officer: User, sheet: MeetingSheet) -> Meeting:
    meeting = Meeting(
        ref=numbering.next_reference(f"YS-{round.number:02d}-{community.code[-3:]}", 3),
        round=round,
        community=community,
        kind=sheet.kind,
        title=sheet.title,
        held_on=sheet.held_on,
        place_text=sheet.place_text,
        convenor=sheet.convenor,
        entitled_count=sheet.entitled_count,
        attended_count=sheet.attended_count,
        minutes=sheet.minutes,
        checks={key: sheet.checks[key] for key in FIVE_CHECKS},
        recorded_by=officer,
    )
    db.session.add(meeting)
    db.session.flush()
    return meeting


def _store(upload: Any, officer: User) -> StoredFile:
    return files.store_upload(upload, purpose="meeting", actor_id=officer.id, allow=files.PAPERS)


def _decide(meeting: Meeting, vote: Vote, need: Need | None, officer: User) -> None:
    if need is not None:
        _check_turn(meeting, need)
    result = _outcome(meeting, vote)
    meeting.decisions.append(
        MeetingDecision(
            subject_ref=vote.subject_ref,
            for_count=vote.for_count,
            against_count=vote.against_count,
            abstain_count=vote.abstain_count,
            outcome=result,
            is_passed=result is Outcome.PASSED,
            note=vote.note,
        )
    )
    if need is not None:
        _move(meeting, vote, need, result, officer)
    db.session.flush()


def _check_turn(meeting: Meeting, need: Need) -> None:
    """一根弦: a disputed need waits for the residents' or representatives' meeting, whatever others decide."""
    if need.status not in OPEN_FOR_MEETING:
        raise TransitionRefused(_("%(ref)s不在待议状态，可能已由其他会议表决。", ref=need.ref))
    if need.status is NeedStatus.DISPUTED and meeting.kind is MeetingKind.DELIBERATION:
        raise RuleBroken(_("%(ref)s存在较大争议，只能由居民会议或居民代表会议表决（一根弦）。", ref=need.ref), "kind")


def _outcome(meeting: Meeting, vote: Vote) -> Outcome:
    votes = vote.votes
    if min(votes.for_count, votes.against_count, votes.abstain_count) < 0 or votes.total > meeting.attended_count:
        raise RuleBroken(
            _(
                "%(ref)s的票数合计 %(total)s，超过实到人数 %(attended)s，请核对。",
                ref=vote.subject_ref,
                total=votes.total,
                attended=meeting.attended_count,
            )
        )
    settings = meeting.round.settings
    earlier = (decision.outcome for decision in queries.list_decisions(vote.subject_ref))
    return outcome(
        meeting.kind,
        votes,
        attended=meeting.attended_count,
        quorate=has_quorum(meeting.attended_count, meeting.entitled_count, settings["meeting_quorum_percent"]),
        dispute_percent=settings["dispute_against_ratio_percent"],
        was_undecided=Outcome.UNDECIDED in earlier,
    )


def _move(meeting: Meeting, vote: Vote, need: Need, result: Outcome, officer: User) -> None:
    action = ACTION_AFTER.get((need.status, result))
    if action is None:
        return
    need.status = NEED_FLOW.next(need.status, action)
    need.screened_by_id = officer.id
    if need.status is NeedStatus.DELIBERATED:
        note = _(
            "%(meeting)s（%(ref)s）：赞成 %(yes)s，反对 %(no)s，弃权 %(abstain)s。",
            meeting=meeting.title,
            ref=meeting.ref,
            yes=vote.for_count,
            no=vote.against_count,
            abstain=vote.abstain_count,
        )
        stamp(need=need, step=Step.DELIBERATE, note=note, by=officer)
