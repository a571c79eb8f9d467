"""Commands that know no grants: the audit chain, background jobs, the server."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from grants.foundation import audit, holidays
from grants.foundation.database import db
from grants.foundation.errors import DomainError
from grants.foundation.jobs import jobs_cli
from grants.foundation.serve import serve_command


@click.group("audit")
def audit_group() -> None:
    """Check the audit chain."""


@audit_group.command("verify")
@click.option(
    "--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="published heads: «seq hash» a line"
)
def verify(heads: Path | None) -> None:
    """Re-walk the chain; exit 1 and name the first bad entry if it was altered.

    Example: flask --app wsgi audit verify --heads heads.txt
    """
    published = _read_heads(heads) if heads else None
    verdict = audit.verify(published)
    if not verdict.holds:
        click.echo(f"audit: entry {verdict.bad_seq} {verdict.fault}", err=True)
        sys.exit(1)
    click.echo(f"the chain holds: {verdict.entry_count} entries, head {verdict.head_hash}")


def _read_heads(path: Path) -> dict[int, str]:
    pairs = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) != 2 or not parts[0].isdigit():
            raise click.UsageError(f"{path.name}, line {number}: expected «seq hash»")
        pairs[int(parts[0])] = parts[1]
    return pairs


@audit_group.command("head")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def head(as_json: bool) -> None:
    """Print the newest entry's number and hash, to be published."""
    seq, digest = audit.head()
    click.echo(json.dumps({"seq": seq, "hash": digest}) if as_json else f"{seq} {digest}")


@contextmanager
def refusals_on_stderr(name: str) -> Iterator[None]:
    """Say a refusal in one line on stderr, leave nothing half-written and exit 1; otherwise commit."""
    try:
        yield
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        click.echo(f"{name}: {error.message}", err=True)
        sys.exit(1)


@click.group("holidays", cls=AppGroup)
def holidays_group() -> None:
    """The yearly notice of working days."""


@holidays_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def holidays_import(file: Path) -> None:
    """Take in the notice of a year from YEAR.csv: 日期,休|班,名称 a line.

    Example: flask --app wsgi holidays import 2027.csv
    """
    if not (file.stem.isascii() and file.stem.isdigit() and len(file.stem) == 4):
        raise click.UsageError("name the file after its year, e.g. 2027.csv")
    with refusals_on_stderr("holidays"):
        rows = holidays.import_holidays(file.read_text("utf-8-sig"), int(file.stem))
    click.echo(f"holidays: {len(rows)} days of {file.stem} imported")


commands = [audit_group, jobs_cli, serve_command, holidays_group]
