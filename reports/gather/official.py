"""Official papers of the street, put together: with the red head (通知, 批复) or without it (公示, 公告)."""

from collections.abc import Sequence
from datetime import date

from grants.foundation.clock import now, today
from reports.data.balance import Balance
from reports.data.common import Signatory
from reports.data.official_paper import Block, Level, OfficialPaper
from reports.data.table import Table
from reports.gather.common import BOXES, UNISSUED, document_series, issuer, street

LONGEST_LINE = 20
"""Characters of 2号 that fit in a line of the title."""


def title_lines(*phrases: str) -> tuple[str, ...]:
    """Return a title as lines: one phrase each, a longer one cut into equal pieces."""
    lines: list[str] = []
    for phrase in phrases:
        count = -(-len(phrase) // LONGEST_LINE)
        width = -(-len(phrase) // count)
        lines.extend(phrase[start : start + width] for start in range(0, len(phrase), width))
    return tuple(lines)


def headed(*blocks: tuple[str, Sequence[str | Table]]) -> tuple[Block, ...]:
    """Return the body of a paper from (heading, paragraphs and tables); an empty heading starts without one."""
    made: list[Block] = []
    for heading, contents in blocks:
        if heading:
            made.append(Block(heading, Level.FIRST))
        made.extend(Block(table=one) if isinstance(one, Table) else Block(one) for one in contents)
    return tuple(made)


def red_paper(
    title: tuple[str, ...],
    addressee: str,
    body: tuple[Block, ...],
    *,
    on: date | None,
    copies_to: str,
    signatories: tuple[Signatory, ...] = BOXES,
    annexes: tuple[str, ...] = (),
    balances: tuple[Balance, ...] = (),
) -> OfficialPaper:
    """Return a paper with red head, number, seal area and 版记; `on` is its date, None while it is a draft."""
    signed_on = on or today()
    return OfficialPaper(
        title=title,
        body=body,
        signed_by=issuer(),
        signed_on=signed_on,
        check_code=UNISSUED,
        verify_url=UNISSUED,
        issued_at=now(),
        masthead=f"{issuer()}文件",
        series=document_series(signed_on.year)[0],
        addressee=addressee,
        annexes=annexes,
        copies_to=copies_to,
        printed_by=f"{street()}党政办公室",
        is_draft=on is None,
        signatories=signatories,
        balances=balances,
    )


def plain_paper(
    title: tuple[str, ...],
    body: tuple[Block, ...],
    *,
    on: date,
    is_draft: bool,
    balances: tuple[Balance, ...] = (),
) -> OfficialPaper:
    """Return an announcement to the public: no red head, no 版记, signed and dated. Those of a rehearsal are drafts."""
    return OfficialPaper(
        title=title,
        body=body,
        signed_by=issuer(),
        signed_on=on,
        check_code=UNISSUED,
        verify_url=UNISSUED,
        issued_at=now(),
        is_draft=is_draft,
        signatories=BOXES,
        balances=balances,
    )
