"""Who may read /metrics: this machine, named networks or a token; never because a proxy header says so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import LOOPBACK, Settings

TOKEN = "a-token-for-the-scraper"


@pytest.fixture
def configured(app: Flask) -> Iterator[Any]:
    """Return a function that changes settings for one test."""
    before: Settings = app.config["SETTINGS"]

    def change(**parts: Any) -> None:
        app.config["SETTINGS"] = replace(before, **parts)

    yield change
    app.config["SETTINGS"] = before


def status(app: Flask, address: str, **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get("/metrics", environ_overrides={"REMOTE_ADDR": address}, headers=sent).status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may(app: Flask, address: str) -> None:
    assert status(app, address) == 200


@pytest.mark.parametrize("address", ["10.1.2.3", "::2", "", "unix:"])
def test_others_may_not(app: Flask, address: str) -> None:
    assert status(app, address) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X_Real_IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
)
def test_what_came_through_a_proxy_is_not_this_machine(app: Flask, headers: dict[str, str]) -> None:
    assert status(app, "127.0.0.1", **headers) == 403
    assert status(app, "10.1.2.3", **headers) == 403


def test_a_trusted_proxy_makes_nobody_local(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "wsgi_app", ProxyFix(app.wsgi_app, x_for=1))
    assert status(app, "10.0.0.9", X_Forwarded_For="127.0.0.1") == 403
    assert status(app, "127.0.0.1", X_Forwarded_For="8.8.8.8") == 403
    assert status(app, "127.0.0.1") == 200


def test_named_networks_may(app: Flask, configured: Any) -> None:
    configured(metrics_networks=("10.1.0.0/16",))
    assert [status(app, address) for address in ("10.1.2.3", "10.2.0.1", "127.0.0.1")] == [200, 403, 403]


def test_the_token_opens_from_anywhere_and_a_wrong_one_from_nowhere(app: Flask, configured: Any) -> None:
    configured(metrics_token=TOKEN)
    assert status(app, "10.1.2.3", Authorization=f"Bearer {TOKEN}", X_Forwarded_For="8.8.8.8") == 200
    assert status(app, "127.0.0.1", Authorization="Bearer something-else") == 403
    configured(metrics_token="")
    assert status(app, "10.1.2.3", Authorization="Bearer ") == 403


def test_settings_are_read_and_checked() -> None:
    assert Settings.from_env({}).metrics_networks == LOOPBACK
    read = Settings.from_env({"METRICS_NETWORKS": "10.0.0.0/8, fd00::/8", "METRICS_TOKEN": TOKEN})
    assert (read.metrics_networks, read.metrics_token) == (("10.0.0.0/8", "fd00::/8"), TOKEN)
    faults = " ".join(Settings.from_env({"METRICS_NETWORKS": "anywhere", "METRICS_TOKEN": "short"}).faults())
    assert "METRICS_NETWORKS names 'anywhere'" in faults
    assert "METRICS_TOKEN is shorter" in faults
