"""A report, form or register as PDF."""

from reports import source
from reports.data.sheet import Sheet
from reports.documents import balances
from reports.outline import Outline
from reports.qr import qr_svg
from reports.render import render_pdf


def to_pdf(doc: Sheet) -> bytes:
    """Return the paper as PDF; raises DoesNotReconcile when its sums contradict each other."""
    balances.check(doc.balances)
    stamp = doc.stamp
    title = f"{doc.title}（{doc.about}）" if doc.about else doc.title
    tables = [table for part in doc.parts for table in part.tables]
    return render_pdf(
        "sheet/report.html" if doc.has_cover else "sheet/form.html",
        {
            "doc": doc,
            "stamp": stamp,
            "title": doc.title,
            "running": "",
            "above": doc.above,
            "below": doc.about,
            "facts": doc.facts,
            "outline": Outline(),
            "qr": qr_svg(stamp.verify_url, f"核验二维码，核验码 {stamp.check_code}"),
        },
        kind="wide" if doc.is_wide else "report",
        title=title,
        author=stamp.issuer,
        identifier=f"sheet:{stamp.number}:{stamp.check_code}",
        draft=stamp.is_draft,
        created_at=stamp.generated_at,
        attachments=(source.workbook(title, source.stamp_facts(stamp), tables, stamp.generated_at),),
    )
