"""Pages of voting."""

from flask import Blueprint

blueprint = Blueprint("voting", __name__, url_prefix="/polls")

from grants.voting.views import ballot, board, codes, kiosk, paper, polls, results, sealing  # noqa: E402

__all__ = ["ballot", "blueprint", "board", "codes", "kiosk", "paper", "polls", "results", "sealing"]
