"""The English pages are made from the catalogue when they are missing or older, and only then."""

import os
from gettext import GNUTranslations
from pathlib import Path

import pytest

from grants.foundation import catalogue

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "居民需求"\nmsgstr "%s"\n'


def test_it_is_compiled_once_and_again_after_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, made = tmp_path / "messages.po", tmp_path / "messages.mo"
    monkeypatch.setattr(catalogue, "PO", source)
    source.write_text(PO % "Needs", "utf-8")
    assert catalogue.compile_if_older()
    assert not catalogue.compile_if_older()
    source.write_text(PO % "Residents' needs", "utf-8")
    later = made.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert catalogue.compile_if_older()
    with made.open("rb") as read:
        assert GNUTranslations(read).gettext("居民需求") == "Residents' needs"
    assert {path.name for path in tmp_path.iterdir()} == {"messages.po", "messages.mo"}
