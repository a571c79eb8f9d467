"""A sheet of activation codes as PDF: ten slips a page, with cut lines."""

from reports.data.code_sheet import CodeSheet
from reports.qr import qr_svg
from reports.render import render_pdf


def to_pdf(doc: CodeSheet) -> bytes:
    """Return the slips as PDF. No server sees what stands behind the # of an address, so no log keeps a code."""
    slips = [
        (line, qr_svg(f"{doc.address}#{line.code}", f"第{number}张投票码的二维码"))
        for number, line in enumerate(doc.lines, start=1)
    ]
    return render_pdf(
        "codes/sheet.html",
        {"doc": doc, "slips": slips},
        kind="codes",
        title=f"投票码 {doc.sheet}",
        author=doc.printed_by,
        identifier=f"code-sheet:{doc.sheet}",
        created_at=doc.printed_at,
    )
