"""The 末期评估报告 as PDF."""

from reports import source
from reports.data.project_evaluation import ProjectEvaluation
from reports.figures import project_evaluation as figures
from reports.outline import Outline
from reports.qr import qr_svg
from reports.render import render_pdf
from reports.tables import project_evaluation as tables

KIND = "project-evaluation"
TITLE = "项目末期评估报告"


def to_pdf(doc: ProjectEvaluation) -> bytes:
    """Return the report as PDF; raises DoesNotReconcile when its figures contradict each other."""
    stamp = doc.stamp
    made = tables.build(doc)
    title = doc.name.removesuffix("项目") + TITLE
    return render_pdf(
        "project_evaluation/report.html",
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
