"""Secrets kept outside the database: sealed fields, blind indexes, person keys, signed receipts, sealed tokens.

One 32-byte field key feeds everything; each use has its own key derived from it (HKDF-SHA256), so that a leak of one
use does not open another.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from grants.foundation.identifiers import normalise

_KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = "v1"


class SealBroken(ValueError):
    """A sealed text was altered, belongs elsewhere or was sealed with a key that is not here."""


class TokenExpired(ValueError):
    """A sealed token is genuine but too old."""


class Vault:
    """Everything that needs the field key. `keys[0]` seals; the others only open what was sealed before a change.

    Blind indexes, person keys and the signature derive from the *last* key, so that a change of key in front does not
    lose them; dropping that last key means rebuilding the indexes. Raises ValueError for a key that is not 32 bytes.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise ValueError("a vault needs at least one key of 32 bytes")
        self._current = _key_id(keys[0])
        self._seals = {_key_id(key): AESGCM(_derive(key, "field")) for key in keys}
        self._tokens = {_key_id(key): AESGCM(_derive(key, "token")) for key in keys}
        self._index_key = _derive(keys[-1], "index")
        self._signing_key = Ed25519PrivateKey.from_private_bytes(_derive(keys[-1], "signature"))

    @classmethod
    def from_base64(cls, text: str) -> "Vault":
        """Build a vault from settings: one base64 key, or several separated by commas, the current one first."""
        try:
            return cls([base64.b64decode(part, validate=True) for part in text.split(",")])
        except binascii.Error as error:
            raise ValueError("a field key is not base64") from error

    # Fields

    def encrypt(self, text: str, context: str) -> str:
        """Seal a text for one place; `context` names that place (table, column) and must be the same to open it."""
        return _seal(self._seals, self._current, text.encode(), context)

    def decrypt(self, sealed: str, context: str) -> str:
        """Open a sealed text; raises SealBroken when it was altered, moved to another place or the key is unknown."""
        return _open(self._seals, sealed, context).decode()

    def needs_resealing(self, sealed: str) -> bool:
        """Tell whether a text was sealed with a key that is no longer the current one."""
        return sealed.split(".")[1:2] != [self._current]

    def blind_index(self, purpose: str, normalised: str) -> str:
        """Return the hex HMAC by which a sealed value is found again; equal values of one purpose are equal."""
        message = f"{len(purpose)}:{purpose}:{normalised}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()

    def person_key(self, identity: str) -> str:
        """Return the one key of a person on every roll and channel, from the identity number however it was typed."""
        return self.blind_index("person", normalise(identity))

    # Signatures

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of receipts and issued papers."""
        return self._signing_key.sign(data)

    @property
    def public_key_hex(self) -> str:
        """Return the public key that anyone can check our signatures with."""
        return self._signing_key.public_key().public_bytes_raw().hex()

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Tell whether the signature of these bytes is ours."""
        return verify_signature(self.public_key_hex, data, signature)

    # Tokens

    def seal_token(self, purpose: str, payload: Mapping[str, Any], *, expires_at: datetime) -> str:
        """Seal JSON values into a text that can travel through a form or an address until `expires_at`."""
        body = json.dumps({"until": expires_at.timestamp(), "payload": dict(payload)}, separators=(",", ":"))
        return _seal(self._tokens, self._current, body.encode(), purpose)

    def open_token(self, purpose: str, token: str, *, now: datetime) -> dict[str, Any]:
        """Return what was sealed; raises SealBroken for a forged or foreign token, TokenExpired once it is too old."""
        content = json.loads(_open(self._tokens, token, purpose))
        if now.timestamp() >= content["until"]:
            raise TokenExpired("the token has expired")
        return cast(dict[str, Any], content["payload"])


def verify_signature(public_key_hex: str, data: bytes, signature: bytes) -> bool:
    """Tell whether a signature of these bytes was made with the private half of this Ed25519 key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key_hex)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def vault() -> Vault:
    """Return the vault of the running application."""
    return cast(Vault, current_app.extensions["vault"])


def _derive(key: bytes, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"grants/{use}".encode()).derive(key)


def _key_id(key: bytes) -> str:
    """Return a short public name of a key, itself derived so that it tells nothing about it."""
    return _derive(key, "key-id")[:4].hex()


def _bound_to(key_id: str, context: str) -> bytes:
    return f"{_VERSION}.{key_id}.{context}".encode()


def _seal(seals: Mapping[str, AESGCM], key_id: str, plain: bytes, context: str) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + seals[key_id].encrypt(nonce, plain, _bound_to(key_id, context))
    return f"{_VERSION}.{key_id}.{_text(sealed)}"


def _open(seals: Mapping[str, AESGCM], sealed: str, context: str) -> bytes:
    try:
        version, key_id, body = sealed.split(".")
        blob = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        if version != _VERSION or _text(blob) != body:
            raise SealBroken("unknown kind of seal, or more than one way to write it")
        return seals[key_id].decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], _bound_to(key_id, context))
    except (KeyError, ValueError, InvalidTag) as error:
        raise SealBroken("the sealed text cannot be opened") from error


def _text(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()
