"""Pages of payments: lists, one request, each hand's signature, and the vouchers."""

from grants.payments.views import bank, reading, requesting, signing, vouchers
from grants.payments.views.blueprint import blueprint

__all__ = ["bank", "blueprint", "reading", "requesting", "signing", "vouchers"]
