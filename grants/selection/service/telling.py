"""Messages to everybody who acts for an organisation, or holds a role."""

import uuid

from sqlalchemy import select

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.notifications import notify
from grants.people.models import RoleGrant
from grants.people.rules import Role


def tell_organisation(organisation_id: uuid.UUID, title: str, body: str, href: str) -> None:
    """Leave the same message with every live account of an organisation."""
    statement = (
        select(RoleGrant.user_id)
        .where(
            RoleGrant.role == Role.ORGANISATION,
            RoleGrant.organisation_id == organisation_id,
            RoleGrant.revoked_at.is_(None),
            (RoleGrant.ends_on.is_(None)) | (RoleGrant.ends_on >= today()),
        )
        .distinct()
    )
    for user_id in db.session.scalars(statement):
        notify(user_id, title, body, href)
