"""Commands that know no grants: the audit chain, background jobs, the server."""

import json
import sys
from pathlib import Path

import click

from grants.foundation import audit
from grants.foundation.jobs import jobs_cli
from grants.foundation.serve import serve_command


@click.group("audit")
def audit_group() -> None:
    """Check the audit chain."""


@audit_group.command("verify")
@click.option("--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="published heads: «seq hash» a line")
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


commands = [audit_group, jobs_cli, serve_command]
