"""Papers of supervision: orders to put something right, and the end of an agreement."""

from grants.agreements import policy as agreements_policy
from grants.foundation.i18n import _l
from grants.people.models import User
from reports.gather import choices, order_papers
from reports.kinds.base import OFFICIAL, Heading, ReportKind, why_not_party


def _why_not_order(actor: User | None, ref: str) -> str | None:
    return agreements_policy.why_not_read(actor, choices.order_of(ref).agreement)


KINDS = (
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
)
