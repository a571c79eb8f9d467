"""What a blind reader must not see: names taken out of texts, neutral names put on files and applicants."""

import re
import string
from collections.abc import Sequence

from grants.foundation.i18n import _
from grants.selection.rules.scoring import lot

_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[159][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
"""A unified social credit code (统一社会信用代码)."""
_CONTACTS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?:https?://|www\.)[^\s，。；、）]+", re.IGNORECASE),
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),
    re.compile(r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"),
)
SHORTEST_NAME = 2
"""A single character would black out half the text."""


def blind_text(text: str, organisation_names: Sequence[str], person_names: Sequence[str]) -> str:
    """Replace every occurrence of the applicant's and its people's names, spaced out or not, and ways to reach them."""
    marks = [(name, _("【申报单位】")) for name in organisation_names]
    marks += [(name, _("【团队成员】")) for name in person_names]
    for name, mark in sorted(marks, key=lambda pair: len(pair[0]), reverse=True):
        if len(name.strip()) >= SHORTEST_NAME:
            spaced = re.compile(r"\s*".join(map(re.escape, "".join(name.split()))))
            text = mark.join(spaced.split(text))
    for pattern in _CONTACTS:
        text = pattern.sub(_("【联系方式】"), text)
    return _CREDIT_CODE.sub(_("【申报单位】"), text)


def blind_labels(keys: Sequence[str], seed: str) -> dict[str, str]:
    """Give each application a letter in the order of its lot, so that letters tell nothing about who came first."""
    ordered = sorted(keys, key=lambda key: lot(seed, key))
    return {key: letter(number) for number, key in enumerate(ordered)}


def letter(number: int) -> str:
    """Return A … Z, AA, AB … for 0, 1, …"""
    letters = string.ascii_uppercase
    high, low = divmod(number, len(letters))
    return (letters[high - 1] if high else "") + letters[low]
