"""What the scores say: the evidence behind a ranking, what still stops it, and the ranking itself."""

import math
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grants.foundation.i18n import Text, _
from grants.rounds.rules import ScoreTableKind
from grants.selection.models import Application, Call, CommunityOpinion, JuryScore, Review
from grants.selection.queries import judging
from grants.selection.rules import ApplicationStatus, ReviewStatus, setting
from grants.selection.rules.scoring import (
    TIE_BREAKS,
    Heard,
    Judged,
    deviates,
    judge,
    mean,
    trimmed_mean,
    two_decimals,
)


@dataclass(frozen=True)
class Evidence:
    """Everything that was said about one application."""

    application: Application
    locked: tuple[Review, ...]
    open_count: int
    recused_count: int
    jury_totals: tuple[int, ...]
    opinion: CommunityOpinion | None
    voided_count: int = 0
    aside_count: int = 0

    @property
    def totals(self) -> list[Decimal]:
        """Return the locked totals."""
        return [exact(review.total) for review in self.locked]

    def tie_means(self) -> tuple[Fraction, ...]:
        """Return the mean points of the criteria of each tie-break, over all locked sheets."""
        means = []
        for step in TIE_BREAKS:
            sums = [
                sum((exact(score.points) for score in review.scores if step.covers(score.criterion.code)), Decimal(0))
                for review in self.locked
            ]
            means.append(mean(sums))
        return tuple(means)

    def named_tie_means(self) -> list[tuple[Text, Decimal]]:
        """Return the mean of each tie-break step under its name, to two decimals."""
        return [(step.name, two_decimals(value)) for step, value in zip(TIE_BREAKS, self.tie_means(), strict=True)]

    def trimmed(self, trimmed_from: int) -> set[uuid.UUID]:
        """Return the two sheets that do not count, one highest and one lowest; of equals, any one does as well."""
        if trimmed_mean(self.totals, trimmed_from=trimmed_from).lowest is None:
            return set()
        ordered = sorted(self.locked, key=lambda review: review.total)
        return {ordered[0].id, ordered[-1].id}


def exact(points: float) -> Decimal:
    """Return stored points (halves) as an exact number."""
    return Decimal(str(points))


def evidence(call: Call) -> list[Evidence]:
    """Gather what was said about the eligible applications of a call, by letter."""
    return sort_out(
        judging.list_labelled(call),
        judging.list_reviews(call),
        judging.list_jury_scores(call),
        judging.list_opinions(call),
    )


def sort_out(
    applications: Sequence[Application],
    reviews: Sequence[Review],
    jury: Sequence[JuryScore],
    opinions: Mapping[uuid.UUID, CommunityOpinion],
) -> list[Evidence]:
    """Put sheets, jury and opinions to their applications; only locked sheets and given totals count."""
    return [
        _said_about(
            application,
            [one for one in reviews if one.application_id == application.id],
            [one for one in jury if one.application_id == application.id],
            opinions.get(application.id),
        )
        for application in applications
    ]


def _said_about(
    application: Application, reviews: list[Review], jury: list[JuryScore], opinion: CommunityOpinion | None
) -> Evidence:
    by_status = Counter(one.status for one in reviews)
    return Evidence(
        application=application,
        locked=tuple(one for one in reviews if one.status is ReviewStatus.LOCKED),
        open_count=by_status[ReviewStatus.OPEN],
        recused_count=by_status[ReviewStatus.RECUSED],
        jury_totals=tuple(one.total for one in jury if one.total is not None),
        opinion=opinion,
        voided_count=by_status[ReviewStatus.VOIDED],
        aside_count=sum(one.total is None for one in jury),
    )


def deviating(call: Call, *, found: list[Evidence] | None = None) -> list[Review]:
    """List the locked sheets whose total lies too far from the mean, once all sheets of an application are locked."""
    percent = int(setting(call.project.round.settings, "deviation_percent"))
    sheets = []
    for one in found if found is not None else evidence(call):
        if one.open_count == 0 and len(one.locked) > 1:
            sheets += [review for review in one.locked if deviates(exact(review.total), one.totals, percent)]
    return sheets


def blockers(call: Call) -> list[str]:
    """Say what still stops the ranking; empty when it may be made."""
    found = evidence(call)
    if not found:
        return [_("没有进入评审的申报书")]
    undeclared = [
        _("%(label)s 还没有提交利益冲突声明", label=member.label)
        for member in judging.list_panel(call)
        if member.replaced_at is None and member.declared_at is None
    ]
    reasons = list(undeclared)
    settings = call.project.round.settings
    quorum = math.ceil(len(judging.list_jurors(call)) * int(setting(settings, "jury_quorum_percent")) / 100)
    for one in found:
        # Sheets are handed out as experts declare; until all have, nobody can tell whether too few remain
        minimum = 0 if undeclared else int(setting(settings, "review_minimum"))
        reasons += _lacking(one, minimum, max(quorum, 1))
    reasons += [
        _(
            "%(expert)s对申报单位 %(label)s 的评分偏离较大，还没有说明理由",
            expert=review.member.label,
            label=review.application.blind_label,
        )
        for review in deviating(call, found=found)
        if not review.deviation_reason
    ]
    return reasons


