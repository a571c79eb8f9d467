"""Messages to one person, kept until read."""

import uuid
from typing import Any

from sqlalchemy import func, select, update

from grants.foundation.clock import now
from grants.foundation.database import db, get_by_id
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.models import Notification
from grants.foundation.web.listing import Page, Window, paginate

LONGEST_TITLE = 120


def notify(user_id: uuid.UUID, title: str, body: str = "", href: str = "") -> Notification:
    """Leave a message for a person as part of the caller's transaction.

    `href` is a page of this site ("/needs/XQ-…"); raises ValueError for an address anywhere else.
    """
    if href and (not href.startswith("/") or href.startswith(("//", "/\\"))):
        raise ValueError(f"a notification leads to a page of this site, not to {href!r}")
    notification = Notification(user_id=user_id, title=title[:LONGEST_TITLE], body=body, href=href)
    db.session.add(notification)
    return notification


def get_notification(notification_id: uuid.UUID, user_id: uuid.UUID) -> Notification:
    """Return a message of this person; raise NotFound for anybody else's, as if it did not exist."""
    found: Notification = get_by_id(Notification, notification_id)
    if found.user_id != user_id:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    return found


def list_notifications(user_id: uuid.UUID, window: Window, *, unread_only: bool = False) -> Page[Notification]:
    """List a person's messages, newest first."""
    statement = select(Notification).where(Notification.user_id == user_id)
    if unread_only:
        statement = statement.where(Notification.read_at.is_(None))
    return paginate(statement, window, order=Notification.created_at, key=Notification.id)


def count_unread(user_id: uuid.UUID) -> int:
    """Count the messages a person has not read."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Notification)
            .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        )
        or 0
    )


def mark_read(notification: Notification) -> None:
    """Note that the person has seen a message; the first time counts."""
    if notification.read_at is None:
        notification.read_at = now()


def mark_all_read(user_id: uuid.UUID) -> int:
    """Note that the person has seen all messages; returns how many were new."""
    result: Any = db.session.execute(
        update(Notification)
        .where(Notification.user_id == user_id, Notification.read_at.is_(None))
        .values(read_at=now())
    )
    return int(result.rowcount)
