"""Long lists page by page: by key, so that page 5,000 costs what page 1 costs."""

import base64
import binascii
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a long list, with the cursors of the pages around them (None at an end)."""

    items: list[T]
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Window:
    """Which part of a list is asked for: after or before a cursor, at most `size` items."""

    after: str | None = None
    before: str | None = None
    size: int = 20

    @classmethod
    def of(cls, args: Any, size: int = 20) -> "Window":
        """Read the window from a query string."""
        return cls(args.get("after") or None, args.get("before") or None, size)


def paginate(
    statement: Select[Any],
    window: Window,
    *,
    order: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[Any],
    descending: bool = True,
) -> Page[Any]:
    """Return one page of a select of one entity, ordered by a column and then by its primary key."""
    backwards = window.before is not None
    cursor = window.before if backwards else window.after
    falling = descending != backwards
    if cursor:
        value, identity = _decode(cursor)
        beyond = order < value if falling else order > value
        tie = key < identity if falling else key > identity
        statement = statement.where(or_(beyond, and_(order == value, tie)))
    columns = (order.desc(), key.desc()) if falling else (order.asc(), key.asc())
    items = list(db.session.scalars(statement.order_by(*columns).limit(window.size + 1)).unique())
    more = len(items) > window.size
    items = items[: window.size]
    if backwards:
        items.reverse()
    has_next = backwards or more
    has_previous = more if backwards else window.after is not None
    return Page(
        items,
        _encode(items[-1], order, key) if items and has_next else None,
        _encode(items[0], order, key) if items and has_previous else None,
    )


def _encode(item: Any, order: InstrumentedAttribute[Any], key: InstrumentedAttribute[Any]) -> str:
    value, identity = getattr(item, order.key), getattr(item, key.key)
    kind = "d" if isinstance(value, datetime) else "o" if isinstance(value, date) else "s"
    text = value.isoformat() if kind != "s" else value
    return base64.urlsafe_b64encode(json.dumps([kind, text, str(identity)]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, uuid.UUID]:
    try:
        kind, text, identity = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        readers: dict[str, Callable[[str], Any]] = {"d": datetime.fromisoformat, "o": date.fromisoformat, "s": str}
        value = readers[kind](text)
        return value, uuid.UUID(identity)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise RuleBroken(_("页码地址已失效，请从列表第一页重新进入。")) from error
