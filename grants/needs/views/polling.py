"""Drafting a poll from needs, so that nobody types them again."""

from datetime import datetime

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation import clock
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.needs import queries, service
from grants.needs.forms import BallotForm
from grants.needs.views.blueprint import blueprint
from grants.needs.views.labels import LABELS
from grants.needs.views.places import chosen_place, places_of, round_choice
from grants.people import current
from grants.rounds.rules import Phase


@blueprint.route("/poll", methods=["GET", "POST"])
def new_poll() -> Response | tuple[str, int]:
    """Draft a poll: an estimate for each need on the ballot, the budget, the days."""
    choice, mine = round_choice(Phase.POLL), places_of(current.actor())
    round, community = choice.chosen, chosen_place(mine)
    if round is None or community is None:
        return page(
            "needs/where.html", title=_("草拟居民投票"), endpoint="needs.new_poll", choice=choice, communities=mine
        )
    offered = queries.list_for_poll(round, community)
    form = BallotForm(data={"max_choices": round.settings["poll_max_choices"]})
    form.fill_lines([need.ref for need in offered])
    if form.validate_on_submit():
        with errors_on(form):
            poll = service.put_to_vote(
                round=round, community=community, officer=current.actor(), terms=_terms(form), costs=form.costs
            )
            flash(_("投票草案 %(ref)s 已保存，请核对后由社区建设部锁定规则。", ref=poll.ref), "success")
            return redirect(url_for("voting.show", ref=poll.ref))
    needs = {need.ref: need for need in offered}
    return page(
        "needs/new_poll.html", form=form, choice=choice, round=round, community=community, needs=needs, labels=LABELS
    )


def _terms(form: BallotForm) -> service.PollTerms:
    return service.PollTerms(
        title=form.title.data or "",
        question=form.question.data or "",
        max_choices=form.max_choices.data or 1,
        budget_fen=form.budget_fen.data,
        opens_at=_street_time(form.opens_at.data),
        closes_at=_street_time(form.closes_at.data),
    )


def _street_time(typed: datetime | None) -> datetime:
    """Read what was typed as a clock in the street shows it; the form has made sure that it is there."""
    return (typed or clock.local(clock.now())).replace(tzinfo=clock.SHANGHAI)
