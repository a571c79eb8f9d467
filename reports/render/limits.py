"""What a paper may hold. Without limits one long field or list could keep a machine busy for minutes."""

import re

MAX_CHARACTERS = 6_000_000
MAX_ROWS = 6_000
MAX_RUN = 20_000
MAX_BREAKS = 2_000

_ROW = re.compile(r"<tr\b")
_BREAK = re.compile(r"<br\b")
_RUN = re.compile(f"[^<]{{{MAX_RUN + 1}}}")


class TooLarge(ValueError):
    """The content of a paper is beyond what can be laid out in reasonable time; the message names the limit."""


def check_size(html: str) -> None:
    """Raise TooLarge if a page source is too long, has too many rows or breaks, or a text without any mark-up."""
    if len(html) > MAX_CHARACTERS:
        raise TooLarge(f"the paper has {len(html):,} characters of source; the limit is {MAX_CHARACTERS:,}")
    for pattern, limit, what in ((_ROW, MAX_ROWS, "table rows"), (_BREAK, MAX_BREAKS, "line breaks")):
        count = sum(1 for _match in pattern.finditer(html))
        if count > limit:
            raise TooLarge(f"the paper has {count:,} {what}; the limit is {limit:,}")
    if _RUN.search(html):
        raise TooLarge(f"a text of the paper is longer than {MAX_RUN:,} characters without a paragraph")
