"""The English catalogue: texts collected from the sources, and a check that each has its translation."""

import os
import re
import sys
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
PO = ROOT / "grants" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [
    ("grants/**.py", "python"),
    ("reports/**.py", "python"),
    ("templates/reports/**", "ignore"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "_l": None, "gettext": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)|%%")


def collect() -> dict[str, list[str]]:
    """Return every text of the sources with the files that use it, in a stable order."""
    found: dict[str, list[str]] = {}
    for folder in ("grants", "reports", "templates"):
        for name, _line, text, _comments, _context in extract_from_dir(
            ROOT / folder, _relative(folder), {key: value for key, value in OPTIONS.items()}, KEYWORDS
        ):
            if isinstance(text, str) and text:
                places = found.setdefault(text, [])
                path = f"{folder}/{name}"
                if path not in places:
                    places.append(path)
    return dict(sorted(found.items(), key=lambda item: (item[1][0], item[0])))


def _relative(folder: str) -> list[tuple[str, str]]:
    prefix = f"{folder}/"
    return [(pattern.removeprefix(prefix), method) for pattern, method in METHODS if pattern.startswith(prefix)]


def load() -> Catalog:
    """Return the English catalogue as it is on disk."""
    if not PO.exists():
        return Catalog(locale="en")
    return read_po(BytesIO(PO.read_bytes()), locale="en")


def faults() -> list[str]:
    """List what keeps the catalogue from being complete: missing, stale, or with other placeholders."""
    texts, catalogue = collect(), load()
    known = {message.id: message for message in catalogue if message.id}
    wrong = [
        f"no translation: {text!r} ({places[0]})" for text, places in texts.items() if not _is_done(known.get(text))
    ]
    wrong += [f"no longer used: {text!r}" for text in known if text not in texts]
    for text, message in known.items():
        if _is_done(message) and _placeholders(str(text)) != _placeholders(str(message.string)):
            wrong.append(f"other placeholders: {text!r} → {message.string!r}")
    return wrong


def _is_done(message: Message | None) -> bool:
    return message is not None and bool(message.string) and not message.fuzzy


def _placeholders(text: str) -> set[str]:
    return {match.group(1) for match in PLACEHOLDER.finditer(text) if match.group(1)}


def write(translations: dict[str, str]) -> int:
    """Rewrite the catalogue from the sources, keeping and adding translations; return how many lack."""
    old = {str(message.id): str(message.string) for message in load() if message.id and message.string}
    fresh = Catalog(locale="en", project="公益创投", charset="utf-8", header_comment="# English catalogue.")
    lacking = 0
    for text, places in collect().items():
        done = translations.get(text) or old.get(text, "")
        lacking += not done
        fresh.add(text, done, locations=[(place, 0) for place in places[:1]])
    PO.parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, fresh, width=0, no_location=False, include_lineno=False, omit_header=False)
    PO.write_bytes(
        re.sub(
            rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team):.*\n',
            b"",
            out.getvalue(),
        )
    )
    return lacking


def compile_if_older() -> bool:
    """Make of the catalogue what the site reads, where that is missing or older; tell whether it had to."""
    target = PO.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= PO.stat().st_mtime:
        return False
    fresh = target.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as out:
        write_mo(out, load())
    fresh.replace(target)
    return True


@click.group("i18n")
def i18n_group() -> None:
    """Keep the English catalogue complete."""


@i18n_group.command("check")
def check() -> None:
    """Name every text without a translation; exit 1 if there is one."""
    found = faults()
    for line in found[:50]:
        click.echo(line, err=True)
    if found:
        click.echo(f"i18n: {len(found)} faults in the English catalogue", err=True)
        sys.exit(1)
    click.echo("the English catalogue is complete")


@i18n_group.command("compile")
def compile_command() -> None:
    """Make the English pages from the catalogue; `serve` does it by itself where it may write."""
    click.echo("compiled" if compile_if_older() else "already compiled")


@i18n_group.command("extract")
def extract() -> None:
    """Rewrite the catalogue from the sources; translations are kept, new texts come in empty."""
    click.echo(f"{write({})} texts wait for a translation")


commands = [i18n_group]
