"""Every route stands on the access list, and every actor gets what the list says: seen by asking, not by reading."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from grants.access import ACCESS
from grants.people.rules import Role
from tests.browsing import Browser

ACTORS: dict[str, Role] = {
    "resident-1": Role.RESIDENT,
    "org-1": Role.ORGANISATION,
    "expert-1": Role.EXPERT,
    "community-1": Role.COMMUNITY,
    "programme-1": Role.PROGRAMME,
    "finance-1": Role.FINANCE,
    "leader-1": Role.APPROVER,
    "supervisor-1": Role.SUPERVISOR,
    "watcher-1": Role.COMMUNITY_SUPERVISOR,
    "admin-1": Role.ADMIN,
}
EVERYBODY: list[str | None] = [None, *ACTORS]


def _role(login: str | None) -> Role:
    return Role.VISITOR if login is None else ACTORS[login]


@pytest.fixture(scope="module")
def browsers(demo: Flask) -> dict[str | None, Browser]:
    """Open one browser for every kind of actor."""
    return {login: Browser(demo, login) for login in EVERYBODY}


def _rules(app: Flask, method: str) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            yield rule


def test_every_route_is_on_the_list_and_nothing_else_is(demo: Flask) -> None:
    routes = {rule.endpoint for rule in demo.url_map.iter_rules()}
    assert routes - set(ACCESS) == set(), "routes that the access list does not name"
    assert set(ACCESS) - routes == set(), "entries without a route"


@pytest.mark.parametrize("login", EVERYBODY)
def test_pages_without_arguments_open_to_those_on_the_list_only(
    demo: Flask, browsers: dict[str | None, Browser], login: str | None
) -> None:
    wrong = []
    for rule in _rules(demo, "GET"):
        if rule.arguments:
            continue
        status = browsers[login].client.get(rule.rule).status_code
        may = _role(login) in ACCESS[rule.endpoint]
        refused = status == 403 or (login is None and status == 302)
        if status >= 500 or (not may and not refused):
            wrong.append((rule.rule, status))
        if may and status == 403:
            wrong.append((rule.rule, status))
    assert wrong == []


@pytest.mark.parametrize("login", EVERYBODY)
def test_acts_are_closed_to_everybody_who_is_not_on_the_list(
    demo: Flask, browsers: dict[str | None, Browser], login: str | None
) -> None:
    wrong = []
    token = browsers[login].csrf()
    for rule in _rules(demo, "POST"):
        if _role(login) in ACCESS[rule.endpoint]:
            continue
        path = _path(rule)
        status = browsers[login].client.post(path, data={"csrf_token": token}).status_code
        # The gate stands before the object is looked for; a visitor is sent to the sign-in page.
        if status != 403 and not (login is None and status == 302):
            wrong.append((path, status))
    assert wrong == []


def _path(rule: Rule) -> str:
    """Return an address of a route, with something in place of every argument."""
    values: dict[str, object] = {}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        samples = {"UUIDConverter": UUID(int=1), "IntegerConverter": 1, "DateConverter": "2026-01-01"}
        values[name] = next(iter(converter.items)) if kind == "AnyConverter" else samples.get(kind, "x")
    built = rule.build(values, append_unknown=False)
    assert built is not None, rule
    return built[1]


def test_an_act_without_its_csrf_token_is_refused_everywhere(demo: Flask, browsers: dict[str | None, Browser]) -> None:
    wrong = []
    for rule in _rules(demo, "POST"):
        if rule.arguments:
            continue
        for login, browser in browsers.items():
            if _role(login) in ACCESS[rule.endpoint]:
                status = browser.client.post(rule.rule).status_code
                if status != 400:
                    wrong.append((rule.rule, login, status))
    assert wrong == []
