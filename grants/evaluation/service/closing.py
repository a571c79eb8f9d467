"""Closing a project: residents heard, money settled to the last fen."""

from grants.evaluation import policy
from grants.evaluation.models import Evaluation
from grants.foundation import audit
from grants.foundation.errors import require
from grants.funds import queries as funds
from grants.funds import service as ledger
from grants.people.models import User
from grants.projects import service as projects
from grants.projects.rules import ProjectAction


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
    project = evaluation.agreement.project
    projects.advance(project=project, action=ProjectAction.CLOSE, by=officer)
    audit.record("evaluation:close_project", actor=officer, subject=evaluation, project=project.ref)
