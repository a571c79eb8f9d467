"""The composition root: settings, extensions, blueprints, error pages, command line."""

import importlib
import importlib.util
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

from config import ROOT, Settings
from grants.access import ACCESS
from grants.foundation import audit
from grants.foundation.clock import local, now
from grants.foundation.database import configure_sqlite, db, reading_only
from grants.foundation.errors import DomainError
from grants.foundation.i18n import _
from grants.foundation.identifiers import mask_name
from grants.foundation.money import wan, yuan
from grants.foundation.sealing import Vault
from grants.people import current
from grants.people.rules import Role

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SLICES = (
    "people",
    "funds",
    "rounds",
    "voting",
    "needs",
    "projects",
    "selection",
    "agreements",
    "supervision",
    "payments",
    "evaluation",
    "portal",
)
LANGUAGES = ("zh", "en")
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Application(Flask):
    """Flask with one owner of the transaction: a request that changed something commits here, once."""

    def full_dispatch_request(self) -> Response:
        """Handle one request; pages that only show something take no write lock."""
        if request.method in SAFE_METHODS:
            with reading_only():
                return super().full_dispatch_request()
        return super().full_dispatch_request()

    def dispatch_request(self) -> Any:
        """Call the view and commit what it did, unless it refused; a page that is only read never writes."""
        result = self.make_response(super().dispatch_request())
        if request.method in SAFE_METHODS:
            if self.testing and (db.session.new or db.session.dirty or db.session.deleted):
                raise AssertionError(f"{request.path}: a page that is only read left changes behind")
        elif result.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
        return result


def create_app(settings: Settings) -> Flask:
    """Build the application, or raise UnsafeSettings."""
    settings.check()
    _load_models()
    app = Application("grants", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "grants" / "static"))
    _configure(app, settings)
    _extensions(app, settings)
    _blueprints(app)
    _requests(app, settings)
    _templates(app, settings)
    _errors(app)
    _commands(app)
    return app


def _load_models() -> None:
    """Know every table, whichever pages were built so far; relationships need all of them."""
    for name in ("foundation", *SLICES[:-1]):
        importlib.import_module(f"grants.{name}.models")


def _configure(app: Flask, settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # Values of a failed statement are personal data; they belong in no log and no job trace.
    engine_options: dict[str, Any] = {"hide_parameters": True}
    if settings.sqlalchemy_url.startswith("sqlite"):
        engine_options |= _sqlite_options()
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.mode == "test",
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 4 * 1024 * 1024,
        SESSION_COOKIE_NAME="grants",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "grants" / "translations"),
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.trusted_hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]


def _sqlite_options() -> dict[str, Any]:
    """Prefer the newer SQLite that comes as a package; the interpreter's own is often too old for WAL."""
    if importlib.util.find_spec("pysqlite3") is None:
        return {}
    return {"module": importlib.import_module("pysqlite3")}


