"""The access list: every route by endpoint, and the roles that may call it. A route that is missing is refused.

This is the outer gate (who may come to a page at all); what an actor may do with one object is decided by the
`policy.py` of its slice.
"""

from grants.people.rules import Role

Audience = frozenset[Role]

EVERYONE: Audience = frozenset(Role)
SIGNED_IN: Audience = EVERYONE - {Role.VISITOR}
RESIDENT: Audience = frozenset({Role.RESIDENT})
ORGANISATION: Audience = frozenset({Role.ORGANISATION})
EXPERT: Audience = frozenset({Role.EXPERT})
COMMUNITY: Audience = frozenset({Role.COMMUNITY})
PROGRAMME: Audience = frozenset({Role.PROGRAMME})
FINANCE: Audience = frozenset({Role.FINANCE})
APPROVER: Audience = frozenset({Role.APPROVER})
SUPERVISOR: Audience = frozenset({Role.SUPERVISOR})
ADMIN: Audience = frozenset({Role.ADMIN})
OFFICE: Audience = PROGRAMME | FINANCE | APPROVER | SUPERVISOR
STREET: Audience = OFFICE | COMMUNITY

ACCESS: dict[str, Audience] = {
    "static": EVERYONE,
    # people
    "people.sign_in": EVERYONE,
    "people.second_factor": EVERYONE,
    "people.sign_out": EVERYONE,
    "people.step_up": SIGNED_IN,
    "people.demo": EVERYONE,
    "people.demo_sign_in": EVERYONE,
    # background jobs: each sees only their own
    "jobs.index": SIGNED_IN,
    "jobs.show": SIGNED_IN,
    "jobs.state": SIGNED_IN,
    "jobs.result": SIGNED_IN,
    "jobs.retry": SIGNED_IN,
    # voting
    "voting.index": EVERYONE,
    "voting.new": PROGRAMME | COMMUNITY,
    "voting.edit": PROGRAMME | COMMUNITY,
    "voting.show": EVERYONE,
    "voting.act": PROGRAMME | APPROVER,
    "voting.ballot": RESIDENT,
    "voting.receipt": EVERYONE,
    "voting.rules": EVERYONE,
    "voting.board": EVERYONE,
    "voting.board_csv": EVERYONE,
    "voting.result": EVERYONE,
    # agreements
    "agreements.index": ORGANISATION | STREET,
    "agreements.draft": PROGRAMME,
    "agreements.show": ORGANISATION | STREET,
    "agreements.compare": ORGANISATION | STREET,
    "agreements.signed_copy": ORGANISATION | STREET,
    "agreements.edit": PROGRAMME,
    "agreements.offer": PROGRAMME,
    "agreements.sign": ORGANISATION | PROGRAMME | APPROVER,
    "agreements.terminate": APPROVER,
    "agreements.claim": ORGANISATION,
    "agreements.verify": COMMUNITY,
    # needs
    "needs.index": EVERYONE,
    "needs.export": EVERYONE,
    "needs.show": EVERYONE,
    "needs.photo": EVERYONE,
    "needs.new": RESIDENT,
    "needs.second": RESIDENT,
    "needs.withdraw_second": RESIDENT,
    "needs.counter": PROGRAMME | COMMUNITY,
    "needs.screening": PROGRAMME | COMMUNITY,
    "needs.screen": PROGRAMME | COMMUNITY,
    "needs.meetings": EVERYONE,
    "needs.meeting": EVERYONE,
    "needs.minutes": STREET,
    "needs.new_meeting": PROGRAMME | COMMUNITY,
    # the site itself
    "site.edition": EVERYONE,
    "site.language": EVERYONE,
    "site.healthz": EVERYONE,
    "site.readyz": EVERYONE,
}
