"""How much the demo loads: small for tests, street for showing, city for measuring."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of one scale."""

    name: str
    communities: int
    population_percent: int
    rounds: int
    ballots: int


SCALES = {
    "small": Scale("small", communities=2, population_percent=3, rounds=3, ballots=120),
    "street": Scale("street", communities=12, population_percent=100, rounds=3, ballots=9850),
    "city": Scale("city", communities=30, population_percent=0, rounds=1, ballots=60_000),
}
CITY_RESIDENTS = 200_000
