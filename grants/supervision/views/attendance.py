"""Signing in to an activity by phone: the code is on a sign at the door, as a picture and in words."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.identifiers import BadCode, normalise_code
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.supervision import policy, queries, service
from grants.supervision.forms import ConfirmForm
from grants.supervision.models import Activity
from grants.supervision.views.blueprint import blueprint


@blueprint.get("/sign-in/")
def enter_code() -> Response | tuple[str, int]:
    """Ask for the code in words, for phones that cannot scan."""
    typed, error = request.args.get("code", "").strip(), None
    if typed:
        try:
            return redirect(url_for("supervision.sign_in", code=normalise_code(typed)))
        except BadCode as refusal:
            error = str(refusal)
    return page("supervision/enter_code.html", typed=typed, error=error)


@blueprint.route("/sign-in/<code>", methods=["GET", "POST"])
def sign_in(code: str) -> Response | tuple[str, int]:
    """Show the activity behind a code and let the resident sign in with one press."""
    activity, actor, form = _activity(code), current.actor(), ConfirmForm()
    why_not = policy.why_not_sign_in(actor, activity)
    if actor.resident is not None and form.validate_on_submit():
        with errors_on(form):
            service.sign_in(resident=actor.resident, code=code)
            flash(_("签到成功，谢谢您的参与。"), "success")
            return redirect(url_for("supervision.activity", ref=activity.ref))
    return page("supervision/sign_in.html", activity=activity, form=form, why_not=why_not)


def _activity(code: str) -> Activity:
    try:
        found = queries.find_activity_by_code(normalise_code(code))
    except BadCode:
        found = None
    if found is None:
        raise NotFound(_("没有找到这个签到码，请核对现场出示的编码。"))
    return found
