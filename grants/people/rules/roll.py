"""The lines of a residents' roll as they come in a table: what each column means and what is wrong with a line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.identifiers import normalise, normalise_phone, why_not_mobile, why_not_resident_id
from grants.people.rules.kinds import Gender

NAME, ID_NUMBER, PHONE, COMMUNITY, GRID, ESTATE, AWAY = "姓名", "身份证号", "手机号", "社区", "网格", "小区", "是否外出"
COLUMNS = (NAME, ID_NUMBER, PHONE, COMMUNITY, GRID, ESTATE, AWAY)
REQUIRED = (NAME, ID_NUMBER)
_ALIASES = {
    "公民身份号码": ID_NUMBER,
    "身份证号码": ID_NUMBER,
    "身份证": ID_NUMBER,
    "手机": PHONE,
    "手机号码": PHONE,
    "联系电话": PHONE,
    "电话": PHONE,
    "所属社区": COMMUNITY,
    "所属网格": GRID,
    "所属小区": ESTATE,
    "外出": AWAY,
}
_YES = frozenset({"是", "外出", "y", "yes", "1", "true"})
_NO = frozenset({"", "否", "在家", "在住", "n", "no", "0", "false"})
_LONGEST_NAME = 60
_EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number than this; what stands behind them is lost."""
_NAME_SIGNS = re.compile(r"[^\W\d_]+(?:[·\s.'’-][^\W\d_]+)*")


@dataclass(frozen=True)
class RollFault:
    """What is wrong with one cell: line of the file, column, reason. Never repeats what the cell holds."""

    line: int
    column: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Return the fault as it is kept with the import."""
        return asdict(self)


@dataclass(frozen=True)
class RollLine:
    """One readable line, normalised; places are still names."""

    line: int
    name: str
    id_number: str
    phone: str
    community: str
    grid: str
    estate: str
    is_away: bool


def gender_of(id_number: str) -> Gender:
    """Return what the 17th digit of an identity number says (GB 11643: odd is male)."""
    return Gender.MALE if int(id_number[16]) % 2 else Gender.FEMALE


def read_lines(table: Iterable[Sequence[Any]], *, today: date) -> tuple[list[RollLine], list[RollFault]]:
    """Read a table whose first line holds the column names; raises RuleBroken when a needed column is missing."""
    lines: list[RollLine] = []
    faults: list[RollFault] = []
    seen: dict[str, int] = {}
    places: dict[str, int] | None = None
    for number, cells in enumerate(table, start=1):
        if not any(_text(cell) for cell in cells):
            continue
        if places is None:
            places = _columns(cells)
            continue
        values = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        found = _faults(number, values, today)
        line = _line(number, values)
        if not found and line.id_number in seen:
            reason = _("与第 %(line)s 行的身份证号相同", line=seen[line.id_number])
            found = [RollFault(number, ID_NUMBER, reason)]
        faults += found
        if not found:
            seen[line.id_number] = number
            lines.append(line)
    if places is None:
        raise RuleBroken(_("文件里没有内容，请使用名册模板填写。"), "file")
    return lines, faults


def _columns(cells: Sequence[Any]) -> dict[str, int]:
    names = [_text(cell).replace(" ", "") for cell in cells]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        known = name if name in COLUMNS else _ALIASES.get(name)
        if known is not None:
            places.setdefault(known, place)
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        text = "、".join(missing)
        raise RuleBroken(_("第一行应是列名，没有找到这些列：%(names)s。请使用名册模板。", names=text), "file")
    return places


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # An apostrophe is how a spreadsheet marks digits as text
    return str(cell).strip().lstrip("'")


def _faults(number: int, values: dict[str, Any], today: date) -> list[RollFault]:
    checks = (
        (NAME, _why_not_name(_text(values[NAME]))),
        (ID_NUMBER, _why_not_id(values[ID_NUMBER], today)),
        (PHONE, _why_not_phone(_text(values.get(PHONE)))),
        (AWAY, _why_not_away(_text(values.get(AWAY)))),
    )
    return [RollFault(number, column, reason) for column, reason in checks if reason]


def _why_not_name(name: str) -> str | None:
    if not name:
        return _("没有填写姓名")
    if len(name) > _LONGEST_NAME or not _NAME_SIGNS.fullmatch(name):
        return _("姓名里有不该出现的字符，请核对")
    return None


def _why_not_id(cell: Any, today: date) -> str | None:
    if isinstance(cell, (int, float)) and len(_text(cell)) > _EXACT_DIGITS:
        return _("表格把身份证号存成了数字，末几位已经丢失。请把这一列设为“文本”格式后重新录入")
    text = _text(cell)
    return why_not_resident_id(text, today=today) if text else _("没有填写身份证号")


def _why_not_phone(phone: str) -> str | None:
    return why_not_mobile(phone) if phone else None


def _why_not_away(word: str) -> str | None:
    return None if word.lower() in _YES | _NO else _("请填写“是”或“否”")


def _line(number: int, values: dict[str, Any]) -> RollLine:
    return RollLine(
        line=number,
        name=_text(values[NAME]),
        id_number=normalise(_text(values[ID_NUMBER])),
        phone=normalise_phone(_text(values.get(PHONE))),
        community=_text(values.get(COMMUNITY)),
        grid=_text(values.get(GRID)),
        estate=_text(values.get(ESTATE)),
        is_away=_text(values.get(AWAY)).lower() in _YES,
    )
