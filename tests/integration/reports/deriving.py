# ruff: noqa: S608 - every statement is made of constants of this file
"""The numbers of the annual report and of a project report, derived once more in plain SQL.

Nothing here is shared with the gathering: other statements, no model, no helper of it. The annual report is
compared part by part, and a part with numbers that is added later and not derived here fails.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grants.evaluation.rules import GRADE_LABELS, Grade
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.rounds.rules import CATEGORY_LABELS, Category
from reports.data.project_evaluation import ProjectEvaluation
from reports.data.round_summary import RoundSummary

OF_ROUND = "JOIN project p ON p.id = a.project_id JOIN round o ON o.id = p.round_id WHERE o.ref = :ref"
SIGNED = f"{OF_ROUND} AND a.signed_on IS NOT NULL"
PAID = (
    f"SELECT r.paid_on, r.amount_fen, p.ref FROM payment_request r JOIN agreement a ON a.id = r.agreement_id {SIGNED}"
)
PROVEN = (
    "SELECT v.spent_on, v.amount_fen, p.ref FROM voucher v JOIN budget_line b ON b.id = v.budget_line_id"
    f" JOIN agreement a ON a.id = b.agreement_id {SIGNED} AND v.status = 'accepted' AND b.source = 'fiscal'"
)
ANSWERS = ("very_good", "good", "fair", "poor", "very_poor")


def rows(sql: str, **values: object) -> list[tuple[Any, ...]]:
    """Return what plain SQL finds."""
    return [tuple(row) for row in db.session.execute(db.text(sql), values)]


def number(sql: str, **values: object) -> int:
    """Return one number of plain SQL; nothing counts as none."""
    return int(rows(sql, **values)[0][0] or 0)


def numeric_parts(doc: Any) -> set[str]:
    """Return the names of the parts of a paper that hold numbers."""
    return {one.name for one in fields(doc) if _holds_numbers(getattr(doc, one.name))}


def _holds_numbers(value: Any) -> bool:
    if is_dataclass(value):
        return any(_holds_numbers(getattr(value, one.name)) for one in fields(value))
    if isinstance(value, tuple | list):
        return any(_holds_numbers(one) for one in value)
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _label(category: str) -> str:
    return str(CATEGORY_LABELS[Category(category)])


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return local(value).date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _months(sql: str, ref: str) -> Counter[date]:
    sums: Counter[date] = Counter()
    for on, fen, _project in rows(sql, ref=ref):
        sums[_day(on).replace(day=1)] += int(fen)
    return sums


def _by_project(sql: str, ref: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for _on, fen, project in rows(sql, ref=ref):
        sums[project] += int(fen)
    return sums


def _answers(sql: str, **values: object) -> Counter[str]:
    counts: Counter[str] = Counter()
    for answer, count in rows(sql, **values):
        counts[str(answer)] += int(count)
    return counts


def _five(counts: Counter[str], names: Iterable[str]) -> tuple[int, ...]:
    return tuple(counts[name] for name in names)


def check_summary(doc: RoundSummary, ref: str) -> None:
    """Compare every number of an annual report with the tables."""
    derived = {
        "funnel": _check_funnel,
        "needs": _check_needs,
        "handled": _check_handled,
        "stages": _check_stages,
        "communities": _check_communities,
        "ages": _check_ages,
        "envelopes": _check_envelopes,
        "projects": _check_projects,
        "months": _check_months,
        "senses": _check_senses,
        "outcomes": _check_outcomes,
    }
    for check in derived.values():
        check(doc, ref)
    assert numeric_parts(doc) <= set(derived)


def _check_needs(doc: RoundSummary, ref: str) -> None:
    sql = "SELECT n.category, c.name, n.status FROM need n JOIN place c ON c.id = n.community_id"
    found = rows(f"{sql} JOIN round o ON o.id = n.round_id WHERE o.ref = :ref", ref=ref)
    raised = Counter((_label(category), name) for category, name, _status in found)
    kept = Counter((_label(category), name) for category, name, status in found if status != "merged")
    adopted = Counter((_label(category), name) for category, name, status in found if status == "adopted")
    shown = {(row.category, row.community): row for row in doc.needs}
    assert {key: row.raised_count for key, row in shown.items()} == dict(raised)
    assert all(row.merged_count == kept[key] for key, row in shown.items())
    assert all(row.approved_count == adopted[key] for key, row in shown.items())


def _check_funnel(doc: RoundSummary, ref: str) -> None:
    need = "SELECT count(*) FROM need n JOIN round o ON o.id = n.round_id WHERE o.ref = :ref"
    paper = f"SELECT count(*) FROM application s JOIN call a ON a.id = s.call_id {OF_ROUND} AND s.status NOT IN"
    assert [row.count for row in doc.funnel] == [
        number(need, ref=ref),
        number(f"{need} AND n.status <> 'merged'", ref=ref),
        number(f"{need} AND n.status = 'adopted'", ref=ref),
        number(
            "SELECT count(*) FROM project p JOIN round o ON o.id = p.round_id"
            " WHERE o.ref = :ref AND p.funded_at IS NOT NULL",
            ref=ref,
        ),
        number(f"{paper} ('draft', 'withdrawn')", ref=ref),
        number(f"{paper} ('draft', 'withdrawn', 'submitted', 'returned', 'ineligible')", ref=ref),
        number(f"SELECT count(*) FROM agreement a {SIGNED}", ref=ref),
    ]


def _check_handled(doc: RoundSummary, ref: str) -> None:
    sql = "SELECT count(*) FROM need n JOIN round o ON o.id = n.round_id WHERE o.ref = :ref AND n.status <> 'merged'"
    kinds = ("service", "management", "enforcement")
    assert [row.count for row in doc.handled] == [number(f"{sql} AND n.triage = :kind", ref=ref, kind=k) for k in kinds]
    assert [row.expected_percent for row in doc.handled] == [70, 20, 10]


def _check_stages(doc: RoundSummary, ref: str) -> None:
    raisers = (
        "SELECT count(*) FROM (SELECT s.resident_id FROM need_support s JOIN need n ON n.id = s.need_id"
        " JOIN round o ON o.id = n.round_id WHERE o.ref = :ref UNION SELECT n.proposer_id FROM need n"
        " JOIN round o ON o.id = n.round_id WHERE o.ref = :ref AND n.proposer_id IS NOT NULL) AS both_ways"
    )
    voters = (
        "SELECT count(DISTINCT e.person_key) FROM roll_entry e JOIN poll q ON q.id = e.poll_id"
        " JOIN round o ON o.id = q.round_id WHERE o.ref = :ref AND e.has_voted"
    )
    jurors = f"SELECT count(DISTINCT j.resident_id) FROM juror j JOIN call a ON a.id = j.call_id {OF_ROUND}"
    watching = (
        f"SELECT count(DISTINCT s.resident_id) FROM resident_supervisor s JOIN agreement a ON a.id = s.agreement_id"
        f" {OF_ROUND}"
    )
    signed_in = (
        "SELECT count(*) FROM activity_sign_in s JOIN activity x ON x.id = s.activity_id"
        f" JOIN agreement a ON a.id = x.agreement_id {OF_ROUND}"
    )
    complaints = (
        "SELECT count(*) FROM complaint c JOIN project p ON p.ref = c.project_ref JOIN round o ON o.id = p.round_id"
        " WHERE o.ref = :ref AND NOT c.is_whistleblowing"
    )
    answered = (
        "SELECT count(*) FROM survey_answer x JOIN survey s ON s.id = x.survey_id"
        f" JOIN agreement a ON a.id = s.agreement_id {SIGNED}"
    )
    three = sum(number(sql, ref=ref) for sql in (watching, signed_in, complaints))
    assert [row.resident_count for row in doc.stages] == [
        number(raisers, ref=ref),
        number(voters, ref=ref),
        number(jurors, ref=ref),
        three,
        number(answered, ref=ref),
    ]


def _rolls(ref: str) -> list[tuple[Any, ...]]:
    """Return the roll of each community's last counted poll: community, age band, voted, channel."""
    polls = rows(
        "SELECT q.ref, c.name, q.counted_at FROM poll q JOIN round o ON o.id = q.round_id"
        " JOIN place c ON c.id = q.community_id WHERE o.ref = :ref AND q.status = 'counted'"
        " ORDER BY q.counted_at, q.ref",
        ref=ref,
    )
    last = {community: poll for poll, community, _at in polls}
    return [
        row
        for poll in last.values()
        for row in rows(
            "SELECT c.name, e.age_band, e.has_voted, e.channel FROM roll_entry e JOIN poll q ON q.id = e.poll_id"
            " JOIN place c ON c.id = e.community_id WHERE q.ref = :poll",
            poll=poll,
        )
    ]


