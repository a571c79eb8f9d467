"""Messages to one person."""

import uuid

import pytest
from flask import Flask

from grants.foundation import notifications
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.web.listing import Window

ME, OTHER = uuid.uuid4(), uuid.uuid4()


def test_messages_are_listed_until_read(ctx: Flask) -> None:
    first = notifications.notify(ME, "需求已受理", href="/needs/XQ-1")
    notifications.notify(ME, "请补充材料", "缺少预算表。")
    notifications.notify(OTHER, "别人的消息")
    db.session.commit()
    assert notifications.count_unread(ME) == 2
    assert {item.title for item in notifications.list_notifications(ME, Window()).items} == {"需求已受理", "请补充材料"}
    notifications.mark_read(first)
    seen_at = first.read_at
    notifications.mark_read(first)
    assert first.read_at == seen_at
    unread = notifications.list_notifications(ME, Window(), unread_only=True).items
    assert [item.title for item in unread] == ["请补充材料"]
    assert notifications.mark_all_read(ME) == 1
    assert (notifications.count_unread(ME), notifications.count_unread(OTHER)) == (0, 1)


def test_nobody_opens_another_persons_message(ctx: Flask) -> None:
    message = notifications.notify(OTHER, "别人的消息")
    db.session.commit()
    assert notifications.get_notification(message.id, OTHER) is message
    with pytest.raises(NotFound):
        notifications.get_notification(message.id, ME)


@pytest.mark.parametrize("href", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"])
def test_a_message_never_leads_off_the_site(ctx: Flask, href: str) -> None:
    with pytest.raises(ValueError, match="this site"):
        notifications.notify(ME, "点这里", href=href)


def test_a_long_title_is_cut_to_its_column(ctx: Flask) -> None:
    notifications.notify(ME, "长" * 300)
    db.session.commit()
    assert len(notifications.list_notifications(ME, Window()).items[0].title) == notifications.LONGEST_TITLE
