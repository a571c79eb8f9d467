"""A notice-board poster as PDF."""

from reports import source
from reports.data.poster import Poster
from reports.documents import balances
from reports.documents.pages import page_count
from reports.outline import Outline
from reports.qr import qr_svg
from reports.render import render_pdf


def to_pdf(doc: Poster) -> bytes:
    """Return the poster as PDF on one A3 sheet, set tighter where it would not fit; it takes more when even that fails.

    Raises DoesNotReconcile when amounts that must be the same differ.
    """
    balances.check(doc.balances)
    made = _render(doc, is_tight=False)
    return made if page_count(made) == 1 else _render(doc, is_tight=True)


def _render(doc: Poster, *, is_tight: bool) -> bytes:
    tables = [section.table for section in doc.sections if section.table is not None]
    return render_pdf(
        "poster/poster.html",
        {
            "doc": doc,
            "is_tight": is_tight,
            "outline": Outline(),
            "qr": qr_svg(doc.verify_url, f"核验二维码，核验码 {doc.check_code}"),
        },
        kind="poster",
        title=doc.title,
        author=doc.signed_by,
        identifier=f"poster:{doc.title}:{doc.check_code}",
        draft=doc.is_draft,
        created_at=doc.issued_at,
        attachments=(source.workbook(doc.title, source.paper_facts(doc), tables, doc.issued_at),),
    )
