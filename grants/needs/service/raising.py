"""Raising a need: by a resident on the web, or by an officer for somebody who came, called or wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grants.foundation import audit, files, numbering
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.needs import policy
from grants.needs.models import Need, NeedAttachment, NeedSupport
from grants.needs.rules import NeedSource, Step, TargetGroup, Urgency
from grants.needs.service.stamps import stamp
from grants.people.models import Place, Resident, User
from grants.people.rules import PlaceKind
from grants.rounds.models import Round
from grants.rounds.rules import Category

MAX_PHOTOS = 6


@dataclass(frozen=True)
class NeedText:
    """What is needed, where and for whom, as it was told."""

    category: Category
    title: str
    body: str
    place_text: str = ""
    target_group: TargetGroup = TargetGroup.ALL
    urgency: Urgency = Urgency.NORMAL
    grid: Place | None = None


def raise_need(*, round: Round, actor: User, text: NeedText, photos: Sequence[Any] = ()) -> Need:
    """Raise a need as a resident, in the resident's own community; `photos` are uploads.

    Raises RuleBroken with its field for a photo or place that cannot be accepted.
    """
    require(policy.why_not_raise(actor, round))
    resident = actor.resident
    if resident is None:  # the policy refused already; said once more for the type checker
        raise RuleBroken(_("只有在册居民可以提出需求。"))
    need = _make(round, resident.community, text, source=NeedSource.WEB, proposer=resident, officer=None)
    _attach(need, photos, actor)
    audit.record("need:raise", actor=actor, subject=need, community=need.community.name)
    return need


def enter_need(
    *,
    round: Round,
    officer: User,
    community: Place,
    source: NeedSource,
    text: NeedText,
    resident: Resident | None = None,
    photos: Sequence[Any] = (),
) -> Need:
    """Enter a need at the counter for a resident of the community, or without a name from an unsigned paper."""
    require(policy.why_not_enter(officer, round, community))
    if source is NeedSource.WEB:
        raise RuleBroken(_("代办登记请选择需求来源。"), "source")
    if resident is not None and resident.community_id != community.id:
        raise RuleBroken(_("这位居民不在%(community)s的居民名册中。", community=community.name), "id_number")
    need = _make(round, community, text, source=source, proposer=resident, officer=officer)
    _attach(need, photos, officer)
    audit.record("need:enter", actor=officer, subject=need, source=source, is_named=resident is not None)
    return need


def _make(
    round: Round,
    community: Place,
    text: NeedText,
    *,
    source: NeedSource,
    proposer: Resident | None,
    officer: User | None,
) -> Need:
    _check_grid(text.grid, community)
    need = Need(
        ref=_next_ref(round, community),
        round=round,
        community=community,
        grid=text.grid,
        category=text.category,
        title=text.title,
        body=text.body,
        place_text=text.place_text,
        target_group=text.target_group,
        urgency=text.urgency,
        source=source,
        proposer=proposer,
        entered_by=officer,
        support_count=0 if proposer is None else 1,
    )
    db.session.add(need)
    db.session.flush()
    if proposer is not None:
        db.session.add(NeedSupport(need_id=need.id, resident_id=proposer.id))
    stamp(need=need, step=Step.RAISE, by=officer)
    return need


def _check_grid(grid: Place | None, community: Place) -> None:
    if grid is not None and (grid.kind is not PlaceKind.GRID or grid.parent_id != community.id):
        raise RuleBroken(_("请选择%(community)s的网格。", community=community.name), "grid")


def _next_ref(round: Round, community: Place) -> str:
    """Return XQ-<round>-<community>-<serial>; the community's number is the end of its place code."""
    return numbering.next_reference(f"XQ-{round.number:02d}-{community.code[-3:]}")


def _attach(need: Need, photos: Sequence[Any], actor: User) -> None:
    if len(photos) > MAX_PHOTOS:
        raise RuleBroken(_("最多上传 %(count)s 张照片。", count=MAX_PHOTOS), "photos")
    for upload in photos:
        file = files.store_upload(upload, purpose="need", actor_id=actor.id, allow=files.IMAGES)
        need.attachments.append(NeedAttachment(file=file))
