"""Figures for a monitoring system; nothing in them is about a person."""

import hmac
from ipaddress import ip_address, ip_network

from flask import Response, abort, current_app, request

from grants.portal.queries.metrics import count_jobs, count_rows
from grants.portal.views.blueprint import blueprint

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")
"""Any of these says that a proxy stands between: then the address of the connection is the proxy's, not the asker's."""


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the figures to whoever may scrape: with METRICS_TOKEN, or straight from METRICS_NETWORKS."""
    # Only where somebody scrapes
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    if not may_scrape():
        abort(403)
    registry = CollectorRegistry()
    jobs = Gauge("grants_jobs", "Background jobs by status.", ["status"], registry=registry)
    for status, count in count_jobs().items():
        jobs.labels(status).set(count)
    rows = Gauge("grants_rows", "Rows by table.", ["table"], registry=registry)
    for table, count in count_rows().items():
        rows.labels(table).set(count)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_scrape() -> bool:
    """Tell whether this request may read the figures; what a proxy says about the asker is never believed."""
    settings = current_app.config["SETTINGS"]
    kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
    if settings.metrics_token and kind.lower() == "bearer":
        return hmac.compare_digest(token.strip().encode(), settings.metrics_token.encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    return _is_in(_peer(), settings.metrics_networks)


def _peer() -> str:
    """Return the address at the other end of the connection, before any proxy header was taken into account."""
    original = request.environ.get("werkzeug.proxy_fix.orig", {})
    return str(original.get("REMOTE_ADDR") or request.environ.get("REMOTE_ADDR") or "")


def _is_in(address: str, networks: tuple[str, ...]) -> bool:
    try:
        asked = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(asked, "ipv4_mapped", None)
    return any((mapped or asked) in ip_network(network) for network in networks)
