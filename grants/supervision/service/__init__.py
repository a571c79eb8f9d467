"""Use cases of supervision: activities, resident supervisors and visits, orders to put right, complaints."""

from grants.supervision.service.activities import (
    Plan,
    Record,
    announce_activity,
    cancel_activity,
    record_activity,
    sign_in,
)
from grants.supervision.service.bulletins import edition_of, issue_bulletin, prepare_bulletin
from grants.supervision.service.complaints import Sent, answer_complaint, complain, reveal_contact
from grants.supervision.service.escalation import escalate, instruct, remind
from grants.supervision.service.flags import clear_flag
from grants.supervision.service.inspections import (
    Finding,
    cancel_inspection,
    draw_sample,
    plan_inspection,
    record_call,
    record_inspection,
)
from grants.supervision.service.monthly import (
    Words,
    file_plan,
    remark_on_report,
    save_report,
    submit_report,
    why_not_over,
    why_plan_stands,
)
from grants.supervision.service.opinions import answer_opinion, leave_opinion
from grants.supervision.service.rectifications import answer_rectification, issue_rectification, recheck_rectification
from grants.supervision.service.registrations import register, withdraw_registration
from grants.supervision.service.supervisors import (
    draw_supervisors,
    record_visit,
    send_back_by_resident,
    stand_down,
    verify_by_resident,
)

__all__ = [
    "Finding",
    "Plan",
    "Record",
    "Sent",
    "Words",
    "announce_activity",
    "answer_complaint",
    "answer_opinion",
    "answer_rectification",
    "cancel_activity",
    "cancel_inspection",
    "clear_flag",
    "complain",
    "draw_sample",
    "draw_supervisors",
    "edition_of",
    "escalate",
    "file_plan",
    "instruct",
    "issue_bulletin",
    "issue_rectification",
    "leave_opinion",
    "plan_inspection",
    "prepare_bulletin",
    "recheck_rectification",
    "record_activity",
    "record_call",
    "record_inspection",
    "record_visit",
    "register",
    "remark_on_report",
    "remind",
    "reveal_contact",
    "save_report",
    "send_back_by_resident",
    "sign_in",
    "stand_down",
    "submit_report",
    "verify_by_resident",
    "why_not_over",
    "why_plan_stands",
    "withdraw_registration",
]
