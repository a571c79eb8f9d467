"""The open record of a decided call: everything needed to compute its ranking again, and nobody's name.

The sheets of one application are numbered by their totals, so that no expert can be followed from one to the next.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from grants.foundation.i18n import _, _l
from grants.rounds.models import Criterion
from grants.rounds.rules import ScoreTableKind
from grants.selection.models import Call, Review
from grants.selection.queries import judging, results
from grants.selection.queries.results import Evidence, Formula, exact
from grants.selection.rules import ApplicationStatus
from grants.selection.rules.scoring import KEPT_AT_LEAST, TIE_BREAKS, lot, trimmed_mean

FIGURES = ("expert", "jury", "community", "composite")
CSV_HEADER = (_l("申报单位"), _l("内容"), _l("序号"), _l("评分项"), _l("名称"), _l("分值"), _l("是否计入"))


def record(call: Call) -> dict[str, Any]:
    """Return the record of a ranked call as plain data; points and figures are decimal strings."""
    # Read first: every score then finds its criterion in memory
    table = judging.criteria(call.project.round, ScoreTableKind.SELECTION)
    rule = results.formula(call)
    found = [one for one in results.evidence(call) if one.application.rank is not None]
    removed = [
        one.blind_label
        for one in call.applications
        if one.blind_label is not None and one.status is ApplicationStatus.INELIGIBLE
    ]
    return {
        "call": call.ref,
        "project": call.project.title,
        "ranked_at": call.ranked_at.isoformat() if call.ranked_at else None,
        "formula": told_formula(rule, table, call.draw_seed or ""),
        "removed": sorted(removed),
        "applications": told_applications(found, rule, call.draw_seed or ""),
    }


def told_formula(rule: Formula, table: Sequence[Criterion], seed: str) -> dict[str, Any]:
    """Return how the figures follow from the points."""
    return {
        "weights": dict(rule.weights),
        "trimmed_from": rule.trimmed_from,
        "kept_at_least": KEPT_AT_LEAST,
        "pass_score": rule.pass_score,
        "rounding": _("各项得分和综合得分均四舍五入到两位小数；综合得分由四舍五入后的三项得分加权"),
        "tie_breaks": [
            {"name": str(step.name), "criteria": [one.code for one in table if step.covers(one.code)]}
            for step in TIE_BREAKS
        ],
        "draw": _("仍相同的按签号由小到大；签号 = SHA-256（种子|申报编号）"),
        "seed": seed,
        "criteria": [
            {"code": one.code, "group": one.group, "name": one.name, "max_points": one.max_points} for one in table
        ],
    }


def told_applications(found: Sequence[Evidence], rule: Formula, seed: str) -> list[dict[str, Any]]:
    """Return what was said about each application and what was published, best first."""
    ranked = sorted(found, key=lambda one: one.application.rank or 0)
    return [_told(one, rule, seed) for one in ranked]


def _told(one: Evidence, rule: Formula, seed: str) -> dict[str, Any]:
    application = one.application
    is_trimmed = trimmed_mean(one.totals, trimmed_from=rule.trimmed_from).lowest is not None
    sheets = sorted((_points(review) for review in one.locked), key=_by_total, reverse=True)
    return {
        "label": application.blind_label,
        "lot": lot(seed, application.ref),
        "sheets": [
            {
                "number": number,
                "points": {code: str(value) for code, value in points.items()},
                "total": str(sum(points.values(), Decimal(0))),
                "is_counted": not (is_trimmed and number in (1, len(sheets))),
            }
            for number, points in enumerate(sheets, start=1)
        ],
        "recused_experts": one.recused_count,
        "voided_sheets": one.voided_count,
        "jury": sorted(one.jury_totals, reverse=True),
        "jurors_aside": one.aside_count,
        "community": one.opinion.points if one.opinion else None,
        "published": {
            **{name: f"{getattr(application, f'{name}_score'):.2f}" for name in FIGURES},
            "rank": application.rank,
            "tie_break": application.tie_note,
            "is_selected": application.status is ApplicationStatus.SELECTED,
        },
    }


def _points(review: Review) -> dict[str, Decimal]:
    ordered = sorted(review.scores, key=lambda score: score.criterion.code)
    return {score.criterion.code: exact(score.points) for score in ordered}


def _by_total(points: dict[str, Decimal]) -> tuple[Decimal, tuple[Decimal, ...]]:
    return sum(points.values(), Decimal(0)), tuple(points.values())


def rows(told: dict[str, Any]) -> list[list[Any]]:
    """Return a record as the lines of one table, for those who recount in a spreadsheet."""
    names = {one["code"]: one["name"] for one in told["formula"]["criteria"]}
    lines: list[list[Any]] = [
        ["", _("计分办法"), "", name, _("权重（百分比）"), share, ""]
        for name, share in told["formula"]["weights"].items()
    ]
    for one in told["applications"]:
        label = one["label"]
        for sheet in one["sheets"]:
            counted = _("计入") if sheet["is_counted"] else _("去掉")
            lines += [
                [label, _("专家评分"), sheet["number"], code, names.get(code, code), float(points), counted]
                for code, points in sheet["points"].items()
            ]
        lines += [
            [label, _("居民评分"), number, "", "", total, _("计入")]
            for number, total in enumerate(one["jury"], start=1)
        ]
        lines.append([label, _("社区评价"), 1, "", "", one["community"], _("计入")])
        lines += [[label, _("公布得分"), "", name, "", float(one["published"][name]), ""] for name in FIGURES]
        lines.append([label, _("名次"), "", "", one["published"]["tie_break"], one["published"]["rank"], ""])
    return lines
