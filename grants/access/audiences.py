"""Who comes to a route: sets of roles."""

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
COMMUNITY_SUPERVISOR: Audience = frozenset({Role.COMMUNITY_SUPERVISOR})
ADMIN: Audience = frozenset({Role.ADMIN})
OFFICE: Audience = PROGRAMME | FINANCE | APPROVER | SUPERVISOR
STREET: Audience = OFFICE | COMMUNITY
