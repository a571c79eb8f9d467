"""Pages of needs."""

from grants.needs.views import meetings, public, raising, screening
from grants.needs.views.blueprint import blueprint

__all__ = ["blueprint", "meetings", "public", "raising", "screening"]
