"""Walking the audit chain on somebody's request."""

from grants.foundation import audit
from grants.foundation.errors import require
from grants.people import policy
from grants.people.models import User


def verify_chain(*, actor: User) -> audit.Verdict:
    """Re-walk the chain and note who had it done and what came out."""
    require(policy.why_not_verify_audit(actor))
    verdict = audit.verify()
    audit.record("audit:verify", actor=actor, subject=actor, entries=verdict.entry_count, holds=verdict.holds)
    return verdict
