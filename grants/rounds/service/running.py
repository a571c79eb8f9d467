"""Opening, extending and closing a round."""

from datetime import date

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.errors import RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.funds import service as funds
from grants.funds.rules import envelope_key
from grants.funds.service.posting import Paper
from grants.people.models import User
from grants.rounds import policy, queries
from grants.rounds.models import PhaseExtension, Round, RoundPhase
from grants.rounds.rules import ROUND_FLOW, ExtensionStatus, RoundAction, day_words, rules_hash


def confirm_money(*, round: Round, officer: User) -> None:
    """Finance says that the fund covers the envelopes; they stand behind the allocation as its maker."""
    require(policy.why_not_confirm_money(officer, round))
    require(next(iter(policy.missing_money(round)), None), RuleBroken)
    round.money_confirmed_by_id = officer.id
    round.money_confirmed_at = now()
    audit.record("round:confirm_money", actor=officer, subject=round, total_fen=queries.envelope_total(round))


def open_round(*, round: Round, officer: User) -> None:
    """The leader opens a round: its rules are frozen and hashed, its envelopes filled in the ledger.

    Needs a confirmation of the money by finance; refuses with the first thing that is missing.
    """
    status = ROUND_FLOW.next(round.status, RoundAction.OPEN)
    require(policy.why_not_open(officer, round))
    require(next(iter(policy.missing_for_opening(round)), None), RuleBroken)
    confirmed_by = round.money_confirmed_by
    if confirmed_by is None:  # why_not_open has refused; the type does not know
        raise TransitionRefused(ROUND_FLOW.refusal())
    round.settings_hash = rules_hash(queries.published_rules(round))
    round.status = status
    round.opened_at = now()
    round.opened_by_id = officer.id
    for envelope in round.envelopes:
        if envelope.amount_fen:
            funds.allocate(
                fund=round.fund,
                key=envelope_key(round.ref, envelope.category),
                amount_fen=envelope.amount_fen,
                maker=confirmed_by,
                checker=officer,
                request_id=f"{round.ref}/{envelope.category}/open",
                paper=Paper(round.settings_hash, _("开启%(round)s", round=round.name)),
            )
    audit.record("round:open", actor=officer, subject=round, settings_hash=round.settings_hash)


def close_round(*, round: Round, officer: User) -> None:
    """End a round; what its envelopes still hold is taken back by finance as a proposal of its own."""
    require(policy.why_not_close(officer, round))
    round.status = ROUND_FLOW.next(round.status, RoundAction.CLOSE)
    round.closed_at = now()
    audit.record("round:close", actor=officer, subject=round)


def archive_round(*, round: Round, officer: User) -> None:
    """Put a closed round into the archive."""
    require(policy.why_not_close(officer, round))
    round.status = ROUND_FLOW.next(round.status, RoundAction.ARCHIVE)
    audit.record("round:archive", actor=officer, subject=round)


def extend_phase(*, phase: RoundPhase, officer: User, ends_on: date, reason: str) -> PhaseExtension:
    """Ask for a later end of a phase of an open round; a second person decides."""
    require(policy.why_not_extend(officer, phase.round))
    if ends_on <= phase.ends_on:
        raise RuleBroken(_("新的结束日期应晚于%(day)s。", day=day_words(phase.ends_on)), "ends_on")
    if any(item.status is ExtensionStatus.WAITING for item in phase.extensions):
        raise RuleBroken(_("这一阶段已有一项延期等待复核。"))
    extension = PhaseExtension(
        old_ends_on=phase.ends_on,
        ends_on=ends_on,
        reason=reason,
        proposed_by_id=officer.id,
    )
    phase.extensions.append(extension)
    audit.record("phase_extension:make", actor=officer, subject=extension, phase=phase.phase, ends_on=ends_on)
    return extension


def agree_extension(*, extension: PhaseExtension, officer: User) -> None:
    """Let a phase end later."""
    _decide(extension, officer, ExtensionStatus.AGREED)
    extension.round_phase.ends_on = extension.ends_on
    audit.record("phase_extension:agree", actor=officer, subject=extension, ends_on=extension.ends_on)


def refuse_extension(*, extension: PhaseExtension, officer: User) -> None:
    """Leave a phase as it is."""
    _decide(extension, officer, ExtensionStatus.REFUSED)
    audit.record("phase_extension:refuse", actor=officer, subject=extension)


def _decide(extension: PhaseExtension, officer: User, status: ExtensionStatus) -> None:
    require(policy.why_not_decide_extension(officer, extension))
    if extension.status is not ExtensionStatus.WAITING:
        raise TransitionRefused(ROUND_FLOW.refusal())
    extension.status = status
    extension.decided_by_id = officer.id
    extension.decided_at = now()
