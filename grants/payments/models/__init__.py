"""Payment requests with their chain of signatures, vouchers, statements of the bank, opinions."""

from grants.payments.models.bank import BankImport, BankLine, BankMatch
from grants.payments.models.checks import PaymentAlert, VoucherCheck, VoucherCheckItem
from grants.payments.models.opinions import FinanceOpinion
from grants.payments.models.requests import PaymentRequest, PaymentStep
from grants.payments.models.returning import PaymentSubmission, ReturnItem
from grants.payments.models.vouchers import Voucher

__all__ = [
    "BankImport",
    "BankLine",
    "BankMatch",
    "FinanceOpinion",
    "PaymentAlert",
    "PaymentRequest",
    "PaymentStep",
    "PaymentSubmission",
    "ReturnItem",
    "Voucher",
    "VoucherCheck",
    "VoucherCheckItem",
]
