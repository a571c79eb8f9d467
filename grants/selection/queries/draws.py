"""The draws of a call, each done again from its seed: what was drawn must come out again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.i18n import Text, _
from grants.selection.models import Call, DrawPool
from grants.selection.queries import judging
from grants.selection.queries.pitching import find_pitch
from grants.selection.rules import DRAW_LABELS, DrawKind
from grants.selection.rules.drawing import Candidate, draw_jury, draw_panel, fingerprint, in_order
from grants.selection.rules.scoring import lot


@dataclass(frozen=True)
class Lot:
    """One candidate's lot; the name only for those who may know it."""

    place: int
    lot: str
    name: str
    is_finance: bool
    is_drawn: bool


@dataclass(frozen=True)
class DrawRecord:
    """A draw as it was recorded, and what doing it again gives (None: its list of candidates was not kept)."""

    kind: DrawKind
    title: Text
    key: str
    seed: str
    witness: str
    officer: str
    at: str
    pool_count: int
    pool_sha256: str
    drawn_count: int
    lots: tuple[Lot, ...]
    is_same: bool | None


def list_draws(call: Call, *, with_names: bool) -> list[DrawRecord]:
    """List the draws of a call so far, each done again now; names of experts only where asked for."""
    found = [_panel(call, with_names=with_names) if call.panel_log else None]
    found += [_jury(call) if call.jury_log else None, _pitch(call)]
    return [one for one in found if one is not None]


def _panel(call: Call, *, with_names: bool) -> DrawRecord:
    log = call.panel_log
    finance = set(log["finance"])
    again = draw_panel([Candidate(key, key in finance) for key in log["pool"]], log["size"], log["seed"])
    names = judging.drawn_names(call) if with_names else {}
    return DrawRecord(
        kind=DrawKind.PANEL,
        title=DRAW_LABELS[DrawKind.PANEL],
        key=_("专家账号"),
        seed=log["seed"],
        witness=log["witness"],
        officer=log["officer"],
        at=log["at"],
        pool_count=len(log["pool"]),
        pool_sha256=fingerprint(log["pool"]),
        drawn_count=len(log["chosen"]),
        lots=_lots(again.order, log["seed"], log["chosen"], names, finance),
        is_same=list(again.chosen) == log["chosen"] and list(again.order) == log["order"],
    )


def _jury(call: Call) -> DrawRecord:
    log = call.jury_log
    statement = select(DrawPool.keys).where(DrawPool.call_id == call.id, DrawPool.kind == DrawKind.JURY)
    pool = db.session.scalars(statement).one_or_none()
    again = draw_jury(pool, log["size"], log["seed"]) if pool else None
    is_same = None
    if again is not None and pool is not None:
        is_same = list(again.chosen) == log["chosen"] and fingerprint(pool) == log["pool_sha256"]
    return DrawRecord(
        kind=DrawKind.JURY,
        title=DRAW_LABELS[DrawKind.JURY],
        key=_("居民随机编号"),
        seed=log["seed"],
        witness=log["witness"],
        officer=log["officer"],
        at=log["at"],
        pool_count=log["pool_count"],
        pool_sha256=log["pool_sha256"],
        drawn_count=len(log["chosen"]),
        lots=_lots(again.order if again else log["chosen"], log["seed"], log["chosen"], {}, set()),
        is_same=is_same,
    )


def _pitch(call: Call) -> DrawRecord | None:
    pitch = find_pitch(call)
    if pitch is None:
        return None
    letters = [slot.application.blind_label or "" for slot in pitch.slots]
    again = in_order(letters, pitch.seed)
    names = {letter: _("申报单位 %(label)s", label=letter) for letter in letters}
    return DrawRecord(
        kind=DrawKind.PITCH,
        title=DRAW_LABELS[DrawKind.PITCH],
        key=_("匿名代号"),
        seed=pitch.seed,
        witness=pitch.witness,
        officer=pitch.drawn_by.display_name,
        at=local(pitch.drawn_at).strftime("%Y-%m-%d %H:%M:%S"),
        pool_count=len(letters),
        pool_sha256=fingerprint(letters),
        drawn_count=len(letters),
        lots=_lots(again, pitch.seed, letters, names, set()),
        is_same=list(again) == letters,
    )


def _lots(
    order: Sequence[str], seed: str, chosen: Sequence[str], names: dict[str, str], finance: set[str]
) -> tuple[Lot, ...]:
    drawn = set(chosen)
    return tuple(
        Lot(place, lot(seed, key), names.get(key, ""), key in finance, key in drawn)
        for place, key in enumerate(order, start=1)
    )
