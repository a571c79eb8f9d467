"""Use cases of needs: raising and seconding, screening, meetings, and the six stamps."""

from grants.needs.service.batch import Decision, Refusal, screen, screen_many
from grants.needs.service.meetings import MeetingSheet, Vote, record_meeting
from grants.needs.service.polling import PollTerms, put_to_vote
from grants.needs.service.raising import NeedText, enter_need, raise_need
from grants.needs.service.screening import adopt_need, decline_need, examine_need, hand_over_need, merge_needs
from grants.needs.service.stamps import stamp
from grants.needs.service.support import second_need, withdraw_second

__all__ = [
    "Decision",
    "MeetingSheet",
    "NeedText",
    "PollTerms",
    "Refusal",
    "Vote",
    "adopt_need",
    "decline_need",
    "enter_need",
    "examine_need",
    "hand_over_need",
    "merge_needs",
    "put_to_vote",
    "raise_need",
    "record_meeting",
    "screen",
    "screen_many",
    "second_need",
    "stamp",
    "withdraw_second",
]
