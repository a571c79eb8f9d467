"""Papers of evaluation: the form for the finance bureau and what residents said."""

from grants.evaluation import policy as evaluation_policy
from grants.foundation.i18n import _, _l
from grants.people.models import User
from reports.gather import choices, performance, satisfaction, self_evaluation
from reports.kinds.base import SHEET, Heading, ReportKind, why_not_office
from reports.kinds.reviews import why_not_evaluation


def _why_not_survey(actor: User | None, ref: str) -> str | None:
    return evaluation_policy.why_not_see_survey(actor, choices.survey_of(ref)) if actor is not None else _("请先登录。")


KINDS = (
    ReportKind(
        "performance-evaluation",
        _l("绩效评价报告"),
        _l("一届专项资金的绩效评价：决策、过程、产出、效益逐项按记录计算得分。届次结束前为草稿。"),
        _l("届次"),
        SHEET,
        performance.gather,
        choices.rounds_with_agreements,
        why_not_office,
        is_public=True,
        heading=Heading.EVALUATION,
    ),
    ReportKind(
        "self-evaluation",
        _l("项目支出绩效自评表"),
        _l("财政绩效自评表：资金执行、产出、效益、满意度逐项得分。评价公布前为草稿。"),
        _l("项目"),
        SHEET,
        self_evaluation.gather,
        choices.evaluated_projects,
        why_not_evaluation,
        is_public=True,
        is_open=True,
        heading=Heading.EVALUATION,
    ),
    ReportKind(
        "satisfaction",
        _l("居民满意度调查报告"),
        _l("一个项目的调查对象、方式、满意率、三感评价和匿名意见。调查结束前为草稿。"),
        _l("满意度调查"),
        SHEET,
        satisfaction.gather,
        choices.surveys_of_viewer,
        _why_not_survey,
        is_open=True,
        heading=Heading.EVALUATION,
    ),
)
