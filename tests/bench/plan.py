"""How thorough a run is, and where it says what it is doing."""

import sys
import time
from dataclasses import dataclass, field


@dataclass
class Plan:
    """The options of one run."""

    is_quick: bool = False
    is_full: bool = False
    began: float = field(default_factory=time.monotonic)

    def pick(self, *, quick: int, usual: int, full: int | None = None) -> int:
        """Return the number that suits this run."""
        if self.is_quick:
            return quick
        return full if self.is_full and full is not None else usual

    def say(self, line: str) -> None:
        """Print a line of progress."""
        sys.stderr.write(f"[{self.seconds:4.0f} s] {line}\n")
        sys.stderr.flush()

    @property
    def seconds(self) -> float:
        """Return how long the run has taken so far."""
        return time.monotonic() - self.began
