"""/reports/: what can be printed, asking for it, and what was issued."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from grants.foundation import batches, documents
from grants.foundation.errors import NotFound, require
from grants.foundation.files import disposition, read_bytes, send
from grants.foundation.i18n import _
from grants.foundation.models import BatchItemStatus, DocumentBatch, IssuedDocument
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from reports import jobs, source
from reports.catalogue import HEADING_LABELS, KINDS, get_kind, why_not_batch, why_not_read
from reports.charts import Chart, ChartKind, Series, svg
from reports.code_sheets import print_codes
from reports.forms import BatchForm
from reports.gather.choices import Viewer, rounds_to_print
from reports.issuing import ask_again, ask_for, ask_for_batch

blueprint = Blueprint("reports", __name__)
__all__ = ["blueprint", "jobs"]
TABLE_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@blueprint.app_template_global()
def drawn_chart(
    kind: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    unit: str = "",
    digits: int = 0,
) -> Markup:
    """Return a chart for a page of any slice, drawn as on paper; `series` are (name, one value for each label)."""
    rows = tuple(Series(name, tuple(values)) for name, values in series)
    return svg(Chart(ChartKind(kind), title, tuple(labels), rows, unit, digits))


@blueprint.app_template_global()
def printable(kinds: Sequence[str], ref: str) -> list[tuple[str, str]]:
    """Return (key, title) of those kinds of papers about a thing that whoever is signed in may make."""
    actor = current.actor_or_none()
    if actor is None:
        return []
    return [(kind.key, str(kind.title)) for kind in map(get_kind, kinds) if kind.why_not_make(actor, ref) is None]


@blueprint.get("/reports/")
def index() -> tuple[str, int]:
    """Show what this person can have printed, and the papers issued last."""
    actor = current.actor_or_none()
    viewer = Viewer(actor)
    return page(
        "report_pages/index.html",
        offers=_offers(viewer) if actor is not None else [],
        kinds=KINDS,
        may_batch=why_not_batch(actor) is None,
        **_issued(actor),
    )


def _offers(viewer: Viewer) -> list[tuple[Any, list[Any]]]:
    """Return the headings of the catalogue, each with the kinds this viewer can have made and of what."""
    groups = []
    for heading, label in HEADING_LABELS.items():
        kinds = [(kind, kind.list_for(viewer)) for kind in KINDS.values() if kind.heading is heading]
        offered = [(kind, [(one.ref, one.label) for one in found]) for kind, found in kinds if found]
        if offered:
            groups.append((label, offered))
    return groups


def _issued(actor: Any) -> dict[str, Any]:
    """Return the issued papers this person may have."""
    office = actor is not None and actor.is_staff
    keys = [key for key, kind in KINDS.items() if kind.is_public or (office and not kind.is_private)]
    found = documents.list_documents(Window.of(request.args), kinds=keys, finals_only=not office)
    return {"issued": found, "readable": {one.id for one in found.items if why_not_read(actor, one) is None}}


@blueprint.post("/reports/<kind>")
def make(kind: str) -> Response:
    """Ask for a paper: the unchanged one is there at once, another is printed in the background."""
    actor, found, ref = current.actor(), get_kind(kind), request.form.get(kind, "").strip()
    require(found.why_not_make(actor, ref))
    made = ask_for(found, ref, actor=actor, base_url=request.url_root)
    if isinstance(made, IssuedDocument):
        flash(_("数据没有变化，下面就是已经出具的这一份。"), "success")
        return redirect(url_for("reports.show", code=made.code))
    return redirect(url_for("jobs.show", job_id=made.id))


@blueprint.route("/reports/batches", methods=["GET", "POST"])
def make_batch() -> Response | tuple[str, int]:
    """Offer all papers of a kind that a round has, in one ZIP; show the batches asked for before."""
    actor, form = current.actor(), BatchForm()
    require(why_not_batch(actor))
    form.offer(
        {key: kind.title for key, kind in KINDS.items() if kind.of_round},
        [(one.ref, one.label) for one in rounds_to_print()],
    )
    if form.validate_on_submit():
        with errors_on(form):
            kind = get_kind(form.kind.data)
            batch = ask_for_batch(kind, form.round.data, actor=actor, base_url=request.url_root)
            return redirect(url_for("reports.show_batch", batch_id=batch.id))
    return page("report_pages/batches.html", form=form, batches=batches.list_own_batches(actor.id))


def _own_batch(batch_id: uuid.UUID) -> DocumentBatch:
    """Return a batch of this person, who must still be allowed to make one and to read each paper in it."""
    actor = current.actor()
    require(why_not_batch(actor))
    batch = batches.get_own_batch(batch_id, actor.id)
    for item in batch.items:
        if item.document is not None:
            require(why_not_read(actor, item.document))
    return batch


@blueprint.get("/reports/batches/<uuid:batch_id>")
def show_batch(batch_id: uuid.UUID) -> tuple[str, int]:
    """Show how far a batch is: what was issued, what could not be and why, what still waits."""
    batch = _own_batch(batch_id)
    counts = {status.value: sum(item.status is status for item in batch.items) for status in BatchItemStatus}
    return page("report_pages/batch.html", batch=batch, kind=get_kind(batch.kind), counts=counts)


@blueprint.post("/reports/batches/<uuid:batch_id>/again")
def repeat_batch(batch_id: uuid.UUID) -> Response:
    """Print once more what failed in a batch."""
    actor = current.actor()
    ask_again(_own_batch(batch_id), actor=actor)
    flash(_("未完成的报告已重新排队，已出具的不再重做。"), "success")
    return redirect(url_for("reports.show_batch", batch_id=batch_id))


@blueprint.get("/reports/batches/<uuid:batch_id>.zip")
def download_batch(batch_id: uuid.UUID) -> Response:
    """Send the ZIP of a batch."""
    batch = _own_batch(batch_id)
    if batch.file is None:
        raise NotFound(_("这一批还没有完成，没有可下载的文件。"))
    return send(batch.file)


@blueprint.post("/reports/code-sheet")
def code_sheet() -> Response:
    """Print a sheet of activation codes for the officer who made it; the file is sent and kept nowhere."""
    actor = current.actor()
    content = print_codes(actor, request.form.get("token", ""), request.url_root)
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": "inline; filename=codes.pdf", "Cache-Control": "no-store"},
    )


@blueprint.get("/reports/issued/<code>")
def show(code: str) -> tuple[str, int]:
    """Show an issued paper: number, check code, when and what it is about."""
    document = documents.get_document(code)
    require(why_not_read(current.actor_or_none(), document))
    return page("report_pages/show.html", document=document, kind=KINDS[document.kind])


@blueprint.get("/reports/issued/<code>.pdf")
def download(code: str) -> Response:
    """Send an issued paper."""
    document = documents.get_document(code)
    require(why_not_read(current.actor_or_none(), document))
    assert document.file is not None, f"{document.number} was issued without its file"  # noqa: S101
    return send(document.file)


@blueprint.get("/reports/issued/<code>.<any(xlsx, csv):kind>")
def tables(code: str, kind: str) -> Response:
    """Send the tables of an issued paper: the workbook it carries, or a ZIP with a CSV for each table."""
    document = documents.get_document(code)
    require(why_not_read(current.actor_or_none(), document))
    assert document.file is not None, f"{document.number} was issued without its file"  # noqa: S101
    book = source.workbook_of(read_bytes(document.file))
    content, name = (book, "xlsx") if kind == "xlsx" else (source.tables_as_csv(book), "zip")
    headers = {"Content-Disposition": disposition(f"{document.number}.{name}")}
    return Response(content, mimetype=TABLE_TYPES[name], headers=headers)
