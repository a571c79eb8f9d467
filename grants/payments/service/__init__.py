"""Use cases of payments and vouchers."""

from grants.payments.service.alerts import warn_deadlines
from grants.payments.service.bank import apply_statement, match_line, statement_rows, take_statement, undo_match
from grants.payments.service.checks import close_check, draw_check, record_finding
from grants.payments.service.opinions import answer_opinion, leave_opinion
from grants.payments.service.requesting import recall_request, request_again, request_payment
from grants.payments.service.returning import return_request
from grants.payments.service.signing import (
    approve,
    confirm,
    pass_community,
    pass_finance,
    pass_programme,
    pay,
    reject,
)
from grants.payments.service.vouchers import Spending, check_voucher, enter_voucher

__all__ = [
    "Spending",
    "answer_opinion",
    "apply_statement",
    "approve",
    "check_voucher",
    "close_check",
    "confirm",
    "draw_check",
    "enter_voucher",
    "leave_opinion",
    "match_line",
    "pass_community",
    "pass_finance",
    "pass_programme",
    "pay",
    "recall_request",
    "record_finding",
    "reject",
    "request_again",
    "request_payment",
    "return_request",
    "statement_rows",
    "take_statement",
    "undo_match",
    "warn_deadlines",
]
