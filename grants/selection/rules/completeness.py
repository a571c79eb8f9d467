"""What is still missing from an application, at every moment and in words; an empty list means it may be submitted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grants.foundation.i18n import _
from grants.selection.rules import budget
from grants.selection.rules.paper import (
    DOCUMENT_LABELS,
    LINKS,
    PARTS,
    SECTIONS,
    ActivityRow,
    BudgetRow,
    DocumentKind,
    Group,
    TeamRow,
    length,
    required_documents,
)


@dataclass(frozen=True)
class Paper:
    """An application as its completeness is measured."""

    title: str
    starts_on: date | None
    ends_on: date | None
    project_starts_on: date | None
    project_ends_on: date | None
    person_target: int
    attendance_target: int
    activity_target: int
    indicator_names: Mapping[str, str]
    promised: Mapping[str, float]
    sections: Mapping[str, str]
    limits: Mapping[str, int]
    activities: tuple[ActivityRow, ...]
    fiscal: tuple[BudgetRow, ...]
    social: tuple[BudgetRow, ...]
    ceiling_fen: int
    caps: Mapping[str, int]
    team: tuple[TeamRow, ...]
    documents: frozenset[DocumentKind]
    payee_problem: str | None
    is_filed: bool
    has_declared: bool
    unfinished: frozenset[str]
    vulnerable_target: int = 0


class Gap(str):
    """What is missing, in words, and the part of the page where it is put right.

    `is_wrong`: something stands there and cannot stay, so that its writer is told at once.
    """

    __slots__ = ("is_wrong", "part")
    part: str
    is_wrong: bool

    def __new__(cls, part: str, words: str, *, is_wrong: bool = False) -> "Gap":
        """Bind the words to a part."""
        made = super().__new__(cls, words)
        made.part, made.is_wrong = part, is_wrong
        return made


class State(StrEnum):
    """How far a page of the form is."""

    EMPTY = "empty"
    PARTIAL = "partial"
    DONE = "done"


@dataclass(frozen=True)
class Mark:
    """The completeness of one page of the form, and what it still lacks."""

    group: Group
    state: State
    gaps: tuple[Gap, ...]


def marks(paper: Paper) -> list[Mark]:
    """Return the completeness of every page, in the order of the form."""
    found = []
    for group in Group:
        gaps = tuple(_GAPS[group](paper)) + _unfinished(paper, group)
        state = State.DONE if not gaps else State.PARTIAL if _is_begun(paper, group) else State.EMPTY
        found.append(Mark(group, state, gaps))
    return found


def missing(paper: Paper) -> list[tuple[Group, Gap]]:
    """Return everything that is still missing, with the page where it belongs."""
    return [(mark.group, gap) for mark in marks(paper) for gap in mark.gaps]


def _unfinished(paper: Paper, group: Group) -> tuple[Gap, ...]:
    half = [part for part in PARTS.get(group, ()) if part in paper.unfinished]
    return (Gap(half[0], _("有填了一半的内容，请补全后保存")),) if half else ()


def _is_begun(paper: Paper, group: Group) -> bool:
    begun = {
        Group.BASICS: bool(paper.title or paper.person_target),
        Group.TEXTS: any(paper.sections.values()),
        Group.PLAN: bool(paper.activities),
        Group.BUDGET: bool(paper.fiscal or paper.social),
        Group.TEAM: bool(paper.team),
        Group.DOCUMENTS: bool(paper.documents),
        Group.DECLARATION: paper.has_declared,
    }
    return begun[group] or not paper.unfinished.isdisjoint(PARTS.get(group, ()))


def _basics(paper: Paper) -> list[Gap]:
    gaps = []
    if not paper.title:
        gaps.append(Gap("title", _("项目名称还没有填写")))
    if paper.payee_problem:
        gaps.append(Gap("payee", paper.payee_problem))
    gaps += _period(paper) + _targets(paper)
    gaps += [
        Gap("targets", _("还没有承诺指标“%(name)s”的目标值", name=name))
        for key, name in paper.indicator_names.items()
        if key not in paper.promised
    ]
    return gaps


def _period(paper: Paper) -> list[Gap]:
    if paper.starts_on is None or paper.ends_on is None:
        return [Gap("ends_on" if paper.starts_on else "starts_on", _("实施起止日期还没有填写"))]
    if paper.ends_on < paper.starts_on:
        return [Gap("ends_on", _("结束日期早于开始日期"), is_wrong=True)]
    if paper.project_starts_on and paper.starts_on < paper.project_starts_on:
        on = paper.project_starts_on.isoformat()
        return [Gap("starts_on", _("开始日期早于项目计划的 %(on)s", on=on), is_wrong=True)]
    if paper.project_ends_on and paper.ends_on > paper.project_ends_on:
        on = paper.project_ends_on.isoformat()
        return [Gap("ends_on", _("结束日期晚于项目计划的 %(on)s", on=on), is_wrong=True)]
    return []


def _targets(paper: Paper) -> list[Gap]:
    gaps = []
    if not paper.person_target:
        gaps.append(Gap("person_target", _("服务人数（不重复计算）还没有填写")))
    if not paper.attendance_target:
        gaps.append(Gap("attendance_target", _("服务人次还没有填写")))
    elif paper.attendance_target < paper.person_target:
        gaps.append(Gap("attendance_target", _("服务人次少于服务人数，请核对"), is_wrong=True))
    if paper.person_target and paper.vulnerable_target > paper.person_target:
        gaps.append(Gap("vulnerable_target", _("困难群体人数多于服务人数，请核对"), is_wrong=True))
    if not paper.activity_target:
        gaps.append(Gap("activity_target", _("活动场次还没有填写")))
    return gaps


def _texts(paper: Paper) -> list[Gap]:
    gaps = []
    for key, (label, _limit) in SECTIONS.items():
        used, limit = length(paper.sections.get(key, "")), paper.limits[key]
        if not used and key not in LINKS:
            gaps.append(Gap(key, _("“%(label)s”还没有填写", label=label)))
        elif used > limit:
            over = {"label": label, "over": used - limit, "limit": limit}
            gaps.append(Gap(key, _("“%(label)s”超出 %(over)s 字（限 %(limit)s 字）", **over), is_wrong=True))
    if not any(paper.sections.get(key) for key in LINKS):
        gaps.append(Gap(next(iter(LINKS)), _("五社联动至少填写一项")))
    return gaps


def _plan(paper: Paper) -> list[Gap]:
    if not paper.activities:
        return [Gap("activities", _("活动计划还没有填写"))]
    gaps = []
    sessions = sum(row.session_count for row in paper.activities)
    if sessions < paper.activity_target:
        values = {"count": sessions, "target": paper.activity_target}
        gaps.append(Gap("activities", _("活动计划共 %(count)s 场，少于承诺的 %(target)s 场", **values), is_wrong=True))
    first, last = paper.starts_on, paper.ends_on
    outside = [
        (number, row.title)
        for number, row in enumerate(paper.activities)
        if (first and row.month < first.replace(day=1)) or (last and row.month > last)
    ]
    if outside:
        number, title = outside[0]
        gaps.append(Gap(f"activities-{number}-month", _("活动“%(title)s”不在实施期内", title=title), is_wrong=True))
    return gaps


def _budget(paper: Paper) -> list[Gap]:
    found = budget.problems(paper.fiscal, paper.social, ceiling_fen=paper.ceiling_fen, caps=paper.caps)
    return [Gap("fiscal", problem, is_wrong=bool(paper.fiscal)) for problem in found]


def _team(paper: Paper) -> list[Gap]:
    if not paper.team:
        return [Gap("team", _("项目团队还没有填写"))]
    leaders = sum(row.is_leader for row in paper.team)
    return [] if leaders == 1 else [Gap("team", _("请指定一名（且只有一名）项目负责人"), is_wrong=True)]


def _documents(paper: Paper) -> list[Gap]:
    needed = required_documents(is_filed=paper.is_filed, has_social_money=bool(paper.social))
    absent = [kind for kind in needed if kind not in paper.documents]
    return [Gap("kind", _("还没有上传“%(label)s”", label=DOCUMENT_LABELS[kind])) for kind in absent]


def _declaration(paper: Paper) -> list[Gap]:
    return [] if paper.has_declared else [Gap("has_declared", _("还没有作出诚信承诺"))]


_GAPS: dict[Group, Callable[[Paper], list[Gap]]] = {
    Group.BASICS: _basics,
    Group.TEXTS: _texts,
    Group.PLAN: _plan,
    Group.BUDGET: _budget,
    Group.TEAM: _team,
    Group.DOCUMENTS: _documents,
    Group.DECLARATION: _declaration,
}
