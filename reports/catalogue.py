"""The catalogue of papers: what each is called, who may make it, what it can be made of."""

from itertools import chain

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.models import IssuedDocument
from grants.people.models import User
from reports.kinds import evaluating, money, public, reviews, selecting, voting, watching
from reports.kinds.base import HEADING_LABELS, Heading, ReportKind, why_not_office

__all__ = ["HEADING_LABELS", "KINDS", "Heading", "ReportKind", "get_kind", "why_not_batch", "why_not_read"]

KINDS: dict[str, ReportKind] = {
    kind.key: kind
    for kind in chain(
        reviews.KINDS, voting.KINDS, money.KINDS, selecting.KINDS, watching.KINDS, evaluating.KINDS, public.KINDS
    )
}


def get_kind(key: str) -> ReportKind:
    """Return a kind of paper, or raise RuleBroken naming it."""
    if key not in KINDS:
        raise RuleBroken(_("没有这种报告：%(kind)s", kind=key))
    return KINDS[key]


def why_not_batch(actor: User | None) -> str | None:
    """Say why somebody may not have a whole round printed: the offices of the street may."""
    return why_not_office(actor, "")


def why_not_read(actor: User | None, document: IssuedDocument) -> str | None:
    """Say why somebody may not have an issued paper: final reports that are public are for everybody."""
    kind = KINDS.get(document.kind)
    if kind is None:
        return _("没有这种报告：%(kind)s", kind=document.kind)
    if kind.is_public and not document.is_draft:
        return None
    return kind.why_not_make(actor, document.subject_ref)
