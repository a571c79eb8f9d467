"""What an organisation said before and may say again: its profile and its earlier applications."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from grants.foundation.database import db
from grants.foundation.i18n import _
from grants.selection.models import Application, Call
from grants.selection.queries.papers import typed_content
from grants.selection.rules import Group, setting
from grants.selection.rules.paper import REUSED, section_limits

PROFILE = "profile"
MOST_EARLIER = 10


@dataclass(frozen=True)
class Source:
    """Something to take over: where it comes from, and its parts as values."""

    key: str
    label: str
    parts: Mapping[str, Any]


def list_sources(application: Application, page: Group) -> list[Source]:
    """List what can be taken over on a page: the profile first, then earlier applications, the latest first.

    Only what the same organisation has handed in itself.
    """
    found = [_from_profile(application)] if page is Group.TEXTS and application.organisation.profile else []
    statement = (
        select(Application)
        .where(
            Application.organisation_id == application.organisation_id,
            Application.id != application.id,
            Application.submitted_at.is_not(None),
        )
        .options(
            joinedload(Application.call).joinedload(Call.project),
            selectinload(Application.budget_lines),
            selectinload(Application.team),
        )
        .order_by(Application.submitted_at.desc(), Application.ref)
        .limit(MOST_EARLIER)
    )
    for earlier in db.session.scalars(statement):
        said = typed_content(earlier)
        parts = {key: said[key] for key in REUSED[page] if said[key]}
        if parts:
            label = _("%(ref)s “%(title)s”", ref=earlier.ref, title=earlier.title or earlier.call.project.title)
            found.append(Source(earlier.ref, label, parts))
    return found


def _from_profile(application: Application) -> Source:
    settings = application.call.project.round.settings
    most = section_limits(setting(settings, "section_limits"))["experience"]
    return Source(PROFILE, _("组织档案中的简介"), {"experience": application.organisation.profile[:most]})


def find_source(application: Application, page: Group, key: str) -> Source | None:
    """Return one of the sources of a page."""
    return next((one for one in list_sources(application, page) if one.key == key), None)
