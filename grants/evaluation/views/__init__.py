"""Pages of evaluation."""

from grants.evaluation.views import evaluations, midterms, surveys
from grants.evaluation.views.blueprint import blueprint

__all__ = ["blueprint", "evaluations", "midterms", "surveys"]
