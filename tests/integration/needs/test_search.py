"""Searching needs: the full-text index for what is rare, reading on for what is common, on both databases alike."""

import pytest

from grants.foundation.database import db
from grants.foundation.web.listing import Window
from grants.needs import queries
from grants.needs.models import Need
from grants.rounds.models import Round
from tests.factories import needs

pytestmark = pytest.mark.usefixtures("round")


def found(text: str) -> list[str]:
    page = queries.list_needs(Window(), queries.NeedFilter(text=text))
    return sorted(need.title for need in page.items)


@pytest.fixture
def three(round: Round) -> None:
    """Make three needs that say different things."""
    needs.make_need(round, title="枫林苑路灯不亮", body="东门一片漆黑，老人晚上不敢出门。", place_text="枫林苑东门")
    needs.make_need(round, title="更换LED路灯", body="现在的灯太暗。")
    needs.make_need(round, title="开办四点半课堂", body="放学后孩子没人带。")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("路灯", 2),
        ("路灯不亮", 1),
        ("枫林苑东门", 1),
        ("漆黑", 1),
        ("led", 1),
        ("ＬＥＤ", 1),
        ("灯", 2),
        ("路灯 老人", 1),
        ("路灯 孩子", 0),
        ("灯路", 0),
        ("不存在", 0),
        ("XQ-01-001-0003", 1),
        ("xq-01-001", 3),
        ("XQ-09", 0),
        ('" OR "', 0),
        ("%", 0),
        ("_", 0),
        ("、。", 0),
    ],
)
def test_a_search_finds(text: str, count: int) -> None:
    assert len(found(text)) == count


@pytest.mark.usefixtures("three")
def test_a_word_that_many_needs_hold_is_found_by_reading_on(monkeypatch: pytest.MonkeyPatch) -> None:
    rare = found("路灯")
    monkeypatch.setattr(queries, "MANY_HITS", 1)
    assert found("路灯") == rare


@pytest.mark.usefixtures("three")
def test_what_is_changed_or_gone_is_no_longer_found() -> None:
    need = queries.get_need("XQ-01-001-0003")
    need.search_text = "改了 了名"
    db.session.flush()
    assert found("课堂") == []
    assert found("改了名") == ["开办四点半课堂"]


def test_rows_inserted_in_bulk_are_found_too(round: Round) -> None:
    first = needs.make_paper_need(round)
    columns = {
        column.name: getattr(first, column.name)
        for column in Need.__table__.columns
        if column.name not in {"id", "search_text"}
    }
    db.session.execute(
        Need.__table__.insert(),
        [{**columns, "ref": f"XQ-9-{number}", "title": f"第{number}号花坛"} for number in (1, 2)],
    )
    assert found("号花坛") == ["第1号花坛", "第2号花坛"]
