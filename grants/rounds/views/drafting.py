"""Preparing a round: its name and money, dates, envelopes, settings and score tables."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.funds import queries as funds
from grants.people import current
from grants.rounds import policy, queries, service
from grants.rounds.forms import (
    FIELD_OF_SETTING,
    EnvelopesForm,
    NewRoundForm,
    PhasesForm,
    RoundForm,
    ScoreTableForm,
    SettingsForm,
    settings_data,
)
from grants.rounds.models import Round
from grants.rounds.rules import ScoreTableKind
from grants.rounds.views.blueprint import LABELS, blueprint, editable_round


def _fund_choices() -> list[tuple[str, str]]:
    return [(fund.ref, f"{fund.name}（{fund.ref}）") for fund in funds.list_funds()]


def _saved(round: Round) -> Response:
    flash(_("已保存。"), "success")
    return redirect(url_for("rounds.show", ref=round.ref))


@blueprint.route("/rounds/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Start preparing a round."""
    actor = current.actor()
    require(policy.why_not_create_round(actor))
    form = NewRoundForm(year=today().year)
    form.fund.choices = _fund_choices()
    earlier = {item.ref: item for item in queries.list_rounds(with_drafts=True)}
    form.like.choices = [("", _("默认规则")), *((ref, item.name) for ref, item in earlier.items())]
    if form.validate_on_submit():
        with errors_on(form):
            round = service.create_round(
                name=form.name.data or "",
                year=form.year.data or today().year,
                fund=funds.get_fund(form.fund.data),
                officer=actor,
                introduction=form.introduction.data or "",
                like=earlier.get(form.like.data or ""),
            )
            flash(_("已建立草案，请继续安排日期、额度和规则。"), "success")
            return redirect(url_for("rounds.show", ref=round.ref))
    return page("rounds/new.html", form=form)


@blueprint.route("/rounds/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Response | tuple[str, int]:
    """Change name, year, money and introduction."""
    round = editable_round(ref)
    form = RoundForm(obj=round, data={"fund": round.fund.ref})
    form.fund.choices = _fund_choices()
    if form.validate_on_submit():
        with errors_on(form):
            service.edit_round(
                round=round,
                officer=current.actor(),
                name=form.name.data or "",
                year=form.year.data or round.year,
                fund=funds.get_fund(form.fund.data),
                introduction=form.introduction.data or "",
            )
            return _saved(round)
    return page("rounds/edit.html", form=form, round=round)


@blueprint.route("/rounds/<ref>/phases", methods=["GET", "POST"])
def phases(ref: str) -> Response | tuple[str, int]:
    """Set the dates of the phases."""
    round = editable_round(ref)
    days = {f"{item.phase}_{name}": getattr(item, name) for item in round.phases for name in ("starts_on", "ends_on")}
    form = PhasesForm(data=days)
    if form.validate_on_submit():
        with errors_on(form):
            service.set_phases(round=round, officer=current.actor(), dates=form.dates())
            return _saved(round)
    return page("rounds/phases.html", form=form, round=round, **LABELS)


@blueprint.route("/rounds/<ref>/envelopes", methods=["GET", "POST"])
def envelopes(ref: str) -> Response | tuple[str, int]:
    """Plan what each category gets."""
    round = editable_round(ref)
    form = EnvelopesForm(data={item.category: item.amount_fen for item in round.envelopes})
    if form.validate_on_submit():
        with errors_on(form):
            service.set_envelopes(round=round, officer=current.actor(), amounts=form.amounts())
            return _saved(round)
    pool_fen = funds.pool_balance(round.fund)
    return page("rounds/envelopes.html", form=form, round=round, pool_fen=pool_fen, **LABELS)


@blueprint.route("/rounds/<ref>/settings", methods=["GET", "POST"])
def settings(ref: str) -> Response | tuple[str, int]:
    """Set the rules the round decides for itself."""
    round = editable_round(ref)
    form = SettingsForm(data=settings_data(round.settings))
    if form.validate_on_submit():
        with errors_on(form):
            _set(round, form)
            return _saved(round)
    return page("rounds/settings.html", form=form, round=round, **LABELS)


def _set(round: Round, form: SettingsForm) -> None:
    """Set the settings; a refusal of one with several parts is shown at the first of them."""
    try:
        service.set_settings(round=round, officer=current.actor(), settings=form.settings())
    except RuleBroken as refusal:
        refusal.field = FIELD_OF_SETTING.get(refusal.field or "", refusal.field)
        raise


@blueprint.route("/rounds/<ref>/scores/<any(selection, jury, midterm, final):kind>", methods=["GET", "POST"])
def scores(ref: str, kind: str) -> Response | tuple[str, int]:
    """Edit a score table."""
    round, wanted = editable_round(ref), ScoreTableKind(kind)
    form = ScoreTableForm.of(queries.score_table(round, wanted))
    if form.validate_on_submit():
        with errors_on(form):
            service.set_score_table(round=round, officer=current.actor(), kind=wanted, lines=form.drafts())
            return _saved(round)
    return page("rounds/scores.html", form=form, round=round, kind=wanted, **LABELS)
