"""Confirming the money, opening, extending, closing."""

from uuid import UUID

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import NotFound, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.rounds import policy, queries, service
from grants.rounds.forms import ExtensionForm
from grants.rounds.models import RoundPhase
from grants.rounds.rules import Phase
from grants.rounds.views.blueprint import LABELS, blueprint, readable_round


def _back(ref: str, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("rounds.show", ref=ref))


@blueprint.post("/rounds/<ref>/confirm-money")
def confirm_money(ref: str) -> Response:
    """Finance confirms that the fund covers the envelopes."""
    service.confirm_money(round=readable_round(ref), officer=current.actor())
    return _back(ref, _("已确认额度，请分管领导批准开启。"))


@blueprint.post("/rounds/<ref>/open")
def open_round(ref: str) -> Response:
    """The leader opens the round."""
    round = readable_round(ref)
    require(policy.why_not_open(current.actor(), round))
    if not current.has_stepped_up():
        return redirect(url_for("people.step_up", next=url_for("rounds.show", ref=ref)))
    service.open_round(round=round, officer=current.actor())
    return _back(ref, _("%(round)s已开启，规则已冻结并公开。", round=round.name))


@blueprint.post("/rounds/<ref>/close")
def close(ref: str) -> Response:
    """End the round."""
    service.close_round(round=readable_round(ref), officer=current.actor())
    return _back(ref, _("本届已结束。"))


@blueprint.post("/rounds/<ref>/archive")
def archive(ref: str) -> Response:
    """Put the round into the archive."""
    service.archive_round(round=readable_round(ref), officer=current.actor())
    return _back(ref, _("本届已归档。"))


def _phase(ref: str, name: str) -> RoundPhase:
    round = readable_round(ref)
    require(policy.why_not_extend(current.actor(), round))
    found = queries.phase_of(round, Phase(name)) if name in set(Phase) else None
    if found is None:
        raise NotFound(_("本届没有这个阶段。"))
    return found


@blueprint.route("/rounds/<ref>/extend/<name>", methods=["GET", "POST"])
def extend(ref: str, name: str) -> Response | tuple[str, int]:
    """Ask for a later end of a phase."""
    phase, form = _phase(ref, name), ExtensionForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.extend_phase(
                phase=phase,
                officer=current.actor(),
                ends_on=form.ends_on.data or today(),
                reason=form.reason.data or "",
            )
            return _back(ref, _("延期已提出，等待另一位同志复核。"))
    return page("rounds/extend.html", form=form, phase=phase, round=phase.round, **LABELS)


@blueprint.post("/rounds/extensions/<uuid:identity>/<any(agree, refuse):answer>")
def decide_extension(identity: UUID, answer: str) -> Response:
    """Agree to a later end, or not."""
    extension = queries.get_extension(identity)
    decide = service.agree_extension if answer == "agree" else service.refuse_extension
    decide(extension=extension, officer=current.actor())
    words = _("已同意延期。") if answer == "agree" else _("未同意延期，阶段日期不变。")
    return _back(extension.round_phase.round.ref, words)
