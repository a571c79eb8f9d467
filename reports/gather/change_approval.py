"""The 变更审批表 of the changes the system keeps as a proposal and a second person's decision.

These are later deadlines of a call, later ends of a round's phase, new accounts to be paid to, and changes of
agreements. A change is called by what it changes and which change of that it is, such as ZM-2026-03-0001-BG1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload, selectinload

from grants.agreements.models import Agreement, Amendment
from grants.agreements.queries import describe_change
from grants.agreements.rules import CHANGE_KIND_LABELS, ChangeStatus
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.people.models import BankAccountChange, Organisation, User
from grants.projects.models import Project
from grants.rounds.models import PhaseExtension, Round, RoundPhase
from grants.rounds.rules import PHASE_LABELS, ExtensionStatus
from grants.selection.models import Call, CallExtension
from reports.data.common import Signatory
from reports.data.sheet import Part, Sheet
from reports.formatting import day, moment
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered, unissued_stamp

MARK = "-BG"


@dataclass(frozen=True)
class _Change:
    """One proposed change; `agreed` is None while it waits."""

    ref: str
    matter: str
    about: str
    before: str
    after: str
    reason: str
    proposer: str
    proposed_at: datetime
    decider: str | None
    decided_at: datetime | None
    agreed: bool | None
    note: str = ""
    impacts: tuple[tuple[str, str], ...] = ()
    examiner: str | None = None
    examined_at: datetime | None = None
    conclusion: str = ""


def choices(_viewer: Viewer, round_ref: str | None) -> list[Choice]:
    """List the changes, those of a round only when one is named."""
    found = [*_calls(round_ref), *_phases(round_ref), *_amendments(round_ref), *([] if round_ref else _accounts())]
    return [Choice(one.ref, f"{one.ref} {one.matter}：{one.about}") for one in found]


def gather(reference: str) -> Gathered:
    """Return the form of a change; a draft until it is decided. Raises NotFound."""
    everything = (*_calls(None), *_phases(None), *_amendments(None), *_accounts())
    found = next((one for one in everything if one.ref == reference), None)
    if found is None:
        raise NotFound(_("没有这项变更。"))
    boxes = (
        Signatory("编制", found.proposer, _day(found.proposed_at)),
        Signatory("审核", found.examiner or "", _day(found.examined_at)),
        Signatory("审批", found.decider or "", _day(found.decided_at)),
    )
    decision = found.conclusion or {None: "待审批", True: "同意变更", False: "不同意变更"}[found.agreed]
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=found.agreed is None, signatories=boxes),
        title="变更审批表",
        about=f"{found.matter}（{found.ref}）",
        parts=(
            Part(
                facts=(
                    ("变更事项", found.matter),
                    ("变更对象", found.about),
                    ("变更前", found.before),
                    ("变更后", found.after),
                    ("变更理由", found.reason),
                    *found.impacts,
                    ("提出人和时间", f"{found.proposer}，{moment(found.proposed_at)}"),
                    ("审批结论", decision),
                    ("审批人和时间", f"{found.decider or '—'}，{moment(found.decided_at)}"),
                    ("审批意见", found.note or "—"),
                )
            ),
            Part(text="变更由一人提出、另一人审批，审批前不生效；原定内容和每次变更均在系统留痕，可追溯。"),
        ),
    )
    year = local(found.proposed_at).year
    return Gathered(sheet, f"变更审批表 {found.ref}", f"BG-{year}", found.agreed is None)


def _day(at: datetime | None) -> date | None:
    return local(at).date() if at else None


def _numbered(rows: Sequence[Any], make: Any) -> list[_Change]:
    """Return the changes with their numbers, counted apart for each thing that is changed."""
    seen: dict[str, int] = {}
    made = []
    for row in rows:
        base, fields = make(row)
        seen[base] = seen.get(base, 0) + 1
        made.append(_Change(f"{base}{MARK}{seen[base]}", **fields))
    return made


def _calls(round_ref: str | None) -> list[_Change]:
    proposer, decider = aliased(User), aliased(User)
    statement = (
        select(CallExtension, Call.ref, Project.title, proposer.display_name, decider.display_name)
        .join(Call, Call.id == CallExtension.call_id)
        .join(Project, Project.id == Call.project_id)
        .join(proposer, proposer.id == CallExtension.proposed_by_id)
        .outerjoin(decider, decider.id == CallExtension.decided_by_id)
        .order_by(Call.ref, CallExtension.proposed_at, CallExtension.id)
    )
    if round_ref:
        statement = statement.join(Round, Round.id == Project.round_id).where(Round.ref == round_ref)

    def make(row: Any) -> tuple[str, dict[str, Any]]:
        one, ref, title, proposed_by, decided_by = row
        return ref, {
            "matter": "延长征集期限",
            "about": title,
            "before": f"截止{moment(one.was_closing_at)}",
            "after": f"截止{moment(one.closes_at)}",
            "reason": one.reason,
            "proposer": proposed_by,
            "proposed_at": one.proposed_at,
            "decider": decided_by,
            "decided_at": one.decided_at,
            "agreed": one.is_approved,
        }

    return _numbered(db.session.execute(statement).all(), make)


def _phases(round_ref: str | None) -> list[_Change]:
    proposer, decider = aliased(User), aliased(User)
    statement = (
        select(PhaseExtension, RoundPhase.phase, Round.ref, Round.name, proposer.display_name, decider.display_name)
        .join(RoundPhase, RoundPhase.id == PhaseExtension.round_phase_id)
        .join(Round, Round.id == RoundPhase.round_id)
        .join(proposer, proposer.id == PhaseExtension.proposed_by_id)
        .outerjoin(decider, decider.id == PhaseExtension.decided_by_id)
        .order_by(Round.ref, RoundPhase.phase, PhaseExtension.proposed_at, PhaseExtension.id)
    )
    if round_ref:
        statement = statement.where(Round.ref == round_ref)

    def make(row: Any) -> tuple[str, dict[str, Any]]:
        one, phase, ref, name, proposed_by, decided_by = row
        return f"{ref}-{phase.value}", {
            "matter": "延长届次阶段",
            "about": f"{name}“{PHASE_LABELS[phase]}”阶段",
            "before": f"至{day(one.old_ends_on)}",
            "after": f"至{day(one.ends_on)}",
            "reason": one.reason,
            "proposer": proposed_by,
            "proposed_at": one.proposed_at,
            "decider": decided_by,
            "decided_at": one.decided_at,
            "agreed": None if one.status is ExtensionStatus.WAITING else one.status is ExtensionStatus.AGREED,
        }

    return _numbered(db.session.execute(statement).all(), make)


CONCLUSIONS = {
    ChangeStatus.FILED: "备案，即时生效（每条预算增减不超过批准金额的10%）",
    ChangeStatus.WITHDRAWN: "承接组织已撤回",
    ChangeStatus.ENDORSED: "社区建设部审核同意，待审批",
}


def _amendments(round_ref: str | None) -> list[_Change]:
    statement = (
        select(Amendment)
        .join(Agreement, Agreement.id == Amendment.agreement_id)
        .join(Project, Project.id == Agreement.project_id)
        .order_by(Agreement.ref, Amendment.number)
        .options(
            joinedload(Amendment.agreement).options(
                joinedload(Agreement.project), selectinload(Agreement.budget_lines)
            ),
            joinedload(Amendment.proposed_by),
            joinedload(Amendment.endorsed_by),
            joinedload(Amendment.decided_by),
        )
    )
    if round_ref:
        statement = statement.join(Round, Round.id == Project.round_id).where(Round.ref == round_ref)
    return [_amendment(one) for one in db.session.scalars(statement)]


def _amendment(one: Amendment) -> _Change:
    rows = describe_change(one)
    agreed = {ChangeStatus.PROPOSED: None, ChangeStatus.ENDORSED: None}.get(
        one.status, one.status in (ChangeStatus.APPROVED, ChangeStatus.FILED)
    )
    return _Change(
        one.ref,
        f"协议变更（{CHANGE_KIND_LABELS[one.kind]}）",
        f"{one.agreement.ref} {one.agreement.project.title}",
        "；".join(f"{row.label}：{row.before}" for row in rows),
        "；".join(f"{row.label}：{row.after}" for row in rows),
        one.reason,
        one.proposed_by.display_name,
        one.proposed_at,
        one.decided_by.display_name if one.decided_by else None,
        one.decided_at,
        agreed,
        one.decision_note or one.endorse_note,
        (
            ("对进度的影响", one.impact_progress),
            ("对成本的影响", one.impact_cost),
            ("对人员等资源的影响", one.impact_resources),
            ("其他影响", one.impact_other or "无"),
        ),
        one.endorsed_by.display_name if one.endorsed_by else None,
        one.endorsed_at,
        CONCLUSIONS.get(one.status, ""),
    )


def _accounts() -> list[_Change]:
    proposer, decider = aliased(User), aliased(User)
    statement = (
        select(BankAccountChange, Organisation, proposer.display_name, decider.display_name)
        .join(Organisation, Organisation.id == BankAccountChange.organisation_id)
        .join(proposer, proposer.id == BankAccountChange.proposed_by_id)
        .outerjoin(decider, decider.id == BankAccountChange.decided_by_id)
        .order_by(Organisation.ref, BankAccountChange.proposed_at, BankAccountChange.id)
    )

    def make(row: Any) -> tuple[str, dict[str, Any]]:
        one, organisation, proposed_by, decided_by = row
        return organisation.ref, {
            "matter": "变更收款账户",
            "about": organisation.name,
            "before": "以变更前存档为准",
            "after": f"{one.account_name}，{one.bank_name}，尾号{one.account_last4}（全号以系统存档为准）",
            "reason": one.reason,
            "proposer": proposed_by,
            "proposed_at": one.proposed_at,
            "decider": decided_by,
            "decided_at": one.decided_at,
            "agreed": one.is_accepted,
            "note": one.note,
        }

    return _numbered(db.session.execute(statement).all(), make)
