"""Papers for the public: announcements as they hang on the board."""

from grants.foundation.i18n import _l
from reports.gather import choices, notice_papers
from reports.kinds.base import OFFICIAL, Heading, ReportKind, why_not_staff

KINDS = (
    ReportKind(
        "public-notice",
        _l("公示"),
        _l("需求、立项、拟入选和结果公示，供张贴。期满后写明异议情况，不含异议人信息。"),
        _l("公示事项"),
        OFFICIAL,
        notice_papers.notice,
        choices.notices,
        why_not_staff,
        is_public=True,
        heading=Heading.PUBLIC,
    ),
    ReportKind(
        "fund-notice",
        _l("资金使用情况公告"),
        _l("一届各项目的资助金额、已拨付和已支出，供张贴。"),
        _l("届次"),
        OFFICIAL,
        notice_papers.fund_notice,
        choices.rounds_with_agreements,
        why_not_staff,
        is_public=True,
        heading=Heading.PUBLIC,
    ),
)
