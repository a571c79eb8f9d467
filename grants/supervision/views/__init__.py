"""Pages of supervision: activities and who comes, months, inspections, supervisors, orders, complaints."""

from grants.supervision.views import (
    activities,
    attendance,
    bulletins,
    complaints,
    escalation,
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
    "bulletins",
    "complaints",
    "escalation",
    "inspections",
    "months",
    "overview",
    "rectifications",
    "registrations",
    "watching",
]
