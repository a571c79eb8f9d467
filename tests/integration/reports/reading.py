"""Reading back what a report says, and what the database says, independently of each other."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, text

from grants.foundation.clock import now
from grants.foundation.database import db
from reports.catalogue import KINDS
from reports.gather.common import Gathered, stamped
from tests.unit.reports.pdf_reading import page_texts

MOST_QUERIES = 12
NUMBER, CODE = "XX-2026-01-0007", "R8KD-41WZ"


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements sent to the database, starting with nothing loaded."""
    db.session.commit()
    db.session.remove()
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def scalar(sql: str, **values: object) -> int:
    """Return one number of the database, asked for independently of any model."""
    return int(db.session.execute(text(sql), values).scalar_one())


def gathered(kind: str, ref: str) -> Gathered:
    """Return a paper, after checking that it costs a handful of queries."""
    with counted() as sent:
        made = KINDS[kind].gather(ref)
    assert len(sent) <= MOST_QUERIES, "\n".join(one[:80] for one in sent)
    return made


def printed(kind: str, made: Gathered) -> str:
    """Return the text of the printed paper, without blanks; every paper shows its number and how to check it."""
    document = stamped(made.document, number=NUMBER, code=CODE, verify_url=f"https://example.cn/{CODE}", at=now())
    text_of_all = "".join(page_texts(KINDS[kind].printer()(document)))
    assert CODE in text_of_all
    assert NUMBER in text_of_all
    return text_of_all
