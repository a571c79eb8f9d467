"""`flask report …`: list, render and batch. What is written is issued: it has a number and a check code."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from grants.foundation.database import db
from grants.foundation.documents import Identity
from grants.foundation.errors import DomainError
from grants.foundation.files import read_bytes
from grants.foundation.models import IssuedDocument
from reports import bundle
from reports.catalogue import KINDS, ReportKind
from reports.gather import choices
from reports.gather.choices import Viewer
from reports.issuing import Prepared, own_address, prepare

OPERATOR = Viewer(None, is_operator=True)
_KIND = click.Choice(list(KINDS))
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("report")
def report() -> None:
    """Print the reports of the catalogue.

    \b
    Examples:
      flask --app wsgi report list
      flask --app wsgi report list --kind project-evaluation --refs
      flask --app wsgi report render round-summary JC-2026-03 -o summary.pdf
      flask --app wsgi report batch project-evaluation JC-2026-03 -o reports.zip --workers 2
    """


@report.command("list")
@click.option("--kind", type=_KIND, help="Only this kind.")
@click.option("--refs", is_flag=True, help="Print what can be rendered now, one reference a line; needs --kind.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def list_command(kind: str | None, refs: bool, as_json: bool) -> None:
    """List the kinds of reports, or the references of a kind that can be rendered now.

    \b
    Examples:
      flask --app wsgi report list --json
      flask --app wsgi report list --kind payment-approval --refs
    """
    if refs and kind is None:
        raise click.UsageError("--refs needs --kind")
    if refs and kind is not None:
        found = KINDS[kind].list_for(OPERATOR)
        rows = [{"ref": one.ref, "label": one.label} for one in found]
        lines = [one.ref for one in found]
    else:
        shown = [KINDS[kind]] if kind else list(KINDS.values())
        rows = [{"kind": one.key, "title": str(one.title), "about": str(one.about)} for one in shown]
        lines = [f"{one.key}\t{one.title}" for one in shown]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(lines), nl=bool(lines))


@report.command("render")
@click.argument("kind", type=_KIND)
@click.argument("ref")
@click.option("-o", "--output", type=_OUT, required=True, help="The PDF to write.")
@with_appcontext
def render_command(kind: str, ref: str, output: Path) -> None:
    """Print one report and issue it; an unchanged one comes as it was issued before.

    \b
    Example:
      flask --app wsgi report render project-evaluation GYCT-2026-03-0007 -o report.pdf
    """
    with _failing_in_one_line():
        prepared = prepare(KINDS[kind], ref)
        document = prepared.find_issued() or _print_and_issue(prepared)
        assert document.file is not None, f"{document.number} was issued without its file"  # noqa: S101
        _write(output, read_bytes(document.file))
    draft = "（草稿）" if document.is_draft else ""
    click.echo(f"{output}: {document.title}{draft} {document.number} {document.code}")


def _print_and_issue(prepared: Prepared) -> IssuedDocument:
    from reports.render import render_guarded

    identity = prepared.new_identity()
    # Printing takes seconds and must not keep anybody from writing
    db.session.commit()
    content = render_guarded(prepared.kind.printer(), prepared.document(identity, own_address()))
    document = prepared.issue(identity, content, None)
    db.session.commit()
    return document


@report.command("batch")
@click.argument("kind", type=_KIND)
@click.argument("round_ref", metavar="ROUND")
@click.option("-o", "--output", type=_OUT, required=True, help="The ZIP to write.")
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes; default: one for each core.")
@with_appcontext
def batch_command(kind: str, round_ref: str, output: Path, workers: int | None) -> None:
    """Print every report of a kind that a round has, into one ZIP with manifest.json.

    A report that cannot be printed is named in the manifest and on stderr; the others are written, and the command
    ends with 1.

    \b
    Example:
      flask --app wsgi report batch project-evaluation JC-2025-02 -o reports.zip --workers 2
    """
    with _failing_in_one_line():
        refs = _refs_of_round(KINDS[kind], round_ref)
        papers = _make_all(KINDS[kind], refs, workers or os.cpu_count() or 1)
        entries = _write_zip(output, round_ref, kind, papers)
    failed = [entry for entry in entries if "error" in entry]
    click.echo(f"{output}: {len(entries) - len(failed)} of {len(entries)} reports")
    for entry in failed:
        click.echo(f"{entry['ref']}: {entry['error']}", err=True)
    if failed:
        sys.exit(1)


def _refs_of_round(kind: ReportKind, round_ref: str) -> list[str]:
    if not choices.round_exists(round_ref):
        raise DomainError(f"没有届次 {round_ref}")
    refs = [one.ref for one in kind.list_for(OPERATOR, round_ref)]
    if not refs:
        raise DomainError(f"届次 {round_ref} 现在没有可以生成的 {kind.key}")
    return refs


def _make_all(kind: ReportKind, refs: list[str], workers: int) -> list[tuple[str, IssuedDocument | None, str | None]]:
    """Return for each reference the paper as issued, or why there is none."""
    from reports.batch import render_all

    errors: dict[str, str] = {}
    ready: dict[str, Prepared] = {}
    done: dict[str, IssuedDocument] = {}
    for ref in refs:
        try:
            ready[ref] = prepare(kind, ref)
        except DomainError as error:
            errors[ref] = _one_line(error)
    identities: dict[str, Identity] = {}
    for ref, prepared in ready.items():
        issued = prepared.find_issued()
        if issued is not None:
            done[ref] = issued
        else:
            identities[ref] = prepared.new_identity()
    db.session.commit()
    address, printer = own_address(), kind.printer()
    papers = [(ref, printer, ready[ref].document(identity, address)) for ref, identity in identities.items()]
    with click.progressbar(length=len(papers), label=kind.key, file=sys.stderr) as bar:
        for ref, outcome in render_all(papers, workers=min(workers, len(papers) or 1)):
            bar.update(1)
            if isinstance(outcome, Exception):
                errors[ref] = _one_line(outcome)
            else:
                done[ref] = ready[ref].issue(identities[ref], outcome, None)
                db.session.commit()
    return [(ref, done.get(ref), errors.get(ref)) for ref in refs]


def _write_zip(
    output: Path, round_ref: str, kind: str, papers: list[tuple[str, IssuedDocument | None, str | None]]
) -> list[dict[str, Any]]:
    with _replacing(output) as part:
        return bundle.write_zip(str(part), kind=kind, round_ref=round_ref, address=own_address(), papers=papers)


def _write(output: Path, content: bytes) -> None:
    with _replacing(output) as part:
        part.write_bytes(content)


@contextmanager
def _replacing(output: Path) -> Iterator[Path]:
    """Write beside the target and put it in place when complete: nothing half-written is ever seen."""
    handle, name = tempfile.mkstemp(dir=output.resolve().parent, prefix=f".{output.name}.")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _one_line(error: Exception) -> str:
    text = error.message if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
    return " ".join(text.split())


@contextmanager
def _failing_in_one_line() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        db.session.rollback()
        current_app.logger.debug("report", exc_info=error)
        click.echo(f"report: {_one_line(error)}", err=True)
        sys.exit(1)


commands = [report]
