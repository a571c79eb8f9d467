"""Use cases of voting."""

from grants.voting.service.amending import (
    decide_amendment,
    find_left_out,
    propose_extension,
    propose_roll,
    propose_wording,
    record_outage,
)
from grants.voting.service.casting import Receipt, cast, mint_form, note_start, open_form
from grants.voting.service.counting import ask_count, count_poll, draw_lot
from grants.voting.service.freezing import freeze_poll
from grants.voting.service.polls import (
    Method,
    OptionDraft,
    close_due_polls,
    close_poll,
    draft_poll,
    edit_poll,
    open_poll,
)
from grants.voting.service.sealing import ask_seal, witness_seal

__all__ = [
    "Method",
    "OptionDraft",
    "Receipt",
    "ask_count",
    "ask_seal",
    "cast",
    "close_due_polls",
    "close_poll",
    "count_poll",
    "decide_amendment",
    "draft_poll",
    "draw_lot",
    "edit_poll",
    "find_left_out",
    "freeze_poll",
    "mint_form",
    "note_start",
    "open_form",
    "open_poll",
    "propose_extension",
    "propose_roll",
    "propose_wording",
    "record_outage",
    "witness_seal",
]
