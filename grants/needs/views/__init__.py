"""Pages of needs."""

from grants.needs.views import meetings, polling, public, raising, screening
from grants.needs.views.blueprint import blueprint

__all__ = ["blueprint", "meetings", "polling", "public", "raising", "screening"]
