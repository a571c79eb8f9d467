"""Residents: sealing identities, finding people by them, and opening them with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grants.foundation import audit
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import normalise, normalise_phone, why_not_mobile, why_not_resident_id
from grants.foundation.sealing import vault
from grants.people import policy, queries
from grants.people.models import Resident, User

ID_NUMBER, PHONE = "resident.id_number", "resident.phone"


def identity_columns(id_number: str) -> dict[str, str]:
    """Return the columns that stand for an identity number: sealed, findable by blind index, and the voting key."""
    number = normalise(id_number)
    return {
        "id_number_cipher": vault().encrypt(number, ID_NUMBER),
        "id_number_index": vault().blind_index(ID_NUMBER, number),
        "person_key": vault().person_key(number),
    }


def phone_columns(phone: str) -> dict[str, Any]:
    """Return the columns that stand for a phone number; empty when there is none."""
    if not phone:
        return {"phone_cipher": None, "phone_index": None}
    number = normalise_phone(phone)
    return {
        "phone_cipher": vault().encrypt(number, PHONE),
        "phone_index": vault().blind_index(PHONE, number),
    }


@dataclass(frozen=True)
class OpenIdentity:
    """A resident's sealed data in the clear; never kept, never logged."""

    name: str
    id_number: str
    phone: str


def open_identity(resident: Resident) -> OpenIdentity:
    """Return a resident's own data in the clear; the caller has asked a policy and records why."""
    phone = vault().decrypt(resident.phone_cipher, PHONE) if resident.phone_cipher else ""
    return OpenIdentity(resident.name, vault().decrypt(resident.id_number_cipher, ID_NUMBER), phone)


def reveal_resident(*, officer: User, resident: Resident, reason: str) -> OpenIdentity:
    """Show an officer a resident's full identity and phone; who looked and why is kept in the log."""
    require(policy.why_not_reveal_resident(officer, resident))
    if len(reason.strip()) < 4:
        raise RuleBroken(_("请写明查看原因，至少四个字"), "reason")
    audit.record("resident:reveal", actor=officer, subject=resident, reason=reason)
    return open_identity(resident)


def search_key(*, officer: User, words: str) -> dict[str, str]:
    """Return what to look for on the roll: an identity number or phone as blind index, anything else as a name.

    That somebody searched is kept in the log, what they typed is not.
    """
    require(policy.why_not_see_roll(officer))
    key, kind = {"name": words.strip()}, "name"
    if why_not_resident_id(words) is None:
        key, kind = {"id_index": vault().blind_index(ID_NUMBER, normalise(words))}, "id_number"
    elif why_not_mobile(words) is None:
        key, kind = {"phone_index": vault().blind_index(PHONE, normalise_phone(words))}, "phone"
    audit.record("roll:search", actor=officer, subject=officer, by=kind)
    return key


def search(*, officer: User, key: dict[str, str]) -> Sequence[Resident]:
    """Return the residents that a search key finds inside what the officer may see."""
    require(policy.why_not_see_roll(officer))
    return queries.search_roll(policy.roll_scope(officer), **key)
