"""Closing a project: residents heard, money settled to the last fen."""

from grants.agreements.rules import AgreementStatus
from grants.evaluation import policy, queries
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import answers_needed
from grants.foundation import audit
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.funds import queries as funds
from grants.funds import service as ledger
from grants.payments import queries as payments
from grants.people.models import User
from grants.projects import service as projects
from grants.projects.rules import ProjectAction
from grants.supervision import queries as supervision


def return_unspent(*, officer: User, evaluation: Evaluation) -> int:
    """Give what was awarded but never paid back to the fund; returns the amount in 分.

    The leader who published the evaluation stands behind it as the second person.
    """
    require(policy.why_not_settle(officer, evaluation))
    project = evaluation.agreement.project
    money = funds.project_money(project.ref)
    if money.available_fen:
        ledger.give_back(
            project_ref=project.ref,
            amount_fen=money.available_fen,
            request_id=f"return:{evaluation.ref}",
            maker=officer,
            checker=evaluation.published_by,
        )
    audit.record("evaluation:return_unspent", actor=officer, subject=evaluation, amount_fen=money.available_fen)
    return money.available_fen


def close_project(*, officer: User, evaluation: Evaluation) -> None:
    """Close the project; refused without residents' ratings or with money still open."""
    require(policy.why_not_close_project(officer, evaluation))
    agreement = evaluation.agreement
    served = supervision.totals(agreement.id).person_count
    needed = answers_needed(int(agreement.project.round.settings["survey_minimum"]), served)
    if queries.survey_summary(agreement.id).answers < needed:
        raise RuleBroken(_("服务对象评价不足 %(needed)d 份，不能结项。", needed=needed))
    if agreement.status is AgreementStatus.COMPLETED and not payments.is_final_settled(agreement):
        raise RuleBroken(_("尾款还没有拨付到账，不能结项。"))
    money = funds.project_money(agreement.project.ref)
    open_fen = money.available_fen + money.reserved_fen
    if open_fen:
        raise RuleBroken(_("还有 %(yuan)s 元未支付或未收回，结清后才能结项。", yuan=yuan(open_fen)))
    projects.advance(project=agreement.project, action=ProjectAction.CLOSE, by=officer)
    audit.record("evaluation:close_project", actor=officer, subject=evaluation, project=agreement.project.ref)
