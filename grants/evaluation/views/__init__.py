"""Pages of evaluation."""

from grants.evaluation.views import appeals, department, evaluations, fiscal, midterms, surveys
from grants.evaluation.views.blueprint import blueprint

__all__ = ["appeals", "blueprint", "department", "evaluations", "fiscal", "midterms", "surveys"]
