"""Loading and dropping the demo street."""

import sys

import click
from flask import current_app

from grants.demo import story
from grants.demo.scales import SCALES
from grants.foundation.database import db
from grants.people import queries


@click.group("demo")
def demo_group() -> None:
    """Fill a demo installation with a street that never was."""


@demo_group.command("load")
@click.option("--scale", type=click.Choice(list(SCALES)), default="street", show_default=True)
@click.option("--seed", default=2026, show_default=True, help="the same seed gives the same street")
@click.option("--if-empty", is_flag=True, help="do nothing where there are data already")
def load(scale: str, seed: int, if_empty: bool) -> None:
    """Load places, people, organisations and rounds in different stages.

    Example: flask --app wsgi demo load --scale small --seed 7
    """
    if current_app.config["SETTINGS"].is_production:
        raise click.UsageError("demo data are never loaded into a production installation (GRANTS_MODE=production)")
    if queries.count_places():
        if if_empty:
            return
        click.echo("demo: this database has data already; «make reset» drops them", err=True)
        sys.exit(1)
    story.tell(SCALES[scale], seed=seed, say=click.echo)
    db.session.commit()


commands = [demo_group]
