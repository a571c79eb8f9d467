"""Limits beside the budget: at most so much for a category (envelope), at least so much for a community (floor).

Both hold under every rule. An option that its category's envelope has no room for is passed over, whatever its votes.
Floors come first: options of communities below their floor are funded out of the common budget, most points first,
until each has its floor or no option of it with enough supporters fits any more; then the rule shares out the rest.
"""

from collections.abc import Mapping

from grants.voting.counting.election import Option


class Room:
    """What may still be spent: of the budget, and of the envelope of every category that has one."""

    def __init__(self, budget: int, envelopes: Mapping[str, int]) -> None:
        """All amounts in minor units; a category without an envelope has the whole budget. Raises ValueError."""
        if any(amount < 0 for amount in envelopes.values()):
            raise ValueError("an envelope is negative")
        self.left = budget
        self.envelopes = dict(envelopes)

    def spend(self, option: Option) -> None:
        """Take an option's cost out of the budget and of its envelope."""
        self.left -= option.cost
        if option.category in self.envelopes:
            self.envelopes[option.category] -= option.cost

    def left_for(self, option: Option) -> int:
        """Return what is left for an option."""
        return min(self.left, self.envelopes.get(option.category, self.left))

    def fits(self, option: Option) -> bool:
        """Tell whether an option fits what is left."""
        return option.cost <= self.left_for(option)

    def overfills_envelope(self, option: Option) -> bool:
        """Tell whether the envelope of an option's category has less than its cost."""
        return option.cost > self.envelopes.get(option.category, option.cost)


class Floors:
    """How much each community is still short of its floor."""

    def __init__(self, floors: Mapping[str, int]) -> None:
        """Amounts in minor units by community; raises ValueError for one below zero."""
        if any(amount < 0 for amount in floors.values()):
            raise ValueError("a floor is negative")
        self._short = dict(floors)

    def is_short(self, option: Option) -> bool:
        """Tell whether the option's community has not reached its floor yet."""
        return self._short.get(option.community, 0) > 0

    def fund(self, option: Option) -> None:
        """Count an option's cost towards the floor of its community."""
        if option.community in self._short:
            self._short[option.community] -= option.cost
