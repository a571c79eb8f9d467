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
    "people.enrol": EVERYONE,
    "people.set_password": EVERYONE,
    "people.account": SIGNED_IN,
    "people.account_copy": SIGNED_IN,
    "people.account_password": SIGNED_IN,
    "people.account_revoke": SIGNED_IN,
    "people.account_close": SIGNED_IN,
    "people.users": ADMIN | PROGRAMME | SUPERVISOR,
    "people.user_new": ADMIN,
    "people.user_show": ADMIN | PROGRAMME | SUPERVISOR,
    "people.user_link": ADMIN,
    "people.user_disable": ADMIN,
    "people.user_enable": ADMIN,
    "people.user_grant": ADMIN | PROGRAMME,
    "people.user_reset": ADMIN,
    "people.grants": ADMIN | PROGRAMME | APPROVER | SUPERVISOR,
    "people.grant_second": APPROVER,
    "people.grant_refuse": APPROVER,
    "people.grant_revoke": ADMIN,
    "people.reset_decide": ADMIN | APPROVER,
    "people.organisations": EVERYONE,
    "people.organisations_export": EVERYONE,
    "people.organisation_new": EVERYONE,
    "people.organisations_review": PROGRAMME,
    "people.organisation_edit": ORGANISATION | PROGRAMME,
    "people.organisation_identity": ORGANISATION | PROGRAMME,
    "people.organisation_certificate": ORGANISATION | PROGRAMME,
    "people.organisation_accept": PROGRAMME,
    "people.organisation_return": PROGRAMME,
    "people.organisation_standing": PROGRAMME,
    "people.organisation_bank": ORGANISATION | PROGRAMME,
    "people.account_accept": PROGRAMME,
    "people.account_refuse": PROGRAMME,
    "people.account_reveal": PROGRAMME | FINANCE | SUPERVISOR,
    "people.roll": COMMUNITY | PROGRAMME | SUPERVISOR,
    "people.roll_search": COMMUNITY | PROGRAMME | SUPERVISOR,
    "people.roll_reveal": COMMUNITY | PROGRAMME | SUPERVISOR,
    "people.roll_template": COMMUNITY | PROGRAMME,
    "people.roll_import": COMMUNITY | PROGRAMME,
    "people.roll_import_show": COMMUNITY | PROGRAMME | SUPERVISOR,
    "people.roll_import_drop": COMMUNITY | PROGRAMME,
    "people.audit_index": SIGNED_IN,
    "people.audit_export": SIGNED_IN,
    "people.audit_verify": SUPERVISOR | ADMIN,
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
    # supervision
    "supervision.index": ORGANISATION | STREET | RESIDENT,
    "supervision.show": ORGANISATION | STREET | RESIDENT,
    "supervision.tasks": RESIDENT,
    "supervision.activities": EVERYONE,
    "supervision.activity": EVERYONE,
    "supervision.evidence": EVERYONE,
    "supervision.announce": ORGANISATION,
    "supervision.record": ORGANISATION,
    "supervision.cancel": ORGANISATION,
    "supervision.enter_code": RESIDENT,
    "supervision.sign_in": RESIDENT,
    "supervision.supervisors": ORGANISATION | STREET | RESIDENT,
    "supervision.draw": PROGRAMME,
    "supervision.stand_down": RESIDENT | PROGRAMME,
    "supervision.visit": RESIDENT | COMMUNITY | PROGRAMME,
    "supervision.visit_photo": ORGANISATION | STREET | RESIDENT,
    "supervision.verify": RESIDENT,
    "supervision.rectifications": ORGANISATION | STREET,
    "supervision.rectification": ORGANISATION | STREET | RESIDENT,
    "supervision.issue": COMMUNITY | PROGRAMME,
    "supervision.answer": ORGANISATION,
    "supervision.answer_file": ORGANISATION | STREET | RESIDENT,
    "supervision.recheck": COMMUNITY | PROGRAMME,
    "supervision.complaints": SIGNED_IN,
    "supervision.complain": EVERYONE,
    "supervision.track": EVERYONE,
    "supervision.complaint": SIGNED_IN,
    "supervision.answer_complaint": COMMUNITY | PROGRAMME | SUPERVISOR,
    "supervision.reveal": COMMUNITY | PROGRAMME | SUPERVISOR,
    # the site itself
    "site.edition": EVERYONE,
    "site.language": EVERYONE,
    "site.healthz": EVERYONE,
    "site.readyz": EVERYONE,
}
