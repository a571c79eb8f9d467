"""Pages of the selection."""

from grants.selection.views import (
    awards,
    batch,
    calls,
    checking,
    experts,
    jury,
    panel,
    papers,
    pitch,
    questions,
    reading,
    reexamining,
    reuse,
    reviews,
)
from grants.selection.views.blueprint import blueprint

__all__ = [
    "awards",
    "batch",
    "blueprint",
    "calls",
    "checking",
    "experts",
    "jury",
    "panel",
    "papers",
    "pitch",
    "questions",
    "reading",
    "reexamining",
    "reuse",
    "reviews",
]
