"""The residents' roll: sealing identities, and importing the roll of a community from CSV or XLSX."""

from typing import Any

from grants.foundation.identifiers import normalise, normalise_phone
from grants.foundation.sealing import vault


def identity_columns(id_number: str) -> dict[str, str]:
    """Return the columns that stand for an identity number: sealed, findable by blind index, and the voting key."""
    number = normalise(id_number)
    return {
        "id_number_cipher": vault().encrypt(number, "resident.id_number"),
        "id_number_index": vault().blind_index("resident.id_number", number),
        "person_key": vault().person_key(number),
    }


def phone_columns(phone: str) -> dict[str, Any]:
    """Return the columns that stand for a phone number; empty when there is none."""
    if not phone:
        return {"phone_cipher": None, "phone_index": None}
    number = normalise_phone(phone)
    return {
        "phone_cipher": vault().encrypt(number, "resident.phone"),
        "phone_index": vault().blind_index("resident.phone", number),
    }
