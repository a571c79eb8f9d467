"""Pages of voting."""

from flask import Blueprint

blueprint = Blueprint("voting", __name__, url_prefix="/polls")

from grants.voting.views import assisting, ballot, board, codes, kiosk, monitor, paper, polls, results, sealing  # noqa: E402

__all__ = ["assisting", "ballot", "blueprint", "board", "codes", "kiosk", "monitor", "paper", "polls", "results", "sealing"]
