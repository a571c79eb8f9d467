"""How many of those served must have their say, and how many answers are checked by telephone (domain §9d)."""

from math import ceil


def direct_beneficiaries(served: int, agreed: int) -> int:
    """Return the people directly served: sign-ins of all activities, no more than the agreement promises.

    Who comes to several activities is counted at each, so the bare sum would ask for answers of people there are not.
    """
    return min(served, agreed) if agreed > 0 else served


def answers_needed(minimum: int, percent: int, direct: int) -> int:
    """Return how many answers a project needs to close: everybody where fewer than the minimum were served.

    Else the minimum, or `percent` of those directly served where that is more; at least one in any case.
    """
    if direct < minimum:
        return max(1, direct)
    return max(minimum, ceil(direct * percent / 100))


CHECK_PERCENT = 5


def checks_needed(answers: int, minimum: int) -> int:
    """Return how many people are called to check that they were served: the minimum, 5 % where that is more, or all.

    A minimum of 0 means that the round asks for no telephone check.
    """
    return min(answers, max(minimum, ceil(answers * CHECK_PERCENT / 100))) if minimum else 0
