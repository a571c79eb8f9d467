"""The catalogue of papers: what each is called, who may make it, what it can be made of."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from grants.evaluation import policy as evaluation_policy
from grants.foundation.errors import NotFound, RuleBroken
from grants.foundation.i18n import Text, _, _l
from grants.foundation.models import IssuedDocument
from grants.funds import policy as funds_policy
from grants.people.models import User
from grants.people.rules import Role
from reports.gather import choices, papers, project_evaluation, round_summary
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered

OFFICE = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)


def _why_not_evaluation(actor: User | None, ref: str) -> str | None:
    evaluation = choices.evaluation_of(ref)
    if evaluation is None:
        raise NotFound(_("没有找到这个项目的末期评价，请核对项目编号。"))
    return evaluation_policy.why_not_read(actor, evaluation)


def _why_not_office(actor: User | None, _ref: str) -> str | None:
    if actor is not None and actor.has_role(*OFFICE):
        return None
    return _("这种报告由街道工作人员生成。")


def _why_not_ledger(actor: User | None, _ref: str) -> str | None:
    return funds_policy.why_not_read_ledger(actor) if actor is not None else _("请先登录。")


@dataclass(frozen=True)
class ReportKind:
    """One kind of paper. `module` prints it and is imported only when something is printed."""

    key: str
    title: Text
    about: Text
    subject: Text
    module: str
    gather: Callable[[str], Gathered]
    choices: Callable[[Viewer, str | None], list[Choice]]
    why_not_make: Callable[[User | None, str], str | None]
    is_public: bool = False

    def printer(self) -> Callable[..., bytes]:
        """Return the function that turns the gathered document into PDF; loads pandas and WeasyPrint."""
        made: Callable[..., bytes] = import_module(self.module).to_pdf
        return made

    def list_for(self, viewer: Viewer, round_ref: str | None = None) -> list[Choice]:
        """List what this viewer can have made now."""
        if self.is_public or viewer.is_operator or self.why_not_make(viewer.actor, "") is None:
            return self.choices(viewer, round_ref)
        return []


KINDS: dict[str, ReportKind] = {
    kind.key: kind
    for kind in (
        ReportKind(
            "project-evaluation",
            _l("项目末期评估报告"),
            _l("一个项目从居民需求到居民评价的全过程：目标完成、资金、满意度、评分。评价公布前为草稿。"),
            _l("项目"),
            "reports.documents.project_evaluation",
            project_evaluation.gather,
            choices.evaluated_projects,
            _why_not_evaluation,
            is_public=True,
        ),
        ReportKind(
            "round-summary",
            _l("届次工作总结报告"),
            _l("一届公益创投的需求、投票、资金、项目成效汇总，按类别、按社区、按项目。届次结束前为草稿。"),
            _l("届次"),
            "reports.documents.round_summary",
            round_summary.gather,
            choices.rounds_with_agreements,
            _why_not_office,
        ),
        ReportKind(
            "payment-approval",
            _l("资金拨付审批表"),
            _l("一笔拨付的事项、金额、收款单位和逐级办理记录。领导审批前为草稿。"),
            _l("拨付申请"),
            "reports.documents.official_paper",
            papers.payment_approval,
            choices.sent_payments,
            _why_not_office,
        ),
        ReportKind(
            "fund-ledger",
            _l("专项资金台账"),
            _l("一项专项资金的账户余额和全部记账明细。"),
            _l("专项资金"),
            "reports.documents.official_paper",
            papers.fund_ledger,
            choices.funds,
            _why_not_ledger,
        ),
        ReportKind(
            "budget-execution",
            _l("预算执行对照表"),
            _l("一届各项目的预算、拨付、支出、结余和执行率。"),
            _l("届次"),
            "reports.documents.official_paper",
            papers.budget_execution,
            choices.rounds_with_agreements,
            _why_not_office,
        ),
    )
}


def get_kind(key: str) -> ReportKind:
    """Return a kind of paper, or raise RuleBroken naming it."""
    if key not in KINDS:
        raise RuleBroken(_("没有这种报告：%(kind)s", kind=key))
    return KINDS[key]


def why_not_read(actor: User | None, document: IssuedDocument) -> str | None:
    """Say why somebody may not have an issued paper: final reports that are public are for everybody."""
    kind = KINDS.get(document.kind)
    if kind is None:
        return _("没有这种报告：%(kind)s", kind=document.kind)
    if kind.is_public and not document.is_draft:
        return None
    return kind.why_not_make(actor, document.subject_ref)
