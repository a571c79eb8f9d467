"""The blueprint that all pages of the selection hang on, and the look-ups that hide what an actor may not know of."""

from flask import Blueprint

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.people import current
from grants.selection.models import Application
from grants.selection.policy import papers as policy
from grants.selection.policy.papers import Sight
from grants.selection.queries import get_application

blueprint = Blueprint("selection", __name__)


def not_found() -> NotFound:
    """Return the refusal that does not say whether there is anything."""
    return NotFound(_("没有找到您要的内容，它可能已被移走。"))


def visible(ref: str) -> tuple[Application, Sight]:
    """Return an application and how much of it the actor sees; one they may not see does not exist."""
    application = get_application(ref)
    seen = policy.sight(current.actor(), application)
    if seen is None:
        raise not_found()
    return application, seen


def own(ref: str) -> Application:
    """Return an application of the actor's organisation; anybody else's does not exist."""
    application = get_application(ref)
    if not policy.is_own(current.actor(), application):
        raise not_found()
    return application


def full(ref: str) -> Application:
    """Return an application that the actor sees in full."""
    application, seen = visible(ref)
    if seen is not Sight.FULL:
        raise not_found()
    return application
