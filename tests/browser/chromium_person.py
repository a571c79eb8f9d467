"""A person of the story at a real Chromium: reads what is shown, types into the fields, clicks the buttons."""

import re
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Locator, Page, Request, Response

from grants.demo.street import DEMO_TOTP
from tests.browser.conftest import WITH_PICTURES
from tests.journeys.person import DONE, Shown, find_filled, find_pressed
from tests.journeys.stage import Picture

NARROW, WIDE, HEIGHT, TALLEST = 390, 1280, 900, 9000
PATIENCE_MS = 120_000
"""For machines that do other work at the same time; nothing waits longer than it must."""
PASSWORD = "made-up-and-long-enough"
TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ""}`))"""


class Album:
    """The screenshots of one journey, numbered in the order of the story, and what went wrong on the way."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.numbers = count(1)
        self.kinds: set[tuple[str, ...]] = set()
        self.troubles: list[str] = []

    def start(self) -> "Album":
        """Throw away the pictures of the last journey."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for old in self.directory.glob("*.png"):
            old.unlink()
        return self

    def keep(self, page: Page, who: str, note: str = "") -> None:
        """Look at the first page of every kind that somebody of a role sees at the width of a telephone as well."""
        words = [*_words_of(page.url), *([note] if note else [])]
        kind = (who.rstrip("0123456789"), *words)
        if kind in self.kinds:
            return
        self.kinds.add(kind)
        name = f"{next(self.numbers):03d}-{'-'.join([who, *words])}"
        size = page.viewport_size
        assert size is not None
        if WITH_PICTURES:
            self._photograph(page, size["width"], name)
            if size["width"] > NARROW:
                self._photograph(page, NARROW, f"{name}-narrow")
        else:
            page.set_viewport_size({"width": NARROW, "height": HEIGHT})
            self._measure(page, page.evaluate("document.documentElement.scrollWidth"))
        page.set_viewport_size(size)

    def _measure(self, page: Page, wide: int) -> None:
        if wide > NARROW:
            self.troubles.append(f"{page.url}: {wide} px wide at {NARROW}")

    def _photograph(self, page: Page, width: int, name: str) -> None:
        """Stretch the window over the whole page, so that bars at its edge hide nothing; note what is too wide."""
        high = HEIGHT
        for _stretched in range(3):  # a page that fills its window grows with it
            page.set_viewport_size({"width": width, "height": high})
            wide, full = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
            if full <= high or high == TALLEST:
                break
            high = min(full, TALLEST)
        if width == NARROW:
            self._measure(page, wide)
        page.screenshot(path=str(self.directory / f"{name}.png"), animations="disabled")


def _words_of(address: str) -> Iterable[str]:
    """Return the words of an address without the references in it, which differ from run to run."""
    for part in urlsplit(address).path.split("/"):
        if re.fullmatch(r"[a-z][a-z_-]{1,30}|\d", part):
            yield part


class ChromiumPerson:
    """One person, one browser context: cookies, window width and pages of their own."""

    def __init__(self, browser: Browser, address: str, album: Album, login: str | None, *, width: int) -> None:
        self.address, self.album, self.login, self.width = address, album, login, width
        self.context = browser.new_context(
            base_url=address, viewport={"width": width, "height": HEIGHT}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(TELL_VIOLATIONS)
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("dialog", self._answer)
        self.page.on("response", self._check)
        self.page.on("request", self._ask)
        self.page.on("requestfailed", self._fail)
        if login is not None:
            self._sign_in(login)

    # What is listened to all the while

    def _note(self, trouble: str) -> None:
        self.album.troubles.append(f"{self.login} at {urlsplit(self.page.url).path}: {trouble}")

    def _hear(self, line: ConsoleMessage) -> None:
        # A page that says no is logged too; its status is checked where it is asked for
        if line.type in {"error", "warning"} and "Failed to load resource" not in line.text:
            self._note(f"console: {line.text}")

    def _answer(self, dialog: Dialog) -> None:
        self._note(f"dialog: {dialog.message}")
        dialog.accept()

    def _check(self, response: Response) -> None:
        # A form that a script hands in (keep.js) is refused as a page is; what the page says is checked by who sent it
        is_refusal = response.status == 422 and response.request.method == "POST"
        if response.status >= 400 and not is_refusal and not response.request.is_navigation_request():
            self._note(f"{response.status} for {response.url}")

    def _ask(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self._note(f"asks another host: {request.url}")

    def _fail(self, request: Request) -> None:
        # Leaving a page ends what it still was loading
        if "ERR_ABORTED" not in (request.failure or ""):
            self._note(f"{request.failure} for {request.url}")

    # Signing in

    def _sign_in(self, login: str) -> None:
        self._open("/sign-in")
        self._type(self._form(0), {"login": login, "password": PASSWORD})
        self._send(self._form(0), None, DONE)
        if urlsplit(self.page.url).path == "/sign-in/code":
            self._type(self._form(0), {"code": pyotp.TOTP(DEMO_TOTP).now()})
            self._send(self._form(0), None, DONE)
        assert not urlsplit(self.page.url).path.startswith("/sign-in"), f"{login} is not let in"

    # What the script asks for

    def look(self, path: str) -> Shown:
        """Open a page that must be there."""
        shown = self._at(path)
        self._photograph()
        return shown

    def fill(
        self,
        path: str | None,
        fields: dict[str, Any] | None = None,
        *,
        form: str | None = None,
        refused: int | None = None,
    ) -> Shown:
        """Type into the form and click its button."""
        asked = self._form(find_filled(self._at(path).soup, form))
        self._type(asked, fields or {})
        self._photograph("filled")
        return self._send(asked, None, DONE if refused is None else (refused,))

    def press(self, path: str | None, words: str, *, form: str = "", refused: int | None = None) -> Shown:
        """Click the button, and the one in its confirmation."""
        shown = self._at(path)
        number = find_pressed(shown.soup, words, form)
        assert number is not None, f"no button says {words} on {shown.path}\n{self._gist()}"
        self._unfold(self._button(self._form(number), words))
        self._photograph("pressed")
        return self._send(self._form(number), words, DONE if refused is None else (refused,))

    def is_kept_out(self, path: str) -> None:
        """Open a page that is not this person's."""
        status = self._open(path)
        assert status in {403, 404}, f"{self.login} at {path}: {status}"
        self._photograph("kept-out")

    def cannot(self, path: str, words: str, *, sends: str, fields: dict[str, Any] | None = None, status: int) -> None:
        """Look for the button in vain; a form that no page offers is left to those who write requests by hand."""
        if self._open(path) == 200:
            assert find_pressed(self._shown().soup, words) is None, f"{self.login}: {path} offers {words}"
        self._photograph("cannot")

    def download(self, words: str) -> bytes:
        """Wait for the link that saves a file, click it and return the file."""
        link = self.page.get_by_role("link", name=words).first
        link.wait_for()
        self._photograph("finished")
        with self.page.expect_download() as waiting:
            link.click()
        return Path(waiting.value.path()).read_bytes()

    # How it is done

    def _open(self, path: str) -> int:
        response = self.page.goto(path, wait_until="load")
        assert response is not None
        return response.status

    def _at(self, path: str | None) -> Shown:
        if path is not None:
            status = self._open(path)
            assert status == 200, f"{self.login} at {path}: {status}\n{self._gist()}"
        return self._shown()

    def _shown(self) -> Shown:
        address = urlsplit(self.page.url)
        return Shown(f"{address.path}?{address.query}" if address.query else address.path, self.page.content())

    def _gist(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())[:1500]

    def _photograph(self, note: str = "") -> None:
        self.album.keep(self.page, self.login or "visitor", note)

    def _form(self, number: int) -> Locator:
        return self.page.locator('form[method="post"]').nth(number)

    def _type(self, form: Locator, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            controls = form.locator(f'[name="{name}"]:not([type="hidden"])')
            assert controls.count(), f"{self.page.url} does not ask for {name}"
            first = controls.first
            self._unfold(first)
            kind = first.evaluate("one => one.tagName === 'SELECT' ? 'select' : one.type")
            if isinstance(value, Picture):
                first.set_input_files({"name": value.name, "mimeType": "image/jpeg", "buffer": value.content})
            elif kind == "select":
                first.select_option(value)
            elif kind in {"radio", "checkbox"}:
                self._tick(controls, value if isinstance(value, list) else [value])
            else:
                first.fill(value)

    def _unfold(self, control: Locator) -> None:
        for fold in control.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("summary").first.click()

    def _tick(self, controls: Locator, values: list[str]) -> None:
        """Click the words of every choice wanted, as a finger does; the box itself may be drawn by the style."""
        alone = controls.count() == 1 and controls.first.get_attribute("type") == "checkbox"
        wanted = [one for one in controls.all() if alone or one.get_attribute("value") in values]
        assert len(wanted) == len(values), f"{self.page.url} does not offer all of {values}"
        for control in wanted:
            if control.is_checked():
                continue
            label = self.page.locator(f'label[for="{control.get_attribute("id")}"]')
            # The box may lie over its words, unseen, so either may meet the finger; in the middle no bar is in the way
            touched = label.first if label.count() else control
            touched.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
            touched.click(force=True)
            assert control.is_checked(), f"{control.get_attribute('name')} cannot be chosen on {self.page.url}"

    def _button(self, form: Locator, words: str | None) -> Locator:
        """Return the button that says `words`, or the main one."""
        buttons = form.locator("button[type=submit], button:not([type])")
        wanted = buttons.filter(has_text=words) if words else form.locator("button.button--primary")
        return (wanted if wanted.count() else buttons).first

    def _send(self, form: Locator, words: str | None, expected: tuple[int, ...]) -> Shown:
        """Click the button and wait for the page that answers."""
        with self.page.expect_navigation(wait_until="load") as waiting:
            self._button(form, words).click()
        assert waiting.value is not None
        status = waiting.value.status
        assert status in expected, f"{self.login} at {self.page.url}: {status}\n{self._gist()}"
        self._photograph("" if status in DONE else "refused")
        return self._shown()
