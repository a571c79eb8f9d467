"""Use cases of rounds and notices."""

from grants.rounds.service.drafting import (
    CriterionLine,
    PhaseDates,
    create_round,
    edit_round,
    set_envelopes,
    set_phases,
    set_score_table,
    set_settings,
)
from grants.rounds.service.notices import (
    answer_objection,
    end_notice,
    publish_notice,
    raise_objection,
    reveal_contact,
    withdraw_notice,
)
from grants.rounds.service.running import (
    agree_extension,
    archive_round,
    close_round,
    confirm_money,
    extend_phase,
    open_round,
    refuse_extension,
)

__all__ = [
    "CriterionLine",
    "PhaseDates",
    "agree_extension",
    "answer_objection",
    "archive_round",
    "close_round",
    "confirm_money",
    "create_round",
    "edit_round",
    "end_notice",
    "extend_phase",
    "open_round",
    "publish_notice",
    "raise_objection",
    "refuse_extension",
    "reveal_contact",
    "set_envelopes",
    "set_phases",
    "set_score_table",
    "set_settings",
    "withdraw_notice",
]
