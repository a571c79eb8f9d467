"""What the use cases of supervision share."""

import uuid

from grants.agreements.models import Agreement
from grants.agreements.service import require_rule
from grants.foundation.notifications import notify

__all__ = ["require_rule", "round_prefix", "tell_organisation"]


def round_prefix(kind: str, agreement: Agreement) -> str:
    """Return the prefix of references of a kind in the agreement's round, for example HD-2026-01."""
    round = agreement.project.round
    return f"{kind}-{round.year}-{round.number:02d}"


def tell_organisation(agreement: Agreement, title: str, href: str) -> None:
    """Leave a message for everybody who acts for the organisation."""
    members: dict[uuid.UUID, None] = dict.fromkeys(
        member.user_id for member in (*agreement.organisation.members, *agreement.payee.members)
    )
    for user_id in members:
        notify(user_id, title, href=href)
