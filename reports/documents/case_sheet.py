"""The sheet of an exemplary case as PDF."""

from reports import source
from reports.data.case_sheet import CaseSheet
from reports.outline import Outline
from reports.qr import qr_svg
from reports.render import render_pdf


def to_pdf(doc: CaseSheet) -> bytes:
    """Return the case sheet as PDF."""
    stamp = doc.stamp
    title = f"{doc.title}（{doc.about}）"
    tables = [table for part in doc.parts for table in part.tables]
    return render_pdf(
        "case_sheet/case.html",
        {
            "doc": doc,
            "stamp": stamp,
            "title": doc.title,
            "above": doc.above,
            "below": doc.about,
            "outline": Outline(),
            "qr": qr_svg(stamp.verify_url, f"核验二维码，核验码 {stamp.check_code}"),
        },
        kind="report",
        title=title,
        author=stamp.issuer,
        identifier=f"case:{stamp.number}:{stamp.check_code}",
        draft=stamp.is_draft,
        created_at=stamp.generated_at,
        attachments=(source.workbook(title, source.stamp_facts(stamp), tables, stamp.generated_at),),
    )