def _lacking(one: Evidence, review_minimum: int, quorum: int) -> list[str]:
    label = one.application.blind_label
    reasons = []
    if one.open_count:
        reasons.append(_("申报单位 %(label)s 还有 %(count)s 份评分没有锁定", label=label, count=one.open_count))
    elif len(one.locked) < review_minimum:
        reasons.append(
            _(
                "申报单位 %(label)s 只有 %(count)s 份有效评分，至少需要 %(minimum)s 份，请递补专家",
                label=label,
                count=len(one.locked),
                minimum=review_minimum,
            )
        )
    if len(one.jury_totals) < quorum:
        values = {"label": label, "count": len(one.jury_totals), "quorum": quorum}
        reasons.append(_("申报单位 %(label)s 的居民评分 %(count)s 份，至少需要 %(quorum)s 份", **values))
    if one.opinion is None:
        reasons.append(_("申报单位 %(label)s 还没有社区意见", label=label))
    return reasons


def compute(call: Call) -> list[Judged]:
    """Compute figures and places from the scores alone, best first; what is stored must always equal this."""
    return judged(evidence(call), formula(call), call.draw_seed or "")


def judged(found: Sequence[Evidence], rule: "Formula", seed: str) -> list[Judged]:
    """Compute figures and places from what was said, under the formula of the round."""
    heard = [
        Heard(
            key=one.application.ref,
            totals=tuple(one.totals),
            jury=one.jury_totals,
            community=one.opinion.points,
            tie_means=one.tie_means(),
        )
        for one in found
        if one.opinion is not None
    ]
    return judge(heard, weights=rule.weights, trimmed_from=rule.trimmed_from, seed=seed)


def differing(call: Call) -> list[str]:
    """Name the applications whose stored figures are not what a recount of the scores gives; empty when all agree.

    Places are compared by their order, since a disqualified application leaves a gap.
    """
    rows, recount = ranking(call), compute(call)
    stored = {row.application.ref: (row.expert, row.jury, row.community, row.composite) for row in rows}
    faults = [
        one.key
        for one in recount
        if stored.get(one.key) != (float(one.expert.mean), float(one.jury), float(one.community), float(one.composite))
    ]
    in_order = [row.application.ref for row in rows] == [one.key for one in recount]
    return faults if in_order else sorted({*faults, *stored})


@dataclass(frozen=True)
class RankingRow:
    """A line of the published ranking; the name belongs to the chosen one, or to readers who may know them all."""

    application: Application
    label: str
    name: str
    rank: int
    expert: float
    jury: float
    community: float
    composite: float
    tie_note: str
    is_passed: bool
    review_count: int
    jury_count: int

    @property
    def is_selected(self) -> bool:
        """Tell whether this is the organisation that was chosen."""
        return self.application.status is ApplicationStatus.SELECTED


def ranking(call: Call, *, found: Sequence[Evidence] | None = None) -> list[RankingRow]:
    """Return the stored ranking of a call, best first; empty before it is made. `found` saves reading it again."""
    pass_score = float(setting(call.project.round.settings, "selection_pass_score"))
    rows = [
        RankingRow(
            application=one.application,
            label=one.application.blind_label or "",
            name=one.application.organisation.name,
            rank=one.application.rank,
            expert=one.application.expert_score or 0,
            jury=one.application.jury_score or 0,
            community=one.application.community_score or 0,
            composite=one.application.composite_score,
            tie_note=one.application.tie_note,
            is_passed=one.application.composite_score >= pass_score,
            review_count=len(one.locked),
            jury_count=len(one.jury_totals),
        )
        for one in (found if found is not None else evidence(call))
        if one.application.rank is not None and one.application.composite_score is not None
    ]
    return sorted(rows, key=lambda row: row.rank)


def find_candidate(call: Call) -> Application | None:
    """Return the best application that reaches the pass score: the only one that may be awarded."""
    first = next((row for row in ranking(call) if row.application.status is not ApplicationStatus.INELIGIBLE), None)
    return first.application if first is not None and first.is_passed else None


@dataclass(frozen=True)
class Formula:
    """How a composite comes about, for everybody to read."""

    weights: dict[str, int]
    trimmed_from: int
    pass_score: int
    deviation_percent: int
    tie_breaks: tuple[Text, ...]


def formula(call: Call) -> Formula:
    """Return the formula that the round has frozen."""
    settings = call.project.round.settings
    return Formula(
        weights=dict(setting(settings, "selection_weights")),
        trimmed_from=int(setting(settings, "scores_trimmed_from")),
        pass_score=int(setting(settings, "selection_pass_score")),
        deviation_percent=int(setting(settings, "deviation_percent")),
        tie_breaks=tuple(step.name for step in TIE_BREAKS),
    )


def criteria_of(call: Call) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return the score table by group, for the public page of the formula."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for one in judging.criteria(call.project.round, ScoreTableKind.SELECTION):
        groups.setdefault(one.group, []).append((one.name, one.max_points))
    return list(groups.items())


@dataclass(frozen=True)
class CriterionMean:
    """The mean points of one criterion over the locked sheets of an application."""

    name: str
    group: str
    max_points: int
    mean: Decimal


def criterion_means(one: Evidence) -> list[CriterionMean]:
    """Return the mean of each criterion, in the order of the table."""
    given: dict[uuid.UUID, list[Decimal]] = {}
    for review in one.locked:
        for score in review.scores:
            given.setdefault(score.criterion_id, []).append(exact(score.points))
    table = judging.criteria(one.application.call.project.round, ScoreTableKind.SELECTION)
    return [
        CriterionMean(line.name, line.group, line.max_points, two_decimals(mean(given[line.id])))
        for line in table
        if line.id in given
    ]
