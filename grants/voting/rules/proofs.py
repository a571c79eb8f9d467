"""What proves that a ballot was counted: leaf, root, the one spelling of the rules, the public order of ties."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any


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
