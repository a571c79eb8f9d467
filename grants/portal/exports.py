"""A round's published data in the forms that other programs read: 360Giving JSON and Pabulib."""

import secrets
from collections.abc import Sequence
from typing import Any

from grants.foundation.clock import local
from grants.portal.queries.open_data import OpenProject
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting import queries as voting
from grants.voting.models import Poll
from grants.voting.rules import Marking, PollKind, read

PREFIX = "360G-gongyichuangtou"
FUNDER_ID = f"{PREFIX}-street"
VOTE_TYPES = {
    PollKind.APPROVAL: "approval",
    PollKind.KNAPSACK: "approval",
    PollKind.CUMULATIVE: "cumulative",
    PollKind.SCORING: "scoring",
    PollKind.RANKING: "ordinal",
}
"""What the format calls the kinds of ballot."""
MOST_POINTS = {PollKind.CUMULATIVE: "max_sum_points", PollKind.SCORING: "max_points"}


def giving_package(projects: Sequence[OpenProject], street: str) -> dict[str, Any]:
    """Return the 360Giving package of the projects that have an agreement; amounts in 元."""
    return {"version": "1.4", "grants": [_grant(one, street) for one in projects if one.agreement is not None]}


def _grant(one: OpenProject, street: str) -> dict[str, Any]:
    project, agreement = one.project, one.agreement
    if agreement is None or agreement.signed_on is None:
        raise ValueError(f"{project.ref} has no signed agreement")
    organisation = agreement.organisation
    return {
        "id": f"{PREFIX}-{project.ref}",
        "title": project.title,
        "description": project.summary,
        "currency": "CNY",
        "amountAwarded": agreement.amount_fen / 100,
        "amountDisbursed": one.money.paid_fen / 100,
        "awardDate": agreement.signed_on.isoformat(),
        "plannedDates": [{"startDate": agreement.starts_on.isoformat(), "endDate": agreement.ends_on.isoformat()}],
        "recipientOrganization": [
            {"id": f"CN-USCC-{organisation.uscc or organisation.ref}", "name": organisation.name}
        ],
        "fundingOrganization": [{"id": FUNDER_ID, "name": street}],
        "beneficiaryLocation": [{"name": project.community.name, "countryCode": "CN"}],
        "grantProgramme": [{"code": project.round.ref, "title": project.round.name}],
        "classifications": [
            {"code": project.category.value, "title": str(CATEGORY_LABELS[project.category]), "vocabulary": "五大类"}
        ],
        "fromOpenCall": "Yes",
    }


def pabulib_text(poll: Poll) -> str:
    """Return a counted poll as a Pabulib file: shuffled voters under ids that mean nothing.

    Projects stand in the order of ties, for which whoever recounts the file takes theirs.
    """
    # numpy comes with the counting rules; a web worker that exports nothing does not load it
    from grants.voting.counting.election import BallotKind, Election, Option
    from grants.voting.counting.pabulib import build_pabulib, format_pabulib
    from grants.voting.counting.rule import pabulib_facts

    result = poll.result or {}
    order_of_ties = {code: rank for rank, code in enumerate(result.get("tie_order", ()))}
    options = [
        Option(option.code, option.cost_fen, option.category.value, option.title)
        for option in sorted(poll.options, key=lambda option: order_of_ties.get(option.code, 0))
    ]
    marks = [_points(poll.kind, read(poll.kind, choices)) for _code, choices, _leaf in voting.list_board(poll)]
    election = Election.from_points(options, poll.budget_fen, marks, BallotKind(VOTE_TYPES[poll.kind]))
    order = list(range(election.voters))
    secrets.SystemRandom().shuffle(order)
    facts = {
        "description": poll.title,
        "country": "China",
        "unit": poll.community.name,
        "instance": poll.ref,
        **pabulib_facts(result.get("rule", {})),
        "date_begin": local(poll.opens_at).strftime("%d.%m.%Y"),
        "date_end": local(poll.closes_at).strftime("%d.%m.%Y"),
        "min_length": str(poll.min_choices),
        "max_length": str(poll.max_choices),
        "language": "zh",
        "currency": "CNY",
    }
    if poll.kind in MOST_POINTS:
        facts[MOST_POINTS[poll.kind]] = str(poll.points)
    ids = (str(number) for number in range(1, election.voters + 1))
    return format_pabulib(build_pabulib(election, facts, winners=result.get("winners", ()), voter_ids=ids, order=order))


def _points(kind: PollKind, marking: Marking) -> Marking:
    """Return a marking as points: of k ranked options the first gets k, the last 1."""
    if kind is not PollKind.RANKING:
        return marking
    return {code: len(marking) + 1 - rank for code, rank in marking.items()}
