"""A thousand generated calls, computed again from what is published alone, by hand and with whole fractions."""

import hashlib
import random
import uuid
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grants.rounds.models import Criterion
from grants.selection.models import Application, CommunityOpinion, JuryScore, Review, Score
from grants.selection.queries import recount, results
from grants.selection.queries.results import Formula
from grants.selection.rules import ReviewStatus
from grants.selection.rules.scoring import TIE_BREAKS
from grants.selection.service.awards import keep_figures

CODES = {"need_votes": 10, "need_urgency": 10, "budget_basis": 8, "plan_targets": 72}
CRITERIA = {code: Criterion(code=code, group="", name=code, max_points=top) for code, top in CODES.items()}
TIE_STEPS = (("need_votes", "need_urgency"), ("need_urgency",), ("budget_basis",))
"""需求契合度, 弱势群体, 预算合理性; then the lot."""


def two_decimals(value: Fraction) -> str:
    cents = (200 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{cents // 100}.{cents % 100:02d}"


def recounted(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return (label, expert, jury, community, composite, tie means, lot), best first, from the published record."""
    rule, found = told["formula"], []
    for one in told["applications"]:
        totals = [sum(map(Fraction, sheet["points"].values())) for sheet in one["sheets"]]
        means = tuple(
            sum(Fraction(sheet["points"][code]) for sheet in one["sheets"] for code in codes) / len(totals)
            for codes in TIE_STEPS
        )
        if len(totals) >= rule["trimmed_from"] and len(totals) >= 5:
            totals.remove(max(totals))
            totals.remove(min(totals))
        expert = two_decimals(Fraction(sum(totals)) / len(totals))
        jury = two_decimals(Fraction(sum(one["jury"]), len(one["jury"])))
        community = two_decimals(Fraction(one["community"]))
        parts = {"expert": expert, "jury": jury, "community": community}
        weights = rule["weights"]
        whole = two_decimals(sum(Fraction(parts[key]) * weights[key] for key in parts) / sum(weights.values()))
        found.append((one["label"], expert, jury, community, whole, means, one["lot"]))
    return sorted(found, key=lambda one: (-Fraction(one[4]), tuple(-mean for mean in one[5]), one[6]))


def tie_step(mine: tuple[Any, ...], neighbours: list[tuple[Any, ...]]) -> str:
    """Name the last step needed against a neighbour of the same composite."""
    names = [*(str(step.name) for step in TIE_BREAKS), "公开种子抽签"]
    depths = [
        next((number for number in range(3) if mine[5][number] != other[5][number]), 3)
        for other in neighbours
        if other[4] == mine[4]
    ]
    return names[max(depths)] if depths else ""


class Generated:
    """One call: applications with sheets in every state, jurors who stood aside, few values so that ties happen."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.seed = f"种子{dice.randrange(10**6)}"
        self.applications = [
            Application(id=uuid.uuid4(), ref=f"SB-{number:04d}", blind_label=chr(65 + number))
            for number in range(dice.randint(1, 6))
        ]
        self.reviews: list[Review] = []
        self.jury: list[JuryScore] = []
        self.opinions: dict[uuid.UUID, CommunityOpinion] = {}
        # Some calls are all but alike, so that every tie-break and the lot itself decide now and then
        self.is_flat = dice.random() < 0.5
        for application in self.applications:
            self._judge(application, panel=dice.choice([3, 5, 7]))

    def _judge(self, application: Application, *, panel: int) -> None:
        dice = self.dice
        for seat in range(panel):
            states = ["locked", "locked", "locked", "locked", "recused", "open", "voided"]
            status = ReviewStatus("locked" if seat == 0 else dice.choice(states))
            self._sheet(application, status)
            if status is ReviewStatus.VOIDED and dice.random() < 0.7:
                self._sheet(application, ReviewStatus.LOCKED)
        for seat in range(dice.randint(1, 5)):
            total = None if seat and dice.random() < 0.2 else 80 if self.is_flat else dice.randint(0, 100)
            self.jury.append(JuryScore(application_id=application.id, total=total, is_recused=total is None))
        points = 90 if self.is_flat else dice.randint(0, 100)
        self.opinions[application.id] = CommunityOpinion(application_id=application.id, points=points)

    def _sheet(self, application: Application, status: ReviewStatus) -> None:
        scores = [
            Score(criterion=CRITERIA[code], points=points)
            for code, points in (self._flat() if self.is_flat else self._any()).items()
        ]
        self.reviews.append(Review(application_id=application.id, status=status, scores=scores))

    def _flat(self) -> dict[str, float]:
        votes, urgency, budget = self.dice.choice([(8, 8, 6), (8, 8, 6), (9, 7, 6), (8, 8, 7), (9, 8, 6)])
        return {
            "need_votes": votes,
            "need_urgency": urgency,
            "budget_basis": budget,
            "plan_targets": 80 - votes - urgency - budget,
        }

    def _any(self) -> dict[str, float]:
        return {code: self.dice.randrange(top * 2 + 1) / 2 for code, top in CODES.items()}

    def counted(self, application: Application) -> list[Decimal]:
        """Return the totals that should count, straight from what was generated."""
        return sorted(
            sum((Decimal(str(score.points)) for score in one.scores), Decimal(0))
            for one in self.reviews
            if one.application_id == application.id and one.status is ReviewStatus.LOCKED
        )


def test_a_thousand_calls_come_out_the_same_when_computed_from_what_is_published() -> None:
    dice = random.Random(20260731)
    decided: dict[str, int] = {}
    for number in range(1000):
        made = Generated(dice)
        weights = dice.choice(
            [{"expert": 60, "jury": 30, "community": 10}, {"expert": 50, "jury": 20, "community": 30}]
        )
        rule = Formula(weights, dice.choice([5, 5, 7]), 60, 20, ())
        found = results.sort_out(made.applications, made.reviews, made.jury, made.opinions)
        by_ref = {one.ref: one for one in made.applications}
        for one in results.judged(found, rule, made.seed):
            keep_figures(application=by_ref[one.key], judged=one)
        told = {
            "formula": recount.told_formula(rule, list(CRITERIA.values()), made.seed),
            "applications": recount.told_applications(found, rule, made.seed),
        }
        by_label = {one.blind_label: one for one in made.applications}
        for one in told["applications"]:
            application = by_label[one["label"]]
            assert sorted(Decimal(sheet["total"]) for sheet in one["sheets"]) == made.counted(application), number
            assert one["lot"] == hashlib.sha256(f"{made.seed}|{application.ref}".encode()).hexdigest()
        expected = recounted(told)
        assert [one["label"] for one in told["applications"]] == [one[0] for one in expected], number
        for place, (published, by_hand) in enumerate(zip(told["applications"], expected, strict=True), start=1):
            figures = published["published"]
            assert tuple(figures[key] for key in recount.FIGURES) == by_hand[1:5], number
            step = tie_step(by_hand, expected[max(0, place - 2) : place - 1] + expected[place : place + 1])
            assert (figures["rank"], figures["tie_break"]) == (place, step), number
            decided[step] = decided.get(step, 0) + 1
            dropped = [sheet for sheet in published["sheets"] if not sheet["is_counted"]]
            assert len(dropped) in (0, 2)
    assert len(decided) == 5, "every tie-break, the lot and no tie must all have happened"
    assert min(decided.values()) > 20, decided
