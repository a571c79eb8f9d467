"""Figures for a monitoring system on the same machine; nothing in them is about a person."""

from flask import Response, abort, request

from grants.portal.queries.metrics import count_jobs, count_rows
from grants.portal.views.blueprint import blueprint

LOCAL = frozenset({"127.0.0.1", "::1"})


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the figures; only a scraper on this machine may ask."""
    # Only where somebody scrapes
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    if request.remote_addr not in LOCAL:
        abort(403)
    registry = CollectorRegistry()
    jobs = Gauge("grants_jobs", "Background jobs by status.", ["status"], registry=registry)
    for status, count in count_jobs().items():
        jobs.labels(status).set(count)
    rows = Gauge("grants_rows", "Rows by table.", ["table"], registry=registry)
    for table, count in count_rows().items():
        rows.labels(table).set(count)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
