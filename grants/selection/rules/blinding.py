"""What a blind reader must not see: names taken out of texts, neutral names put on files and applicants."""

import string
from collections.abc import Sequence

from grants.foundation.i18n import _
from grants.selection.rules.scoring import lot

SHORTEST_NAME = 2
"""A single character would black out half the text."""


def blind_text(text: str, organisation_names: Sequence[str], person_names: Sequence[str]) -> str:
    """Replace every occurrence of the applicant's and its people's names."""
    marks = [(name, _("【申报单位】")) for name in organisation_names]
    marks += [(name, _("【团队成员】")) for name in person_names]
    for name, mark in sorted(marks, key=lambda pair: len(pair[0]), reverse=True):
        if len(name.strip()) >= SHORTEST_NAME:
            text = text.replace(name.strip(), mark)
    return text


def blind_labels(keys: Sequence[str], seed: str) -> dict[str, str]:
    """Give each application a letter in the order of its lot, so that letters tell nothing about who came first."""
    ordered = sorted(keys, key=lambda key: lot(seed, key))
    return {key: letter(number) for number, key in enumerate(ordered)}


def letter(number: int) -> str:
    """Return A … Z, AA, AB … for 0, 1, …"""
    letters = string.ascii_uppercase
    high, low = divmod(number, len(letters))
    return (letters[high - 1] if high else "") + letters[low]
