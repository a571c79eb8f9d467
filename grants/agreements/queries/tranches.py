"""Tranches: whether what this stage knows of their gates is passed."""

from dataclasses import dataclass

from grants.agreements.models import Agreement, Tranche
from grants.agreements.rules import AgreementStatus, Gate, MilestoneStatus, why_midterm_blocks
from grants.foundation.clock import today
from grants.foundation.i18n import _


@dataclass(frozen=True)
class TrancheState:
    """A tranche and whether what this stage can know of its gate is passed; `waits_for` says what is missing."""

    tranche: Tranche
    is_open: bool
    waits_for: str


def tranche_states(agreement: Agreement) -> list[TrancheState]:
    """Tell for each tranche whether its gate is passed as far as signing, milestones and evaluation go.

    Rectifications and spending are judged by the payments stage, which comes later.
    """
    return [_tranche_state(agreement, tranche) for tranche in agreement.tranches]


def _tranche_state(agreement: Agreement, tranche: Tranche) -> TrancheState:
    waits_for = ""
    if agreement.status is AgreementStatus.DRAFT:
        waits_for = _("等待协议签署")
    elif agreement.status is AgreementStatus.TERMINATED:
        waits_for = _("协议已终止，不再拨付")
    elif agreement.suspension is not None:
        waits_for = _("协议已暂停，恢复后再办理")
    elif tranche.milestone is not None and tranche.milestone.status is not MilestoneStatus.VERIFIED:
        waits_for = _("等待里程碑 %(number)s 核实", number=tranche.milestone.position)
    elif tranche.gate is Gate.FINAL and agreement.status is not AgreementStatus.COMPLETED:
        waits_for = _("等待末期评价合格")
    elif tranche.gate is Gate.MIDTERM and agreement.needs_midterm:
        waits_for = why_midterm_blocks(agreement.midterm_result, agreement.midterm_counts_on, today()) or ""
    return TrancheState(tranche, not waits_for, waits_for)
