"""What a 届次总结 says: one round of the whole street, by category, by community, by project."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reports.data.common import Answers, Stamp


@dataclass(frozen=True)
class FunnelStep:
    """A stage of the way from needs to funded projects, with how many were left at it."""

    name: str
    count: int
    note: str = ""


@dataclass(frozen=True)
class NeedCount:
    """Needs of one category in one community: raised, left after merging, approved for projects."""

    category: str
    community: str
    raised_count: int
    merged_count: int
    approved_count: int


@dataclass(frozen=True)
class HandledRow:
    """Needs by how they were answered (服务, 管理 or 执法), beside the share that 721 expects in percent."""

    kind: str
    count: int
    expected_percent: int


@dataclass(frozen=True)
class StageRow:
    """One of the five mechanisms: how residents took part in it and how many did."""

    mechanism: str
    what: str
    resident_count: int


@dataclass(frozen=True)
class CommunityRow:
    """A community: its size and its turnout at the round's main vote."""

    name: str
    grid_count: int
    resident_count: int
    eligible_count: int
    voter_count: int
    paper_voter_count: int


@dataclass(frozen=True)
class AgeRow:
    """Turnout of an age band."""

    band: str
    eligible_count: int
    voter_count: int
    paper_voter_count: int


@dataclass(frozen=True)
class EnvelopeRow:
    """The money a category was meant to get, in 分."""

    category: str
    planned_fen: int


@dataclass(frozen=True)
class ProjectRow:
    """A funded project: who, where, money in 分, output, satisfaction, grade.

    `is_hosted` marks an organisation that is only filed and therefore paid through a host. `score` and `grade` are
    empty until it has been evaluated.
    """

    reference: str
    name: str
    category: str
    community: str
    implementer: str
    is_hosted: bool
    fiscal_fen: int
    social_fen: int
    paid_fen: int
    spent_fen: int
    beneficiary_count: int
    attendance_count: int
    activity_count: int
    answers: Answers
    score: Decimal | None = None
    grade: str = ""

    @property
    def agreed_fen(self) -> int:
        """Return fiscal and social money together."""
        return self.fiscal_fen + self.social_fen


@dataclass(frozen=True)
class MonthRow:
    """Payments to implementers and their reported spending in one month (its first day), in 分."""

    month: date
    paid_fen: int
    spent_fen: int


@dataclass(frozen=True)
class SenseRow:
    """One of the three senses over all projects."""

    name: str
    answers: Answers


@dataclass(frozen=True)
class OutcomeRow:
    """One of the round's outcomes; `kind` is people, organisations, projects or communities in Chinese."""

    kind: str
    name: str
    unit: str
    value: int
    previous: int | None


@dataclass(frozen=True)
class Case:
    """A project worth telling about, in a paragraph."""

    title: str
    text: str


@dataclass(frozen=True)
class RoundSummary:
    """Everything the summary says; categories and communities are printed in the order in which they are given."""

    stamp: Stamp
    street_name: str
    round_name: str
    period_start_on: date
    period_end_on: date
    overview: str
    categories: tuple[str, ...]
    grades: tuple[str, ...]
    funnel: tuple[FunnelStep, ...]
    needs: tuple[NeedCount, ...]
    handled: tuple[HandledRow, ...]
    stages: tuple[StageRow, ...]
    communities: tuple[CommunityRow, ...]
    ages: tuple[AgeRow, ...]
    envelopes: tuple[EnvelopeRow, ...]
    projects: tuple[ProjectRow, ...]
    months: tuple[MonthRow, ...]
    senses: tuple[SenseRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    cases: tuple[Case, ...]
    achievements: tuple[str, ...]
    problems: tuple[str, ...]
    plans: tuple[str, ...]

    @property
    def resident_count(self) -> int:
        """Return the residents of all communities."""
        return sum(row.resident_count for row in self.communities)

    @property
    def eligible_count(self) -> int:
        """Return how many were entitled to vote."""
        return sum(row.eligible_count for row in self.communities)

    @property
    def voter_count(self) -> int:
        """Return how many voted."""
        return sum(row.voter_count for row in self.communities)

    @property
    def paper_voter_count(self) -> int:
        """Return how many of them voted on paper."""
        return sum(row.paper_voter_count for row in self.communities)

    @property
    def fiscal_fen(self) -> int:
        """Return the fiscal money agreed for all projects."""
        return sum(row.fiscal_fen for row in self.projects)

    @property
    def social_fen(self) -> int:
        """Return the social money agreed for all projects."""
        return sum(row.social_fen for row in self.projects)

    @property
    def paid_fen(self) -> int:
        """Return what was paid from public money."""
        return sum(row.paid_fen for row in self.projects)

    @property
    def spent_fen(self) -> int:
        """Return what the implementers spent."""
        return sum(row.spent_fen for row in self.projects)

    @property
    def answers(self) -> Answers:
        """Return the satisfaction answers of all projects together."""
        sums = [sum(row.answers.counts[place] for row in self.projects) for place in range(5)]
        return Answers((sums[0], sums[1], sums[2], sums[3], sums[4]))

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Return the communities without any project, which the next round must see to."""
        covered = {row.community for row in self.projects}
        return tuple(row.name for row in self.communities if row.name not in covered)
