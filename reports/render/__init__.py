"""A template and plain data in, PDF bytes out.

This is the only place that imports WeasyPrint, and it does so at the first page, so a web worker that never prints
stays small. Same data and identifier give the same bytes: an issued paper can be made again and compared.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reports.render.guard import Limits, RenderKilled, run_guarded
from reports.render.limits import TooLarge, check_size
from reports.render.pages import render_html
from reports.render.settings import Attached, Kind, PaperMeta

__all__ = ["Attached", "Kind", "Limits", "PaperMeta", "RenderKilled", "TooLarge", "render_guarded", "render_pdf"]


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    kind: str = Kind.REPORT,
    lang: str = "zh-CN",
    title: str,
    author: str,
    identifier: str,
    draft: bool = False,
    created_at: datetime | None = None,
    tagged: bool = True,
    attachments: tuple[Attached, ...] = (),
) -> bytes:
    """Return the PDF of `templates/reports/<template>` filled with `context`.

    `kind` picks page and style: "report", "english", "wide" (landscape), "official" (GB/T 9704-2012), "poster" (A3) or
    "codes" (slips to cut).
    `identifier` becomes the PDF's file identifier; nothing in the bytes depends on when they were made. `draft` lays
    草稿 under every page. Tagged output is produced as PDF/UA-1; with attachments it is produced as PDF/A-3a instead,
    for the archive. Raises TooLarge when the content could not be laid out in reasonable time,
    jinja2.UndefinedError when the context lacks something.
    """
    from reports.render.engine import engine

    meta = PaperMeta(
        kind=Kind(kind),
        lang=lang,
        title=title,
        author=author,
        identifier=identifier,
        draft=draft,
        created_at=created_at,
        tagged=tagged,
        attachments=attachments,
    )
    html = render_html(template, context, meta)
    check_size(html)
    return engine().pdf(html, meta)


render_guarded = run_guarded
