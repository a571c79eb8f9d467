"""Use cases of the selection, from the call to the award."""

from grants.selection.service.awards import (
    announce_award,
    confirm_award,
    disqualify,
    propose_award,
    rank_call,
    revoke_award,
    send_back_award,
)
from grants.selection.service.calls import (
    close_call,
    close_due_calls,
    decide_extension,
    fail_call,
    propose_extension,
    publish_call,
    publish_calls,
)
from grants.selection.service.documents import add_document, note_opened, remove_document
from grants.selection.service.drafts import EditConflict, save_application
from grants.selection.service.eligibility import Decision, decide_eligibility
from grants.selection.service.jury import draw_jury, give_opinion, score_as_juror, stand_aside
from grants.selection.service.panel import DeclaredTie, declare_conflicts, draw_panel, keep_expert, replace_member
from grants.selection.service.papers import (
    lapse_application,
    resume_application,
    return_application,
    start_application,
    submit_application,
    withdraw_application,
)
from grants.selection.service.pitching import arrange_pitch, begin_pitch, finish_pitch, miss_pitch
from grants.selection.service.questions import answer_question, ask_about_call
from grants.selection.service.reexamining import find_outcome, open_reexamination, sign_outcome
from grants.selection.service.reuse import take_over
from grants.selection.service.reviews import (
    decide_void,
    explain_deviation,
    lock_review,
    propose_void,
    recuse,
    save_scores,
)

withdraw = withdraw_application

__all__ = [
    "Decision",
    "DeclaredTie",
    "EditConflict",
    "add_document",
    "announce_award",
    "answer_question",
    "arrange_pitch",
    "ask_about_call",
    "begin_pitch",
    "close_call",
    "close_due_calls",
    "confirm_award",
    "decide_eligibility",
    "decide_extension",
    "decide_void",
    "declare_conflicts",
    "disqualify",
    "draw_jury",
    "draw_panel",
    "explain_deviation",
    "fail_call",
    "find_outcome",
    "finish_pitch",
    "give_opinion",
    "keep_expert",
    "lapse_application",
    "lock_review",
    "miss_pitch",
    "note_opened",
    "open_reexamination",
    "propose_award",
    "propose_extension",
    "propose_void",
    "publish_call",
    "publish_calls",
    "rank_call",
    "recuse",
    "remove_document",
    "replace_member",
    "resume_application",
    "return_application",
    "revoke_award",
    "save_application",
    "save_scores",
    "score_as_juror",
    "send_back_award",
    "sign_outcome",
    "stand_aside",
    "start_application",
    "submit_application",
    "take_over",
    "withdraw",
    "withdraw_application",
]
