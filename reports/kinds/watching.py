"""Papers of supervision: the brief for the discipline office, orders, the end of an agreement."""

from grants.agreements import policy as agreements_policy
from grants.foundation.i18n import _l
from grants.people.models import User
from reports.gather import (
    change_approval,
    choices,
    order_papers,
    stopping_papers,
    supervision_brief,
    supervision_bulletin,
)
from reports.kinds.base import OFFICIAL, SHEET, Heading, ReportKind, why_not_office, why_not_party


def _why_not_order(actor: User | None, ref: str) -> str | None:
    return agreements_policy.why_not_read(actor, choices.order_of(ref).agreement)


KINDS = (
    ReportKind(
        "progress-bulletin",
        _l("进度通报"),
        _l("每月一期：各项目活动、人次、资金进度、整改、提示和月报，社区按完成情况排序。审批前为草稿，发布后公开。"),
        _l("通报"),
        SHEET,
        supervision_bulletin.gather,
        supervision_bulletin.choices,
        why_not_office,
        is_public=True,
        heading=Heading.SUPERVISION,
    ),
    ReportKind(
        "supervision-brief",
        _l("监督检查专报"),
        _l("报送纪检监察机构：拨付和评审程序的逐项检查、走访、整改、投诉和需要关注的问题。"),
        _l("届次"),
        SHEET,
        supervision_brief.gather,
        choices.rounds_with_agreements,
        why_not_office,
        heading=Heading.SUPERVISION,
    ),
    ReportKind(
        "rectification-notice",
        _l("整改通知书"),
        _l("发给承接组织的限期整改通知：问题、要求、期限和复查。"),
        _l("整改事项"),
        OFFICIAL,
        order_papers.rectification,
        choices.orders_of_viewer,
        _why_not_order,
        is_open=True,
        heading=Heading.SUPERVISION,
    ),
    ReportKind(
        "change-approval",
        _l("变更审批表"),
        _l("征集延期、阶段延期、收款账户和协议变更：变更前后、理由、影响、提出人和审批结论。审批前为草稿。"),
        _l("变更事项"),
        SHEET,
        change_approval.gather,
        change_approval.choices,
        why_not_office,
        heading=Heading.SUPERVISION,
    ),
    ReportKind(
        "termination-notice",
        _l("终止协议通知书"),
        _l("协议提前终止的事实、依据和资金清算（含应退回的金额）。"),
        _l("已终止的协议"),
        OFFICIAL,
        order_papers.termination,
        choices.terminated_of_viewer,
        why_not_party,
        is_open=True,
        heading=Heading.SUPERVISION,
    ),
    ReportKind(
        "suspension-notice",
        _l("暂停通知书"),
        _l("协议暂停的理由、恢复的条件和暂停期间的要求。"),
        _l("暂停过的协议"),
        OFFICIAL,
        stopping_papers.suspension,
        stopping_papers.suspended,
        why_not_party,
        is_open=True,
        heading=Heading.SUPERVISION,
    ),
    ReportKind(
        "recovery-notice",
        _l("追缴通知书"),
        _l("协议终止或结项后应退回的财政资金：拨付、认可的支出、已退回和期限，与台账核对。"),
        _l("有余款的协议"),
        OFFICIAL,
        stopping_papers.recovery,
        stopping_papers.owing,
        why_not_party,
        is_open=True,
        heading=Heading.SUPERVISION,
    ),
)
