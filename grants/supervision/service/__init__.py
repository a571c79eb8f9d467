"""Use cases of supervision: activities, resident supervisors and visits, orders to put right, complaints."""

from grants.supervision.service.activities import (
    Plan,
    Record,
    announce_activity,
    cancel_activity,
    record_activity,
    sign_in,
)
from grants.supervision.service.complaints import Sent, answer_complaint, complain, reveal_contact
from grants.supervision.service.rectifications import answer_rectification, issue_rectification, recheck_rectification
from grants.supervision.service.supervisors import (
    draw_supervisors,
    record_visit,
    send_back_by_resident,
    stand_down,
    verify_by_resident,
)

__all__ = [
    "Plan",
    "Record",
    "Sent",
    "announce_activity",
    "answer_complaint",
    "answer_rectification",
    "cancel_activity",
    "complain",
    "draw_supervisors",
    "issue_rectification",
    "recheck_rectification",
    "record_activity",
    "record_visit",
    "reveal_contact",
    "send_back_by_resident",
    "sign_in",
    "stand_down",
    "verify_by_resident",
]
