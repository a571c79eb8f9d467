"""Pages of supervision: activities and who comes, months, inspections, supervisors, orders, complaints."""

from grants.supervision.views import (
    activities,
    attendance,
    complaints,
    inspections,
    months,
    overview,
    rectifications,
    registrations,
    watching,
)
from grants.supervision.views.blueprint import blueprint

__all__ = [
    "activities",
    "attendance",
    "blueprint",
    "complaints",
    "inspections",
    "months",
    "overview",
    "rectifications",
    "registrations",
    "watching",
]
