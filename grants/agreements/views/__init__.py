"""Pages of agreements: lists, one agreement, drafting and signing, milestones, changes and suspension."""

from grants.agreements.views import changes, drafting, milestones, reading, signing, suspending
from grants.agreements.views.blueprint import blueprint

__all__ = ["blueprint", "changes", "drafting", "milestones", "reading", "signing", "suspending"]
