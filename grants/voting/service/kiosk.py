"""Kiosks: a device that an officer opens for many voters in a row, and voting with a printed code.

A device holds a token of its own and nobody's session. Every voter has a turn: a random word in a cookie that the
next welcome page replaces, so that no page of the turn before can be sent again, with the back button or otherwise.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken, TransitionRefused, require
from grants.foundation.i18n import _
from grants.foundation.identifiers import BadCode, normalise_code
from grants.foundation.sealing import SealBroken, TokenExpired, vault
from grants.people.models import SignInAttempt, User
from grants.people.queries import token_hash
from grants.voting import policy, queries
from grants.voting.models import ActivationCode, KioskStation, Poll
from grants.voting.rules import CHANNEL_LABELS, Channel, Marking
from grants.voting.service.casting import Receipt, cast, mint_form, open_form, receipt_of
from grants.voting.service.codes import code_hash

PURPOSE = "kiosk"
TURN_LIFETIME = timedelta(minutes=20)
LONGEST_HOURS = 14
GUESS_WINDOW = timedelta(minutes=15)
GUESSES = 12
"""Wrong codes a device may be given in a quarter of an hour; a whole code has 80 random bits."""


@dataclass(frozen=True)
class Visitor:
    """Whoever stands before a device: the kiosk it is (None at home), the turn, the network address."""

    station: KioskStation | None
    turn: str
    address: str


@dataclass(frozen=True)
class Entrance:
    """What a typed code opens: a sealed turn with its ballot form, or the reason why not."""

    token: str = ""
    refusal: str = ""


def open_station(*, officer: User, poll: Poll, name: str, hours: int) -> tuple[KioskStation, str]:
    """Open a device for voting; returns the kiosk and its token, the only copy. Raises RuleBroken for a taken name."""
    require(policy.why_not_open_station(officer, poll))
    if not 1 <= hours <= LONGEST_HOURS:
        raise RuleBroken(_("自助机一次最多开启 %(most)d 小时。", most=LONGEST_HOURS), "hours")
    if any(station.name == name and station_is_live(station, clock.now()) for station in queries.list_stations(poll)):
        raise RuleBroken(_("这个名称的自助机正在使用，请换一个名称。"), "name")
    token = secrets.token_urlsafe(32)
    station = KioskStation(
        poll_id=poll.id,
        name=name,
        token_hash=token_hash(token),
        opened_by_id=officer.id,
        expires_at=min(clock.now() + timedelta(hours=hours), poll.closes_at),
    )
    db.session.add(station)
    audit.record("poll:open_station", actor=officer, subject=poll, station=name)
    return station, token


def station_is_live(station: KioskStation, moment: datetime) -> bool:
    """Tell whether a kiosk takes voters at a moment."""
    return station.closed_at is None and station.expires_at > moment


def close_station(*, officer: User, station: KioskStation) -> None:
    """Close a kiosk; its device shows nothing more from the next request on."""
    require(policy.why_not_serve(officer, station.poll))
    if station.closed_at is not None:
        raise TransitionRefused(_("这台自助机已经关闭。"))
    station.closed_at = clock.now()
    audit.record("poll:close_station", actor=officer, subject=station.poll, station=station.name)


def enter(*, poll: Poll, visitor: Visitor, typed: str) -> Entrance:
    """Let somebody in with a code. A wrong one is counted, so the caller keeps the transaction whatever the answer.

    Raises RuleBroken while the device has been given too many wrong codes.
    """
    _refuse_guessers(poll, visitor)
    code = _find(poll, typed)
    if code is None:
        _count_guess(poll, visitor)
        return Entrance(refusal=_("投票码不对，请对照纸条重新输入：共 16 位，分四组。"))
    if code.revoked_on is not None:
        return Entrance(refusal=_("这个投票码已经作废：后来又给您印了新的投票码，请用新的。"))
    entry = queries.find_roll_entry(poll, code.person_key)
    if entry is not None and entry.has_voted:
        where = str(CHANNEL_LABELS[entry.channel]) if entry.channel else ""
        return Entrance(refusal=_("您已经通过“%(channel)s”投过票，每人只能投一次。", channel=where))
    payload = {
        "poll": poll.ref,
        "code": str(code.id),
        "station": str(visitor.station.id) if visitor.station else "",
        "turn": visitor.turn,
        "form": mint_form(poll=poll, person_key=code.person_key),
    }
    return Entrance(token=vault().seal_token(PURPOSE, payload, expires_at=clock.now() + TURN_LIFETIME))


def _find(poll: Poll, typed: str) -> ActivationCode | None:
    # A scanner types the whole address of the QR code; the code follows the #
    try:
        return queries.find_code(poll, code_hash(normalise_code(typed.rpartition("#")[2])))
    except BadCode:
        return None


def _door(poll: Poll, visitor: Visitor) -> str:
    return f"kiosk:{visitor.station.id if visitor.station else poll.ref}"[:60]


def _count_guess(poll: Poll, visitor: Visitor) -> None:
    db.session.add(SignInAttempt(login=_door(poll, visitor), address=visitor.address[:60], succeeded=False))
    audit.record("poll:refuse_code", actor=None, subject=poll)


def _refuse_guessers(poll: Poll, visitor: Visitor) -> None:
    if visitor.station is not None:
        # Guesses at one device wait for each other, so that many at once cannot slip past the count
        db.session.execute(select(KioskStation.id).where(KioskStation.id == visitor.station.id).with_for_update())
    failures = (
        select(func.count())
        .select_from(SignInAttempt)
        .where(
            SignInAttempt.login == _door(poll, visitor),
            SignInAttempt.address == visitor.address[:60],
            SignInAttempt.at > clock.now() - GUESS_WINDOW,
        )
    )
    if db.session.execute(failures).scalar_one() >= GUESSES:
        raise RuleBroken(_("输错次数过多，请工作人员协助，15 分钟后再试。"))


@dataclass(frozen=True)
class Turn:
    """One voter's opened turn."""

    code_id: uuid.UUID
    form: str


