"""The desk sorts what waits by its day."""

from datetime import date, timedelta

import pytest

from grants.foundation.due import DueItem
from grants.people.models import User
from grants.portal.queries import desk

DAY = date(2026, 11, 24)


def _item(days: int | None, blocked_by: str | None = None) -> DueItem:
    return DueItem("审核", "/", "拨付", due_on=None if days is None else DAY + timedelta(days), blocked_by=blocked_by)


@pytest.mark.parametrize(
    ("days", "place"), [(-1, "late"), (0, "due"), (30, "due"), (None, "due"), (31, "later"), (204, "later")]
)
def test_a_line_stands_where_its_day_puts_it(days: int | None, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    item = _item(days)
    monkeypatch.setattr(desk, "_gather", lambda _actor: [item])
    read = desk.read_desk(User(), DAY)
    assert {name: getattr(read, name) for name in ("late", "due", "later", "blocked")} == {
        "late": [],
        "due": [],
        "later": [],
        "blocked": [],
        place: [item],
    }
    assert not read.is_empty


def test_what_is_blocked_waits_apart_even_when_it_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    item = _item(-5, "须由另一位经办人办理")
    monkeypatch.setattr(desk, "_gather", lambda _actor: [item])
    read = desk.read_desk(User(), DAY)
    assert (read.late, read.due, read.later, read.blocked) == ([], [], [], [item])
