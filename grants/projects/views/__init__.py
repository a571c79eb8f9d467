"""Pages of projects."""

from grants.projects.views import deciding, drafting, public
from grants.projects.views.blueprint import blueprint

__all__ = ["blueprint", "deciding", "drafting", "public"]
