"""The demo cast: one click signs in as anybody of it. There is no such page in production."""

import flask
from flask import request
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.web.forms import page
from grants.people import queries
from grants.people.rules import ROLE_LABELS
from grants.people.views.signing import enter
from grants.people.views.web import blueprint


@blueprint.get("/demo")
def demo() -> tuple[str, int]:
    """Show the demo cast."""
    _only_in_demo()
    return page("people/demo.html", groups=queries.group_demo_cast(), role_labels=ROLE_LABELS)


@blueprint.post("/demo/sign-in")
def demo_sign_in() -> Response:
    """Sign in as a member of the demo cast, second factor satisfied."""
    _only_in_demo()
    user = queries.find_demo_user(request.form.get("who", ""))
    if user is None:
        raise NotFound(_("演示人员名单里没有这个人，请从 /demo 页面选择。"))
    return enter(user, stepped_up=True, target=request.form.get("next"))


def _only_in_demo() -> None:
    if flask.current_app.config["SETTINGS"].mode not in ("demo", "test"):
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
