"""Forms of agreements: drafts, signing, milestones, changes."""

from grants.agreements.forms.agreement import (
    ClaimForm,
    ConfirmForm,
    DraftForm,
    LineForm,
    MilestoneForm,
    RowForm,
    SignForm,
    TerminateForm,
    VerifyForm,
)
from grants.agreements.forms.changes import (
    FORMS,
    ChangeForm,
    DecideForm,
    LeaderForm,
    MoveForm,
    PeriodForm,
    RegionForm,
    ResumeForm,
    SuspendForm,
    TargetsForm,
    change_form,
)

__all__ = [
    "FORMS",
    "ChangeForm",
    "ClaimForm",
    "ConfirmForm",
    "DecideForm",
    "DraftForm",
    "LeaderForm",
    "LineForm",
    "MilestoneForm",
    "MoveForm",
    "PeriodForm",
    "RegionForm",
    "ResumeForm",
    "RowForm",
    "SignForm",
    "SuspendForm",
    "TargetsForm",
    "TerminateForm",
    "VerifyForm",
    "change_form",
]
