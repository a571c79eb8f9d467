"""An official paper as PDF."""

from reports import source
from reports.data.official_paper import OfficialPaper
from reports.documents import balances
from reports.documents.pages import page_count
from reports.qr import qr_svg
from reports.render import render_pdf

LONGEST_LARGE_MASTHEAD = 10


def to_pdf(doc: OfficialPaper) -> bytes:
    """Return the paper as PDF, its 版记 at the foot of the last page, which is an even one where there is a 版记.

    Raises DoesNotReconcile when amounts that must be the same differ.
    """
    balances.check(doc.balances)
    made = _render(doc, turn=False)
    has_imprint = bool(doc.copies_to or doc.printed_by)
    if has_imprint and page_count(made) % 2:
        made = _render(doc, turn=True)
    return made


def _render(doc: OfficialPaper, *, turn: bool) -> bytes:
    tables = [block.table for block in doc.body if block.table is not None]
    return render_pdf(
        "official/paper.html",
        {
            "doc": doc,
            "turn": turn,
            "is_long": len(doc.masthead) > LONGEST_LARGE_MASTHEAD,
            "qr": qr_svg(doc.verify_url, f"核验二维码，核验码 {doc.check_code}"),
        },
        kind="official",
        title=doc.full_title,
        author=doc.signed_by,
        identifier=f"official-paper:{doc.number or doc.full_title}:{doc.check_code}",
        draft=doc.is_draft,
        created_at=doc.issued_at,
        attachments=(source.workbook(doc.full_title, source.paper_facts(doc), tables, doc.issued_at),),
    )
