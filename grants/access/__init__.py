"""The access list: every route by endpoint, and the roles that may call it. A route that is missing is refused.

This is the outer gate (who may come to a page at all); what an actor may do with one object is decided by the
`policy.py` of its slice.
"""

from grants.access.audiences import Audience
from grants.access.house import HOUSE
from grants.access.stages import STAGES

ACCESS: dict[str, Audience] = {**HOUSE, **STAGES}