def _extensions(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            configure_sqlite(db.engine)
    Migrate(
        app,
        db,
        directory=str(ROOT / "migrations"),
        compare_type=True,
        render_as_batch=False,
        include_name=_is_modelled,
    )
    CSRFProtect(app)
    Babel(app, locale_selector=_language)
    current.login_manager.init_app(app)
    app.extensions["vault"] = Vault.from_base64(settings.field_key)
    audit.listen()


def _is_modelled(name: str | None, _kind: str, _parents: Any) -> bool:
    """Full-text tables belong to the search engine; models and migrations are compared without them."""
    return not (name or "").startswith("need_text")


def _language() -> str:
    # A background job or a command has no reader whose choice could be asked
    chosen = session.get("lang") if has_request_context() else None
    return chosen if chosen in LANGUAGES else "zh"


def _blueprints(app: Flask) -> None:
    app.register_blueprint(site)
    for module in (*(f"grants.{name}.views" for name in SLICES), "grants.foundation.jobs.views", "reports.views"):
        try:  # LENIENT: until every stage has its pages
            loaded = importlib.import_module(module)
        except Exception as error:
            app.logger.warning("%s: %s", module, error)
            continue
        if hasattr(loaded, "blueprint"):
            app.register_blueprint(loaded.blueprint)
    for name in SLICES:
        if importlib.util.find_spec(f"grants.{name}.jobs") is not None:
            importlib.import_module(f"grants.{name}.jobs")


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _requests(app: Flask, settings: Settings) -> None:
    @app.before_request
    def _gate() -> Any:
        endpoint = request.endpoint
        if endpoint is None:
            return None
        audience = ACCESS.get(endpoint)
        actor = current.actor_or_none()
        held = actor.roles if actor else {Role.VISITOR}
        if audience is not None and (not audience.isdisjoint(held) or Role.VISITOR in audience):
            return None
        if audience is not None and actor is None:
            return redirect(url_for("people.sign_in", next=request.full_path if request.method == "GET" else None))
        abort(403)

    @app.after_request
    def _finish(response: Response) -> Response:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.is_production:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
            current.keep_alive()
        return response


def _templates(app: Flask, settings: Settings) -> None:
    app.jinja_env.filters.update(
        yuan=yuan,
        wan=wan,
        mask_name=mask_name,
        date=lambda value: f"{value.year}年{value.month}月{value.day}日" if value else "",
        datetime=lambda value: local(value).strftime("%Y-%m-%d %H:%M") if value else "",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def _context() -> dict[str, Any]:
        return {
            "actor": current.actor_or_none(),
            "menu": _menu(),
            "edition": request.cookies.get("edition", "standard"),
            "lang": _language(),
            "demo_mode": settings.mode == "demo",
            "here": request.full_path.rstrip("?"),
            "street_name": settings.street_name,
            "now": now(),
            "today": local(now()).date(),
        }


def _menu() -> list[Any]:
    if not _exists("grants.portal.menu"):
        return []
    items: list[Any] = importlib.import_module("grants.portal.menu").menu_for(current.actor_or_none(), request.path)
    return items


site = Blueprint("site", __name__)


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


def _errors(app: Flask) -> None:
    def show(status: int, message: str | None = None) -> tuple[str, int]:
        known = status if status in {400, 403, 404, 405, 409, 413, 422, 429, 500, 503} else 500
        return render_template(f"errors/{known}.html", message=message), status

    @app.errorhandler(DomainError)
    def _refused(error: DomainError) -> tuple[str, int]:
        db.session.rollback()
        return show(error.status, error.message)

    @app.errorhandler(CSRFError)
    def _stale(_error: CSRFError) -> tuple[str, int]:
        return show(400, _("页面已过期或来自其他网站，请返回上一页刷新后重新提交。"))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        return show(error.code)

    @app.errorhandler(IntegrityError)
    def _conflict(error: IntegrityError) -> tuple[str, int]:
        app.logger.warning("refused by the database: %s", error.orig)
        db.session.rollback()
        return show(409, _("刚才有人抢先做了同样的操作，您的这一次没有保存。请刷新页面查看最新情况。"))

    @app.errorhandler(OperationalError)
    def _unavailable(error: OperationalError) -> tuple[str, int]:
        app.logger.error("database: %s", error.orig)
        db.session.rollback()
        return show(503)

    @app.errorhandler(Exception)
    def _broken(error: Exception) -> tuple[str, int]:
        if app.testing:
            raise error
        app.logger.exception("unexpected error")
        db.session.rollback()
        return show(500)


def _commands(app: Flask) -> None:
    for module in ("grants.foundation.cli", "grants.foundation.catalogue", "grants.demo.cli", "reports.cli", *(f"grants.{name}.cli" for name in SLICES)):
        if _exists(module):
            for command in getattr(importlib.import_module(module), "commands", ()):
                app.cli.add_command(command)
