"""A private, throw-away PostgreSQL cluster for tests, from the server binaries that are on the machine.

One cluster serves a whole run, however many processes it is spread over: the process that controls the run starts it
and passes its address to the workers in the environment. Typical use, in a conftest:

    def pytest_configure(config): postgres.start_for_run(config)
    def pytest_unconfigure(config): postgres.stop_for_run(config)

    url = postgres.create_database("test_gw0", template="template_migrated")   # in a fixture
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

ENVIRONMENT = "TEST_POSTGRES_URL"
"""Base address of the run's cluster, without a database name; set it yourself to use a server that already runs."""

SUPERUSER = "grants"
NEEDED = ("initdb", "postgres")
START_TIMEOUT_S = 60
# Nothing here outlives the run, so nothing has to reach the disk
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "max_connections": "200",
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
"""What a server that must lose nothing has; for measuring."""

_MARK = pytest.StashKey[contextlib.ExitStack]()


@dataclass(frozen=True)
class Cluster:
    """A running server: `url` is its base address, to which a database name is appended."""

    url: str
    directory: Path
    process: subprocess.Popen[bytes]


def find_binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server binaries, or None where there are none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: _number(folder.parent.name))
    folders += [Path(path).parent for path in [shutil.which("initdb")] if path]
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        folders.insert(0, Path(answer.stdout.strip()))
    usable = [folder for folder in folders if all((folder / name).is_file() for name in NEEDED)]
    return usable[-1] if usable else None


def why_not_available() -> str | None:
    """Tell why no test can have a PostgreSQL database in this run, or None where it can."""
    if os.environ.get(ENVIRONMENT) or find_binaries():
        return None
    return "PostgreSQL server binaries (initdb, postgres) are not installed"


@contextlib.contextmanager
def cluster(settings: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    """Start a fresh cluster on a free loopback port, under an unprivileged user when we are root; remove it at the end.

    `settings` go over the fast ones, e.g. DURABLE. Raises RuntimeError with the server's own words when it cannot be
    started.
    """
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError(why_not_available())
    directory = Path(tempfile.mkdtemp(prefix="grants-pg-"))
    try:
        account = _unprivileged_account()
        if account:
            os.chown(directory, account.pw_uid, account.pw_gid)
        data = directory / "data"
        _initialise(binaries, data, account)
        port = _free_port()
        process = _start(binaries, data, port, directory / "server.log", account, {**FAST, **(settings or {})})
        try:
            url = f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{port}"
            _wait_until_ready(url, process, directory / "server.log")
            yield Cluster(url, directory, process)
        finally:
            _stop(process)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def create_database(name: str, template: str | None = None, *, base_url: str | None = None) -> str:
    """Create database `name`, replacing one of that name, as a copy of `template` if given; return its SQLAlchemy URL.

    Nobody may be connected to the template. The cluster is the run's own unless `base_url` names another.
    """
    base = base_url or _base_url()
    with _administration(base) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        # FILE_COPY of a small template is quicker than writing each of its blocks to the log
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template or "template0")
            )
        )
    return f"{base}/{name}"


CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc", "pg_type")


def schema_mark(connection: psycopg.Connection[Any]) -> tuple[Any, ...]:
    """Return what differs once a table, column, constraint, trigger or function is made, changed or dropped."""
    parts = sql.SQL(", ").join(
        sql.SQL("(SELECT (count(*), max(xmin::text::bigint))::text FROM {})").format(sql.Identifier(name))
        for name in CATALOGUES
    )
    return connection.execute(sql.SQL("SELECT ") + parts).fetchone() or ()


