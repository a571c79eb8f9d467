"""Pages of funds: the list, one fund with its journal, and the movements that two people decide."""

from grants.funds.views import deciding, proposing, reading, settling, social
from grants.funds.views.blueprint import blueprint

__all__ = ["blueprint", "deciding", "proposing", "reading", "settling", "social"]
