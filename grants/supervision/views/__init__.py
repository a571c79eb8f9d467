"""Pages of supervision: overview, activities and sign-in, months, resident supervisors, orders, complaints."""

from grants.supervision.views import activities, attendance, complaints, months, overview, rectifications, watching
from grants.supervision.views.blueprint import blueprint

__all__ = ["activities", "attendance", "blueprint", "complaints", "months", "overview", "rectifications", "watching"]
