"""The English edition of the 末期评估报告 as PDF, for partners who read no Chinese; the Chinese one is the original."""

from collections.abc import Mapping
from dataclasses import replace

from grants.foundation.money import yuan
from reports import source
from reports.charts import Chart
from reports.data.project_evaluation import ProjectEvaluation
from reports.data.sheet import Depth, Part
from reports.data.table import Table
from reports.english.outline import EnglishOutline
from reports.english.translating import chart, english_day, english_moment, say, table
from reports.figures import project_evaluation as figures
from reports.formatting import count, decimal, percent
from reports.qr import qr_svg
from reports.render import render_pdf
from reports.tables import project_evaluation as tables

KIND = "project-evaluation-en"
TITLE = "Final Evaluation Report"
NOTE = (
    "This is a translation for information; the Chinese edition is the original. Labels and figures are translated, "
    "while titles and what people wrote stand in their own words."
)
Tables = Mapping[str, Table]
Charts = Mapping[str, Chart]


def to_pdf(doc: ProjectEvaluation) -> bytes:
    """Return the report as PDF; raises DoesNotReconcile when its figures contradict each other."""
    stamp = doc.stamp
    made = {name: table(one) for name, one in tables.build(doc).items()}
    drawn = {name: chart(one) for name, one in figures.build(doc).items()}
    title = f"{TITLE}: {doc.name}"
    return render_pdf(
        "english/report.html",
        {
            "doc": {"parts": parts(doc, made, drawn)},
            "stamp": replace(stamp, department=say(stamp.department)),
            "title": TITLE,
            "name": doc.name,
            "round_name": doc.round_name,
            "note": NOTE,
            "facts": _facts(doc),
            "outline": EnglishOutline(),
            "cutoff": english_moment(stamp.data_cutoff_at),
            "made": english_moment(stamp.generated_at),
            "roles": {"编制": "Prepared by", "审核": "Reviewed by", "审批": "Approved by"},
            "english_day": english_day,
            "qr": qr_svg(stamp.verify_url, f"QR code to verify, check code {stamp.check_code}"),
        },
        kind="english",
        lang="en",
        title=title,
        author=stamp.issuer,
        identifier=f"{KIND}:{stamp.number}:{stamp.check_code}",
        draft=stamp.is_draft,
        created_at=stamp.generated_at,
        attachments=(source.workbook(title, source.stamp_facts(stamp), made.values(), stamp.generated_at),),
    )


def _facts(doc: ProjectEvaluation) -> tuple[tuple[str, str], ...]:
    return (
        ("Project", doc.reference),
        ("Category", say(doc.category)),
        ("Community", doc.community),
        ("Implementer", doc.implementer),
        ("Period", f"{english_day(doc.period_start_on)} – {english_day(doc.period_end_on)}"),
        ("Agreement", doc.agreement_number),
    )


def parts(doc: ProjectEvaluation, made: Tables, drawn: Charts) -> tuple[Part, ...]:
    """Return the parts of the report in the order of the Chinese edition."""
    return (
        _abstract(doc),
        *_overview(doc, made),
        *_method(doc, made),
        *_results(doc, made, drawn),
        *_money(doc, made, drawn),
        *_residents(doc, made, drawn),
        *_problems(doc, made),
        *_conclusion(doc, drawn),
        Part("Score table", Depth.ANNEX, tables=(made["scores"],)),
        Part("Activities", Depth.ANNEX, tables=(made["activities"],)),
    )


def _charts(drawn: Charts, *names: str) -> tuple[Chart, ...]:
    return tuple(drawn[name] for name in names if name in drawn)


def _abstract(doc: ProjectEvaluation) -> Part:
    answers = doc.survey.answers
    met, all_targets = doc.targets_met_count, len(doc.targets)
    text = (
        f"The project scored {decimal(doc.score)} of 100 points and was graded {say(doc.grade)}. Of its "
        f"{all_targets} targets it met {met}. It held {len(doc.activities)} activities, reached "
        f"{count(doc.beneficiary_count)} people directly and counted {count(doc.attendance_count)} attendances. "
        f"It received {yuan(doc.received_fen)} yuan and spent {yuan(doc.spent_fen)} yuan; "
        f"{percent(answers.rate)} of the residents asked were satisfied."
    )
    keys = (
        ("Score", decimal(doc.score)),
        ("Grade", say(doc.grade)),
        ("Satisfied", percent(answers.rate)),
        ("Spent of received", percent(doc.spent_fen, doc.received_fen)),
        ("People reached", count(doc.beneficiary_count)),
        ("Attendances", count(doc.attendance_count)),
        ("Activities", count(len(doc.activities))),
        ("Targets met", f"{met}/{all_targets}"),
    )
    return Part("Summary", Depth.FRONT, text=text, keys=keys)


