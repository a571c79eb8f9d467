"""Papers of selection and agreement: score sheets, agreements, the register of organisations."""

from grants.foundation.i18n import _l
from reports.gather import agreement_paper, application_form, choices, directory, result_letters, score_sheets
from reports.kinds.base import OFFICIAL, SHEET, Heading, ReportKind, why_not_office, why_not_party, why_not_staff

KINDS = (
    ReportKind(
        "application-form",
        _l("申报书"),
        _l(
            "申报组织的完整申报书。提交前为草稿；提交后带回执编号和内容校验码。含单位名称和人员姓名，不提供给评审专家。"
        ),
        _l("申报"),
        SHEET,
        application_form.gather,
        application_form.choices,
        application_form.why_not_print,
        is_open=True,
        is_private=True,
        heading=Heading.SELECTION,
    ),
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
        "result-letter",
        _l("结果通知书"),
        _l("告知一家申报组织评审结果、各项得分和匿名的专家意见。入选确认前为草稿。"),
        _l("申报书"),
        OFFICIAL,
        result_letters.gather,
        result_letters.choices,
        result_letters.why_not_make,
        is_open=True,
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