def open_turn(*, poll: Poll, visitor: Visitor, token: str) -> Turn:
    """Open a sealed turn; raises NotPermitted when it is over, of another device or forged."""
    try:
        content = vault().open_token(PURPOSE, token, now=clock.now())
    except (SealBroken, TokenExpired) as error:
        raise NotPermitted(_("上一位投票人的页面已清除，请重新输入投票码。")) from error
    here = (poll.ref, str(visitor.station.id) if visitor.station else "", visitor.turn)
    if (content["poll"], content["station"], content["turn"]) != here:
        raise NotPermitted(_("上一位投票人的页面已清除，请重新输入投票码。"))
    return Turn(uuid.UUID(content["code"]), content["form"])


def cast_with_code(*, poll: Poll, visitor: Visitor, token: str, marking: Marking) -> Receipt:
    """Use up a code and cast its holder's ballot, or return the receipt of this very form if it was cast before.

    At a kiosk the ballot is one of the kiosk, at home one of the web. Raises what `cast` raises, and TransitionRefused
    for a code that was used or revoked meanwhile.
    """
    turn = open_turn(poll=poll, visitor=visitor, token=token)
    code = db.session.get(ActivationCode, turn.code_id)
    form = open_form(poll=poll, token=turn.form)
    if code is None or code.person_key != form.person_key:
        raise NotPermitted(_("这张选票不是发给您的，请重新打开选票。"))
    if not _use(code):
        earlier = queries.find_ballot(poll, form.code)
        if earlier is None:
            raise TransitionRefused(_("这个投票码已经用过或已作废。"))
        return receipt_of(poll, earlier.code, earlier.leaf)
    station = visitor.station
    return cast(
        poll=poll,
        person_key=code.person_key,
        marking=marking,
        token=turn.form,
        channel=Channel.KIOSK if station else Channel.WEB,
        station=station.name if station else "",
    )


def _use(code: ActivationCode) -> bool:
    result = db.session.execute(
        update(ActivationCode)
        .where(ActivationCode.id == code.id, ActivationCode.used_on.is_(None), ActivationCode.revoked_on.is_(None))
        .values(used_on=clock.today()),
        execution_options={"synchronize_session": False},
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]
