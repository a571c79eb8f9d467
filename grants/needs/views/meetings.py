"""Records of meetings: the public list, one record, and the form in which an officer writes it down."""

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation import clock, files
from grants.foundation.errors import NotFound, NotPermitted
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.foundation.web.listing import Window
from grants.needs import policy, queries, service
from grants.needs.forms import MeetingForm
from grants.needs.models import Meeting, MeetingDecision
from grants.needs.rules import MeetingKind
from grants.needs.views.blueprint import blueprint
from grants.needs.views.labels import LABELS
from grants.needs.views.places import chosen_place, places_of, round_choice
from grants.people import current
from grants.people import queries as people
from grants.people.models import Place
from grants.rounds.models import Round
from grants.rounds.rules import Phase


@blueprint.get("/meetings")
def meetings() -> tuple[str, int]:
    """List the records of meetings, the latest first."""
    community = request.args.get("community", "")
    return page(
        "needs/meetings.html",
        meetings=queries.list_meetings(Window.of(request.args), community=community),
        community=community,
        communities=people.list_communities(),
        may_record=policy.may_screen_somewhere(current.actor_or_none()),
        labels=LABELS,
    )


@blueprint.get("/meetings/<ref>")
def meeting(ref: str) -> tuple[str, int]:
    """Show a record: who came, the five checks, and what was decided on each need."""
    record = queries.get_meeting(ref)
    return page(
        "needs/meeting.html",
        meeting=record,
        titles={need.ref: need.title for need in queries.list_needs_by_ref(_refs(record.decisions))},
        may_see_file=policy.may_see_minutes_file(current.actor_or_none(), record.community_id),
        labels=LABELS,
    )


def _refs(decisions: list[MeetingDecision]) -> list[str]:
    return [decision.subject_ref for decision in decisions]


@blueprint.get("/meetings/<ref>/minutes")
def minutes(ref: str) -> Response:
    """Hand the signed sheet to those who may see names and signatures."""
    record = queries.get_meeting(ref)
    if record.minutes_file is None:
        raise NotFound(_("这次会议没有上传签到表。"))
    if not policy.may_see_minutes_file(current.actor_or_none(), record.community_id):
        raise NotPermitted(_("签到表含有居民签名，只供工作人员查阅，不对外公开。"))
    return files.send(record.minutes_file, inline=True)


@blueprint.route("/meetings/new", methods=["GET", "POST"])
def new_meeting() -> BaseResponse | tuple[str, int]:
    """Put a meeting on record; its votes act on the needs at once."""
    choice, mine = round_choice(Phase.SCREENING), places_of(current.actor())
    round, community = choice.chosen, chosen_place(mine)
    if round is None or community is None:
        return page(
            "needs/where.html", title=_("登记议事会议"), endpoint="needs.new_meeting", choice=choice, communities=mine
        )
    agenda = queries.list_for_meeting(round, community)
    form = MeetingForm()
    form.fill_lines([need.ref for need in agenda])
    if form.validate_on_submit():
        with errors_on(form):
            record = _record(form, round, community)
            flash(_("会议记录 %(ref)s 已登记，各项需求的状态已随表决更新。", ref=record.ref), "success")
            return redirect(url_for("needs.meeting", ref=record.ref))
    return page(
        "needs/new_meeting.html",
        form=form,
        choice=choice,
        round=round,
        community=community,
        needs={need.ref: need for need in agenda},
        labels=LABELS,
    )


def _record(form: MeetingForm, round: Round, community: Place) -> Meeting:
    upload = request.files.get("minutes_file")
    return service.record_meeting(
        round=round,
        community=community,
        officer=current.actor(),
        sheet=service.MeetingSheet(
            kind=MeetingKind(form.kind.data),
            title=form.title.data or "",
            held_on=form.held_on.data or clock.today(),
            place_text=form.place_text.data or "",
            convenor=form.convenor.data or "",
            entitled_count=form.entitled_count.data or 0,
            attended_count=form.attended_count.data or 0,
            minutes=form.minutes.data or "",
            checks={key: form.checks_note.data or "" for key in form.checks.data or []},
        ),
        votes=[_vote(line.form) for line in form.lines.entries if line.form.is_used],
        minutes_file=upload if upload and upload.filename else None,
    )


def _vote(line: object) -> service.Vote:
    data = line.data  # type: ignore[attr-defined]
    return service.Vote(
        subject_ref=data["subject_ref"],
        for_count=data["for_count"] or 0,
        against_count=data["against_count"] or 0,
        abstain_count=data["abstain_count"] or 0,
        note=data["note"] or "",
    )
