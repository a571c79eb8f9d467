"""The 届次总结 as PDF."""

from reports import source
from reports.data.round_summary import RoundSummary
from reports.figures import round_summary as figures
from reports.outline import Outline
from reports.qr import qr_svg
from reports.render import render_pdf
from reports.tables import round_summary as tables

KIND = "round-summary"
TITLE = "工作总结报告"


def to_pdf(doc: RoundSummary) -> bytes:
    """Return the summary as PDF; raises DoesNotReconcile when its figures contradict each other."""
    stamp = doc.stamp
    made = tables.build(doc)
    title = f"{doc.street_name}{doc.round_name}{TITLE}"
    return render_pdf(
        "round_summary/report.html",
        {
            "doc": doc,
            "stamp": stamp,
            "title": TITLE,
            "outline": Outline(),
            "tables": made,
            "charts": figures.build(doc),
            "qr": qr_svg(stamp.verify_url, f"核验二维码，核验码 {stamp.check_code}"),
        },
        kind="report",
        title=title,
        author=stamp.issuer,
        identifier=f"{KIND}:{stamp.number}:{stamp.check_code}",
        draft=stamp.is_draft,
        created_at=stamp.generated_at,
        attachments=(source.workbook(title, source.stamp_facts(stamp), made.values(), stamp.generated_at),),
    )
