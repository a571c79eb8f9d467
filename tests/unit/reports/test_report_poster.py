"""A poster hangs as one sheet."""

from datetime import UTC, date, datetime

from reports.data.poster import Poster, Section
from reports.data.table import RIGHT, Column, Row, Table
from reports.documents.pages import page_count
from reports.documents.poster import _render, to_pdf


def poster(count: int) -> Poster:
    """Return a poster with a table of so many projects."""
    rows = tuple(Row((f"楼道自治·微更新{number}", "64,600.00")) for number in range(count))
    table = Table("本社区项目", (Column("项目", 60), Column("财政资金", 40, RIGHT)), rows)
    return Poster(
        title="银杏社区公益创投公开栏",
        lead="项目来自居民提出的需求，由居民投票、评审和监督。",
        sections=(Section("一、项目和资金", table=table),),
        signed_by="梧桐街道办事处",
        signed_on=date(2026, 11, 24),
        check_code="7K3M-9QXA",
        verify_url="https://grants.example.cn/verify/7K3M-9QXA",
        issued_at=datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        is_draft=False,
    )


def test_a_poster_that_would_take_two_sheets_is_set_tighter() -> None:
    long = poster(28)
    assert page_count(_render(long, is_tight=False)) == 2
    assert page_count(to_pdf(long)) == 1
