"""Commands of the portal: writing the published data of a round to files."""

import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from grants.foundation.errors import DomainError
from grants.foundation.web.downloads import csv_response
from grants.needs.queries import NeedFilter, list_need_rows
from grants.needs.rules import EXPORT_HEADER
from grants.people import queries as people
from grants.portal.exports import giving_package, pabulib_text
from grants.portal.queries import open_data
from grants.rounds import queries as rounds
from grants.rounds.models import Round


@click.group("open-data")
def open_data_group() -> None:
    """Publish the data of a round."""


@open_data_group.command("export")
@click.argument("round_ref", metavar="ROUND")
@click.option("--format", "form", type=click.Choice(["360giving", "csv", "pabulib"]), required=True)
@click.option("-o", "path", type=click.Path(path_type=Path), required=True, help="A file (360giving) or a folder.")
@with_appcontext
def export(round_ref: str, form: str, path: Path) -> None:
    """Write the published data of ROUND to PATH: one file of JSON, or a folder of tables or polls.

    \b
    Examples:
      flask --app wsgi open-data export JC-2026-02 --format 360giving -o grants.json
      flask --app wsgi open-data export JC-2026-02 --format csv -o tables
      flask --app wsgi open-data export JC-2026-02 --format pabulib -o polls
    """
    try:
        round = rounds.get_round(round_ref)
    except DomainError as error:
        raise click.ClickException(f"{round_ref}: {error.message}") from error
    try:
        for target, text in _files(round, form, path):
            _write(target, text)
            click.echo(target)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error


def _files(round: Round, form: str, path: Path) -> Iterable[tuple[Path, str]]:
    if form == "360giving":
        street = current_app.config["SETTINGS"].street_name or people.get_street().name
        package = giving_package(open_data.list_open_projects(round), street)
        return [(path, json.dumps(package, ensure_ascii=False, indent=2))]
    if form == "pabulib":
        return [(path / f"{poll.ref}.pb", pabulib_text(poll)) for poll in open_data.list_counted_polls(round)]
    tables: list[tuple[str, Sequence[str], Iterable[Sequence[object]]]] = [
        ("projects", open_data.PROJECT_HEADER, [one.cells for one in open_data.list_open_projects(round)]),
        ("payments", open_data.PAYMENT_HEADER, [one.cells for one in open_data.list_open_payments(round)]),
        ("needs", [str(word) for word in EXPORT_HEADER], list_need_rows(NeedFilter(round_ref=round.ref))),
    ]
    return [
        (path / f"{name}.csv", csv_response(name, head, rows).get_data(as_text=True)) for name, head, rows in tables
    ]


def _write(target: Path, text: str) -> None:
    """Put a file in its place at once, so that nobody reads half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".export-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


commands = (open_data_group,)
