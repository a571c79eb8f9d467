"""Use cases of evaluation."""

from grants.evaluation.service.appeals import (
    Finding,
    decide_appeal,
    file_appeal,
    judged_lines,
)
from grants.evaluation.service.closing import (
    close_project,
    return_unspent,
)
from grants.evaluation.service.department import (
    set_department_points,
)
from grants.evaluation.service.fiscal import (
    Judgement,
    fill_fiscal,
)
from grants.evaluation.service.measuring import (
    enter_values,
)
from grants.evaluation.service.midterm import (
    Adjustment,
    fail_late_midterm,
    midterm_criteria,
    open_midterm,
    publish_midterm,
    report_midterm,
    score_midterm,
    send_back_midterm,
    submit_midterm,
)
from grants.evaluation.service.scoring import (
    assess_self,
    criteria_of,
    draft_evaluation,
    publish_evaluation,
    send_back_evaluation,
    set_points,
    submit_evaluation,
)
from grants.evaluation.service.surveys import (
    Answer,
    Call,
    answer_own_survey,
    answer_survey,
    check_answer,
    close_survey,
    enter_answer,
    invite_served,
    mint_tokens,
    open_survey,
    require_open_invitation,
)

__all__ = [
    "Adjustment",
    "Answer",
    "Call",
    "Finding",
    "Judgement",
    "answer_own_survey",
    "answer_survey",
    "assess_self",
    "check_answer",
    "close_project",
    "close_survey",
    "criteria_of",
    "decide_appeal",
    "draft_evaluation",
    "enter_answer",
    "enter_values",
    "fail_late_midterm",
    "file_appeal",
    "fill_fiscal",
    "invite_served",
    "judged_lines",
    "midterm_criteria",
    "mint_tokens",
    "open_midterm",
    "open_survey",
    "publish_evaluation",
    "publish_midterm",
    "report_midterm",
    "require_open_invitation",
    "return_unspent",
    "score_midterm",
    "send_back_evaluation",
    "send_back_midterm",
    "set_department_points",
    "set_points",
    "submit_evaluation",
    "submit_midterm",
]
