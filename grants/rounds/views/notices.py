"""Notices: the list, one notice with its window, and how an officer ends it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import start_of
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.rounds import policy, queries, service
from grants.rounds.forms import AnswerForm, ReasonForm
from grants.rounds.models import Notice
from grants.rounds.rules import NoticeKind, NoticeStatus
from grants.rounds.views.blueprint import LABELS, blueprint


def _filter() -> queries.NoticeFilter:
    kind, status = request.args.get("kind", ""), request.args.get("status", "")
    return queries.NoticeFilter(
        kind=NoticeKind(kind) if kind in set(NoticeKind) else None,
        status=NoticeStatus(status) if status in set(NoticeStatus) else None,
        words=request.args.get("q", "").strip(),
    )


@blueprint.get("/notices/")
def notices() -> tuple[str, int]:
    """List the notices, newest first."""
    narrow = _filter()
    found = queries.list_notices(Window.of(request.args), narrow)
    return page("rounds/notices.html", found=found, narrow=narrow, **LABELS)


@blueprint.get("/notices/<ref>")
def notice(ref: str) -> tuple[str, int]:
    """Show one notice; objections are shown to those who deal with them or supervise."""
    return show_notice(queries.get_notice(ref))


def show_notice(
    found: Notice, answer_form: AnswerForm | None = None, answering: str = "", withdraw_form: ReasonForm | None = None
) -> tuple[str, int]:
    """Render a notice, with the form that was just refused if there is one."""
    actor = current.actor_or_none()
    runs = found.status is NoticeStatus.RUNNING
    publishes = actor is not None and runs and policy.why_not_publish(actor, found.round) is None
    return page(
        "rounds/notice.html",
        notice=found,
        day_count=queries.notice_days(found),
        ends_at=start_of(found.ends_on),
        why_not_object=policy.why_not_object(found),
        reads=policy.why_not_read_objections(actor) is None,
        answers=actor is not None and policy.why_not_answer(actor) is None,
        publishes=publishes,
        why_not_end=policy.why_not_end(actor, found) if publishes and actor else None,
        answer_form=answer_form or AnswerForm(formdata=None),
        answering=answering,
        withdraw_form=withdraw_form or ReasonForm(formdata=None),
        **LABELS,
    )


@blueprint.post("/notices/<ref>/end")
def end_notice(ref: str) -> Response:
    """End a notice whose window is over."""
    service.end_notice(notice=queries.get_notice(ref), officer=current.actor())
    flash(_("公示已办结。"), "success")
    return redirect(url_for("rounds.notice", ref=ref))


@blueprint.post("/notices/<ref>/withdraw")
def withdraw_notice(ref: str) -> Response | tuple[str, int]:
    """Take a notice back with its reason."""
    found, form = queries.get_notice(ref), ReasonForm()
    require(policy.why_not_publish(current.actor(), found.round))
    if form.validate_on_submit():
        with errors_on(form):
            service.withdraw_notice(notice=found, officer=current.actor(), reason=form.reason.data or "")
            flash(_("公示已撤回。"), "success")
            return redirect(url_for("rounds.notice", ref=ref))
    return show_notice(queries.get_notice(ref), withdraw_form=form)
