"""A notice-board poster as PDF."""

from reports import source
from reports.data.poster import Poster
from reports.documents import balances
from reports.outline import Outline
from reports.qr import qr_svg
from reports.render import render_pdf


def to_pdf(doc: Poster) -> bytes:
    """Return the poster as PDF on A3; raises DoesNotReconcile when amounts that must be the same differ."""
    balances.check(doc.balances)
    tables = [section.table for section in doc.sections if section.table is not None]
    return render_pdf(
        "poster/poster.html",
        {
            "doc": doc,
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