def filled_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the names of the tables that hold rows."""
    names = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    asked = sql.SQL(", ").join(sql.SQL("EXISTS (SELECT 1 FROM {})").format(sql.Identifier(name)) for name in names)
    found = connection.execute(sql.SQL("SELECT ") + asked).fetchone() or ()
    return [name for name, is_filled in zip(names, found, strict=True) if is_filled]


class Emptier:
    """Deletes every row but those of the migrations: several times as quick as a new copy of the database.

    Keeps one connection, since a new one has to learn all the tables first.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection = psycopg.connect(_address(_base_url(), name), autocommit=True, connect_timeout=10)
        self.connection.execute("SET session_replication_role = replica")  # neither guards nor foreign keys are asked
        self.mark = schema_mark(self.connection)
        assert filled_tables(self.connection) == ["alembic_version"], "rows that a migration brings would be lost"

    def empty(self) -> bool:
        """End whoever else is connected and delete; False, and nothing deleted, where the schema was changed."""
        self.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [self.name],
        )
        if schema_mark(self.connection) != self.mark:
            return False
        for table in filled_tables(self.connection):
            if table != "alembic_version":
                self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        return True

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()


def drop_database(name: str, *, base_url: str | None = None) -> None:
    """Drop database `name` if it exists, ending its connections."""
    with _administration(base_url or _base_url()) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def database_exists(name: str, *, base_url: str | None = None) -> bool:
    """Tell whether the cluster has a database `name`."""
    with _administration(base_url or _base_url()) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def start_for_run(config: pytest.Config) -> None:
    """Give this test run its cluster, where binaries are found; call from pytest_configure.

    Only the process that controls the run starts one: pytest-xdist workers inherit its address.
    """
    if hasattr(config, "workerinput") or os.environ.get(ENVIRONMENT) or find_binaries() is None:
        return
    if config.option.collectonly or config.option.help:
        return
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        # A run that is told to stop (`timeout`, CI) shall still remove its cluster
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    stack = contextlib.ExitStack()
    running = stack.enter_context(cluster())
    os.environ[ENVIRONMENT] = running.url
    stack.callback(os.environ.pop, ENVIRONMENT, None)
    config.stash[_MARK] = stack


def stop_for_run(config: pytest.Config) -> None:
    """Stop and remove what start_for_run started; call from pytest_unconfigure."""
    stack = config.stash.get(_MARK, None)
    if stack is not None:
        stack.close()
        del config.stash[_MARK]


def _base_url() -> str:
    url = os.environ.get(ENVIRONMENT)
    if not url:
        raise RuntimeError("no PostgreSQL cluster was started for this run (start_for_run in pytest_configure)")
    return url.rstrip("/")


def _address(base: str, name: str) -> str:
    return f"{base.replace('postgresql+psycopg://', 'postgresql://', 1)}/{name}"


@contextlib.contextmanager
def _administration(base: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(_address(base, "postgres"), autocommit=True, connect_timeout=10) as connection:
        yield connection


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _unprivileged_account() -> pwd.struct_passwd | None:
    """Return whom to run the server as: PostgreSQL refuses root. None where we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("running as root, and there is neither a user postgres nor nobody to run PostgreSQL as")


def _initialise(binaries: Path, data: Path, account: pwd.struct_passwd | None) -> None:
    # The C locale sorts by code point on every machine, and needs no locale to be installed
    command = [str(binaries / "initdb"), "--pgdata", str(data), "--username", SUPERUSER, "--auth", "trust"]
    command += ["--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"]
    done = subprocess.run(  # noqa: S603
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=data.parent,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode != 0:
        raise RuntimeError(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")


def _start(
    binaries: Path, data: Path, port: int, log: Path, account: pwd.struct_passwd | None, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port)]
    setpriv = shutil.which("setpriv")
    if setpriv:  # the server ends with us even if we are killed
        command = [setpriv, "--pdeathsig", "INT", "--", *command]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with log.open("wb") as output:
        # In a session of its own, so that Ctrl-C ends the tests first and the server after them
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=data.parent,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL stopped at once: {log.read_text(errors='replace')[-2000:]}")
        try:
            with _administration(url):
                return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not answer in {START_TIMEOUT_S} s: {log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # fast shutdown: ends open connections
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
