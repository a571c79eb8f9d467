"""Poll statuses and the pure rules of casting: what a valid ballot is, and what proves that it was counted."""

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from grants.foundation.i18n import Text, _, _l
from grants.foundation.workflow import Workflow


class PollKind(StrEnum):
    """How a voter expresses a choice."""

    APPROVAL = "approval"


class CountingRule(StrEnum):
    """How ballots become a list of funded options."""

    GREEDY = "greedy"
    EQUAL_SHARES = "mes"


class PollStatus(StrEnum):
    """Where a poll stands."""

    DRAFT = "draft"
    FROZEN = "frozen"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"


class PollAction(StrEnum):
    """What can be done with a poll."""

    FREEZE = "freeze"
    OPEN = "open"
    CLOSE = "close"
    COUNT = "count"


POLL_FLOW = Workflow(
    {
        (PollStatus.DRAFT, PollAction.FREEZE): PollStatus.FROZEN,
        (PollStatus.FROZEN, PollAction.OPEN): PollStatus.OPEN,
        (PollStatus.OPEN, PollAction.CLOSE): PollStatus.CLOSED,
        (PollStatus.CLOSED, PollAction.COUNT): PollStatus.COUNTED,
    }
)

POLL_STATUS_LABELS: dict[PollStatus, Text] = {
    PollStatus.DRAFT: _l("草拟中"),
    PollStatus.FROZEN: _l("规则已锁定"),
    PollStatus.OPEN: _l("投票中"),
    PollStatus.CLOSED: _l("已截止"),
    PollStatus.COUNTED: _l("已公布结果"),
}


class Channel(StrEnum):
    """How a ballot reached the box; one person has one ballot across all of them."""

    WEB = "web"
    KIOSK = "kiosk"
    PAPER = "paper"
    PROXY = "proxy"


CHANNEL_LABELS: dict[Channel, Text] = {
    Channel.WEB: _l("网上"),
    Channel.KIOSK: _l("社区自助机"),
    Channel.PAPER: _l("纸质选票"),
    Channel.PROXY: _l("协助投票"),
}


def why_not_valid(choices: Sequence[str], known: Sequence[str], least: int, most: int) -> str | None:
    """Say what is wrong with an approval ballot; the same rule on casting and on counting."""
    if len(set(choices)) != len(choices):
        return _("同一个选项不能选两次。")
    if not set(choices) <= set(known):
        return _("选票上有不存在的选项，请返回重新选择。")
    if not least <= len(choices) <= most:
        return _("请选择 %(least)d 至 %(most)d 项，您选了 %(count)d 项。", least=least, most=most, count=len(choices))
    return None


def canonical_choices(choices: Sequence[str]) -> str:
    """Return an approval ballot's one spelling: option codes in order, separated by commas."""
    return ",".join(sorted(choices))


def leaf_hash(poll_ref: str, code: str, choices: str, salt: str) -> str:
    """Return SHA-256(0x00 ‖ poll ‖ code ‖ choices ‖ salt), every part with its length before it (RFC 6962)."""
    body = b"\x00" + b"".join(
        len(part).to_bytes(4, "big") + part for part in (text.encode() for text in (poll_ref, code, choices, salt))
    )
    return hashlib.sha256(body).hexdigest()


def merkle_root(leaves: Sequence[str]) -> str:
    """Return the RFC 6962 root over leaves (hex) in the order given; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    level = [bytes.fromhex(leaf) for leaf in leaves]
    return _subtree(level).hex()


def _subtree(nodes: Sequence[bytes]) -> bytes:
    if len(nodes) == 1:
        return nodes[0]
    split = 1 << ((len(nodes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + _subtree(nodes[:split]) + _subtree(nodes[split:])).digest()


def canonical_json(content: dict[str, Any]) -> str:
    """Return the one spelling of a rule file that its published hash is of."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def tie_order(codes: Sequence[str], costs: Sequence[int], votes: Sequence[int], seed: str) -> list[str]:
    """Return who goes first among equals: lowest cost, then most votes, then the public lot drawn with `seed`."""

    def lot(code: str) -> str:
        return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()

    ranked = sorted(zip(codes, costs, votes, strict=True), key=lambda item: (item[1], -item[2], lot(item[0])))
    return [code for code, _cost, _votes in ranked]


def rounded_turnout(count: int) -> int:
    """Return a turnout that may be shown while voting goes on: rounded down to tens."""
    return count // 10 * 10
