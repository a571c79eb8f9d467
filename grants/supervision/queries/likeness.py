"""Signs found by comparing: photos that look alike, and lists of people who signed in that are nearly the same."""

import uuid
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import select

from grants.agreements.models import Agreement
from grants.foundation.database import db
from grants.foundation.i18n import _
from grants.foundation.models import StoredFile
from grants.supervision.models import Activity, ActivityEvidence, ActivitySignIn
from grants.supervision.queries.sign import Flag
from grants.supervision.rules import EvidenceKind, FlagKind, looks_alike, repeats, setting


class _Photo(NamedTuple):
    activity_id: uuid.UUID
    ref: str
    name: str
    sha256: str
    look: str


def _photos(agreement: Agreement) -> list[_Photo]:
    """Return the photos of everything the organisation did, under any agreement."""
    statement = (
        select(Activity.id, Activity.ref, StoredFile.name, StoredFile.sha256, StoredFile.picture_hash)
        .join(ActivityEvidence, ActivityEvidence.activity_id == Activity.id)
        .join(StoredFile, StoredFile.id == ActivityEvidence.file_id)
        .join(Agreement, Agreement.id == Activity.agreement_id)
        .where(
            Agreement.organisation_id == agreement.organisation_id,
            ActivityEvidence.kind == EvidenceKind.PHOTO,
            StoredFile.picture_hash.is_not(None),
        )
        .order_by(Activity.ref, StoredFile.sha256)
    )
    return [
        _Photo(activity_id, ref, name, sha256, look or "")
        for activity_id, ref, name, sha256, look in db.session.execute(statement)
    ]


def alike_photos(agreement: Agreement, activities: list[Activity]) -> list[Flag]:
    """Return a flag for each two activities with nearly the same photo; the very same file is another sign."""
    own = {one.id: one for one in activities}
    found: dict[tuple[str, str], Flag] = {}
    for one, other in combinations(_photos(agreement), 2):
        pair = (one.ref, other.ref)
        if one.activity_id == other.activity_id or one.sha256 == other.sha256 or pair in found:
            continue
        about = own.get(other.activity_id) or own.get(one.activity_id)
        if about is not None and looks_alike(one.look, other.look):
            found[pair] = _alike(one, other, about)
    return list(found.values())


def _alike(one: _Photo, other: _Photo, about: Activity) -> Flag:
    text = _(
        "%(one)s 的照片“%(name)s”与 %(other)s 的照片“%(twin)s”几乎相同。",
        one=one.ref,
        name=one.name,
        other=other.ref,
        twin=other.name,
    )
    return Flag(FlagKind.NEAR_PHOTO, text, about, mark=f"{one.sha256} {other.sha256}")


def repeated_names(agreement: Agreement, activities: list[Activity]) -> list[Flag]:
    """Return one flag when the same people signed in again and again; paper sheets are pictures and not read."""
    percent = int(setting(agreement.project.round.settings, "sign_in_repeat_percent"))
    people: dict[str, set[uuid.UUID]] = {}
    refs = {one.id: one.ref for one in activities}
    statement = select(ActivitySignIn.activity_id, ActivitySignIn.resident_id)
    for activity_id, resident_id in db.session.execute(statement.where(ActivitySignIn.activity_id.in_(refs))):
        people.setdefault(refs[activity_id], set()).add(resident_id)
    pairs = [
        (one, other) for one, other in combinations(sorted(people), 2) if repeats(people[one], people[other], percent)
    ]
    if not pairs:
        return []
    one, other = pairs[0]
    text = _(
        "有 %(count)s 对活动的扫码签到名单重复达到 %(percent)s%%，例如 %(one)s 与 %(other)s 有 %(shared)s 人相同。",
        count=len(pairs),
        percent=percent,
        one=one,
        other=other,
        shared=len(people[one] & people[other]),
    )
    return [Flag(FlagKind.REPEATED_NAMES, text, mark=" ".join(sorted({ref for pair in pairs for ref in pair})))]
