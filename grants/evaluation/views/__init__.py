"""Pages of evaluation."""

from grants.evaluation.views import evaluations, surveys
from grants.evaluation.views.blueprint import blueprint

__all__ = ["blueprint", "evaluations", "surveys"]
