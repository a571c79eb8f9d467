"""Taking over what was said before, after a look at what it would overwrite."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.selection import service
from grants.selection.forms.paper import ReuseForm
from grants.selection.models import Application
from grants.selection.policy import papers as policy
from grants.selection.queries import papers as queries
from grants.selection.queries import reuse
from grants.selection.queries.calls import deadline_clock
from grants.selection.queries.reuse import Source
from grants.selection.rules import Group
from grants.selection.rules.merging import raw_of
from grants.selection.rules.paper import PART_LABELS, REUSED
from grants.selection.service import EditConflict
from grants.selection.views.blueprint import blueprint, not_found, own
from grants.selection.views.form_context import Change, spoken
from grants.selection.views.labels import LABELS


@blueprint.route("/applications/<ref>/reuse/<group>", methods=["GET", "POST"])
def reuse_page(ref: str, group: str) -> Response | tuple[str, int]:
    """Show what can be taken over on a page and what it would overwrite; take it over."""
    application, part = _open(ref, group)
    sources = reuse.list_sources(application, part)
    form = ReuseForm() if request.method == "POST" else ReuseForm.of(application, request.args.get("source", ""))
    if form.validate_on_submit():
        with errors_on(form):
            return _take(application, part, form)
    chosen = next((one for one in sources if one.key == form.source.data), None)
    return page(
        "selection/reuse.html",
        application=application,
        group=part,
        origins=sources,
        chosen=chosen,
        changes=_preview(application, part, chosen) if chosen else [],
        form=form,
        **LABELS,
    )


def _open(ref: str, group: str) -> tuple[Application, Group]:
    application = own(ref)
    if group not in set(REUSED):
        raise not_found()
    require(policy.why_not_edit_page(current.actor(), application, Group(group), deadline_clock(), today()))
    return application, Group(group)


def _take(application: Application, part: Group, form: ReuseForm) -> Response:
    try:
        source, version = form.source.data or "", form.version.data or 0
        service.take_over(application=application, actor=current.actor(), page=part, source=source, version=version)
    except EditConflict:
        flash(_("刚刚有同事修改了这一部分，请重新核对后再带入。"), "warning")
        return redirect(url_for("selection.reuse_page", ref=application.ref, group=part, source=form.source.data))
    flash(_("已带入，请核对并按本项目修改。"), "success")
    return redirect(url_for("selection.edit", ref=application.ref, group=part))


def _preview(application: Application, part: Group, chosen: Source) -> list[Change]:
    stored = queries.raw_content(application)
    return [
        Change(
            LABELS["group_words"][part],
            PART_LABELS[key],
            spoken(key, stored[key]),
            spoken(key, raw_of(value)),
            bool(stored[key]) and stored[key] != raw_of(value),
        )
        for key, value in chosen.parts.items()
    ]
