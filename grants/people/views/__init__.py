"""Pages of people: signing in, own account, administration, organisations, the roll, the audit log, the demo cast."""

from grants.people.views import (
    account,
    admin,
    audit_log,
    bank,
    catalogue,
    demo,
    members,
    organisations,
    papers,
    roll,
    signing,
    standing,
    workers,
)
from grants.people.views.web import blueprint

__all__ = [
    "account",
    "admin",
    "audit_log",
    "bank",
    "blueprint",
    "catalogue",
    "demo",
    "members",
    "organisations",
    "papers",
    "roll",
    "signing",
    "standing",
    "workers",
]
