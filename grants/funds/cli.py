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
    """Re-compute every balance and invariant from the entries; exit 1 and name the account if one fails.

    Example: flask --app wsgi ledger check
    """
    with reading_only():
        faults = queries.check_ledger()
        funds = queries.summarise_funds()
    if as_json:
        click.echo(json.dumps({"funds": len(funds), "faults": faults}, ensure_ascii=False))
    elif faults:
        for fault in faults:
            click.echo(f"ledger: {fault}", err=True)
    else:
        total = sum(summary.appropriated_fen for summary in funds.values())
        click.echo(f"the ledger holds: {len(funds)} funds, {total} fen appropriated, every balance equals its entries")
    if faults:
        sys.exit(1)


commands = [ledger_group]
