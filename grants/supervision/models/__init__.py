"""Activities and their evidence, months, inspections, who watches and what came of it."""

from grants.supervision.models.activities import Activity, ActivityEvidence, ActivityRegistration, ActivitySignIn
from grants.supervision.models.bulletins import BulletinLine, ProgressBulletin
from grants.supervision.models.inspections import Inspection, InspectionItem, SpotCall
from grants.supervision.models.months import MonthlyPlan, ProgressReport, ReportRemark
from grants.supervision.models.watching import (
    Complaint,
    FlagClearance,
    Rectification,
    RectificationStep,
    ResidentSupervisor,
    SiteVisit,
    SupervisionOpinion,
    SupervisorDraw,
)

__all__ = [
    "Activity",
    "ActivityEvidence",
    "ActivityRegistration",
    "ActivitySignIn",
    "BulletinLine",
    "Complaint",
    "FlagClearance",
    "Inspection",
    "InspectionItem",
    "MonthlyPlan",
    "ProgressBulletin",
    "ProgressReport",
    "Rectification",
    "RectificationStep",
    "ReportRemark",
    "ResidentSupervisor",
    "SiteVisit",
    "SpotCall",
    "SupervisionOpinion",
    "SupervisorDraw",
]
