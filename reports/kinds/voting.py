"""Papers about residents' votes."""

from grants.foundation.i18n import _l
from reports.gather import poll_result
from reports.kinds.base import ReportKind, why_not_staff

KINDS = (
    ReportKind(
        "poll-result",
        _l("居民投票结果报告"),
        _l("一次已计票的投票：怎么算的、谁入选、没入选的为什么、公平性和核对方法。演练的投票为草稿。"),
        _l("投票"),
        "reports.documents.poll_result",
        poll_result.gather,
        poll_result.counted_polls,
        why_not_staff,
        is_public=True,
    ),
)
