"""Papers that look back: one project's evaluation, one round's summary."""

from grants.evaluation import policy as evaluation_policy
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _, _l
from grants.people.models import User
from reports.gather import choices, english_edition, midterm_report, project_evaluation, round_summary
from reports.kinds.base import SHEET, Heading, ReportKind, why_not_office


def why_not_evaluation(actor: User | None, ref: str) -> str | None:
    """Say why somebody may not have a paper about a project's final evaluation; raises NotFound without one."""
    evaluation = choices.evaluation_of(ref)
    if evaluation is None:
        raise NotFound(_("没有找到这个项目的末期评价，请核对项目编号。"))
    return evaluation_policy.why_not_read(actor, evaluation)


def _why_not_midterm(actor: User | None, ref: str) -> str | None:
    return evaluation_policy.why_not_read_midterm(actor, midterm_report.find(ref))


KINDS = (
    ReportKind(
        "midterm-evaluation",
        _l("项目中期评估报告"),
        _l("一个项目的中期自评、评分、结论和异议期限。结果公布前为草稿。"),
        _l("中期评估"),
        SHEET,
        midterm_report.gather,
        midterm_report.choices,
        _why_not_midterm,
        is_public=True,
        is_open=True,
        heading=Heading.EVALUATION,
    ),
    ReportKind(
        "project-evaluation",
        _l("项目末期评估报告"),
        _l("一个项目从居民需求到居民评价的全过程：目标完成、资金、满意度、评分。评价公布前为草稿。"),
        _l("项目"),
        "reports.documents.project_evaluation",
        project_evaluation.gather,
        choices.evaluated_projects,
        why_not_evaluation,
        is_public=True,
        is_open=True,
        heading=Heading.EVALUATION,
    ),
    ReportKind(
        "project-evaluation-en",
        _l("项目末期评估报告（英文版）"),
        _l("末期评估报告的英文版：标题、表头和数字为英文，居民和组织的原话保留原文。以中文版为准。"),
        _l("项目"),
        "reports.documents.project_evaluation_english",
        english_edition.gather,
        choices.evaluated_projects,
        why_not_evaluation,
        is_public=True,
        is_open=True,
        heading=Heading.EVALUATION,
    ),
    ReportKind(
        "round-summary",
        _l("届次工作总结报告"),
        _l("一届公益创投的需求、投票、资金、项目成效汇总，按类别、按社区、按项目。届次结束前为草稿。"),
        _l("届次"),
        "reports.documents.round_summary",
        round_summary.gather,
        choices.rounds_with_agreements,
        why_not_office,
    ),
)
