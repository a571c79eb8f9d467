"""Surveys: answering by token, and the officers' side."""

from io import BytesIO

from flask import flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from grants.agreements import queries as agreements
from grants.evaluation import policy, queries, service
from grants.evaluation.forms import AnswerForm, CheckForm, EnteredAnswerForm, MintForm
from grants.evaluation.models import Survey
from grants.evaluation.rules import SATISFACTION_LABELS, Satisfaction, SurveyChannel
from grants.evaluation.service import Answer, Call
from grants.evaluation.views.blueprint import blueprint
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import Form, errors_on, page
from grants.people import current


def _answer(form: AnswerForm) -> Answer:
    return Answer(
        Satisfaction(form.satisfaction.data),
        int(form.gain.data),
        int(form.happiness.data),
        int(form.safety.data),
        form.comment.data or "",
    )


@blueprint.route("/surveys/<token>", methods=["GET", "POST"])
def answer(token: str) -> Response | tuple[str, int]:
    """Let somebody served say what they think, once, without a name."""
    invitation = service.require_open_invitation(token=token)
    form = AnswerForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.answer_survey(token=token, answer=_answer(form))
            return page("evaluation/thanks.html", project=invitation.survey.agreement.project)
    return page("evaluation/answer.html", form=form, project=invitation.survey.agreement.project)


@blueprint.route("/surveys/mine/<ref>", methods=["GET", "POST"])
def answer_own(ref: str) -> Response | tuple[str, int]:
    """Let a resident whom the project served say what they think, from their own desk, without a name."""
    survey, actor = queries.get_survey(ref), current.actor()
    require(policy.why_not_answer(actor, survey))
    form = AnswerForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.answer_own_survey(resident=actor, survey=survey, answer=_answer(form))
            return page("evaluation/thanks.html", project=survey.agreement.project)
    return page("evaluation/answer.html", form=form, project=survey.agreement.project)


@blueprint.post("/evaluations/surveys/open/<ref>")
def open_survey(ref: str) -> Response:
    """Open the survey of an agreement."""
    survey = service.open_survey(officer=current.actor(), agreement=agreements.get_agreement(ref))
    flash(_("满意度调查已发起。"), "success")
    return redirect(url_for("evaluation.survey", ref=survey.ref))


@blueprint.get("/evaluations/surveys/<ref>")
def survey(ref: str) -> tuple[str, int]:
    """Show a survey to the officers who run it."""
    return _survey_page(queries.get_survey(ref), MintForm(), [])


def _survey_page(survey: Survey, form: Form, tokens: list[str], check: CheckForm | None = None) -> tuple[str, int]:
    require(policy.why_not_see_survey(current.actor(), survey))
    sample = queries.sample_of(survey.agreement)
    summary = queries.survey_summary(survey.agreement_id)
    links = [request.host_url.rstrip("/") + url_for("evaluation.answer", token=token) for token in tokens]
    return page(
        "evaluation/survey.html",
        survey=survey,
        form=form,
        summary=summary,
        sample=sample,
        needed=sample.needed,
        served=sample.served,
        check_form=check or CheckForm(),
        why_not_check=policy.why_not_check(current.actor(), survey),
        links=[(link, _qr(link)) for link in links],
        why_not_close=policy.why_not_close_survey(current.actor(), survey),
        why_not_enter=policy.why_not_enter_answer(current.actor(), survey),
        comments=queries.list_comments(survey),
        answer_rows=[[label, (summary.counts or {}).get(answer, 0)] for answer, label in SATISFACTION_LABELS.items()],
    )


def _qr(link: str) -> Markup:
    import segno  # when the first code is drawn

    out = BytesIO()
    segno.make(link, error="m").save(
        out, kind="svg", scale=3, border=2, xmldecl=False, svgns=True, title=_("答题二维码")
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by segno from our own link


@blueprint.post("/evaluations/surveys/<ref>/codes")
def mint(ref: str) -> Response | tuple[str, int]:
    """Make one-time links for people served and show them once, to be printed."""
    survey = queries.get_survey(ref)
    form = MintForm()
    tokens: list[str] = []
    if form.validate_on_submit():
        with errors_on(form):
            tokens = service.mint_tokens(officer=current.actor(), survey=survey, count=form.count.data or 0)
    return _survey_page(survey, form, tokens)


CALLS = {
    "answered": (True, True, True),
    "joined": (True, True, False),
    "absent": (True, False, False),
    "missed": (False, None, None),
}


@blueprint.post("/evaluations/surveys/<ref>/checks")
def check_survey(ref: str) -> Response | tuple[str, int]:
    """Note a call that checks whether somebody was served."""
    survey, form = queries.get_survey(ref), CheckForm()
    require(policy.why_not_check(current.actor(), survey))
    if form.validate_on_submit():
        with errors_on(form):
            call = Call(*CALLS[form.result.data], form.note.data or "")
            service.check_answer(officer=current.actor(), survey=survey, person=form.person.data or "", call=call)
            flash(_("已登记一次电话复核。"), "success")
            return redirect(url_for("evaluation.survey", ref=ref) + "#checks")
    return _survey_page(survey, MintForm(), [], form)


@blueprint.post("/evaluations/surveys/<ref>/invite")
def invite(ref: str) -> Response:
    """Invite everybody who signed in to an activity."""
    count = service.invite_served(officer=current.actor(), survey=queries.get_survey(ref))
    flash(_("已邀请 %(count)d 位签到居民评价。", count=count), "success")
    return redirect(url_for("evaluation.survey", ref=ref))


@blueprint.post("/evaluations/surveys/<ref>/close")
def close_survey(ref: str) -> Response:
    """Close a survey."""
    service.close_survey(officer=current.actor(), survey=queries.get_survey(ref))
    flash(_("调查已结束，可以提交评价。"), "success")
    return redirect(url_for("evaluation.survey", ref=ref))


@blueprint.route("/evaluations/surveys/<ref>/enter", methods=["GET", "POST"])
def enter(ref: str) -> Response | tuple[str, int]:
    """Type in an answer given by phone or on paper."""
    survey = queries.get_survey(ref)
    require(policy.why_not_enter_answer(current.actor(), survey))
    form = EnteredAnswerForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.enter_answer(
                officer=current.actor(),
                survey=survey,
                answer=_answer(form),
                channel=SurveyChannel(form.channel.data),
            )
            flash(_("已录入一份答卷，可以继续录入下一份。"), "success")
            return redirect(url_for("evaluation.enter", ref=ref))
    return page("evaluation/enter.html", form=form, survey=survey)
