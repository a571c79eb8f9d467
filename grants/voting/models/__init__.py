"""Tables of voting: the poll and its roll, the ballot box and its board, the channels without a screen."""

from grants.voting.models.box import Ballot, BoardLeaf, ChallengedBallot, Checkpoint, SealedBallot
from grants.voting.models.channels import ActivationCode, KioskStation, PaperBatch, PaperSlip, PaperStub
from grants.voting.models.polls import Poll, PollAmendment, PollOption, PollOutage, RollEntry

__all__ = [
    "ActivationCode",
    "Ballot",
    "BoardLeaf",
    "ChallengedBallot",
    "Checkpoint",
    "KioskStation",
    "PaperBatch",
    "PaperSlip",
    "PaperStub",
    "Poll",
    "PollAmendment",
    "PollOption",
    "PollOutage",
    "RollEntry",
    "SealedBallot",
]
