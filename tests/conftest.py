"""Fixtures: one application a database engine, a fresh copy of a migrated database for every test.

Tests that use `app` run on SQLite and on PostgreSQL; `--databases sqlite` keeps to one while working.
"""

import base64
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from filelock import FileLock
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from config import Settings
from grants.app import create_app
from grants.foundation.database import db
from grants.people.service import sessions
from tests import postgres
from tests.browsing import Browser

ENGINES = ("sqlite", "postgresql")
COMPILED = FileSystemBytecodeCache()
"""Every process compiles the same templates, and every engine's application again."""
MOST_EMPTIED = 50
"""After so many times what was deleted slows PostgreSQL down, and a new copy is quicker."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default=",".join(ENGINES), help="engines to run on, e.g. --databases sqlite")


def pytest_configure(config: pytest.Config) -> None:
    # As slow as it is made to be, and hundreds of people sign in
    sessions.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    if "postgresql" in config.getoption("--databases"):
        postgres.start_for_run(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    postgres.stop_for_run(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process is left alone with one of them at the end."""
    items.sort(key=lambda item: not any(item.iter_markers("browser")) and not any(item.iter_markers("slow")))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--databases").split(",")
        metafunc.parametrize("engine", [name for name in ENGINES if name in wanted], scope="session")


def skip_or_fail(reason: str) -> None:
    """Skip, or fail where STRICT=1 says that nothing may be missing."""
    if os.environ.get("STRICT") == "1":
        pytest.fail(f"STRICT: {reason}")
    pytest.skip(reason)


def settings_for(directory: Path, url: str) -> Settings:
    """Return the settings of a test installation."""
    return Settings(
        mode="test",
        secret_key="a-secret-key-for-tests-only-0123456789",
        field_key=base64.b64encode(bytes(range(32))).decode(),
        database_url=url,
        data_dir=directory,
    )


class Installation:
    """One application with its database, and a pristine copy to start every test from."""

    def __init__(self, engine: str, directory: Path, copied_from: Path | None = None) -> None:
        self.engine = engine
        if copied_from is not None:
            shutil.copytree(copied_from, directory, dirs_exist_ok=True)
        self.directory = directory
        self.file = directory / "grants.sqlite"
        self.name = f"grants_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        url = f"sqlite:///{self.file}" if engine == "sqlite" else postgres.create_database(self.name)
        self.app = create_app(settings_for(directory, url))
        self.app.jinja_env.bytecode_cache = COMPILED
        if copied_from is None:
            self._migrate()
        self._keep_pristine()

    def _migrate(self) -> None:
        from flask_migrate import upgrade

        with self.app.app_context(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upgrade()
            db.engine.dispose()

    def _keep_pristine(self) -> None:
        if self.engine == "sqlite":
            self.let_go()
            shutil.copy(self.file, self.directory / "pristine.sqlite")
        else:
            postgres.create_database(f"{self.name}_pristine", template=self.name)
            self._count_from_new()

    def let_go(self) -> None:
        """Have all of an SQLite database in its one file, and nobody connected."""
        with self.app.app_context():
            db.session.remove()
            with db.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
            db.engine.dispose()

    def reset(self) -> None:
        """Put the pristine database back."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        if self.engine == "sqlite":
            for suffix in ("-wal", "-shm"):
                Path(f"{self.file}{suffix}").unlink(missing_ok=True)
            shutil.copy(self.directory / "pristine.sqlite", self.file)
        elif self.emptied < MOST_EMPTIED and self.emptier.empty():
            self.emptied += 1
        else:
            self.emptier.close()
            postgres.create_database(self.name, template=f"{self.name}_pristine")
            self._count_from_new()

    def _count_from_new(self) -> None:
        self.emptier, self.emptied = postgres.Emptier(self.name), 0

    def close(self) -> None:
        """Leave nothing open."""
        with self.app.app_context():
            db.engine.dispose()
        if self.engine == "postgresql":
            self.emptier.close()


@pytest.fixture(scope="session")
def installation(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Build the application once for each engine."""
    if engine == "postgresql" and (reason := postgres.why_not_available()):
        skip_or_fail(reason)
    made = Installation(engine, tmp_path_factory.mktemp(engine))
    yield made
    made.close()


@pytest.fixture(scope="session")
def demo_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installation with the small demo street; the first process of a run loads it."""
    from grants.demo import story
    from grants.demo.scales import SCALES

    base = tmp_path_factory.getbasetemp()
    directory = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demo-street"
    with FileLock(f"{directory}.lock"):
        if not directory.is_dir():
            made = Installation("sqlite", tmp_path_factory.mktemp("demo"))
            with made.app.app_context():
                story.tell(SCALES["small"], seed=2026, say=lambda _line: None)
                db.session.commit()
            made.let_go()
            shutil.copytree(made.directory, directory)
    return directory


@pytest.fixture(scope="session")
def demo(demo_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return an application with the small demo street loaded, for tests that only look."""
    made = Installation("sqlite", tmp_path_factory.mktemp("demo"), demo_directory)
    yield made.app
    with made.app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(installation: Installation) -> Iterator[Flask]:
    """Return the application on a fresh database. No context is open: a test opens its own."""
    installation.reset()
    yield installation.app
    with installation.app.app_context():
        db.session.remove()


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """Open an application context for tests of services; never together with a browser of somebody."""
    with app.app_context():
        yield app


@pytest.fixture
def browse(app: Flask) -> Callable[[str | None], Browser]:
    """Return a function that opens a browser, signed in as a login name or as a visitor."""
    return lambda login=None: Browser(app, login)
