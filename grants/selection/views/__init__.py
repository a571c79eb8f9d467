"""Pages of the selection."""

from grants.selection.views import awards, calls, checking, experts, jury, panel, papers, reading, reviews
from grants.selection.views.blueprint import blueprint

__all__ = ["awards", "blueprint", "calls", "checking", "experts", "jury", "panel", "papers", "reading", "reviews"]
