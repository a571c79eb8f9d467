"""What a person of the story can do, whether the pages come over plain HTTP or through a real browser."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Flask

from tests.browsing import Browser, Seen, main_form, typed

DONE = (200, 302)
"""Answers to a form that was accepted: a page of its own, or sent on."""


@dataclass(frozen=True)
class Shown:
    """A page as it lies before a person."""

    path: str
    html: str

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page, parsed."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def text(self) -> str:
        """The words on the page, with single blanks."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def last(self) -> str:
        """The last part of the address: mostly the reference of what was just made."""
        return self.path.partition("?")[0].rstrip("/").rsplit("/", 1)[1]

    def after(self, word: str) -> str:
        """Return the part of the address that follows `word`, as in /projects/GYCT-1/costs."""
        parts = self.path.partition("?")[0].strip("/").split("/")
        return parts[parts.index(word) + 1]


class Person(Protocol):
    """Somebody with a browser. A `path` of None means: on the page that is open."""

    def look(self, path: str) -> Shown:
        """Open a page that must be there."""
        ...

    def fill(
        self,
        path: str | None,
        fields: dict[str, Any] | None = None,
        *,
        form: str | None = None,
        refused: int | None = None,
    ) -> Shown:
        """Fill in the form of a page (the one going to `form`, where there are several) and send it.

        Return the page that comes then. `refused` is the status of a page that says no.
        """
        ...

    def press(self, path: str | None, words: str, *, form: str = "", refused: int | None = None) -> Shown:
        """Press the button that says `words`, through its confirmation if it asks for one."""
        ...

    def is_kept_out(self, path: str) -> None:
        """Try a page that is not this person's: refused, or not even known."""
        ...

    def cannot(self, path: str, words: str, *, sends: str, fields: dict[str, Any] | None = None, status: int) -> None:
        """No button of the page says `words`; whoever sends the form to `sends` all the same gets `status`."""
        ...


def find_pressed(soup: BeautifulSoup, words: str, form: str = "") -> int | None:
    """Return which form of a page has the button (or the confirmation) that says `words`, counted from 0."""
    for number, one in enumerate(soup.find_all("form", method="post")):
        said = " ".join(button.get_text(strip=True) for button in one.find_all("button"))
        around = one.find_parent("details", class_="confirm")
        if form in (one.get("action") or "") and (words in said or (around is not None and words in around.get_text())):
            return number
    return None


def find_filled(soup: BeautifulSoup, form: str | None) -> int:
    """Return which form of a page a person fills in, counted from 0."""
    wanted = main_form(soup, form)
    return next(number for number, one in enumerate(soup.find_all("form", method="post")) if one is wanted)


class HttpPerson:
    """A person whose browser is the test client: fast, and able to send what no page offers."""

    def __init__(self, app: Flask, login: str | None) -> None:
        self.browser = Browser(app, login)
        self.login = login
        self.shown = Shown("/", "")

    def look(self, path: str) -> Shown:
        """Open a page that must be there."""
        self.shown = Shown(path, self.browser.get(path).html)
        return self.shown

    def _page(self, path: str | None) -> Shown:
        return self.shown if path is None else self.look(path)

    def fill(
        self,
        path: str | None,
        fields: dict[str, Any] | None = None,
        *,
        form: str | None = None,
        refused: int | None = None,
    ) -> Shown:
        """Send what the page holds (hidden fields, chosen options, texts) with `fields` typed over it."""
        page = self._page(path)
        asked = main_form(page.soup, form)
        missing = set(fields or {}) - {one["name"] for one in asked.find_all(attrs={"name": True})}
        assert not missing, f"{page.path} does not ask for {sorted(missing)}"
        return self._send(asked, page, {**typed(asked), **(fields or {})}, refused)

    def press(self, path: str | None, words: str, *, form: str = "", refused: int | None = None) -> Shown:
        """Send the one-button form."""
        page = self._page(path)
        soup = page.soup
        number = find_pressed(soup, words, form)
        assert number is not None, f"no button says {words} on {page.path}\n{page.text[:1500]}"
        pressed = soup.find_all("form", method="post")[number]
        return self._send(pressed, page, typed(pressed), refused)

    def _send(self, form: Any, page: Shown, data: dict[str, Any], refused: int | None) -> Shown:
        target = str(form.get("action") or page.path)
        sent = {"csrf_token": self.browser.csrf(), **data}
        response = self.browser.client.post(target, data=sent)
        expected = DONE if refused is None else (refused,)
        seen = Seen(response)
        assert response.status_code in expected, f"{self.login}: {target}: {response.status_code}\n{seen.gist}"
        if response.status_code == 302:
            address = urlsplit(seen.location)
            return self.look(f"{address.path}?{address.query}" if address.query else address.path)
        self.shown = Shown(target, seen.html)
        return self.shown

    def is_kept_out(self, path: str) -> None:
        """Try a page that is not this person's."""
        status = self.browser.client.get(path).status_code
        assert status in {403, 404}, f"{self.login} at {path}: {status}"

    def cannot(self, path: str, words: str, *, sends: str, fields: dict[str, Any] | None = None, status: int) -> None:
        """Look for the button in vain, then send its form by hand."""
        seen = self.browser.client.get(path)
        if seen.status_code == 200:
            assert find_pressed(Seen(seen).soup, words) is None, f"{self.login}: {path} offers {words}"
        self.browser.post(sends, fields, status=status)
