"""Re-examinations of an announced award: opened for an objection, found by one person, signed by another."""

from grants.foundation import audit
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people.models import User
from grants.rounds.models import Objection
from grants.selection.models import Call, Reexamination
from grants.selection.policy import reexamining as policy
from grants.selection.rules import OUTCOME_LABELS, Outcome
from grants.selection.service.holding import hold


def open_reexamination(*, call: Call, objection: Objection, officer: User, scope: str) -> Reexamination:
    """Open the re-examination that an objection asks for; until it is signed the award cannot become final."""
    hold(call)
    require(policy.why_not_open(officer, call, objection))
    if not scope.strip():
        raise RuleBroken(_("请写明复核什么。"), "scope")
    made = Reexamination(call=call, objection=objection, scope=scope.strip(), opened_by=officer)
    db.session.add(made)
    _tell_objector(made, _("您的异议 %(ref)s 已启动复核", ref=objection.ref), made.scope)
    audit.record("reexamination:open", actor=officer, subject=call, objection=objection.ref, scope=made.scope)
    return made


def find_outcome(*, reexamination: Reexamination, officer: User, outcome: Outcome, finding: str) -> None:
    """Write down what was found and what follows; nothing holds until a second person has signed it."""
    _hold(reexamination)
    require(policy.why_not_find(officer, reexamination))
    if not finding.strip():
        raise RuleBroken(_("请写明复核情况和理由。"), "finding")
    reexamination.outcome, reexamination.finding = outcome, finding.strip()
    reexamination.found_by, reexamination.found_at = officer, now()
    audit.record(
        "reexamination:find", actor=officer, subject=reexamination.call, outcome=outcome.value, finding=finding
    )


def sign_outcome(*, reexamination: Reexamination, officer: User) -> None:
    """Sign the outcome as the second person; a correction means that the award has to be taken back."""
    _hold(reexamination)
    require(policy.why_not_sign(officer, reexamination))
    if reexamination.outcome is None or reexamination.finding is None:
        raise RuleBroken(_("还没有复核意见。"))
    reexamination.signed_by, reexamination.signed_at = officer, now()
    values = {"ref": reexamination.objection.ref, "outcome": OUTCOME_LABELS[reexamination.outcome]}
    _tell_objector(reexamination, _("您的异议 %(ref)s 复核结果：%(outcome)s", **values), reexamination.finding)
    audit.record("reexamination:sign", actor=officer, subject=reexamination.call, outcome=reexamination.outcome.value)


def _hold(reexamination: Reexamination) -> None:
    hold(reexamination.call)
    db.session.refresh(reexamination)


def _tell_objector(reexamination: Reexamination, title: str, body: str) -> None:
    objection = reexamination.objection
    if objection.raised_by_id is not None:
        notify(objection.raised_by_id, title, body, f"/notices/{objection.notice.ref}")
