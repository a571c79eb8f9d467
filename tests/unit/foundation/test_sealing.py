"""Sealed fields, indexes, signatures and tokens, and every way to tamper with them."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Settings
from grants.foundation.sealing import SealBroken, TokenExpired, Vault, vault, verify_signature

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
VAULT = Vault([NEW])
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@settings(deadline=None)
@given(st.text())
def test_a_sealed_text_opens(text: str) -> None:
    sealed = VAULT.encrypt(text, "resident.identity")
    assert VAULT.decrypt(sealed, "resident.identity") == text
    assert VAULT.encrypt(text, "resident.identity") != sealed
    assert sealed.isascii()


def test_a_sealed_text_opens_only_in_its_place() -> None:
    sealed = VAULT.encrypt("11010519491231002X", "resident.identity")
    with pytest.raises(SealBroken):
        VAULT.decrypt(sealed, "account.number")
    with pytest.raises(SealBroken):
        Vault([OLD]).decrypt(sealed, "resident.identity")


@settings(deadline=None)
@given(st.integers(0, 70), st.integers(1, 127))
def test_tampering_is_detected(place: int, change: int) -> None:
    sealed = VAULT.encrypt("6222021234561234", "account.number")
    place %= len(sealed)
    altered = sealed[:place] + chr(ord(sealed[place]) ^ change) + sealed[place + 1 :]
    with pytest.raises(SealBroken):
        VAULT.decrypt(altered, "account.number")


@pytest.mark.parametrize("broken", ["", "v1", "v1.00000000.AAAA", "a.b.c.d", "v1..", "文字"])
def test_nonsense_is_refused(broken: str) -> None:
    with pytest.raises(SealBroken):
        VAULT.decrypt(broken, "x")


def test_cut_and_version() -> None:
    sealed = VAULT.encrypt("text", "x")
    for altered in (sealed[:-4], "v2" + sealed[2:], sealed + "AAAA"):
        with pytest.raises(SealBroken):
            VAULT.decrypt(altered, "x")


def test_changing_the_key_in_front() -> None:
    before, after = Vault([OLD]), Vault([NEW, OLD])
    sealed = before.encrypt("text", "x")
    assert after.decrypt(sealed, "x") == "text"
    assert after.needs_resealing(sealed)
    assert not after.needs_resealing(after.encrypt("text", "x"))
    assert after.blind_index("phone", "1") == before.blind_index("phone", "1")
    assert after.public_key_hex == before.public_key_hex
    with pytest.raises(SealBroken):
        before.decrypt(after.encrypt("text", "x"), "x")


def test_keys_from_settings() -> None:
    text = ",".join(base64.b64encode(key).decode() for key in (NEW, OLD))
    assert Vault.from_base64(text).decrypt(Vault([OLD]).encrypt("a", "x"), "x") == "a"
    for bad in ("", "short", base64.b64encode(b"x" * 16).decode(), "***"):
        with pytest.raises(ValueError, match="key"):
            Vault.from_base64(bad)
    with pytest.raises(ValueError, match="32 bytes"):
        Vault([])


def test_settings_take_several_keys_while_a_change_is_under_way() -> None:
    one, other = (base64.b64encode(key).decode() for key in (NEW, OLD))
    for text in (one, f"{one},{other}"):
        assert not [fault for fault in Settings(field_key=text).faults() if "FIELD_KEY" in fault]
    for text in ("", f"{one},", f"{one},short"):
        assert [fault for fault in Settings(field_key=text).faults() if "FIELD_KEY" in fault]


def test_indexes() -> None:
    assert VAULT.blind_index("phone", "13812341234") == VAULT.blind_index("phone", "13812341234")
    assert VAULT.blind_index("phone", "13812341234") != VAULT.blind_index("identity", "13812341234")
    assert VAULT.blind_index("a", "b:c") != VAULT.blind_index("a:b", "c")
    assert VAULT.blind_index("phone", "1") != Vault([OLD]).blind_index("phone", "1")
    assert VAULT.person_key("１１０１０５19491231002x") == VAULT.person_key(" 110105 19491231 002X")
    assert len(VAULT.person_key("x")) == 64


@settings(deadline=None)
@given(st.binary(), st.integers(0, 63), st.integers(1, 255))
def test_signatures(data: bytes, place: int, change: int) -> None:
    signature = VAULT.sign(data)
    assert VAULT.verify(data, signature)
    assert not VAULT.verify(data + b"x", signature)
    altered = bytes(byte ^ (change if index == place else 0) for index, byte in enumerate(signature))
    assert not VAULT.verify(data, altered)


def test_anyone_can_check_a_signature() -> None:
    signature = VAULT.sign(b"leaf")
    assert verify_signature(VAULT.public_key_hex, b"leaf", signature)
    assert not verify_signature(Vault([OLD]).public_key_hex, b"leaf", signature)
    assert not verify_signature("zz", b"leaf", signature)
    assert not verify_signature("00", b"leaf", b"")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_tokens_round_trip(payload: dict[str, object]) -> None:
    token = VAULT.seal_token("ballot", payload, expires_at=NOW + timedelta(hours=1))
    assert VAULT.open_token("ballot", token, now=NOW) == payload


def test_tokens_end_and_stay_in_their_purpose() -> None:
    token = VAULT.seal_token("ballot", {"poll": 1}, expires_at=NOW)
    with pytest.raises(TokenExpired):
        VAULT.open_token("ballot", token, now=NOW)
    assert VAULT.open_token("ballot", token, now=NOW - timedelta(seconds=1)) == {"poll": 1}
    with pytest.raises(SealBroken):
        VAULT.open_token("survey", token, now=NOW)
    with pytest.raises(SealBroken):
        VAULT.open_token("ballot", VAULT.encrypt("{}", "ballot"), now=NOW)


def test_the_application_holds_the_vault() -> None:
    app = Flask(__name__)
    app.extensions["vault"] = VAULT
    with app.app_context():
        assert vault() is VAULT