def _check_communities(doc: RoundSummary, ref: str) -> None:
    places = rows(
        "SELECT c.name, c.population, (SELECT count(*) FROM place g WHERE g.parent_id = c.id AND g.kind = 'grid')"
        " FROM place c JOIN round o ON o.street_id = c.parent_id WHERE o.ref = :ref AND c.kind = 'community'"
        " ORDER BY c.code",
        ref=ref,
    )
    assert [(row.name, row.resident_count, row.grid_count) for row in doc.communities] == places
    roll = _rolls(ref)
    for row in doc.communities:
        own = [one for one in roll if one[0] == row.name]
        assert row.eligible_count == len(own)
        assert row.voter_count == sum(bool(one[2]) for one in own)
        assert row.paper_voter_count == sum(bool(one[2]) and one[3] == "paper" for one in own)


def _check_ages(doc: RoundSummary, ref: str) -> None:
    roll = _rolls(ref)
    bands = Counter(one[1] for one in roll)
    voted = Counter(one[1] for one in roll if one[2])
    paper = Counter(one[1] for one in roll if one[2] and one[3] == "paper")
    shown = Counter((row.eligible_count, row.voter_count, row.paper_voter_count) for row in doc.ages)
    assert shown == Counter((bands[band], voted[band], paper[band]) for band in bands)


