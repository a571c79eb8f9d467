"""What every page of the application form shows around its fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from grants.foundation.clock import local
from grants.foundation.i18n import Text, _
from grants.foundation.money import yuan
from grants.rounds.rules import BUDGET_LABELS
from grants.selection.forms.paper import PAPER_FORMS
from grants.selection.models import Application
from grants.selection.queries import papers as queries
from grants.selection.rules import DOCUMENT_LABELS, GROUP_LABELS, ApplicationStatus, DocumentKind, Group
from grants.selection.rules import budget as budget_rules
from grants.selection.rules.completeness import marks
from grants.selection.rules.merging import Raw
from grants.selection.rules.paper import PAGE_OF, PART_LABELS, SCALE, section_limits
from grants.selection.rules.settings import setting
from grants.selection.views.labels import LABELS


def page_of(application: Application, group: Group) -> str:
    """Return the address of a page of the form."""
    if group in PAPER_FORMS:
        return url_for("selection.edit", ref=application.ref, group=group)
    endpoint = "selection.documents" if group is Group.DOCUMENTS else "selection.check"
    return url_for(endpoint, ref=application.ref)


def is_open_page(application: Application, group: Group) -> bool:
    """Tell whether a page of the form is open to changes, as far as a return for correction goes."""
    is_returned = application.status is ApplicationStatus.RETURNED
    return not is_returned or group is Group.DECLARATION or group in application.open_corrections


def open_pages(application: Application) -> dict[Group, str]:
    """Return the addresses of the pages that can be changed."""
    return {one: page_of(application, one) for one in Group if is_open_page(application, one)}


def has_wrong(application: Application, group: Group) -> bool:
    """Tell whether something stands on a page that cannot stay."""
    mark = next(one for one in marks(queries.paper_of(application)) if one.group is group)
    return any(gap.is_wrong for gap in mark.gaps)


def form_context(application: Application, group: Group) -> dict[str, Any]:
    """Return the application, its completeness page by page, and what the budget comes to."""
    paper = queries.paper_of(application)
    settings = application.call.project.round.settings
    caps = setting(settings, "budget_caps_percent")
    order = list(Group)
    return {
        "application": application,
        "group": group,
        "number": order.index(group) + 1,
        "marks": marks(paper),
        "hrefs": open_pages(application),
        "corrections": application.open_corrections,
        "scale": SCALE,
        "limits": section_limits(setting(settings, "section_limits")),
        "code_sums": budget_rules.code_sums(paper.fiscal, caps),
        "caps": caps,
        "leverage": budget_rules.leverage_percent(application.fiscal_fen, application.social_fen),
        "names": {str(one.id): one for one in application.call.project.indicators},
        "deadline": local(application.call.closes_at),
        **LABELS,
        "form_labels": [str(GROUP_LABELS[one]) for one in Group],
    }


@dataclass(frozen=True)
class Change:
    """A part of an application, as it was handed in and as it stands now."""

    page: Text
    label: Text
    before: list[str]
    after: list[str]
    is_changed: bool


def compared(application: Application, before: Mapping[str, Raw], after: Mapping[str, Raw]) -> Iterable[Change]:
    """Compare every part of two versions of an application, in the order of the form."""
    names = {str(one.id): one.name for one in application.call.project.indicators}
    for key, page in PAGE_OF.items():
        was, now = before.get(key, ""), after.get(key, "")
        lines = [spoken(key, raw, names) for raw in (was, now)]
        yield Change(GROUP_LABELS[page], PART_LABELS[key], lines[0], lines[1], (was or "") != (now or ""))
    was, now = before.get("documents", ""), after.get("documents", "")
    papers = [[_paper_words(row) for row in raw if isinstance(row, dict)] or [_("（空）")] for raw in (was, now)]
    label = GROUP_LABELS[Group.DOCUMENTS]
    yield Change(label, label, papers[0], papers[1], was != now)


def _paper_words(row: Mapping[str, str]) -> str:
    return f"{DOCUMENT_LABELS[DocumentKind(row['kind'])]}（{row['sha256'][:8]}）"


def spoken(key: str, raw: Raw, names: Mapping[str, str] | None = None) -> list[str]:
    """Return a stored part as lines that a person can compare with their own."""
    if isinstance(raw, str):
        return raw.split("\n") if raw else [_("（空）")]
    return [_row_words(key, row, names or {}) for row in raw] or [_("（空）")]


def _row_words(key: str, row: dict[str, str], names: Mapping[str, str]) -> str:
    if key == "targets":
        return f"{names.get(row.get('indicator', ''), '')} {row.get('target', '')}".strip()
    if key in {"fiscal", "social"}:
        words = {str(code): str(label) for code, label in BUDGET_LABELS.items()}
        return _(
            "%(code)s：%(content)s，单价 %(price)s 元 × %(quantity)s",
            code=words.get(row.get("code", ""), ""),
            content=row.get("content", ""),
            price=row.get("unit_price", "") or yuan(0),
            quantity=row.get("quantity", ""),
        )
    return " · ".join(text for name, text in row.items() if text and name not in {"indicator", "is_leader"})
