"""Signs that something may be wrong are looked into by an officer, who says what the matter was."""

from grants.agreements.models import Agreement
from grants.foundation import audit
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.people.models import User
from grants.supervision import policy, queries
from grants.supervision.models import FlagClearance
from grants.supervision.service.shared import require_rule


def clear_flag(*, agreement: Agreement, by: User, key: str, reason: str) -> FlagClearance:
    """Explain one sign of an agreement; it comes back only when the facts behind it change."""
    require(policy.why_not_clear_flag(by, agreement))
    require_rule(None if reason.strip() else _("请写明核查情况。"), "text")
    flag = next((one for one in queries.list_flags(agreement) if one.key == key), None)
    if flag is None:
        raise RuleBroken(_("这条提示已经核销或不再存在。"))
    clearance = FlagClearance(
        agreement_id=agreement.id, key=key, kind=flag.kind, text=flag.text, reason=reason, by_id=by.id
    )
    db.session.add(clearance)
    audit.record("flag:clear", actor=by, subject=agreement, kind=flag.kind, text=flag.text, reason=reason)
    return clearance
