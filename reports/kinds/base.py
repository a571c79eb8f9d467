"""What a kind of paper is, under which heading it is offered, and the common answers to who may have it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from grants.agreements import policy as agreements_policy
from grants.foundation.i18n import Text, _, _l
from grants.people.models import User
from grants.people.rules import Role
from reports.gather import choices
from reports.gather.choices import Choice, Viewer
from reports.gather.common import Gathered

OFFICE = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR)

SHEET = "reports.documents.sheet"
ONE_A_ROUND = (
    "round-summary",
    "fund-ledger",
    "fund-use",
    "budget-execution",
    "supervision-brief",
    "performance-evaluation",
    "organisation-directory",
    "fund-notice",
)
OFFICIAL = "reports.documents.official_paper"
POSTER = "reports.documents.poster"


class Heading(StrEnum):
    """The headings of the catalogue, in their order."""

    SUMMARY = "summary"
    MONEY = "money"
    SELECTION = "selection"
    SUPERVISION = "supervision"
    EVALUATION = "evaluation"
    PUBLIC = "public"


HEADING_LABELS: dict[Heading, Text] = {
    Heading.SUMMARY: _l("届次总结与决策"),
    Heading.MONEY: _l("资金"),
    Heading.SELECTION: _l("评审与协议"),
    Heading.SUPERVISION: _l("监督与整改"),
    Heading.EVALUATION: _l("绩效评价"),
    Heading.PUBLIC: _l("公开与归档"),
}


@dataclass(frozen=True)
class ReportKind:
    """One kind of paper. `module` prints it and is imported only when something is printed.

    The final papers of a public kind are for everybody. The choices of an open kind are those of the viewer, so the
    list itself says who may make what. Papers of a private kind are found through what they are about, never in the
    list of what was issued: that there is a draft is nobody's business.
    """

    key: str
    title: Text
    about: Text
    subject: Text
    module: str
    gather: Callable[[str], Gathered]
    choices: Callable[[Viewer, str | None], list[Choice]]
    why_not_make: Callable[[User | None, str], str | None]
    is_public: bool = False
    is_open: bool = False
    is_private: bool = False
    heading: Heading = Heading.SUMMARY

    @property
    def of_round(self) -> bool:
        """Tell whether a round can have several papers of this kind, which are then printed together."""
        return self.key not in ONE_A_ROUND

    def printer(self) -> Callable[..., bytes]:
        """Return the function that turns the gathered document into PDF; loads pandas and WeasyPrint."""
        made: Callable[..., bytes] = import_module(self.module).to_pdf
        return made

    def list_for(self, viewer: Viewer, round_ref: str | None = None) -> list[Choice]:
        """List what this viewer can have made now."""
        if self.is_open or viewer.is_operator or self.why_not_make(viewer.actor, "") is None:
            return self.choices(viewer, round_ref)
        return []


def why_not_office(actor: User | None, _ref: str) -> str | None:
    """Say why somebody may not make what the offices work with."""
    if actor is not None and actor.has_role(*OFFICE):
        return None
    return _("这种报告由街道工作人员生成。")


def why_not_staff(actor: User | None, _ref: str) -> str | None:
    """Say why somebody may not make a paper for the public: the street and its communities do."""
    if actor is not None and actor.has_role(*OFFICE, Role.COMMUNITY):
        return None
    return _("这种报告由街道和社区工作人员生成。")


def why_not_party(actor: User | None, ref: str) -> str | None:
    """Say why somebody may not make a paper about an agreement; raises NotFound where there is no agreement."""
    return agreements_policy.why_not_read(actor, choices.agreement_of(ref))
