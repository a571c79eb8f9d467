"""The demo street's story, told in order so that every rule agrees with it."""

import random
import time
from collections.abc import Callable
from datetime import datetime

from grants.demo import street
from grants.demo.scales import Scale
from grants.foundation import clock
from grants.foundation.database import db


def tell(scale: Scale, *, seed: int, say: Callable[[str], None]) -> None:
    """Load everything; `say` hears one line a chapter."""
    dice = random.Random(seed)  # noqa: S311 - a repeatable story, no secret
    began = time.monotonic()

    def done(chapter: str) -> None:
        db.session.commit()
        say(f"[{time.monotonic() - began:5.1f}s] {chapter}")

    with clock.set_to(datetime(2024, 2, 1, 9, 0, tzinfo=clock.SHANGHAI)):
        street.lay(scale, dice)
    done("places, residents, accounts and organisations")
