"""Pages of agreements: lists, one agreement, drafting and signing, milestones."""

from grants.agreements.views import drafting, milestones, reading, signing
from grants.agreements.views.blueprint import blueprint

__all__ = ["blueprint", "drafting", "milestones", "reading", "signing"]
