"""Who is acting: the one place that touches the untyped Flask-Login."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import flask
from flask_login import LoginManager
from flask_login import current_user as _current_user
from werkzeug.wrappers import Response

from grants.foundation.clock import now
from grants.foundation.errors import NotPermitted
from grants.foundation.i18n import _
from grants.people import queries
from grants.people.models import User, UserSession

login_manager: Any = LoginManager()

TOKEN, SEEN = "token", "seen"
IDLE_STAFF = timedelta(minutes=30)
IDLE_OTHERS = timedelta(minutes=60)
STEP_UP_LIFETIME = timedelta(minutes=15)


@login_manager.request_loader  # type: ignore[untyped-decorator]
def _load(_request: flask.Request) -> User | None:
    """Return the account behind the session cookie, unless the session was revoked, ran out or lay idle.

    The idle clock travels in the signed cookie, so that looking at a page writes nothing.
    """
    token = flask.session.get(TOKEN)
    if not token:
        return None
    session = queries.find_live_session(token)
    if session is None or _is_idle(session.user):
        for key in (TOKEN, SEEN):
            flask.session.pop(key, None)
        return None
    flask.g.user_session = session
    return session.user


def _is_idle(user: User) -> bool:
    limit = IDLE_STAFF if user.is_staff else IDLE_OTHERS
    return now().timestamp() - float(flask.session.get(SEEN, 0)) > limit.total_seconds()


def keep_alive() -> None:
    """Move the idle clock on, at most once a minute."""
    if TOKEN in flask.session and now().timestamp() - float(flask.session.get(SEEN, 0)) > 60:
        flask.session[SEEN] = now().timestamp()


def begin(token: str) -> None:
    """Bind the browser to a new session; whatever the old cookie held is gone."""
    language = {key: flask.session[key] for key in ("lang",) if key in flask.session}
    flask.session.clear()
    flask.session.update(language)
    flask.session[TOKEN] = token
    flask.session[SEEN] = now().timestamp()


def end() -> None:
    """Forget the session in the browser."""
    flask.session.clear()


def actor_or_none() -> User | None:
    """Return the account that is signed in, or None for a visitor."""
    user = _current_user._get_current_object()
    return user if isinstance(user, User) else None


def actor() -> User:
    """Return the account that is signed in; refuse visitors."""
    user = actor_or_none()
    if user is None:
        raise NotPermitted(_("请先登录再进行这项操作。"))
    return user


def user_session() -> UserSession | None:
    """Return the row of the current session."""
    session: UserSession | None = flask.g.get("user_session")
    return session


def has_stepped_up() -> bool:
    """Tell whether the person proved themselves again within the last quarter of an hour."""
    session = user_session()
    return bool(session and session.stepped_up_at and now() - session.stepped_up_at <= STEP_UP_LIFETIME)


P = ParamSpec("P")
R = TypeVar("R")


def stepped_up(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let a view run only for somebody who proved themselves a moment ago; others prove themselves first.

    A page is opened again afterwards; a form leads back to the page it was on.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if has_stepped_up():
            return view(*args, **kwargs)
        back = flask.request.full_path.rstrip("?") if flask.request.method == "GET" else _page_before()
        return flask.redirect(flask.url_for("people.step_up", next=back))

    return guarded


def _page_before() -> str:
    before = urlsplit(flask.request.referrer or "")
    return before.path if before.netloc in ("", flask.request.host) and before.path else flask.request.path
