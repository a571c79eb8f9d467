"""Commands of the ledger."""

import json
import sys

import click
from flask.cli import with_appcontext

from grants.foundation.database import reading_only
from grants.funds import queries


@click.group("ledger")
def ledger_group() -> None:
    """Check the ledger of earmarked money."""


@ledger_group.command("check")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@with_appcontext
def check(as_json: bool) -> None:
    """Re-compute every balance, payment and event; one line for each check, exit 1 and name the fault if one fails.

    Example: flask --app wsgi ledger check
    """
    with reading_only():
        found = queries.check_everything()
        funds = queries.summarise_funds()
    faults = [fault for part in found.values() for fault in part]
    if as_json:
        click.echo(json.dumps({"funds": len(funds), "checks": found, "faults": faults}, ensure_ascii=False))
    else:
        total = sum(summary.appropriated_fen for summary in funds.values())
        click.echo(f"{len(funds)} funds, {total} fen appropriated")
        for name, part in found.items():
            click.echo(f"{name}: {f'{len(part)} faults' if part else 'holds'}")
            for fault in part:
                click.echo(f"{name}: {fault}", err=True)
    if faults:
        sys.exit(1)


commands = [ledger_group]
