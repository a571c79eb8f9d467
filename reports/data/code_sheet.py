"""What a sheet of activation codes says; it is printed once and kept nowhere."""

from dataclasses import dataclass
from datetime import datetime

from grants.voting.rules.channels import CodeLine


@dataclass(frozen=True)
class CodeSheet:
    """The slips of one sheet. `address` is the page that a code is entered at; the code follows it behind a #."""

    sheet: str
    title: str
    closes_at: datetime
    address: str
    printed_at: datetime
    printed_by: str
    lines: tuple[CodeLine, ...]
