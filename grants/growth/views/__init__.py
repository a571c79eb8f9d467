"""Pages of what rounds that follow one another leave behind: cases, leading people, the reserve."""

from grants.growth.views import cases, leaders, next_round
from grants.growth.views.blueprint import blueprint

__all__ = ["blueprint", "cases", "leaders", "next_round"]