def _overview(doc: ProjectEvaluation, made: Tables) -> tuple[Part, ...]:
    facts = (
        ("Implementer", doc.implementer),
        ("Payee", doc.payee),
        ("Project leader", doc.leader),
        ("Agreement", doc.agreement_number),
        ("Volunteers", count(doc.volunteer_count)),
    )
    own = "\n".join((doc.goal, doc.content, doc.target_group))
    return (
        Part("The project"),
        Part(
            "The needs it answers",
            Depth.SUBSECTION,
            text=f"The project answers {len(doc.needs)} needs that residents of {doc.community} raised.",
            tables=(made["needs"],),
        ),
        Part("Aim and service, in the words of the agreement", Depth.SUBSECTION, text=own),
        Part("Organisation", Depth.SUBSECTION, facts=facts),
    )


def _method(doc: ProjectEvaluation, made: Tables) -> tuple[Part, ...]:
    when = f"{english_day(doc.evaluation_start_on)} to {english_day(doc.evaluation_end_on)}"
    return (
        Part("How it was evaluated"),
        Part(
            "Methods",
            Depth.SUBSECTION,
            text=f"The evaluation took place from {when}. Those who scored and who approved are different people.",
            tables=(made["methods"],),
        ),
        Part(
            "Limits",
            Depth.SUBSECTION,
            text=(
                "People reached are summed over activities: a resident who came to several is counted each time. "
                "Questionnaires are anonymous. Money from society counts as far as vouchers prove it."
            ),
        ),
    )


def _results(doc: ProjectEvaluation, made: Tables, drawn: Charts) -> tuple[Part, ...]:
    rate = percent(doc.targets_met_count, len(doc.targets))
    return (
        Part("Results"),
        Part(
            "Targets",
            Depth.SUBSECTION,
            text=f"{doc.targets_met_count} of {len(doc.targets)} targets were met ({rate}).",
            tables=(made["targets"],),
        ),
        Part(
            "Progress and activities",
            Depth.SUBSECTION,
            text=f"{len(doc.activities)} activities with {count(doc.attendance_count)} attendances; see Annex 2.",
            tables=(made["milestones"],),
            charts=_charts(drawn, "months"),
        ),
    )


def _money(doc: ProjectEvaluation, made: Tables, drawn: Charts) -> tuple[Part, ...]:
    text = (
        f"The project received {yuan(doc.received_fen)} yuan, spent {yuan(doc.spent_fen)} yuan and has "
        f"{yuan(doc.received_fen - doc.spent_fen)} yuan left."
    )
    return (
        Part("Money"),
        Part("Sources and payments", Depth.SUBSECTION, text=text, tables=(made["funding"], made["tranches"])),
        Part("Budget and spending", Depth.SUBSECTION, tables=(made["budget"],), charts=_charts(drawn, "budget")),
        Part("Efficiency", Depth.SUBSECTION, tables=(made["ratios"],)),
    )


def _residents(doc: ProjectEvaluation, made: Tables, drawn: Charts) -> tuple[Part, ...]:
    survey = doc.survey
    text = (
        f"{count(survey.issued_count)} questionnaires were sent and {count(survey.returned_count)} came back, "
        f"{count(survey.rechecked_count)} of them by telephone. {percent(survey.answers.rate)} were satisfied; "
        f"the index is {decimal(survey.answers.index, 1)} of 100."
    )
    return (
        Part("What residents say"),
        Part("Satisfaction", Depth.SUBSECTION, text=text, tables=(made["survey"],), charts=_charts(drawn, "survey")),
        Part("Residents in every step", Depth.SUBSECTION, tables=(made["steps"],)),
        Part("The five partners", Depth.SUBSECTION, tables=(made["partners"],), charts=_charts(drawn, "partners")),
    )


def _problems(doc: ProjectEvaluation, made: Tables) -> tuple[Part, ...]:
    done = sum(row.closed_on is not None for row in doc.findings)
    text = (
        f"{count(doc.complaint_count)} complaints were received and {count(doc.complaint_closed_count)} answered; "
        f"supervision found {len(doc.findings)} problems, of which {done} were put right."
    )
    return (
        Part("Problems and how they were put right", text=text, tables=(made["findings"],) if doc.findings else ()),
    )


def _conclusion(doc: ProjectEvaluation, drawn: Charts) -> tuple[Part, ...]:
    veto = "A veto applies." if doc.vetoes else "No veto applies."
    text = f"The project scored {decimal(doc.score)} points and is graded {say(doc.grade)}. {veto}"
    return (
        Part("Conclusion", text=text, charts=_charts(drawn, "score", "dimensions")),
        Part("What went well, in the evaluators' words", Depth.SUBSECTION, points=doc.achievements),
        Part("Recommendations, in the evaluators' words", Depth.SUBSECTION, points=doc.recommendations),
    )
