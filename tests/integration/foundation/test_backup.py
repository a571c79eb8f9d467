"""A backup is one moment of database and files; put back, on either engine, everything is as it was."""

import base64
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import Identity, Integer, func, select, text
from sqlalchemy.exc import IntegrityError

from grants.backups import LEFT_OUT, STAGED, prove
from grants.foundation import audit, backup
from grants.foundation.backup import BackupFailed, Manifest
from grants.foundation.database import Base, db
from grants.foundation.files import read_bytes, store_bytes
from grants.foundation.files.store import store
from grants.foundation.models import AuditEntry, StoredFile
from grants.foundation.sealing import Vault
from grants.funds import service as funds_service
from grants.people.models import User, UserSession
from grants.voting import queries as voting_queries
from grants.voting import service as voting_service
from grants.voting.models import Ballot, RollEntry
from tests.conftest import Installation
from tests.factories import funds, people, rounds, voting

PROJECT = "GYCT-2026-01-0001"
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()


def take(app: Flask, path: Path) -> Manifest:
    with app.app_context():
        return backup.take(path, prove=prove, left_out=LEFT_OUT)


def restore(app: Flask, path: Path) -> Manifest:
    with app.app_context():
        return backup.restore(path, prove=prove, staged=STAGED)


def make_something(app: Flask) -> None:
    """Make money with its chain entries, and a file."""
    with app.app_context():
        funds.make_project_money(PROJECT, amount_fen=1_000)
        funds_service.reserve(project_ref=PROJECT, amount_fen=400, request_id="r1", maker=funds.hand("ledger-maker"))
        store_bytes("收据".encode(), name="收据.pdf", media_type="application/pdf", purpose="test", actor_id=None)
        db.session.commit()


def differing(one: Manifest, other: Manifest) -> list[str]:
    """Name the tables that do not hold the same lines, and what else two backups differ in."""
    tables = [name for name in one.tables if one.tables[name] != other.tables[name]]
    return tables + [name for name in ("files", "facts") if getattr(one, name) != getattr(other, name)]


def is_empty(app: Flask) -> bool:
    with app.app_context():
        return not any(
            db.session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
        )


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Flask]:
    """Return a maker of further, empty SQLite installations."""
    return lambda: Installation("sqlite", tmp_path_factory.mktemp("elsewhere")).app


@pytest.fixture
def archive(app: Flask, installation: Installation, tmp_path: Path) -> Iterator[Path]:
    """Return the backup of a small installation, which is empty again afterwards."""
    make_something(app)
    path = tmp_path / "small.zip"
    take(app, path)
    installation.reset()
    with app.app_context():
        for address in json.loads(member(path, "manifest.json"))["files"]:
            store().discard(address)
    return path


def member(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as opened:
        return opened.read(name)


def rewritten(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """Return a copy of an archive with one member changed."""
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, change(content) if entry.filename == name else content)
    return other


def test_the_demo_street_moves_to_either_engine_and_back(
    demo: Flask, app: Flask, elsewhere: Callable[[], Flask], tmp_path: Path
) -> None:
    first = take(demo, tmp_path / "first.zip")
    assert first.files
    assert first.row_count > 1000
    assert restore(app, tmp_path / "first.zip") == first
    second = take(app, tmp_path / "second.zip")
    assert differing(first, second) == []
    last = elsewhere()
    restore(last, tmp_path / "second.zip")
    third = take(last, tmp_path / "third.zip")
    assert differing(first, third) == []
    with last.app_context():
        file = db.session.scalars(select(StoredFile)).first()
        assert file
        assert len(read_bytes(file)) == file.size


def test_the_guards_stand_after_a_restore(app: Flask, archive: Path) -> None:
    restore(app, archive)
    with app.app_context():
        for statement in ("UPDATE audit_entry SET action = 'x:y'", "DELETE FROM entry", "UPDATE journal SET memo = ''"):
            with pytest.raises(IntegrityError, match=r"append-only|never"):
                db.session.execute(text(statement))
            db.session.rollback()
        funds_service.release(project_ref=PROJECT, reservation="r1", request_id="r2", maker=funds.hand("ledger-maker"))
        db.session.commit()
        funds.assert_ledger_holds()
        assert audit.verify().holds


def test_a_backup_under_load_is_one_moment(app: Flask, elsewhere: Callable[[], Flask], tmp_path: Path) -> None:
    make_something(app)
    with app.app_context():
        maker = funds.hand("ledger-maker").id
        db.session.commit()
    over = Event()

    def write() -> int:
        count = 0
        while not over.is_set():
            with app.app_context():
                count += 1
                funds_service.reserve(
                    project_ref=PROJECT, amount_fen=1, request_id=f"load-{count}", maker=db.session.get_one(User, maker)
                )
                db.session.commit()
        return count

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        try:
            taken = [take(app, tmp_path / f"{number}.zip") for number in range(5)]
        finally:
            over.set()
        assert writer.result() > 5
    heads = [manifest.facts["audit"]["seq"] for manifest in taken]
    assert heads == sorted(heads)
    assert heads[-1] > heads[0]
    restored = elsewhere()
    restore(restored, tmp_path / "4.zip")
    with restored.app_context():
        assert db.session.scalar(select(func.max(AuditEntry.seq))) == heads[-1]


def test_a_backup_while_ballots_are_cast_holds_as_many_marks_as_ballots(
    app: Flask, elsewhere: Callable[[], Flask], tmp_path: Path
) -> None:
    with app.app_context():
        people.make_street()
        staff = people.make_staff()
        keys = [people.make_resident(f"voter-{number}", name="居民").person_key for number in range(40)]
        poll = voting.make_open(staff["programme-1"], staff["leader-1"], rounds.make_round(), people.community(1))
        ref = poll.ref
        db.session.commit()
    begun = Event()

    def vote() -> None:
        for person_key in keys:
            with app.app_context():
                found = voting_queries.get_poll(ref)
                token = voting_service.mint_form(poll=found, person_key=person_key)
                voting_service.cast(poll=found, person_key=person_key, marking={"01": 1}, token=token)
                db.session.commit()
            begun.set()

    with ThreadPoolExecutor(1) as pool:
        voter = pool.submit(vote)
        assert begun.wait(60)
        take(app, tmp_path / "voting.zip")
        voter.result()
    restored = elsewhere()
    restore(restored, tmp_path / "voting.zip")
    with restored.app_context():
        marks = db.session.scalar(select(func.count()).where(RollEntry.has_voted))
        ballots = db.session.scalar(select(func.count()).select_from(Ballot))
        assert marks == ballots
        assert 1 <= (ballots or 0) <= len(keys)


def test_sessions_are_not_in_it(app: Flask, browse: Callable[..., object], tmp_path: Path) -> None:
    with app.app_context():
        people.make_user("somebody")
        db.session.commit()
    browse("somebody")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UserSession)) == 1
    assert take(app, tmp_path / "b.zip").tables["user_session"].row_count == 0


