"""Late orders up to the leader, signs that were explained, opinions of the supervisor with their answers."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.supervision import policy, queries, service
from grants.supervision.forms import StatementForm
from grants.supervision.models import Rectification
from grants.supervision.views.blueprint import blueprint, watched
from grants.supervision.views.labels import LABELS


def _order(ref: str) -> Rectification:
    order = queries.get_rectification(ref)
    watched(order.agreement.ref)
    return order


@blueprint.post("/rectifications/<ref>/remind")
def remind(ref: str) -> Response:
    """Remind the organisation of a late order."""
    service.remind(rectification=_order(ref), by=current.actor())
    flash(_("已催办，承接组织会收到提醒。"), "success")
    return redirect(url_for("supervision.rectification", ref=ref))


@blueprint.route("/rectifications/<ref>/escalate", methods=["GET", "POST"])
def escalate(ref: str) -> Response | tuple[str, int]:
    """Report a late order to the leader."""
    order, actor, form = _order(ref), current.actor(), StatementForm()
    require(policy.why_not_escalate(actor, order))
    if form.validate_on_submit():
        with errors_on(form):
            service.escalate(rectification=order, by=actor, text=form.text.data or "")
            flash(_("已报请分管领导。"), "success")
            return redirect(url_for("supervision.rectification", ref=ref))
    return page("supervision/escalate.html", form=form, order=order)


@blueprint.route("/rectifications/<ref>/instruct", methods=["GET", "POST"])
def instruct(ref: str) -> Response | tuple[str, int]:
    """Instruct as the leader on a late order."""
    order, actor, form = _order(ref), current.actor(), StatementForm()
    require(policy.why_not_instruct(actor, order))
    if form.validate_on_submit():
        with errors_on(form):
            service.instruct(rectification=order, by=actor, text=form.text.data or "")
            flash(_("批示已保存，已通知有关人员。"), "success")
            return redirect(url_for("supervision.rectification", ref=ref))
    return page("supervision/instruct.html", form=form, order=order)


@blueprint.route("/<ref>/flags/<key>", methods=["GET", "POST"])
def clear_flag(ref: str, key: str) -> Response | tuple[str, int]:
    """Explain a sign that something may be wrong."""
    agreement, actor, form = watched(ref), current.actor(), StatementForm()
    require(policy.why_not_clear_flag(actor, agreement))
    flag = next((one for one in queries.list_flags(agreement) if one.key == key), None)
    if flag is None:
        raise NotFound(_("这条提示已经核销或不再存在。"))
    if form.validate_on_submit():
        with errors_on(form):
            service.clear_flag(agreement=agreement, by=actor, key=key, reason=form.text.data or "")
            flash(_("核查情况已记录。"), "success")
            return redirect(url_for("supervision.show", ref=ref, _anchor="flags"))
    return page("supervision/clear_flag.html", form=form, agreement=agreement, flag=flag, **LABELS)


@blueprint.route("/<ref>/opinions/new", methods=["GET", "POST"])
def leave_opinion(ref: str) -> Response | tuple[str, int]:
    """Leave an opinion about a project."""
    agreement, actor, form = watched(ref), current.actor(), StatementForm()
    require(policy.why_not_leave_opinion(actor, agreement))
    if form.validate_on_submit():
        with errors_on(form):
            service.leave_opinion(agreement=agreement, by=actor, text=form.text.data or "")
            flash(_("监督意见已提交，由社区建设部答复。"), "success")
            return redirect(url_for("supervision.show", ref=ref, _anchor="opinions"))
    return page("supervision/leave_opinion.html", form=form, agreement=agreement)


@blueprint.route("/opinions/<uuid:identity>/answer", methods=["GET", "POST"])
def answer_opinion(identity: uuid.UUID) -> Response | tuple[str, int]:
    """Answer an opinion of the supervisor."""
    opinion, actor, form = queries.get_opinion(identity), current.actor(), StatementForm()
    require(policy.why_not_answer_opinion(actor, opinion))
    if form.validate_on_submit():
        with errors_on(form):
            service.answer_opinion(opinion=opinion, by=actor, answer=form.text.data or "")
            flash(_("已答复。"), "success")
            return redirect(url_for("supervision.show", ref=opinion.agreement.ref, _anchor="opinions"))
    return page("supervision/answer_opinion.html", form=form, opinion=opinion)
