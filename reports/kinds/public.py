"""Papers for the public: announcements and posters as they hang on the board; and the archive."""

from grants.foundation.i18n import _l
from reports.gather import archive_index, board_poster, case_sheet, choices, notice_papers
from reports.kinds.base import OFFICIAL, POSTER, SHEET, Heading, ReportKind, why_not_office, why_not_staff

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
        "board-poster",
        _l("社区公开栏海报（A3）"),
        _l("一个社区在一届中的项目、资金、投票、满意率和近期活动，供公开栏张贴。"),
        _l("社区"),
        POSTER,
        board_poster.gather,
        board_poster.choices,
        why_not_staff,
        is_public=True,
        heading=Heading.PUBLIC,
    ),
    ReportKind(
        "archive-index",
        _l("归档卷内目录"),
        _l("一个项目从需求到评价的全部文件清单，供装订归档。结项前为草稿。"),
        _l("项目"),
        SHEET,
        archive_index.gather,
        choices.files,
        why_not_office,
        heading=Heading.PUBLIC,
    ),
    ReportKind(
        "case-sheet",
        _l("案例单"),
        _l("案例库中一个项目的做法、照片和服务效率，供学习推广和张贴。"),
        _l("案例"),
        "reports.documents.case_sheet",
        case_sheet.gather,
        case_sheet.cases,
        case_sheet.why_not_make,
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
