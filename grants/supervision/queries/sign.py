"""What a red flag is: a sign in the records that somebody should look into."""

import hashlib
from dataclasses import dataclass

from grants.supervision.models import Activity
from grants.supervision.rules import FLAG_REASONS, FlagKind


@dataclass(frozen=True)
class Flag:
    """One sign: of what kind, in words, and on which activity when it is about one."""

    kind: FlagKind
    text: str
    activity: Activity | None = None
    mark: str = ""

    @property
    def why(self) -> str:
        """Return why this kind of sign is worth a look, and what else may explain it."""
        return str(FLAG_REASONS[self.kind])

    @property
    def key(self) -> str:
        """Return what stays the same while the facts behind the sign do; a new fact is a new sign."""
        return hashlib.sha256(f"{self.kind}|{self.mark or self.text}".encode()).hexdigest()
