"""The day of pitches for everybody and for its clerk; the draws of a call and how to check them."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.selection import queries, service
from grants.selection.forms.judging import PitchForm
from grants.selection.models import Call, PitchDay
from grants.selection.policy import judging as judging_policy
from grants.selection.policy import pitching as policy
from grants.selection.policy.awards import PUBLISHED
from grants.selection.queries import draws as draw_queries
from grants.selection.queries import pitching
from grants.selection.rules.pitching import turn_starts_at
from grants.selection.views.blueprint import blueprint, not_found
from grants.selection.views.labels import LABELS

STEPS = {"begin": service.begin_pitch, "finish": service.finish_pitch, "miss": service.miss_pitch}


def _pitch(ref: str) -> PitchDay:
    found = pitching.find_pitch(queries.get_call(ref))
    if found is None:
        raise not_found()
    return found


@blueprint.get("/calls/<ref>/pitch")
def pitch(ref: str) -> tuple[str, int]:
    """Show the time table to everybody, applicants by their letters, and who is on stage now."""
    return _show(_pitch(ref), "selection/pitch.html")


def _show(found: PitchDay, template: str) -> tuple[str, int]:
    times = {slot.position: turn_starts_at(found.starts_at, found.minutes_each, slot.position) for slot in found.slots}
    running = next((slot for slot in found.slots if slot.status == "running"), None)
    ends_at = turn_starts_at(running.begun_at, found.minutes_each, 2) if running and running.begun_at else None
    return page(template, pitch=found, call=found.call, times=times, running=running, running_ends_at=ends_at, **LABELS)


@blueprint.route("/calls/<ref>/pitch/arrange", methods=["GET", "POST"])
def arrange_pitch(ref: str) -> Response | tuple[str, int]:
    """Draw the order in public and publish the time table."""
    call = queries.get_call(ref)
    require(policy.why_not_arrange(current.actor(), call, pitching.find_pitch(call)))
    form = PitchForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.arrange_pitch(
                call=call,
                officer=current.actor(),
                starts_at=form.starts_at(),
                place=form.place.data or "",
                minutes_each=form.minutes_each.data or 0,
                seed=form.seed.data or "",
                witness=form.witness.data or "",
            )
            flash(_("答辩顺序已抽取，时间表已公布并通知各方。"), "success")
            return redirect(url_for("selection.run_pitch", ref=ref))
    return page("selection/pitch_arrange.html", form=form, call=call, **LABELS)


@blueprint.get("/calls/<ref>/pitch/run")
def run_pitch(ref: str) -> tuple[str, int]:
    """Let the clerk call the applicants up, one after the other, with the time that is left."""
    return _show(_pitch(ref), "selection/pitch_run.html")


@blueprint.post("/calls/<ref>/pitch/<int:position>/<any(begin, finish, miss):step>")
def step_pitch(ref: str, position: int, step: str) -> Response:
    """Call up, end, or mark absent."""
    slot = pitching.get_slot(queries.get_call(ref), position)
    STEPS[step](slot=slot, officer=current.actor())
    return redirect(url_for("selection.run_pitch", ref=ref))


def _may_name(call: Call) -> bool:
    actor = current.actor_or_none()
    return actor is not None and judging_policy.why_not_see_panel(actor) is None


@blueprint.get("/calls/<ref>/draws")
def draws(ref: str) -> tuple[str, int]:
    """Show every draw of a call done again from its seed; experts' lots only once the result is published."""
    call = queries.get_call(ref)
    may_name = _may_name(call)
    return page(
        "selection/draws.html",
        call=call,
        draws=draw_queries.list_draws(call, with_names=may_name),
        shows_experts=may_name or call.status in PUBLISHED,
        **LABELS,
    )


@blueprint.get("/calls/<ref>/draws/<any(panel, jury, pitch):kind>.csv")
def export_draw(ref: str, kind: str) -> Response:
    """Export the lots of a draw; experts are named to the offices only."""
    call = queries.get_call(ref)
    may_name = _may_name(call)
    found = next((one for one in draw_queries.list_draws(call, with_names=may_name) if one.kind == kind), None)
    if found is None or (kind == "panel" and not may_name and call.status not in PUBLISHED):
        raise not_found()
    header = [_("次序"), _("签号"), _("名称"), _("财务专家"), _("抽中")]
    yes, no = _("是"), _("否")
    rows = [
        [one.place, one.lot, one.name, yes if one.is_finance else no, yes if one.is_drawn else no] for one in found.lots
    ]
    return table_response("csv", f"{ref}-draw-{kind}", header, rows)
