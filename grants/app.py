"""The composition root: settings, extensions, blueprints, command line."""

import importlib
import importlib.util
from functools import partial
from typing import Any

from flask import Flask, Response, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from grants import site
from grants.foundation import audit, i18n
from grants.foundation.commands import LazyGroup
from grants.foundation.database import configure_sqlite, db, reading_only
from grants.foundation.sealing import Vault
from grants.foundation.web.answers import OnceSaved
from grants.people import current

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
    "growth",
    "portal",
)
PAGES = (
    *(f"grants.{name}.views" for name in SLICES),
    "grants.foundation.jobs.views",
    "reports.views",
    "reports.statistics.views",
    "reports.department",
)
JOBS = ("grants.foundation.mail", "grants.selection.jobs", "grants.voting.jobs", "grants.payments.jobs")
COMMANDS = {
    "grants.foundation.cli": ("audit", "holidays", "jobs", "serve"),
    "grants.foundation.catalogue": ("i18n",),
    "grants.foundation.schema": ("db",),
    "grants.people.cli": ("roll", "users"),
    "grants.funds.cli": ("ledger",),
    "grants.voting.cli": ("count", "poll", "verify"),
    "grants.portal.cli": ("open-data",),
    "grants.demo.cli": ("demo",),
    "grants.backups": ("backup", "restore"),
    "reports.cli": ("report",),
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
        answer = super().dispatch_request()
        if isinstance(answer, OnceSaved):
            return self._draw_saved(answer)
        result = self.make_response(answer)
        if request.method in SAFE_METHODS:
            if self.testing and (db.session.new or db.session.dirty or db.session.deleted):
                raise AssertionError(f"{request.path}: a page that is only read left changes behind")
        elif result.status_code < 400:
            db.session.commit()
        else:
            db.session.rollback()
        return result

    def _draw_saved(self, answer: OnceSaved) -> Response:
        # What was loaded stays valid for the page: nothing else is written in this request
        db.session().expire_on_commit = False
        db.session.commit()
        with reading_only():
            return self.make_response(answer.draw())


def create_app(settings: Settings) -> Flask:
    """Build the application, or raise UnsafeSettings."""
    settings.check()
    for name in ("foundation", *SLICES[:-1]):
        # Relationships need every table, whichever pages come first.
        importlib.import_module(f"grants.{name}.models")
    app = Application("grants", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "grants" / "static"))
    _configure(app, settings)
    _extensions(app, settings)
    for module in PAGES:
        app.register_blueprint(importlib.import_module(module).blueprint)
    for module in JOBS:
        # Nothing else imports them, and a worker runs only what is registered
        importlib.import_module(module)
    _connect_stages()
    site.attach(app, settings)
    app.cli = LazyGroup(COMMANDS)
    return app


def _connect_stages() -> None:
    """Tell an earlier stage what only a later one knows: no budget line is moved below what is spent of it."""
    agreements = importlib.import_module("grants.agreements.service")
    payments = importlib.import_module("grants.payments.queries")
    agreements.know_spending(partial(payments.spent_by_line, source=None))
    signs = importlib.import_module("grants.payments.queries.signs")
    importlib.import_module("grants.supervision.queries").know_signs(signs.find_signs)
    spending = importlib.import_module("grants.payments.queries.monthly")
    importlib.import_module("grants.supervision.queries").know_spending(spending.spending_by_line)
    ledger = importlib.import_module("grants.funds.queries")
    ledger.know_endings(importlib.import_module("grants.payments.queries.endings").list_endings)
    ledger.know_homes(importlib.import_module("grants.agreements.queries.homes").list_homes)
    ledger.know_check("payments", payments.check_payments)
    ledger.know_check("events", payments.check_journal_events)


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
    # Only `flask db` looks here, and Alembic takes as long to import as Flask: it is made when it is looked at
    app.extensions["migrate"] = LocalProxy(partial(_migrations, app))
    CSRFProtect(app)
    Babel(app, locale_selector=site.language_of_request)
    i18n.attach(app)
    current.login_manager.init_app(app)
    app.extensions["vault"] = Vault.from_base64(settings.field_key)
    audit.listen()


def _migrations(app: Flask) -> Any:
    from flask_migrate import Migrate

    Migrate(
        app,
        db,
        directory=str(ROOT / "migrations"),
        compare_type=True,
        render_as_batch=False,
        include_name=is_modelled,
    )
    return app.extensions["migrate"]


def is_modelled(name: str | None, _kind: str, _parents: Any) -> bool:
    """Tell whether models know of a table or index; those of full-text search belong to the engine."""
    return not (name or "").startswith(("need_text", "ix_need_search_text"))
