"""The jury's pages on a phone, paper sheets typed in, and the community's opinion."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.rounds.rules import ScoreTableKind
from grants.selection import queries, service
from grants.selection.forms.judging import OpinionForm, jury_form
from grants.selection.models import Application, Juror
from grants.selection.policy import judging as policy
from grants.selection.queries import blind, judging, pitching
from grants.selection.views.blueprint import blueprint, not_found, visible
from grants.selection.views.labels import LABELS


def _juror(ref: str) -> Juror:
    """Return the actor's seat on a jury; for everybody else there is no such jury."""
    juror = judging.find_juror(queries.get_call(ref), current.actor().resident)
    if juror is None:
        raise not_found()
    return juror


def _labelled(juror: Juror, label: str) -> Application:
    application = judging.find_by_label(juror.call, label)
    if application is None:
        raise not_found()
    return application


@blueprint.get("/reviews/jury/<ref>")
def jury(ref: str) -> tuple[str, int]:
    """Show a juror the applications by letter, and which are still to be scored."""
    juror = _juror(ref)
    shown = [blind.sheet(one) for one in judging.list_labelled(juror.call)]
    given = {one.application.blind_label for one in judging.list_scores_of(juror).values()}
    return page(
        "selection/jury.html",
        call=juror.call,
        shown=shown,
        given=given,
        pitch=pitching.find_pitch(juror.call),
        **LABELS,
    )


def _next(juror: Juror) -> str:
    """Return where a juror goes on: the next application that waits, or the list when none does."""
    given = judging.list_scores_of(juror)
    left = [one.blind_label for one in judging.list_labelled(juror.call) if one.id not in given]
    if left:
        return url_for("selection.jury_score", ref=juror.call.ref, label=left[0])
    return url_for("selection.jury", ref=juror.call.ref)


@blueprint.route("/reviews/jury/<ref>/<label>", methods=["GET", "POST"])
def jury_score(ref: str, label: str) -> Response | tuple[str, int]:
    """Ask a juror three big questions about one application."""
    juror = _juror(ref)
    application = _labelled(juror, label)
    require(policy.why_not_jury_score(current.actor(), juror, application))
    form = jury_form(judging.criteria(juror.call.project.round, ScoreTableKind.JURY))
    if form.validate_on_submit():
        with errors_on(form):
            service.score_as_juror(juror=juror, application=application, actor=current.actor(), levels=form.levels())
            flash(_("谢谢您，对申报单位 %(label)s 的评分已记下。", label=label), "success")
            return redirect(_next(juror))
    labels = [one.blind_label for one in judging.list_labelled(juror.call)]
    return page(
        "selection/jury_score.html",
        form=form,
        call=juror.call,
        shown=blind.sheet(application),
        done=application.id in judging.list_scores_of(juror),
        place=labels.index(label) + 1,
        all=len(labels),
        **LABELS,
    )


@blueprint.post("/reviews/jury/<ref>/<label>/aside")
def jury_aside(ref: str, label: str) -> Response:
    """Stand aside from one application."""
    juror = _juror(ref)
    service.stand_aside(juror=juror, application=_labelled(juror, label), actor=current.actor())
    flash(_("已记录您对申报单位 %(label)s 的回避。", label=label), "success")
    return redirect(_next(juror))


@blueprint.route("/calls/<ref>/jury/<uuid:juror_id>/<label>", methods=["GET", "POST"])
def jury_paper(ref: str, juror_id: uuid.UUID, label: str) -> Response | tuple[str, int]:
    """Type in a juror's paper sheet under its serial."""
    juror = judging.get_juror(juror_id)
    if juror.call.ref != ref or juror.call.project.community_id not in current.actor().community_ids:
        raise not_found()
    application = _labelled(juror, label)
    require(policy.why_not_jury_score(current.actor(), juror, application))
    form = jury_form(judging.criteria(juror.call.project.round, ScoreTableKind.JURY), on_paper=True)
    if form.validate_on_submit():
        with errors_on(form):
            service.score_as_juror(
                juror=juror,
                application=application,
                actor=current.actor(),
                levels=form.levels(),
                paper_serial=form["paper_serial"].data or "",
            )
            flash(_("纸质评分已录入。"), "success")
            return redirect(url_for("selection.jury_draw", ref=ref))
    return page("selection/jury_paper.html", form=form, call=juror.call, juror=juror, label=label, **LABELS)


@blueprint.route("/applications/<ref>/opinion", methods=["GET", "POST"])
def opinion(ref: str) -> Response | tuple[str, int]:
    """Take the community's opinion on an application."""
    application, _seen = visible(ref)
    require(policy.why_not_give_opinion(current.actor(), application))
    form = OpinionForm(obj=judging.find_opinion(application))
    if form.validate_on_submit():
        with errors_on(form):
            service.give_opinion(
                application=application,
                officer=current.actor(),
                points=form.points.data if form.points.data is not None else -1,
                text=form.text.data or "",
            )
            flash(_("社区意见已保存，生成排名前可以修改。"), "success")
            return redirect(url_for("selection.application", ref=ref))
    return page("selection/opinion.html", form=form, application=application, **LABELS)
