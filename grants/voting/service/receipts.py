"""What a receipt says when somebody brings it back: on the board, waiting, opened for checking, or missing."""

import re
from dataclasses import dataclass
from enum import StrEnum

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.identifiers import BadCode, normalise_code
from grants.foundation.sealing import vault
from grants.voting import queries
from grants.voting.models import Poll
from grants.voting.queries import Spot
from grants.voting.rules import PollStatus, Publication
from grants.voting.service.casting import Receipt, receipt_of

_LEAF = re.compile(r"[0-9a-f]{64}")


class Standing(StrEnum):
    """What became of the ballot of a receipt."""

    SHOWN = "shown"
    WAITING = "waiting"
    CHALLENGED = "challenged"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Answer:
    """What is told about a receipt; `is_genuine` only where a whole signed receipt was given.

    A genuine receipt whose ballot is unknown is evidence that we lost or removed a ballot. `choices` are told where
    the poll publishes them anyway.
    """

    standing: Standing
    spot: Spot | None = None
    receipt: Receipt | None = None
    is_genuine: bool | None = None
    choices: str | None = None


def look_up(*, poll: Poll, text: str) -> Answer:
    """Tell what became of a ballot, by its code, its leaf, or the whole text in the QR code of its receipt."""
    text = text.strip()
    if "|" in text:
        receipt = _receipt_in(poll, text)
        if receipt is None:
            return Answer(Standing.UNKNOWN, is_genuine=False)
        found = _standing(poll, receipt.code, "")
        if found.spot is not None and found.spot.leaf != receipt.leaf:
            return Answer(Standing.UNKNOWN, is_genuine=True)
        return Answer(found.standing, found.spot, found.receipt, True, found.choices)
    if _LEAF.fullmatch(text.lower()):
        return _standing(poll, "", text.lower())
    try:
        return _standing(poll, normalise_code(text), "")
    except BadCode:
        return Answer(Standing.UNKNOWN)


def _standing(poll: Poll, code: str, leaf: str) -> Answer:
    spot = queries.find_spot(poll, code=code, leaf=leaf)
    if spot is None:
        challenged = queries.find_challenged(poll, code) if code else None
        return Answer(Standing.CHALLENGED if challenged else Standing.UNKNOWN)
    is_open = poll.status is PollStatus.COUNTED and poll.publication is Publication.OPEN
    return Answer(
        Standing.SHOWN if spot.checkpoint else Standing.WAITING,
        spot,
        # Whoever brings a leaf from the board does not learn the code that belongs to it
        receipt_of(poll, code, spot.leaf) if code else None,
        choices=spot.choices if is_open else None,
    )


def _receipt_in(poll: Poll, text: str) -> Receipt | None:
    """Return the receipt in the text of its QR code when poll and signature are ours."""
    parts = text.split("|")
    if len(parts) != 4 or parts[0] != poll.ref:
        return None
    try:
        return genuine_receipt(poll=poll, code=parts[1], leaf=parts[2], signature=parts[3])
    except RuleBroken:
        return None


def genuine_receipt(*, poll: Poll, code: str, leaf: str, signature: str) -> Receipt:
    """Return a receipt that comes back from a page; raises RuleBroken unless we signed it."""
    try:
        is_ours = vault().verify(f"{poll.ref}|{code}|{leaf}".encode(), bytes.fromhex(signature))
    except ValueError:
        is_ours = False
    if not is_ours:
        raise RuleBroken(_("这张回执不是本系统签发的，或内容被改动过。"))
    return Receipt(poll.ref, code, leaf, signature)
