"""Use cases of the ledger: every movement of earmarked money goes through here."""

from grants.funds.service.budget import allocate, appropriate, create_fund, recall
from grants.funds.service.carrying import propose_carry, reverse
from grants.funds.service.posting import post
from grants.funds.service.projects import award, give_back, pay, release, reserve
from grants.funds.service.proposals import confirm, propose, propose_reversal, refuse, withdraw
from grants.funds.service.settling import USUAL_TERM, Claim, propose_settlement
from grants.funds.service.social import (
    Gift,
    confirm_contribution,
    record_contribution,
    refuse_contribution,
    reverse_contribution,
    withdraw_contribution,
)

__all__ = [
    "USUAL_TERM",
    "Claim",
    "Gift",
    "allocate",
    "appropriate",
    "award",
    "confirm",
    "confirm_contribution",
    "create_fund",
    "give_back",
    "pay",
    "post",
    "propose",
    "propose_carry",
    "propose_reversal",
    "propose_settlement",
    "recall",
    "record_contribution",
    "refuse",
    "refuse_contribution",
    "release",
    "reserve",
    "reverse",
    "reverse_contribution",
    "withdraw",
    "withdraw_contribution",
]
