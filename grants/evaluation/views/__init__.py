"""Pages of evaluation."""

from grants.evaluation.views import appeals, evaluations, midterms, surveys
from grants.evaluation.views.blueprint import blueprint

__all__ = ["appeals", "blueprint", "evaluations", "midterms", "surveys"]
