"""Activities: the public list and page, announcing, recording, cancelling, and the files that prove them."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from grants.agreements.policy import acts_for
from grants.foundation.errors import require
from grants.foundation.files import ANY, IMAGES, PAPERS, accept, send
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people.queries import list_communities
from grants.supervision import policy, queries, service
from grants.supervision.forms import AnnounceForm, ReasonForm, RecordForm
from grants.supervision.models import Activity
from grants.supervision.rules import ACTIVITY_FLOW, ActivityAction, ActivityStatus, EvidenceKind
from grants.supervision.views.blueprint import blueprint, keep_all, watched
from grants.supervision.views.labels import LABELS

PUBLIC_TABS = (ActivityStatus.ANNOUNCED, ActivityStatus.RECORDED, ActivityStatus.CANCELLED)


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


@blueprint.get("/activities/")
def activities() -> tuple[str, int]:
    """List activities for everybody: what is coming, what was done, what was called off."""
    status = request.args.get("status", "")
    filters = queries.ActivityFilters(
        ActivityStatus(status) if status in set(ActivityStatus) else ActivityStatus.ANNOUNCED,
        _uuid(request.args.get("community")),
        text=request.args.get("q", "").strip(),
    )
    return page(
        "supervision/activities.html",
        found=queries.list_public_activities(Window.of(request.args), filters),
        filters=filters,
        tabs=PUBLIC_TABS,
        communities=list_communities(),
        **LABELS,
    )


@blueprint.get("/activities/<ref>")
def activity(ref: str) -> tuple[str, int]:
    """Show one activity to everybody, and its proof and sign-in code to those who may have them."""
    found, actor = queries.get_activity(ref), current.actor_or_none()
    is_watching = policy.why_not_watch(actor, found.agreement) is None
    shows_code = found.status is ActivityStatus.ANNOUNCED and policy.why_not_show_code(actor, found) is None
    return page(
        "supervision/activity.html",
        activity=found,
        evidence=[one for one in found.evidence if policy.why_not_open_evidence(actor, one) is None],
        reused=queries.reused_photos([found.id]) if is_watching and not acts_for(actor, found.agreement) else {},
        is_watching=is_watching,
        code=_code(found) if shows_code else None,
        signed_in_count=queries.count_sign_ins(found.id),
        may_record=_may(found, ActivityAction.RECORD, actor and policy.why_not_record(actor, found)),
        may_cancel=_may(found, ActivityAction.CANCEL, actor and policy.why_not_cancel(actor, found)),
        is_signed_in=actor is not None,
        **_seats(found),
        EvidenceKind=EvidenceKind,
        **LABELS,
    )


def _seats(found: Activity) -> dict[str, Any]:
    """Return what the page says about signing up: seats left, who waits, and what this actor can do about it."""
    actor = current.actor_or_none()
    resident = actor.resident if actor is not None else None
    return {
        "seats_left": max((found.seat_count or 0) - queries.count_seated(found.id), 0),
        "waiting_count": queries.count_waiting(found.id),
        "registration": queries.find_registration(found.id, resident.id) if resident is not None else None,
        "may_register": policy.why_not_register(actor, found) is None,
        "may_withdraw": policy.why_not_withdraw(actor, found) is None,
        "may_list": policy.why_not_list_guests(actor, found) is None,
    }


def _may(found: Activity, action: ActivityAction, why_not: Any) -> bool:
    """Tell whether a button is shown; a visitor has none."""
    return current.actor_or_none() is not None and why_not is None and ACTIVITY_FLOW.allows(found.status, action)


def _code(found: Activity) -> dict[str, Any]:
    """Return the sign-in address, its code in words, and the picture to scan, drawn into the page."""
    import segno  # when the first code is drawn

    href = url_for("supervision.sign_in", code=found.sign_in_code, _external=True)
    picture = segno.make(href, error="m").svg_inline(scale=6, border=2, svgclass=None, lineclass=None)
    # The picture is made here from our own address; nothing in it was typed by anybody
    return {"text": found.sign_in_code, "href": href, "picture": Markup(picture)}  # noqa: S704


@blueprint.route("/<ref>/activities/new", methods=["GET", "POST"])
def announce(ref: str) -> BaseResponse | tuple[str, int]:
    """Announce an activity."""
    agreement, actor = watched(ref), current.actor()
    require(policy.why_not_announce(actor, agreement))
    form = AnnounceForm()
    if form.validate_on_submit():
        with errors_on(form):
            made = service.announce_activity(agreement=agreement, by=actor, plan=form.plan())
            flash(_("活动已预告，居民可以看到。活动当天请出示签到码。"), "success")
            return redirect(url_for("supervision.activity", ref=made.ref))
    return page("supervision/announce.html", form=form, agreement=agreement)


@blueprint.route("/activities/<ref>/record", methods=["GET", "POST"])
def record(ref: str) -> BaseResponse | tuple[str, int]:
    """Record an activity with its sign-in sheet and photos."""
    found, actor = queries.get_activity(ref), current.actor()
    require(policy.why_not_record(actor, found))
    form = RecordForm()
    if form.validate_on_submit():
        with errors_on(form):
            _record(found, form)
            flash(_("活动记录已提交。"), "success")
            return redirect(url_for("supervision.activity", ref=ref))
    return page(
        "supervision/record.html",
        form=form,
        activity=found,
        signed_in_count=queries.count_sign_ins(found.id),
        accept_papers=accept(PAPERS),
        accept_images=accept(IMAGES),
        accept_any=accept(ANY),
    )


def _record(found: Activity, form: RecordForm) -> None:
    service.record_activity(
        activity=found,
        by=current.actor(),
        record=form.record(),
        sign_in_sheets=keep_all(form.sign_in_sheets.data, "sign_in_sheet"),
        photos=keep_all(form.photos.data, "activity_photo", IMAGES),
        others=keep_all(form.others.data, "activity_other", ANY),
    )


@blueprint.route("/activities/<ref>/cancel", methods=["GET", "POST"])
def cancel(ref: str) -> BaseResponse | tuple[str, int]:
    """Call an activity off."""
    found, actor = queries.get_activity(ref), current.actor()
    require(policy.why_not_cancel(actor, found))
    form = ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.cancel_activity(activity=found, by=actor, reason=form.reason.data or "")
            flash(_("活动已取消。"), "success")
            return redirect(url_for("supervision.activity", ref=ref))
    return page("supervision/cancel.html", form=form, activity=found)


@blueprint.get("/evidence/<uuid:identity>")
def evidence(identity: uuid.UUID) -> Response:
    """Hand out a file that proves an activity: cleared photos to everybody, the rest to those who check."""
    found = queries.get_evidence(identity)
    require(policy.why_not_open_evidence(current.actor_or_none(), found))
    return send(found.file, inline=True)
