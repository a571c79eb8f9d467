"""A real server with the small demo street, and a real Chromium."""

import glob
import os
import shutil
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import skip_or_fail

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
"""Screenshots are build output, made with PICTURES=1 for looking at, never committed."""
WITH_PICTURES = os.environ.get("PICTURES") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class _Quiet(WSGIRequestHandler):
    """Keeps a failed test's report readable: thousands of requests would bury it."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    """Answers each request in a thread. Werkzeug's own leaves the body open when a browser hangs up on it."""

    daemon_threads = True
    request_queue_size = 128


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; give its address."""
    server = make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def address(demo: Flask) -> Iterator[str]:
    """Serve the demo street; return its address."""
    with serve(demo) as found:
        yield found


def _fonts(directory: Path) -> dict[str, str]:
    """Show Chromium the Chinese fonts of the package, whatever the machine has."""
    pattern = f"{sys.prefix}/lib/python*/site-packages/pylopdf_fonts_zh_cn/**/*.[ot]t[fc]"
    folders = sorted({os.path.dirname(name) for name in glob.glob(pattern, recursive=True)})
    listed = "".join(f"<dir>{folder}</dir>" for folder in folders)
    conf = directory / "fonts.conf"
    conf.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{listed}'
        f"<cachedir>{directory}/cache</cachedir></fontconfig>",
        "utf-8",
    )
    return {**os.environ, "FONTCONFIG_FILE": str(conf)}


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start the Chromium of the system."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        skip_or_fail("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=ARGS, env=_fonts(tmp_path_factory.mktemp("fonts"))
        )
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Open]:
    """Return a function that opens a page as somebody, at a width, in an edition, with or without scripts."""
    contexts: list[BrowserContext] = []

    def _open(
        path: str, *, who: str | None = None, width: int = 1280, edition: str = "standard", scripts: bool = True
    ) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale="zh-CN",
            reduced_motion="reduce",  # a page can be measured as soon as it is there
        )
        contexts.append(context)
        context.add_cookies([{"name": "edition", "value": edition, "url": address}])
        page = context.new_page()
        if who is not None:
            page.goto("/demo")
            page.locator(f'form:has(input[name="who"][value="{who}"]) button').first.click()
            page.wait_for_load_state()
        page.goto(path)
        return page

    yield _open
    for context in contexts:
        context.close()
