"""Equal shares done the slow and obvious way, voter by voter in fractions: the judge of the fast count."""

from collections.abc import Sequence
from fractions import Fraction

from grants.voting.counting.election import Election
from grants.voting.counting.equal_shares import EqualSharesRule, default_tie_order
from grants.voting.counting.variants import Completion, Utility


def count_slowly(election: Election, rule: EqualSharesRule) -> tuple[list[str], int]:
    """Return the winners in order of funding and how often the share was raised."""
    share, step = Fraction(election.budget, max(1, election.voters)), 0
    winners = _run(election, rule, share)
    while rule.completion is not Completion.NONE and not _is_final(election, rule, winners):
        following = _run(election, rule, share + rule.increment * (step + 1))
        if _cost(election, following) > election.budget:
            break
        winners, step = following, step + 1
    return [election.options[place].id for place in winners], step


def _cost(election: Election, places: Sequence[int]) -> int:
    return sum(election.options[place].cost for place in places)


def _takes_part(election: Election, place: int) -> bool:
    return election.votes[place] > 0 and election.options[place].cost <= election.budget


def _is_closed(election: Election, rule: EqualSharesRule, winners: Sequence[int], place: int) -> bool:
    """Tell whether an option or one of its rivals has been funded, or its envelope has no room for it."""
    option = election.options[place]
    option_id = option.id
    spent = _cost(election, [winner for winner in winners if election.options[winner].category == option.category])
    if option.cost > rule.envelopes.get(option.category, spent + option.cost) - spent:
        return True
    rivals = {other for group in rule.exclusion_groups if option_id in group for other in group} | {option_id}
    return any(election.options[winner].id in rivals for winner in winners)


def _is_final(election: Election, rule: EqualSharesRule, winners: Sequence[int]) -> bool:
    left = election.budget - _cost(election, winners)
    still_open = [
        place
        for place in range(len(election.options))
        if _takes_part(election, place) and not _is_closed(election, rule, winners, place)
    ]
    if rule.completion is Completion.ADD1E:
        still_open = [place for place in still_open if election.options[place].cost <= left]
    return not still_open


def _run(election: Election, rule: EqualSharesRule, share: Fraction) -> list[int]:
    voters = [
        dict(zip(ballot.choices, ballot.points, strict=True))
        for ballot in election.ballots
        for _ in range(ballot.weight)
    ]
    money = [share] * len(voters)
    order = rule.tie_order or default_tie_order(election)
    ranks = {election.place(option_id): rank for rank, option_id in enumerate(order)}
    places = [place for place in range(len(election.options)) if _takes_part(election, place)]
    winners: list[int] = []
    for place in sorted((place for place in places if election.options[place].cost == 0), key=ranks.__getitem__):
        if not _is_closed(election, rule, winners, place):
            winners.append(place)
    while offers := [
        offer
        for place in places
        if not _is_closed(election, rule, winners, place)
        and (offer := _offer(election, rule, voters, money, place)) is not None
    ]:
        _key, place, price, units = min(offers, key=lambda offer: (offer[0], ranks[offer[1]]))
        winners.append(place)
        for voter, unit in units.items():
            money[voter] -= min(money[voter], price * unit)
    return winners


def _offer(
    election: Election, rule: EqualSharesRule, voters: list[dict[int, int]], money: list[Fraction], place: int
) -> tuple[Fraction, int, Fraction, dict[int, int]] | None:
    """Return an affordable option's price per utility, its place, its price and the units of its supporters."""
    cost = election.options[place].cost
    units = {
        voter: marks[place] if rule.utility is Utility.POINTS else 1
        for voter, marks in enumerate(voters)
        if marks.get(place, 0) > 0
    }
    price = _price(cost, units, money)
    return None if price is None else (price / (cost if rule.utility is Utility.COST else 1), place, price, units)


def _price(cost: int, units: dict[int, int], money: list[Fraction]) -> Fraction | None:
    """Return the price by going through the supporters, those who run out first at the front."""
    if sum(money[voter] for voter in units) < cost:
        return None
    rest, total = Fraction(cost), sum(units.values())
    for voter in sorted(units, key=lambda voter: money[voter] / units[voter]):
        if money[voter] / units[voter] * total >= rest:
            return rest / total
        rest -= money[voter]
        total -= units[voter]
    raise AssertionError("affordable, so somebody pays the last part")
