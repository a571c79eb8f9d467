"""Pages of payments: lists, one request, each hand's signature, and the vouchers."""

from grants.payments.views import bank, checks, desk, reading, requesting, signing, vouchers
from grants.payments.views.blueprint import blueprint

__all__ = ["bank", "blueprint", "checks", "desk", "reading", "requesting", "signing", "vouchers"]
