"""What everybody sees: the list of needs, one need with its six steps, and “me too”."""

import re
import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation import files
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.needs import policy, queries, service
from grants.needs.forms import SupportForm
from grants.needs.models import Need
from grants.needs.rules import EXPORT_HEADER, Step, StepState, step_states
from grants.needs.views.blueprint import blueprint
from grants.needs.views.labels import LABELS, filter_choices
from grants.people import current
from grants.people import queries as people
from grants.rounds import queries as rounds
from grants.voting import queries as voting

PROJECT_REF = re.compile(r"GYCT-\d{4}-\d{2}-\d{4}")


@blueprint.get("/")
def index() -> tuple[str, int]:
    """List needs with filters and search, newest or most asked for first."""
    filters = queries.NeedFilter.of(request.args)
    by_support = request.args.get("sort") == "-support"
    return page(
        "needs/index.html",
        needs=queries.list_needs(Window.of(request.args), filters, by_support=by_support),
        filters=filters,
        by_support=by_support,
        choices=filter_choices(rounds.list_rounds(), people.list_communities()),
        may_screen=policy.may_screen_somewhere(current.actor_or_none()),
        labels=LABELS,
    )


@blueprint.get("/export.<any(csv, xlsx):form>")
def export(form: str) -> Response:
    """Give the filtered list as a table, without any personal data."""
    filters = queries.NeedFilter.of(request.args)
    return table_response(form, _("居民需求"), EXPORT_HEADER, queries.list_need_rows(filters))


@blueprint.get("/<ref>")
def show(ref: str) -> tuple[str, int]:
    """Show a need: its six steps, who stands behind it, who handles it, and what came of it."""
    need = queries.get_need(ref)
    actor = current.actor_or_none()
    knows_proposer = policy.may_see_proposer(actor, need)
    stamps = queries.list_stamps(need)
    return page(
        "needs/show.html",
        need=need,
        knows_proposer=knows_proposer,
        stamps=stamps,
        steps=_six_steps(need, stamps),
        attachments=queries.list_attachments(need, public_only=not knows_proposer),
        decisions=queries.list_decisions(ref),
        merged=queries.list_merged_into(need),
        similar=_similar(need),
        poll=voting.result_for(ref),
        project_refs=PROJECT_REF.findall(" ".join(given.note for given in stamps)),
        has_seconded=actor is not None and queries.has_seconded(need, actor.resident),
        why_not_second=policy.why_not_second(actor, need) if actor else None,
        why_not_withdraw=policy.why_not_withdraw(actor, need) if actor else None,
        may_screen=actor is not None and policy.why_not_screen(actor, need) is None,
        labels=LABELS,
    )


def _similar(need: Need) -> list[queries.SimilarNeed]:
    return queries.list_similar(
        round_id=need.round_id, community_id=need.community_id, text=queries.text_of(need), but=need.id, limit=3
    )


def _six_steps(need: Need, stamps: list[Any]) -> list[tuple[str, Any, str]]:
    given = {stamp.step: stamp.at for stamp in stamps}
    return [
        (str(LABELS.step[step]), given.get(step) or _instead(step, state), state.value)
        for step, state in step_states(need.status, given)
    ]


def _instead(step: Step, state: StepState) -> str | None:
    """Return what stands in place of a date: a stopped step says what it waits for."""
    if state is StepState.STOPPED and step is Step.DELIBERATE:
        return _("待居民会议")
    return None


@blueprint.get("/<ref>/photos/<uuid:file_id>")
def photo(ref: str, file_id: uuid.UUID) -> Response:
    """Show a photo to whoever may see it."""
    attachment = queries.get_attachment(queries.get_need(ref), file_id)
    require(policy.why_not_see_photo(current.actor_or_none(), attachment))
    return files.send(attachment.file, inline=True)


@blueprint.post("/<ref>/second")
def second(ref: str) -> BaseResponse:
    """Say “me too”."""
    form = SupportForm()
    need = queries.get_need(ref)
    with errors_on(form):
        service.second_need(need=need, actor=current.actor())
        flash(_("已记录您的“我也需要”，谢谢参与。"), "success")
    return _back(ref, form)


@blueprint.post("/<ref>/withdraw-second")
def withdraw_second(ref: str) -> BaseResponse:
    """Take “me too” back."""
    form = SupportForm()
    need = queries.get_need(ref)
    with errors_on(form):
        service.withdraw_second(need=need, actor=current.actor())
        flash(_("已取消您的附议。"), "success")
    return _back(ref, form)


def _back(ref: str, form: SupportForm) -> BaseResponse:
    for message in form.form_errors:
        flash(message, "warning")
    return redirect(url_for("needs.show", ref=ref))
