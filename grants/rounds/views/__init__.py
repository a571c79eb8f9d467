"""Pages of rounds and notices."""

from grants.rounds.views import drafting, notices, objections, reading, running
from grants.rounds.views.blueprint import blueprint

__all__ = ["blueprint", "drafting", "notices", "objections", "reading", "running"]
