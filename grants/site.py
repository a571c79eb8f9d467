"""What all pages share: the gate, security headers, template words, error pages, switches, health."""

from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from config import Settings
from grants.access import ACCESS
from grants.foundation.clock import local, now
from grants.foundation.database import db
from grants.foundation.errors import DomainError
from grants.foundation.i18n import _
from grants.foundation.identifiers import mask_name
from grants.foundation.money import wan, yuan
from grants.people import current
from grants.people.rules import Role
from grants.portal.menu import menu_for

LANGUAGES = ("zh", "en")
CATEGORIES = ("社会治理", "专业服务", "社区营造", "志愿服务", "福利慈善")
ERROR_PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

site = Blueprint("site", __name__)


def attach(app: Flask, settings: Settings) -> None:
    """Give the application what all its pages share."""
    app.register_blueprint(site)
    app.before_request(_gate)
    app.after_request(_finish)
    app.jinja_env.filters.update(yuan=yuan, wan=wan, mask_name=mask_name, date=_day, datetime=_moment)
    app.jinja_env.filters.update(category_number=_category_number)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_words)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(OperationalError, _unavailable)
    if not app.testing:
        app.register_error_handler(Exception, _broken)


def language_of_request() -> str:
    """Return the language of the reader: what was chosen, else Chinese; outside a request Chinese."""
    chosen = session.get("lang") if has_request_context() else None
    return chosen if chosen in LANGUAGES else "zh"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _gate() -> Any:
    """Let somebody come to a page when the access list says so; visitors are asked to sign in."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    if _admits(endpoint):
        return None
    if ACCESS.get(endpoint) and current.actor_or_none() is None:
        return redirect(url_for("people.sign_in", next=request.full_path if request.method == "GET" else None))
    abort(403)


def _admits(endpoint: str) -> bool:
    """Tell whether the access list lets whoever is here come to a page."""
    audience = ACCESS.get(endpoint, frozenset())
    actor = current.actor_or_none()
    held = actor.roles if actor else {Role.VISITOR}
    return Role.VISITOR in audience or not audience.isdisjoint(held)


def _is_worth_a_link(endpoint: str) -> bool:
    """Tell whether to lead somebody to a page: visitors to all that they could open after signing in."""
    return current.actor_or_none() is None or _admits(endpoint)


def _finish(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if _settings().is_production:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        current.keep_alive()
    return response


def _day(value: Any) -> str:
    """Write a date, or the day on which a moment falls by the street's clock."""
    if isinstance(value, datetime):
        value = local(value)
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def _category_number(name: Any) -> int:
    """Return the place of one of the five categories, given by name (with or without 类) or by place; 0 for others."""
    text = str(name)
    return next((place for place, known in enumerate(CATEGORIES, 1) if text == str(place) or text.startswith(known)), 0)


def _moment(value: Any) -> str:
    return local(value).strftime("%Y-%m-%d %H:%M") if value else ""


def _words() -> dict[str, Any]:
    settings = _settings()
    words: dict[str, Any] = {
        "edition": request.cookies.get("edition", "standard"),
        "lang": language_of_request(),
        "demo_mode": settings.mode == "demo",
        "here": request.full_path.rstrip("?"),
        "street_name": settings.street_name,
        "now": now(),
        "today": local(now()).date(),
        "actor": None,
        "leads_to": _is_worth_a_link,
        "menu": [],
    }
    try:
        actor = current.actor_or_none()
        words |= {"actor": actor, "menu": menu_for(actor, request.path)}
    except OperationalError:
        # The page that says the database is away must not need the database.
        db.session.rollback()
    return words


@site.get("/switch/edition/<any(standard, elder):edition>")
def edition(edition: str) -> BaseResponse:
    """Change between the standard and the elder edition (长辈版), kept for a year in the browser."""
    response = redirect(_local_target())
    response.set_cookie("edition", edition, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@site.get("/switch/lang/<any(zh, en):lang>")
def language(lang: str) -> BaseResponse:
    """Change the language of the page."""
    session["lang"] = lang
    return redirect(_local_target())


def _local_target() -> str:
    target = request.args.get("next", "/")
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"


@site.get("/healthz")
def healthz() -> tuple[str, int]:
    """Say that the process answers."""
    return "ok", 200


@site.get("/readyz")
def readyz() -> tuple[str, int]:
    """Say whether the database answers."""
    db.session.execute(db.text("SELECT 1"))
    return "ready", 200


def _show(status: int, message: str | None = None) -> tuple[str, int]:
    known = status if status in ERROR_PAGES else 500
    return render_template(f"errors/{known}.html", message=message), status


def _refused(error: DomainError) -> tuple[str, int]:
    db.session.rollback()
    return _show(error.status, error.message)


def _stale(_error: CSRFError) -> tuple[str, int]:
    return _show(400, _("页面已过期或来自其他网站，请返回上一页刷新后重新提交。"))


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _show(error.code)


def _conflict(error: IntegrityError) -> tuple[str, int]:
    current_app.logger.warning("refused by the database: %s", error.orig)
    db.session.rollback()
    return _show(409, _("刚才有人抢先做了同样的操作，您的这一次没有保存。请刷新页面查看最新情况。"))


def _unavailable(error: OperationalError) -> tuple[str, int]:
    current_app.logger.error("database: %s", error.orig)
    db.session.rollback()
    return _show(503)


def _broken(_error: Exception) -> tuple[str, int]:
    current_app.logger.exception("unexpected error")
    db.session.rollback()
    return _show(500)
