"""Reads of payment requests, their gates, their money and the vouchers."""

from grants.payments.queries.due import due_on, list_due_for
from grants.payments.queries.gates import GateCheck, gate_checks
from grants.payments.queries.money import (
    LineRow,
    accepted_fen,
    is_final_settled,
    list_line_rows,
    paid_fen,
    payable_fen,
    spent_by_line,
)
from grants.payments.queries.requests import (
    RequestFilter,
    count_by_status,
    find_live_request,
    get_request,
    get_tranche,
    iterate_requests,
    list_requests,
    list_requests_of,
)
from grants.payments.queries.steps import content_of, current_cycle, signed_by, signers, step_of
from grants.payments.queries.vouchers import (
    VoucherFilter,
    find_twin_voucher,
    get_budget_line,
    get_voucher,
    iterate_vouchers,
    line_booked_fen,
    list_vouchers,
    list_vouchers_of,
)

__all__ = [
    "GateCheck",
    "LineRow",
    "RequestFilter",
    "VoucherFilter",
    "accepted_fen",
    "content_of",
    "count_by_status",
    "current_cycle",
    "due_on",
    "find_live_request",
    "find_twin_voucher",
    "gate_checks",
    "get_budget_line",
    "get_request",
    "get_tranche",
    "get_voucher",
    "is_final_settled",
    "iterate_requests",
    "iterate_vouchers",
    "line_booked_fen",
    "list_due_for",
    "list_line_rows",
    "list_requests",
    "list_requests_of",
    "list_vouchers",
    "list_vouchers_of",
    "paid_fen",
    "payable_fen",
    "signed_by",
    "signers",
    "spent_by_line",
    "step_of",
]
