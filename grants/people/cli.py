"""Commands of people: first accounts, roles, and the roll."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from grants.foundation.cli import refusals_on_stderr
from grants.foundation.errors import RuleBroken
from grants.people import queries
from grants.people.rules import Role
from grants.people.service import accounts, roles, roll

ROLES = [role.value for role in Role if role not in (Role.VISITOR, Role.RESIDENT)]


@click.group("users", cls=AppGroup)
def users_group() -> None:
    """Accounts and roles, for first set-up; later changes are made on /admin/users by two persons."""


@users_group.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--email", default="", help="where to write to")
def add(login: str, name: str, email: str) -> None:
    """Make an account and print the address at which its owner sets a password, once, within 72 hours.

    Example: flask --app wsgi users add zhao.qihang 赵启航
    """
    with refusals_on_stderr("users"):
        user = accounts.create_account(admin=None, login=login, name=name, email=email)
        token = accounts.issue_link(admin=None, user=user)
    click.echo(f"/account/set-password/{token}")


@users_group.command("link")
@click.argument("login")
def link(login: str) -> None:
    """Print a new address at which the owner of an account sets a password, once, within 72 hours."""
    with refusals_on_stderr("users"):
        token = accounts.issue_link(admin=None, user=_user(login))
    click.echo(f"/account/set-password/{token}")


def _user(login: str) -> Any:
    user = queries.find_user(login)
    if user is None:
        raise RuleBroken(f"nobody is called {login}")
    return user


@users_group.command("grant")
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--place", help="code of the community, for community officers")
@click.option("--organisation", help="reference (ZZ-…), for members of an organisation")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="last day of the role")
def grant(login: str, role: str, place: str | None, organisation: str | None, until: datetime | None) -> None:
    """Give a role at once; meant for the first administrator and the first leader.

    Example: flask --app wsgi users grant zhao.qihang approver --until 2029-12-31
    """
    with refusals_on_stderr("users"):
        found = queries.find_place(place) if place else None
        if place and found is None:
            raise RuleBroken(f"there is no place with the code {place}")
        roles.grant_at_setup(
            user=_user(login),
            role=Role(role),
            place_id=found.id if found else None,
            organisation_id=queries.get_organisation(organisation).id if organisation else None,
            ends_on=until.date() if until else None,
        )
    click.echo(f"users: {login} is {role}")


@click.group("roll", cls=AppGroup)
def roll_group() -> None:
    """The residents' roll."""


@roll_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--community", help="code of the community that lines without one belong to")
@click.option("--skip-bad", is_flag=True, help="import the sound lines although others have faults")
@click.option("--check", is_flag=True, help="only say what would happen")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def import_roll(file: Path, community: str | None, skip_bad: bool, check: bool, as_json: bool) -> None:
    """Import residents from CSV or XLSX, all or nothing by default.

    Columns: 姓名、身份证号 (needed), 手机号、社区、网格、小区、是否外出.

    Example: flask --app wsgi roll import 银杏社区.xlsx --community 990101001001
    """
    with refusals_on_stderr("roll"):
        place = queries.find_place(community) if community else None
        if community and place is None:
            raise RuleBroken(f"there is no place with the code {community}")
        if check:
            reading = roll.read_roll(file_name=file.name, data=file.read_bytes(), officer=None, community=place)
            is_done = not reading.faults
        else:
            made, reading = roll.import_from_command_line(
                file_name=file.name, data=file.read_bytes(), community=place, skip_bad=skip_bad
            )
            is_done = made is not None
    _report(reading, as_json)
    if not is_done:
        click.echo("roll: nothing was imported", err=True)
        sys.exit(1)


def _report(reading: roll.Reading, as_json: bool) -> None:
    counts = {"created": reading.created_count, "updated": reading.updated_count}
    if as_json:
        click.echo(json.dumps(counts | {"faults": [fault.as_dict() for fault in reading.faults]}, ensure_ascii=False))
        return
    for fault in reading.faults:
        click.echo(f"第 {fault.line} 行，{fault.column}：{fault.reason}", err=True)
    click.echo(f"roll: {counts['created']} new, {counts['updated']} known, {len(reading.faults)} faults")


commands = [users_group, roll_group]
