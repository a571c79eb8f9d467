"""Papers of selection and agreement: score sheets, agreements, the register of organisations."""

from grants.foundation.i18n import _l
from reports.gather import agreement_paper, choices, directory, score_sheets
from reports.kinds.base import SHEET, Heading, ReportKind, why_not_office, why_not_party, why_not_staff

KINDS = (
    ReportKind(
        "score-sheets",
        _l("评审打分表和汇总表"),
        _l("一次征集的专家打分、居民评审团和社区评价，以及由此重新计算的综合得分。结果公示前为草稿。"),
        _l("征集"),
        SHEET,
        score_sheets.gather,
        choices.ranked_calls,
        why_not_office,
        heading=Heading.SELECTION,
    ),
    ReportKind(
        "agreement",
        _l("资助协议书"),
        _l("双方、目标、预算、里程碑、分期拨付和条款，供签署和存档。签署前为草稿。"),
        _l("协议"),
        SHEET,
        agreement_paper.gather,
        choices.agreements_of_viewer,
        why_not_party,
        is_open=True,
        heading=Heading.SELECTION,
    ),
    ReportKind(
        "organisation-directory",
        _l("社会组织目录和备案目录"),
        _l("名册上的社会组织，或备案的社区社会组织。不含个人信息和账户。"),
        _l("目录"),
        SHEET,
        directory.gather,
        directory.choices,
        why_not_staff,
        is_public=True,
        heading=Heading.SELECTION,
    ),
)
