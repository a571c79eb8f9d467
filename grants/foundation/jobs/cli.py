"""flask jobs …"""

import click
from flask.cli import AppGroup

from grants.foundation.jobs.worker import work

jobs_cli = AppGroup("jobs", help="Background jobs.")


@jobs_cli.command("work")
@click.option("--once", is_flag=True, help="Run what waits now, then end.")
def work_command(once: bool) -> None:
    """Run background jobs until stopped (Ctrl-C or SIGTERM).

    \b
    Examples:
      flask --app wsgi jobs work
      flask --app wsgi jobs work --once
    """
    try:
        work(once=once)
    except Exception as error:
        raise click.ClickException(f"{type(error).__name__}: {error}".splitlines()[0]) from error
