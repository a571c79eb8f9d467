"""A test browser: keeps cookies, sends CSRF tokens, reads pages."""

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
        assert response.status_code == status, f"GET {path}: {response.status_code}, not {status}\n{_gist(response)}"
        return Seen(response)

    def post(self, path: str, data: dict[str, Any] | None = None, *, status: int = 302, **options: Any) -> "Seen":
        """Send a form and check the status (302: done and sent on)."""
        fields = {"csrf_token": self.csrf(), **(data or {})}
        response = self.client.post(path, data=fields, **options)
        assert response.status_code == status, f"POST {path}: {response.status_code}, not {status}\n{_gist(response)}"
        return Seen(response)

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

    @property
    def soup(self) -> BeautifulSoup:
        """The page, parsed."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def text(self) -> str:
        """The words on the page, with single blanks."""
        return " ".join(self.soup.get_text(" ").split())


def _gist(response: TestResponse) -> str:
    if "html" not in (response.content_type or ""):
        return response.get_data(as_text=True)[:500]
    soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    main = soup.find("main") or soup
    return " ".join(main.get_text(" ").split())[:1500]
