"""Use cases of evaluation."""

from grants.evaluation.service.closing import close_project, return_unspent
from grants.evaluation.service.measuring import enter_values
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
    answer_own_survey,
    answer_survey,
    close_survey,
    enter_answer,
    invite_served,
    mint_tokens,
    open_survey,
    require_open_invitation,
)

__all__ = [
    "Answer",
    "answer_own_survey",
    "answer_survey",
    "assess_self",
    "close_project",
    "close_survey",
    "criteria_of",
    "draft_evaluation",
    "enter_answer",
    "enter_values",
    "invite_served",
    "mint_tokens",
    "open_survey",
    "publish_evaluation",
    "require_open_invitation",
    "return_unspent",
    "send_back_evaluation",
    "set_points",
    "submit_evaluation",
]
