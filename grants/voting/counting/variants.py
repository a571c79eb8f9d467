"""The names of counting rules and their variants, as settings and commands write them. Loads nothing heavy."""

from enum import StrEnum


class Method(StrEnum):
    """How ballots become a list of funded options."""

    GREEDY = "greedy"
    EQUAL_SHARES = "mes"


class Utility(StrEnum):
    """What one supported option is worth to a voter."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"


class Completion(StrEnum):
    """How the shares are raised while money is left: not, by one step until it would overspend, or until exhausted."""

    NONE = "none"
    ADD1 = "add1"
    ADD1E = "add1e"


class Fill(StrEnum):
    """What happens with the money that is left in the end."""

    NONE = "none"
    GREEDY = "greedy"


class Comparison(StrEnum):
    """Whether greedy wins after all: when strictly more voters get more funded options from it, or any at all."""

    NONE = "none"
    SATISFACTION = "satisfaction"
    REACH = "reach"
