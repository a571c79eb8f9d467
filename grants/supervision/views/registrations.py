"""Signing up for an activity, stepping back, and the list of those who are expected and who came."""

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation.errors import require
from grants.foundation.i18n import _, _l
from grants.foundation.identifiers import mask_name
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.people import current
from grants.supervision import policy, queries, service
from grants.supervision.rules import REGISTRATION_STATUS_LABELS, RegistrationStatus
from grants.supervision.views.blueprint import blueprint
from grants.supervision.views.labels import LABELS

HEADER = (_l("序号"), _l("姓名"), _l("报名"), _l("到场"))


@blueprint.post("/activities/<ref>/register")
def register(ref: str) -> BaseResponse:
    """Sign up with one press."""
    made = service.register(activity=queries.get_activity(ref), by=current.actor())
    if made.status is RegistrationStatus.SEATED:
        flash(_("报名成功。不能来的请提前取消，把名额让给邻居。"), "success")
    else:
        flash(_("名额已满，您已进入候补；有人取消时按先后递补，并通知您。"), "success")
    return redirect(url_for("supervision.activity", ref=ref))


@blueprint.post("/activities/<ref>/withdraw")
def withdraw(ref: str) -> BaseResponse:
    """Step back from an activity."""
    service.withdraw_registration(activity=queries.get_activity(ref), by=current.actor())
    flash(_("已取消报名。"), "success")
    return redirect(url_for("supervision.activity", ref=ref))


@blueprint.get("/activities/<ref>/guests")
def guests(ref: str) -> Response | tuple[str, int]:
    """Show who signed up and who came, names masked."""
    found = queries.get_activity(ref)
    require(policy.why_not_list_guests(current.actor(), found))
    rows = queries.list_guests(found.id)
    if "format" in request.args:
        return table_response(request.args["format"], _("%(ref)s 报名名单", ref=ref), HEADER, _cells(rows))
    return page("supervision/guests.html", activity=found, guests=rows, **LABELS)


def _cells(rows: list[queries.Guest]) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, 1):
        status = str(REGISTRATION_STATUS_LABELS[row.status]) if row.status is not None else _("未报名")
        yield number, mask_name(row.resident.name), status, _("已签到") if row.has_come else ""
