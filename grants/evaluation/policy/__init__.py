"""What an actor may do in evaluation, and why not."""

from grants.evaluation.policy.appeals import (
    why_appeal_waits,
    why_not_appeal,
    why_not_examine,
    why_not_read_appeal,
)
from grants.evaluation.policy.department import (
    why_not_set_department_points,
)
from grants.evaluation.policy.final import (
    is_evaluator,
    why_not_answer,
    why_not_assess_self,
    why_not_check,
    why_not_close_project,
    why_not_close_survey,
    why_not_decide,
    why_not_draft,
    why_not_enter_answer,
    why_not_open_survey,
    why_not_read,
    why_not_score,
    why_not_see_survey,
    why_not_settle,
    why_too_few_answers,
    why_too_few_checks,
)
from grants.evaluation.policy.fiscal import (
    why_not_fill_fiscal,
    why_not_read_fiscal,
)
from grants.evaluation.policy.midterm import (
    why_not_decide_midterm,
    why_not_fail_late,
    why_not_open_midterm,
    why_not_read_midterm,
    why_not_report_midterm,
    why_not_score_midterm,
)

__all__ = [
    "is_evaluator",
    "why_appeal_waits",
    "why_not_answer",
    "why_not_appeal",
    "why_not_assess_self",
    "why_not_check",
    "why_not_close_project",
    "why_not_close_survey",
    "why_not_decide",
    "why_not_decide_midterm",
    "why_not_draft",
    "why_not_enter_answer",
    "why_not_examine",
    "why_not_fail_late",
    "why_not_fill_fiscal",
    "why_not_open_midterm",
    "why_not_open_survey",
    "why_not_read",
    "why_not_read_appeal",
    "why_not_read_fiscal",
    "why_not_read_midterm",
    "why_not_report_midterm",
    "why_not_score",
    "why_not_score_midterm",
    "why_not_see_survey",
    "why_not_set_department_points",
    "why_not_settle",
    "why_too_few_answers",
    "why_too_few_checks",
]
