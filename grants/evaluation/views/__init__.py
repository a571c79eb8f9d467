"""Pages of evaluation."""

from grants.evaluation.views import appeals, evaluations, fiscal, midterms, surveys
from grants.evaluation.views.blueprint import blueprint

__all__ = ["appeals", "blueprint", "evaluations", "fiscal", "midterms", "surveys"]