def _check_envelopes(doc: RoundSummary, ref: str) -> None:
    sql = "SELECT e.category, sum(e.amount_fen) FROM envelope e JOIN round o ON o.id = e.round_id WHERE o.ref = :ref"
    planned = {_label(category): int(fen) for category, fen in rows(f"{sql} GROUP BY e.category", ref=ref)}
    assert {row.category: row.planned_fen for row in doc.envelopes if row.planned_fen} == planned


def _check_projects(doc: RoundSummary, ref: str) -> None:
    paid = _by_project(f"{PAID} AND r.status IN ('paid', 'confirmed')", ref)
    spent = _by_project(PROVEN, ref)
    agreed = rows(
        f"SELECT p.ref, p.category, a.amount_fen, a.social_fen FROM agreement a {SIGNED} ORDER BY p.ref", ref=ref
    )
    assert [(row.reference, row.category, row.fiscal_fen, row.social_fen) for row in doc.projects] == [
        (project, _label(category), int(fiscal), int(social)) for project, category, fiscal, social in agreed
    ]
    for row in doc.projects:
        assert (row.paid_fen, row.spent_fen) == (paid[row.reference], spent[row.reference]), row.reference
        held = rows(
            "SELECT count(*), sum(x.person_count), sum(x.attendance_count) FROM activity x"
            " JOIN agreement a ON a.id = x.agreement_id JOIN project p ON p.id = a.project_id"
            " WHERE p.ref = :project AND x.status = 'recorded'",
            project=row.reference,
        )[0]
        counts = (row.activity_count, row.beneficiary_count, row.attendance_count)
        assert counts == tuple(int(one or 0) for one in held), row.reference
        given = _answers(
            "SELECT x.satisfaction, count(*) FROM survey_answer x JOIN survey s ON s.id = x.survey_id"
            " JOIN agreement a ON a.id = s.agreement_id JOIN project p ON p.id = a.project_id"
            " WHERE p.ref = :project GROUP BY x.satisfaction",
            project=row.reference,
        )
        assert row.answers.counts == _five(given, ANSWERS), row.reference
        total = rows(
            "SELECT e.total, e.grade FROM evaluation e JOIN agreement a ON a.id = e.agreement_id"
            " JOIN project p ON p.id = a.project_id WHERE p.ref = :project AND e.status = 'published'",
            project=row.reference,
        )
        assert (row.score, row.grade) == (
            (round(Decimal(str(total[0][0])), 2), str(GRADE_LABELS[Grade(total[0][1])])) if total else (None, "")
        )


def _check_months(doc: RoundSummary, ref: str) -> None:
    paid, spent = _months(f"{PAID} AND r.status IN ('paid', 'confirmed')", ref), _months(PROVEN, ref)
    shown = {row.month: (row.paid_fen, row.spent_fen) for row in doc.months}
    assert shown == {month: (paid[month], spent[month]) for month in {*paid, *spent}}


def _check_senses(doc: RoundSummary, ref: str) -> None:
    for row, column in zip(doc.senses, ("gain", "happiness", "safety"), strict=True):
        given = _answers(
            f"SELECT x.{column}, count(*) FROM survey_answer x JOIN survey s ON s.id = x.survey_id"
            f" JOIN agreement a ON a.id = s.agreement_id {SIGNED} GROUP BY x.{column}",
            ref=ref,
        )
        assert row.answers.counts == _five(given, ("5", "4", "3", "2", "1"))