def test_only_an_empty_installation_takes_it(app: Flask, archive: Path) -> None:
    restore(app, archive)
    with pytest.raises(BackupFailed, match="not empty"):
        restore(app, archive)


def test_another_field_key_is_noticed(app: Flask, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "vault", Vault.from_base64(OTHER_KEY))
    with pytest.raises(BackupFailed, match="another FIELD_KEY"):
        restore(app, archive)
    assert is_empty(app)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("tables/audit_entry.jsonl", lambda data: data.replace(b"[1,", b"[2,", 1), "audit_entry.jsonl was altered"),
        ("manifest.json", lambda data: data.replace(b'"row_count": ', b'"row_count": 1', 1), "signature is not ours"),
        ("manifest.json", lambda _data: b"{}", "manifest cannot be read"),
        ("manifest.sig", lambda _data: b"00", "signature is not ours"),
    ],
)
def test_what_was_altered_is_named(
    app: Flask, archive: Path, name: str, change: Callable[[bytes], bytes], said: str
) -> None:
    with pytest.raises(BackupFailed, match=said):
        restore(app, rewritten(archive, name, change))
    assert is_empty(app)


def test_an_altered_file_is_named(app: Flask, archive: Path) -> None:
    address = next(iter(json.loads(member(archive, "manifest.json"))["files"]))
    with pytest.raises(BackupFailed, match=address):
        restore(app, rewritten(archive, f"files/{address}", lambda _data: b"x"))


def test_half_an_archive_is_refused(app: Flask, archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(BackupFailed, match="not a whole archive"):
        restore(app, archive)


def test_a_failure_at_the_end_leaves_nothing(app: Flask, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    address = next(iter(json.loads(member(archive, "manifest.json"))["files"]))
    monkeypatch.setattr(db.session, "commit", full)
    with pytest.raises(OSError, match="No space"):
        restore(app, archive)
    monkeypatch.undo()
    assert is_empty(app)
    with app.app_context():
        assert not store().holds(address)
    restore(app, archive)


def test_facts_that_differ_are_refused(app: Flask, archive: Path) -> None:
    with app.app_context(), pytest.raises(BackupFailed, match="not those of the backup"):
        backup.restore(archive, prove=dict, staged=STAGED)
    assert is_empty(app)


def test_a_broken_ledger_is_not_called_a_backup(app: Flask, engine: str, tmp_path: Path) -> None:
    make_something(app)
    with app.app_context():
        drop = "account_balance_follows_entries" if engine == "sqlite" else "account_follows_entries ON account"
        db.session.execute(text(f"DROP TRIGGER {drop}"))
        db.session.execute(text("UPDATE account SET balance_fen = balance_fen + 1 WHERE kind = 'available'"))
        db.session.commit()
    with pytest.raises(BackupFailed, match="ledger does not hold"):
        take(app, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_the_commands(app: Flask, installation: Installation, tmp_path: Path) -> None:
    make_something(app)
    runner, path = app.test_cli_runner(), tmp_path / "b.zip"
    done = runner.invoke(args=["backup", str(path)])
    assert done.exit_code == 0, done.output
    assert "FIELD_KEY and SECRET_KEY are not in it" in done.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert app.config["SECRET_KEY"].encode() not in path.read_bytes()
    assert runner.invoke(args=["backup", str(path)]).exit_code == 2
    assert runner.invoke(args=["backup", str(tmp_path / "none" / "b.zip")]).exit_code == 2
    assert runner.invoke(args=["restore", str(tmp_path / "none.zip")]).exit_code == 2
    refused = runner.invoke(args=["restore", str(path)])
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (1, 1)
    assert refused.stderr.startswith("restore: this installation is not empty")
    installation.reset()
    back = runner.invoke(args=["restore", str(path)])
    assert back.exit_code == 0, back.output
    assert done.output.splitlines()[0].removeprefix("backup: ") == back.output.splitlines()[0].removeprefix("restore: ")
    for name in ("backup", "restore"):
        assert "Examples:" in runner.invoke(args=[name, "--help"]).output


def test_no_number_comes_from_a_sequence() -> None:
    """A restore sets every key itself; a column that counts in the database would have to be told where it stands."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            counts = column is table.autoincrement_column and isinstance(column.type, Integer)
            assert not isinstance(column.server_default, Identity), column
            assert not (counts and column.autoincrement is not False), column
