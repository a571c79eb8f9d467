"""The shape of a theme."""

from dataclasses import dataclass

from grants.needs.rules import TargetGroup
from grants.rounds.rules import Category


@dataclass(frozen=True)
class Theme:
    """One need as residents say it, and the project that answers it."""

    key: str
    category: Category
    group: TargetGroup
    strong_in: str
    needs: tuple[tuple[str, str], ...]
    title: str
    summary: str
    objective: str
    activities: tuple[str, ...]
    people: int
    yuan: int
