"""A test browser: keeps cookies, sends CSRF tokens, reads pages."""

from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from grants.foundation.clock import now
from grants.foundation.database import db
from grants.people import current, queries
from grants.people.service import sessions


class Browser:
    """One person's browser."""

    def __init__(self, app: Flask, login: str | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        self.login = login
        if login is not None:
            self._sign_in(login)

    def _sign_in(self, login: str) -> None:
        with self.app.app_context():
            user = queries.find_user(login)
            assert user is not None, f"nobody is called {login}"
            token = sessions.open_session(user=user, user_agent="test", stepped_up=True)
            db.session.commit()
        with self.client.session_transaction() as cookie:
            cookie[current.TOKEN] = token
            cookie[current.SEEN] = now().timestamp()

    def csrf(self) -> str:
        """Return a token that fits this browser's cookie."""
        with self.client.session_transaction() as cookie, self.app.test_request_context():
            import flask

            flask.session.update(cookie)
            token: str = generate_csrf()
            cookie["csrf_token"] = flask.session["csrf_token"]
        return token

    def get(self, path: str, *, status: int = 200, **options: Any) -> "Seen":
        """Open a page and check the status."""
        response = self.client.get(path, **options)
        seen = Seen(response)
        assert response.status_code == status, f"GET {path}: {response.status_code}, not {status}\n{seen.gist}"
        return seen

    def post(self, path: str, data: dict[str, Any] | None = None, *, status: int = 302, **options: Any) -> "Seen":
        """Send a form and check the status (302: done and sent on)."""
        fields = {"csrf_token": self.csrf(), **(data or {})}
        response = self.client.post(path, data=fields, **options)
        seen = Seen(response)
        assert response.status_code == status, f"POST {path}: {response.status_code}, not {status}\n{seen.gist}"
        return seen

    def submit(
        self, path: str, fields: dict[str, Any] | None = None, *, action: str | None = None, status: int = 302
    ) -> "Seen":
        """Open a page, fill in its form as a person does, and send it; `action` picks one of several forms.

        What the page already holds (hidden fields, chosen options, texts) goes along; `fields` are typed over it.
        """
        seen = self.get(path)
        form = main_form(seen.soup, action)
        data: dict[str, Any] = {**typed(form), **(fields or {})}
        target = form.get("action") or path
        return self.post(str(target), data, status=status)

    def press(self, path: str, words: str, *, status: int = 302) -> "Seen":
        """Press the one-button form on a page whose button or confirmation says `words`."""
        soup = self.get(path).soup
        for form in soup.find_all("form", method="post"):
            said = " ".join(button.get_text(strip=True) for button in form.find_all("button"))
            around = form.find_parent("details")
            if words in said or (around is not None and words in around.get_text()):
                return self.post(str(form.get("action") or path), typed(form), status=status)
        raise AssertionError(
            f"no button says {words} on {path}\n" + " ".join((soup.find("main") or soup).get_text().split())
        )

    def follow(self, path: str, data: dict[str, Any] | None = None) -> "Seen":
        """Send a form and open the page it leads to."""
        return self.get(self.post(path, data).location)


class Seen:
    """What a browser got."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.location: str = response.headers.get("Location", "")

    @property
    def html(self) -> str:
        """The page's source."""
        return self.response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page, parsed."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def text(self) -> str:
        """The words on the page, with single blanks."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def gist(self) -> str:
        """What the middle of the page says, for the report of a failed test."""
        if "html" not in (self.response.content_type or ""):
            return self.html[:500]
        return " ".join((self.soup.find("main") or self.soup).get_text(" ").split())[:1500]


def main_form(soup: BeautifulSoup, action: str | None = None) -> Any:
    """Return the form of a page that a person fills in, or the one that goes to `action`."""
    main = soup.find("main") or soup
    forms = [
        form for form in main.find_all("form", method="post") if action is None or action in (form.get("action") or "")
    ]
    asking = [form for form in forms if form.find(["input", "textarea", "select"], attrs={"type": _is_shown})]
    found = asking or forms
    assert found, f"no form to send ({action}): " + " ".join(main.get_text(" ").split())[:800]
    return found[0]


def _is_shown(kind: str | None) -> bool:
    return kind != "hidden"


def typed(form: Any) -> dict[str, Any]:
    """Return what a form would send if nothing were typed."""
    data: dict[str, Any] = {}
    for field in form.find_all(["input", "textarea", "select"], attrs={"name": True}):
        for value in _values(field):
            name = field["name"]
            held = data.get(name)
            data[name] = value if held is None else [*(held if isinstance(held, list) else [held]), value]
    for button in form.find_all("button", class_="button--primary", attrs={"name": True})[:1]:
        data[button["name"]] = button.get("value", "")
    return data


def _values(field: Any) -> list[str]:
    """Return what one control would send: nothing for files, buttons, the CSRF token and what is not ticked."""
    kind = field.get("type", "text")
    if field["name"] == "csrf_token" or kind in {"submit", "button", "file"}:
        return []
    if field.name == "textarea":
        return [field.get_text().removeprefix("\n")]
    if field.name == "select":
        chosen = field.find_all("option", selected=True) or field.find_all("option")[:1]
        return [option.get("value", "") for option in chosen]
    if kind in {"radio", "checkbox"} and not field.has_attr("checked"):
        return []
    return [field.get("value", "on" if kind == "checkbox" else "")]
