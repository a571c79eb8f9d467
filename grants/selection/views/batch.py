"""Calls for several projects in one act."""

from datetime import datetime

from flask import flash, redirect, url_for
from flask import request as sent
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.projects.models import Project
from grants.selection import queries, service
from grants.selection.forms.calls import BatchForm, closing_moment
from grants.selection.policy import calls as policy
from grants.selection.views.blueprint import blueprint
from grants.selection.views.labels import LABELS


@blueprint.route("/calls/batch", methods=["GET", "POST"])
def batch() -> Response | tuple[str, int]:
    """Choose projects, a deadline and a text; see them once more; publish all of them or none."""
    actor = current.actor()
    require(policy.why_not_officer(actor))
    offered = [one for one in queries.list_callable_projects() if policy.why_not_publish(actor, one) is None]
    form = BatchForm() if sent.method == "POST" else BatchForm.usual()
    form.projects.choices = [(one.ref, f"{one.ref} {one.title}") for one in offered]
    if form.validate_on_submit():
        chosen = [one for one in offered if one.ref in form.projects.data]
        if not form.confirmed.data:
            return page("selection/batch_confirm.html", form=form, chosen=chosen, closes_at=_closing(form), **LABELS)
        with errors_on(form):
            return _publish(form, chosen)
    return page("selection/batch.html", form=form, offered=offered, **LABELS)


def _closing(form: BatchForm) -> datetime:
    return closing_moment(form.closes_on.data)


def _publish(form: BatchForm, chosen: list[Project]) -> Response:
    made = service.publish_calls(
        projects=chosen,
        officer=current.actor(),
        closes_at=_closing(form),
        requirements=form.requirements.data or "",
    )
    flash(
        _("已一次发布 %(count)s 个征集公告：%(refs)s。", count=len(made), refs="、".join(c.ref for c in made)),
        "success",
    )
    return redirect(url_for("selection.calls"))
