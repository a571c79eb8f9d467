"""Backup and restore of the whole installation: what the stages must prove of their data, and the two commands."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from grants.foundation import audit
from grants.foundation.backup import BackupFailed, Manifest, Staged, restore, take
from grants.foundation.errors import DomainError
from grants.funds import queries as funds
from grants.selection.rules import ReviewStatus
from grants.voting.rules import PollStatus

LEFT_OUT = ("user_session",)
"""A session that ended after the backup would live again; everyone signs in anew."""
STAGED = (
    Staged("journal", {"is_posted": False}, order="number"),
    Staged("account", {"balance_fen": 0}),
    Staged("poll", {"status": PollStatus.DRAFT, "rule_hash": None, "result": None}),
    Staged("review", {"status": ReviewStatus.OPEN, "locked_at": None}),
    Staged("progress_bulletin", {"issued_by_id": None, "issued_at": None}),
)
"""The guards stay on: journals are posted again one by one, which moves the balances, so that an account then takes
its own only when it is the sum of its entries; polls are frozen after their options, score sheets locked after their
scores and bulletins issued after their lines are in."""
KEYS = "FIELD_KEY and SECRET_KEY are not in it: keep them elsewhere; without this FIELD_KEY it cannot be restored"


def prove() -> dict[str, Any]:
    """Return audit head and ledger totals once the chain was walked and the ledger worked out again.

    Raises BackupFailed with the first fault.
    """
    verdict = audit.verify()
    if not verdict.holds:
        raise BackupFailed(f"the audit chain does not hold: entry {verdict.bad_seq} {verdict.fault}")
    faults = funds.check_ledger()
    if faults:
        raise BackupFailed(f"the ledger does not hold: {faults[0]}")
    totals = {str(fund_id): asdict(summary) for fund_id, summary in funds.summarise_funds().items()}
    return {"audit": {"seq": verdict.entry_count, "hash": verdict.head_hash}, "ledger": totals}


@contextmanager
def _failures(command: str) -> Iterator[None]:
    """Say what went wrong in one line on stderr and exit 1."""
    try:
        yield
    except BackupFailed as error:
        reason = str(error)
    except DomainError as error:
        reason = error.message
    except OSError as error:
        reason = f"{error.filename or 'file'}: {error.strerror or error}"
    else:
        return
    click.echo(f"{command}: {reason}", err=True)
    sys.exit(1)


def _spoken(manifest: Manifest) -> str:
    size = sum(manifest.files.values()) / (1 << 20)
    head = manifest.facts["audit"]
    return (
        f"{len(manifest.tables)} tables, {manifest.row_count} rows, {len(manifest.files)} files ({size:.1f} MB), "
        f"audit head {head['seq']} {head['hash']}"
    )


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Write database and files into one archive FILE, readable by its owner only; the site goes on meanwhile.

    The audit chain and the ledger are checked first: what does not hold is not called a backup. The keys
    (FIELD_KEY, SECRET_KEY) and sign-in sessions are not in it.

    \b
    Examples:
      flask --app wsgi backup /backups/grants-2026-11-24.zip
      flask --app wsgi backup /backups/$(date +%F).zip && find /backups -mtime +30 -delete
    """
    if file.exists():
        raise click.UsageError(f"{file} exists already; backups are never overwritten")
    if not file.parent.is_dir():
        raise click.UsageError(f"there is no folder {file.parent}")
    with _failures("backup"):
        manifest = take(file, prove=prove, left_out=LEFT_OUT)
    click.echo(f"backup: {_spoken(manifest)}")
    click.echo(f"backup: {file} {file.stat().st_size / (1 << 20):.1f} MB; {KEYS}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore_command(file: Path) -> None:
    """Put the archive FILE into this empty installation, SQLite or PostgreSQL whichever it was made on.

    Every hash is checked first; then all of it is restored or nothing, with the audit head and the ledger as they
    were. Start with the FIELD_KEY of the installation that made it, and with its tables made by «db upgrade».

    \b
    Examples:
      flask --app wsgi db upgrade && flask --app wsgi restore /backups/grants-2026-11-24.zip
      flask --app wsgi audit verify --heads heads.txt   # afterwards, against the published heads
    """
    with _failures("restore"):
        manifest = restore(file, prove=prove, staged=STAGED)
    click.echo(f"restore: {_spoken(manifest)}")
    click.echo(f"restore: taken {manifest.taken_at} on {manifest.engine}; audit chain, ledger and files as they were")


commands = (backup_command, restore_command)
