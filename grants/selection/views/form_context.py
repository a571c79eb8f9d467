"""What every page of the application form shows around its fields."""

from typing import Any

from flask import url_for

from grants.foundation.clock import local
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.rounds.rules import BUDGET_LABELS
from grants.selection.forms.paper import PAPER_FORMS
from grants.selection.models import Application
from grants.selection.queries import papers as queries
from grants.selection.rules import GROUP_LABELS, Group
from grants.selection.rules import budget as budget_rules
from grants.selection.rules.completeness import marks
from grants.selection.rules.merging import Raw
from grants.selection.rules.paper import section_limits
from grants.selection.rules.settings import setting
from grants.selection.views.labels import LABELS


def page_of(application: Application, group: Group) -> str:
    """Return the address of a page of the form."""
    if group in PAPER_FORMS:
        return url_for("selection.edit", ref=application.ref, group=group)
    endpoint = "selection.documents" if group is Group.DOCUMENTS else "selection.check"
    return url_for(endpoint, ref=application.ref)


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
        "hrefs": {one: page_of(application, one) for one in Group},
        "limits": section_limits(setting(settings, "section_limits")),
        "code_sums": budget_rules.code_sums(paper.fiscal, caps),
        "caps": caps,
        "budget_problems": marks(paper)[order.index(Group.BUDGET)].gaps,
        "leverage": budget_rules.leverage_percent(application.fiscal_fen, application.social_fen),
        "names": {str(one.id): one for one in application.call.project.indicators},
        "deadline": local(application.call.closes_at),
        **LABELS,
        "form_labels": [str(GROUP_LABELS[one]) for one in Group],
    }


def spoken(key: str, raw: Raw) -> list[str]:
    """Return a stored part as lines that a person can compare with their own."""
    if isinstance(raw, str):
        return raw.split("\n") if raw else [_("（空）")]
    return [_row_words(key, row) for row in raw] or [_("（空）")]


def _row_words(key: str, row: dict[str, str]) -> str:
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
