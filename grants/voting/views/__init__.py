"""Pages of voting."""

from flask import Blueprint

blueprint = Blueprint("voting", __name__, url_prefix="/polls")

from grants.voting.views import (  # noqa: E402
    amending,
    assisting,
    ballot,
    board,
    codes,
    drafting,
    kiosk,
    monitor,
    paper,
    polls,
    receipts,
    results,
    sealing,
)

__all__ = [
    "amending",
    "assisting",
    "ballot",
    "blueprint",
    "board",
    "codes",
    "drafting",
    "kiosk",
    "monitor",
    "paper",
    "polls",
    "receipts",
    "results",
    "sealing",
]
