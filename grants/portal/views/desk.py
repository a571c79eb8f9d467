"""The desk: what is due, late and blocked for whoever is signed in, and their messages."""

import uuid

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation import notifications
from grants.foundation.clock import today
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.rules import ROLE_LABELS
from grants.portal.menu import menu_for
from grants.portal.queries.desk import read_desk
from grants.portal.views.blueprint import blueprint


@blueprint.get("/desk")
def desk() -> tuple[str, int]:
    """Show what waits for the person who is signed in."""
    actor = current.actor()
    return page(
        "portal/desk.html",
        desk=read_desk(actor, today()),
        links=[item for item in menu_for(actor, "") if not item.href.startswith("/desk")][:6],
        roles=[ROLE_LABELS[role] for role in sorted(actor.roles)],
        messages=notifications.list_notifications(actor.id, Window(size=5), unread_only=True).items,
        unread=notifications.count_unread(actor.id),
    )


@blueprint.get("/desk/messages")
def messages() -> tuple[str, int]:
    """List a person's messages, newest first."""
    actor = current.actor()
    return page(
        "portal/messages.html",
        messages=notifications.list_notifications(actor.id, Window.of(request.args)),
        unread=notifications.count_unread(actor.id),
    )


@blueprint.post("/desk/messages/<uuid:identity>/read")
def message_read(identity: uuid.UUID) -> BaseResponse:
    """Note that a message was read and go where it leads."""
    message = notifications.get_notification(identity, current.actor().id)
    notifications.mark_read(message)
    return redirect(message.href or url_for("portal.messages"))


@blueprint.post("/desk/messages/read")
def messages_read() -> BaseResponse:
    """Note that all messages were read."""
    notifications.mark_all_read(current.actor().id)
    return redirect(url_for("portal.messages"))
