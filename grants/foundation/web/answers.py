"""Answers that are more than a page."""

from collections.abc import Callable
from typing import Any

from flask import Response


class OnceSaved(Response):
    """An answer that is drawn after the commit: what it tells is safe by then, and no lock is held meanwhile."""

    def __init__(self, draw: Callable[[], Any]) -> None:
        super().__init__()
        self.draw = draw
