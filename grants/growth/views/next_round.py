"""What the last round's results change in this one: who is kept out, who has priority, what waits in the reserve."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.evaluation.rules import GRADE_LABELS
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import page
from grants.growth import policy, queries, service
from grants.growth.views.blueprint import blueprint
from grants.needs import queries as needs
from grants.needs.rules import NEED_STATUS_LABELS
from grants.people import current
from grants.people.rules import Role
from grants.people.rules.dossier import STANDING_LABELS, StandingKind
from grants.rounds import policy as rounds_policy
from grants.rounds import queries as rounds
from grants.rounds.models import Round
from grants.rounds.rules import CATEGORY_LABELS
from grants.selection.rules import setting

OFFICE = (Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR, Role.COMMUNITY)


@blueprint.get("/rounds/<ref>/results-used")
def results_used(ref: str) -> tuple[str, int]:
    """Show what the round before changes in this one; who is kept out is for the offices."""
    round, actor = rounds.get_round(ref), current.actor_or_none()
    require(rounds_policy.why_not_see_round(actor, round))
    former = queries.find_former_round(round)
    reserve = queries.list_reserve(round)
    works = actor is not None and actor.has_role(*OFFICE)
    return page(
        "growth/results_used.html",
        round=round,
        former=former,
        results=queries.list_results(former) if former else [],
        kept_out=_kept_out(round) if works else [],
        causes=STANDING_LABELS,
        works_here=works,
        reserve=reserve,
        carriable={one.ref for one in reserve if policy.why_not_carry(actor, one, round) is None} if works else set(),
        carried=queries.list_carried_into(round),
        grades=GRADE_LABELS,
        statuses=NEED_STATUS_LABELS,
        categories=CATEGORY_LABELS,
    )


def _kept_out(round: Round) -> list[queries.KeptOut]:
    years = {
        StandingKind.BREACH: setting(round.settings, "breach_clear_years"),
        StandingKind.POOR_GRADE: setting(round.settings, "poor_grade_clear_years"),
    }
    return queries.list_kept_out(rounds.clock_day(), years)


@blueprint.post("/rounds/<ref>/reserve/<need_ref>")
def carry(ref: str, need_ref: str) -> Response:
    """Take a need of the reserve over into a round."""
    round, need = rounds.get_round(ref), needs.get_need(need_ref)
    made = service.carry_need(need=need, into=round, officer=current.actor())
    flash(_("已转入本届，新编号 %(ref)s，原来的附议一并带入。", ref=made.ref), "success")
    return redirect(url_for("growth.results_used", ref=ref))