def _check_outcomes(doc: RoundSummary, ref: str) -> None:
    carried = rows(
        "SELECT g.name, a.payee_id <> a.organisation_id, e.grade, c.name FROM agreement a"
        " JOIN organisation g ON g.id = a.organisation_id LEFT JOIN evaluation e ON e.agreement_id = a.id"
        " AND e.status = 'published' JOIN project pp ON pp.id = a.project_id"
        f" JOIN place c ON c.id = pp.community_id {SIGNED}",
        ref=ref,
    )
    best = [row for row in carried if row[2] == "excellent"]
    assert [row.value for row in doc.outcomes] == [
        len({row[0] for row in carried}),
        len({row[0] for row in carried if row[1]}),
        sum(row[2] is not None for row in carried),
        len(best),
        len({row[3] for row in best}),
    ]


def check_evaluation(doc: ProjectEvaluation, project: str) -> None:
    """Compare the money, output, satisfaction and score of a project report with the tables."""
    own = " JOIN agreement a ON a.id = {0}.agreement_id JOIN project p ON p.id = a.project_id WHERE p.ref = :project"
    held = "SELECT {0} FROM activity x" + own.format("x") + " AND x.status = 'recorded'"
    vouchers = "SELECT sum(v.amount_fen) FROM voucher v JOIN budget_line b ON b.id = v.budget_line_id"
    proven = vouchers + own.format("b") + " AND v.status = 'accepted'"

    def one(sql: str, **more: object) -> int:
        return number(sql, project=project, **more)

    assert doc.beneficiary_count == one(held.format("sum(x.person_count)"))
    assert doc.volunteer_count == one(held.format("sum(x.volunteer_count)"))
    assert sum(row.attendance_count for row in doc.activities) == one(held.format("sum(x.attendance_count)"))
    assert len(doc.activities) == one(held.format("count(*)"))
    lines = "SELECT sum(b.amount_fen) FROM budget_line b" + own.format("b")
    for row in doc.budget:
        assert row.budget_fen == one(f"{lines} AND b.code = :code", code=row.code), row.name
        assert row.spent_fen == one(f"{proven} AND b.code = :code", code=row.code), row.name
    assert sum(row.budget_fen for row in doc.budget) == one(lines)
    paid = (
        "SELECT sum(r.amount_fen) FROM payment_request r" + own.format("r") + " AND r.status IN ('paid', 'confirmed')"
    )
    assert sum(row.paid_fen for row in doc.tranches) == one(paid)
    assert sum(row.planned_fen for row in doc.tranches) == one(
        "SELECT sum(t.amount_fen) FROM tranche t" + own.format("t")
    )
    fiscal = next(row for row in doc.funding if row.is_fiscal)
    assert fiscal.agreed_fen == one(
        "SELECT a.amount_fen FROM agreement a JOIN project p ON p.id = a.project_id WHERE p.ref = :project"
    )
    assert (fiscal.received_fen, fiscal.spent_fen) == (one(paid), one(f"{proven} AND b.source = 'fiscal'"))
    social = sum(row.spent_fen for row in doc.funding if not row.is_fiscal)
    assert social == one(f"{proven} AND b.source = 'social'")
    given = "SELECT x.{0}, count(*) FROM survey_answer x JOIN survey s ON s.id = x.survey_id" + own.format("s")
    counts = _answers(f"{given.format('satisfaction')} GROUP BY x.satisfaction", project=project)
    assert doc.survey.answers.counts == _five(counts, ANSWERS)
    for row, column in zip(doc.survey.senses, ("gain", "happiness", "safety"), strict=True):
        points = _answers(f"{given.format(column)} GROUP BY x.{column}", project=project)
        assert row.answers.counts == _five(points, ("5", "4", "3", "2", "1"))
    marks = rows(
        "SELECT y.points FROM evaluation_point y JOIN evaluation e ON e.id = y.evaluation_id" + own.format("e"),
        project=project,
    )
    assert sum(row.score for row in doc.scores) == sum((round(Decimal(str(mark)), 2) for (mark,) in marks), Decimal(0))
    complaints = "SELECT count(*) FROM complaint c WHERE c.project_ref = :project AND NOT c.is_whistleblowing"
    assert doc.complaint_count == one(complaints)
    assert doc.complaint_closed_count == one(f"{complaints} AND c.status = 'answered'")
    assert len(doc.findings) == one("SELECT count(*) FROM rectification z" + own.format("z"))
