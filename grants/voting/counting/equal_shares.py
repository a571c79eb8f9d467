"""The method of equal shares: every voter gets the same part of the budget and spends it on what they voted for.

Always named with its variant, because the variant changes winners: the utility, how the shares are completed, what
fills the rest, and whether the outcome is compared with greedy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from grants.voting.counting.election import Election, ones
from grants.voting.counting.greedy import GreedyRule, count_greedy, secured_by_floors, tie_ranks
from grants.voting.counting.limits import Room
from grants.voting.counting.result import Outcome, Result, Round, Why
from grants.voting.counting.shares_run import TOLERANCE, Candidate, Precision, Run, replay
from grants.voting.counting.variants import Comparison, Completion, Fill, Utility


@dataclass(frozen=True)
class EqualSharesRule:
    """The variant in full. Money in minor units.

    `tie_order` lists option ids, first wins; empty means lowest cost, then most votes, then the published order.
    `threshold` is the least score an option needs. `increment` is one step of add1 for every voter. `start_share` is
    the first share; when not given, what floors leave of the budget, divided by the voters. `envelopes` (by category)
    and `floors` (by community) are in minor units, see counting.limits; floors are paid before the budget is shared.
    """

    utility: Utility = Utility.COST
    completion: Completion = Completion.ADD1
    fill: Fill = Fill.NONE
    comparison: Comparison = Comparison.NONE
    tie_order: tuple[str, ...] = ()
    threshold: int = 0
    increment: int = 1
    start_share: Fraction | None = None
    exclusion_groups: tuple[frozenset[str], ...] = ()
    envelopes: Mapping[str, int] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.increment < 1:
            raise ValueError("a step of add1 is at least one minor unit")


def count_equal_shares(election: Election, rule: EqualSharesRule | None = None) -> Result:
    """Count by equal shares.

    Raises ValueError when the tie order does not name every option exactly once, or the first share is too high.
    """
    rule = rule or EqualSharesRule()
    count = SharesCount(election, rule)
    run, steps = count.complete()
    result = count.result(run, steps)
    if rule.comparison is not Comparison.NONE:
        greedy = count_greedy(election, greedy_rival(election, rule))
        if prefers(election, rule.comparison, greedy.winners, result.winners):
            return greedy
    return result


def greedy_rival(election: Election, rule: EqualSharesRule) -> GreedyRule:
    """Return the greedy rule that the comparison step counts against this one; ties go the same way in both."""
    return GreedyRule(
        rule.tie_order or default_tie_order(election),
        rule.threshold,
        exclusion_groups=rule.exclusion_groups,
        envelopes=rule.envelopes,
        floors=rule.floors,
    )


def default_tie_order(election: Election) -> tuple[str, ...]:
    """Return option ids by lowest cost, then most votes, then the published order."""
    by_cost = sorted(
        range(len(election.options)), key=lambda place: (election.options[place].cost, -election.votes[place])
    )
    return tuple(election.options[place].id for place in by_cost)


def prefers(election: Election, by: Comparison, these: Iterable[str], those: Iterable[str]) -> bool:
    """Tell whether strictly more voters are better off with `these` winners than with `those`."""
    first, second = _utilities(election, by, these), _utilities(election, by, those)
    more = sum(ballot.weight for ballot, a, b in zip(election.ballots, first, second, strict=True) if a > b)
    fewer = sum(ballot.weight for ballot, a, b in zip(election.ballots, first, second, strict=True) if a < b)
    return more > fewer


def _utilities(election: Election, by: Comparison, winners: Iterable[str]) -> list[int]:
    """Return what each grouped ballot gets: the number of its funded options, or 1 for at least one of them."""
    places = {election.place(option_id) for option_id in winners}
    gains = [len(places.intersection(ballot.choices)) for ballot in election.ballots]
    return gains if by is Comparison.SATISFACTION else [min(gain, 1) for gain in gains]


class SharesCount:
    """One count: the options that take part, and the runs with rising shares."""

    def __init__(self, election: Election, rule: EqualSharesRule) -> None:
        self._election = election
        self._rule = rule
        self._order = rule.tie_order or default_tie_order(election)
        self._ranks = tie_ranks(election, self._order)
        self._precision = Precision()
        self._secured = secured_by_floors(election, greedy_rival(election, rule))
        self._room = self._room_after(self._secured)
        self._budget = self._room.left
        places = [place for place in range(len(election.options)) if self._bar(place) is None]
        self.candidates = sorted(
            map(self._candidate, places), key=lambda candidate: (candidate.lowest_key, candidate.rank)
        )
        equal = Fraction(self._budget, max(1, election.voters))
        self.start = equal if rule.start_share is None else rule.start_share
        if self.start > equal:
            raise ValueError("the first share is more than an equal part of the budget")

    def complete(self) -> tuple[Run, int]:
        """Raise the shares as the rule says; return the last run that does not overspend and its number of steps."""
        step = 0 if self._rule.completion is Completion.NONE else self._first_step()
        run = self.run(self._share(step))
        while not self._is_final(run):
            following = self.run(self._share(step + 1))
            if following.total_cost > self._budget:
                break
            run, step = following, step + 1
        return run, step

    def result(self, run: Run, steps: int) -> Result:
        """Write down a run, filled up greedily when the rule says so."""
        election = self._election
        rounds = self._common_rounds(self._secured, 0, Why.FUNDED_BY_FLOOR)
        rounds += self._rounds(run, election.budget - self._budget)
        filled: list[int] = []
        if self._rule.fill is Fill.GREEDY:
            filled = self._fill(run)
            rounds += self._common_rounds(filled, rounds[-1].running_total if rounds else 0, Why.FUNDED_BY_FILL)
        total = rounds[-1].running_total if rounds else 0
        return Result(
            winners=tuple(row.option_id for row in rounds),
            total_cost=total,
            budget=election.budget,
            rounds=tuple(rounds),
            outcomes=tuple(self._outcomes(run, filled, election.budget - total)),
            smallest_gap=self._precision.smallest_gap,
            settled_exactly=self._precision.settled_exactly,
            share=run.share,
            steps=steps,
        )

    def _bar(self, place: int) -> Why | None:
        """Return why an option takes no part in sharing at all, or None."""
        election, option = self._election, self._election.options[place]
        if place in self._secured:
            return Why.FUNDED_BY_FLOOR
        if not election.votes[place]:
            return Why.NO_VOTES
        if election.scores[place] < self._rule.threshold:
            return Why.BELOW_THRESHOLD
        if option.cost > election.budget:
            return Why.OVER_BUDGET
        if self._rival(option.id, set(self._secured)) is not None:
            return Why.RIVAL_FUNDED
        if self._room.overfills_envelope(option):
            return Why.ENVELOPE_FULL
        return Why.DOES_NOT_FIT if option.cost > self._budget else None

    def _room_after(self, places: Iterable[int]) -> Room:
        """Return what is left of the budget and of every envelope when these options have been funded."""
        room = Room(self._election.budget, self._rule.envelopes)
        for place in places:
            room.spend(self._election.options[place])
        return room

    def _candidate(self, place: int) -> Candidate:
        option, supporters = self._election.options[place], self._election.supporters[place]
        with_points = self._rule.utility is Utility.POINTS
        rivals = {other for group in self._rule.exclusion_groups if option.id in group for other in group - {option.id}}
        return Candidate(
            place=place,
            cost=option.cost,
            scale=max(1, option.cost) if self._rule.utility is Utility.COST else 1,
            rank=self._ranks[place],
            groups=supporters.groups,
            weights=supporters.weights,
            units=supporters.points if with_points else ones(supporters.points.size),
            rivals=frozenset(self._election.place(option_id) for option_id in rivals),
            envelope=option.category if option.category in self._rule.envelopes else None,
        )

    def _share(self, step: int) -> Fraction:
        return self.start + step * self._rule.increment

    def run(self, share: Fraction) -> Run:
        """Return the run in which every voter has this share."""
        room = self._room.envelopes
        return Run(self.candidates, len(self._election.ballots), share, self._precision, room).go()

    def _first_step(self) -> int:
        """Return a step that the walk certainly reaches, so that the runs before it need not be made.

        An option whose supporters together have less than its cost cannot be funded. While the options that could be
        funded cost no more than the budget, no run overspends; and the walk goes on, since one of them still fits or
        one of the others is still open.
        """
        needed = sorted(self.candidates, key=lambda candidate: Fraction(candidate.cost, candidate.voters))
        free = [candidate for candidate in needed if not candidate.rivals and candidate.envelope is None]
        reached = max(map(self._step_to_afford, free), default=0)
        left = self._budget
        for number, candidate in enumerate(needed):
            left -= candidate.cost
            if left < 0:
                reached = min(reached, self._step_to_afford(candidate) - 1)
                break
            if self._may_be_exhausted(needed[number + 1 :], left):
                reached = min(reached, self._step_to_afford(candidate))
        return max(0, reached)

    def _may_be_exhausted(self, others: Sequence[Candidate], left: int) -> bool:
        """Tell whether a walk that ends when nothing more fits could end with only these options still unfunded."""
        if self._rule.completion is not Completion.ADD1E:
            return False
        return bool(self._rule.exclusion_groups or self._rule.envelopes) or all(other.cost > left for other in others)

    def _step_to_afford(self, candidate: Candidate) -> int:
        """Return the first step at which the supporters of an option together have its cost."""
        return max(0, ceil((Fraction(candidate.cost, candidate.voters) - self.start) / self._rule.increment))

    def _is_final(self, run: Run) -> bool:
        """Tell whether no further step is to be tried after this run."""
        if self._rule.completion is Completion.NONE:
            return True
        still_open = self._open(run.places)
        if self._rule.completion is Completion.ADD1E:
            left = self._budget - run.total_cost
            still_open = [candidate for candidate in still_open if candidate.cost <= left]
        return not still_open

    def _open(self, funded: Iterable[int]) -> list[Candidate]:
        """Return the options that are neither funded nor knocked out by a funded rival or a full envelope."""
        places = set(funded)
        room = self._room_after([*self._secured, *places])
        return [
            candidate
            for candidate in self.candidates
            if candidate.place not in places
            and not candidate.rivals & places
            and not room.overfills_envelope(self._election.options[candidate.place])
        ]

    def _fill(self, run: Run) -> list[int]:
        """Return the places of options that greedy adds to a run, most votes first."""
        added: list[int] = []
        left = self._budget - run.total_cost
        while True:
            fitting = [candidate for candidate in self._open([*run.places, *added]) if candidate.cost <= left]
            if not fitting:
                return added
            best = min(fitting, key=lambda candidate: (-candidate.voters, candidate.rank))
            added.append(best.place)
            left -= best.cost

    def _rounds(self, run: Run, total: int) -> list[Round]:
        """Return the rounds of a run; `total` is what was spent before it."""
        rounds: list[Round] = []
        for funding, budgets in replay(len(self._election.ballots), run.share, run.fundings):
            candidate = funding.candidate
            total += candidate.cost
            full = budgets[candidate.groups] >= candidate.due(funding.price * (1 - TOLERANCE))
            in_full = int(candidate.weights[full].sum())
            rounds.append(
                Round(
                    option_id=self._election.options[candidate.place].id,
                    votes=candidate.voters,
                    score=self._election.scores[candidate.place],
                    effective_votes=candidate.cost / funding.price if funding.price else float(candidate.unit_sum),
                    payment=funding.price,
                    cost=candidate.cost,
                    running_total=total,
                    tied_with=tuple(self._election.options[place].id for place in funding.tied_with),
                    paying_in_full=in_full,
                    paying_the_rest=candidate.voters - in_full,
                )
            )
        return rounds

    def _common_rounds(self, places: Sequence[int], total: int, why: Why) -> list[Round]:
        """Return the rounds of options that the budget pays, not the shares of their supporters."""
        rounds = []
        for place in places:
            option, votes = self._election.options[place], self._election.votes[place]
            total += option.cost
            score = self._election.scores[place]
            rounds.append(Round(option.id, votes, score, 0.0, 0.0, option.cost, total, why=why))
        return rounds

    def _outcomes(self, run: Run, filled: Sequence[int], left: int) -> Iterable[Outcome]:
        funded = {*self._secured, *run.places, *filled}
        room = self._room_after(funded)
        for place, option in enumerate(self._election.options):
            rival = None
            why = Why.FUNDED_BY_FILL if place in filled else Why.FUNDED
            if place in self._secured:
                why = Why.FUNDED_BY_FLOOR
            elif place not in funded:
                rival = self._rival(option.id, funded)
                why = self._bar(place) or self._shortage(place, run.share, rival, room)
            votes, score = self._election.votes[place], self._election.scores[place]
            remaining = None if place in funded else min(left, room.left_for(option))
            yield Outcome(option.id, why, votes, score, option.cost, remaining, rival)

    def _rival(self, option_id: str, funded: set[int]) -> str | None:
        """Return the funded option of the same exclusion group."""
        rivals = {other for group in self._rule.exclusion_groups if option_id in group for other in group}
        return next((other for other in sorted(rivals) if self._election.place(other) in funded), None)

    def _shortage(self, place: int, share: Fraction, rival: str | None, room: Room) -> Why:
        """Tell what knocked an option out, or whether supporters were too few or spent their money elsewhere."""
        if rival is not None:
            return Why.RIVAL_FUNDED
        if room.overfills_envelope(self._election.options[place]):
            return Why.ENVELOPE_FULL
        enough = share * self._election.votes[place] >= self._election.options[place].cost
        return Why.MONEY_SPENT if enough else Why.TOO_FEW_VOTES
