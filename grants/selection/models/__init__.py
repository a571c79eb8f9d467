"""Tables of the selection: calls and applications, and how they are judged."""

from grants.selection.models.judging import (
    CommunityOpinion,
    ConflictDeclaration,
    EligibilityCheck,
    Expert,
    ExpertTie,
    Juror,
    JuryScore,
    PanelMember,
    Review,
    Score,
)
from grants.selection.models.papers import (
    Application,
    ApplicationBudgetLine,
    ApplicationDocument,
    ApplicationTarget,
    Call,
    CallExtension,
    PlannedActivity,
    Submission,
    TeamMember,
)

__all__ = [
    "Application",
    "ApplicationBudgetLine",
    "ApplicationDocument",
    "ApplicationTarget",
    "Call",
    "CallExtension",
    "CommunityOpinion",
    "ConflictDeclaration",
    "EligibilityCheck",
    "Expert",
    "ExpertTie",
    "Juror",
    "JuryScore",
    "PanelMember",
    "PlannedActivity",
    "Review",
    "Score",
    "Submission",
    "TeamMember",
]
