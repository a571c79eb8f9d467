"""What hostile people would send is refused with a sentence, or kept without its sting; memory stays bounded."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import FileStorage

from grants.foundation import files
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.models import StoredFile
from tests.unit.foundation.hostile.collection import ALL
from tests.unit.foundation.hostile.entry import Hostile
from tests.unit.foundation.hostile.papers import pdf

LARGEST_GROWTH_MB = 300


def make_app(directory: Path) -> Flask:
    """Return the least application in which files can be stored; nothing reaches a database."""
    app = Flask("uploads")
    app.config.update(
        SETTINGS=SimpleNamespace(data_dir=directory, max_upload_mb=20, environ={}, mode="test"),
        SQLALCHEMY_DATABASE_URI="sqlite://",
    )
    db.init_app(app)
    Babel(app, default_locale="zh")
    return app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = make_app(tmp_path)
    with app.app_context():
        yield app


def send(data: bytes, name: str, allow: frozenset[files.Kind] = files.ANY) -> StoredFile:
    upload = FileStorage(io.BytesIO(data), filename=name, name="attachment")
    return files.store_upload(upload, purpose="test", actor_id=None, allow=allow)


def insides(data: bytes) -> bytes:
    """Return a kept file with its containers opened, so that nothing hides in compression."""
    if data.startswith(b"%PDF"):
        opened = io.BytesIO()
        with pikepdf.open(io.BytesIO(data)) as document:
            document.save(
                opened,
                object_stream_mode=pikepdf.ObjectStreamMode.disable,
                stream_decode_level=pikepdf.StreamDecodeLevel.all,
                compress_streams=False,
            )
        return data + opened.getvalue()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return data


def test_there_are_more_than_forty() -> None:
    assert len(ALL) >= 40
    assert len({entry.title for entry in ALL}) == len(ALL)


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.title)
def test_hostile_file(app: Flask, entry: Hostile) -> None:
    data = entry.make()
    if entry.gone:
        assert any(sting in insides(data) for sting in entry.gone), "the file has no sting to begin with"
        kept = insides(files.read_bytes(send(data, entry.name)))
        assert not [sting for sting in entry.gone if sting in kept]
        return
    with pytest.raises(RuleBroken) as refusal:
        send(data, entry.name)
    assert refusal.value.field == "attachment"
    assert re.search(r"[\u4e00-\u9fff].*[。？]$", refusal.value.message)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\合同.pdf", "合同.pdf"),
        ("C:\\Users\\me\\合同.pdf", "合同.pdf"),
        ("shell.php.pdf", "shell_php.pdf"),
        ("合同.exe.pdf", "合同_exe.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("合\u200b同\u202e.pdf", "合同.pdf"),
        ('<img src=x onerror="alert(1)">.pdf', "_img src=x onerror=_alert(1)__.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("合同.PDF", "合同.pdf"),
        ("2026.03 进度报告（终稿）.pdf", "2026.03 进度报告（终稿）.pdf"),
        ("长" * 5000 + ".pdf", "长" * 72 + ".pdf"),
        (" . .pdf", "未命名.pdf"),
    ],
)
def test_names_are_cleaned(app: Flask, sent: str, kept: str) -> None:
    assert send(pdf(), sent).name == kept


def test_all_of_it_together_stays_small() -> None:
    script = (
        "import resource, sys, tempfile, pathlib\n"
        "from tests.unit.foundation import test_files_hostile as uploads\n"
        "from grants.foundation.errors import RuleBroken\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "made = [(entry.make(), entry.name) for entry in uploads.ALL]\n"
        "uploads.make_app(pathlib.Path(tempfile.mkdtemp())).app_context().push()\n"
        "before = peak()\n"
        "for data, name in made:\n"
        "    try:\n"
        "        uploads.send(data, name)\n"
        "    except RuleBroken:\n"
        "        pass\n"
        "print(peak() - before)\n"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)  # noqa: S603
    assert int(finished.stdout) < LARGEST_GROWTH_MB
