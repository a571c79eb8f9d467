"""Taking over what an organisation said before."""

from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.people.models import User
from grants.selection.models import Application
from grants.selection.queries import reuse as queries
from grants.selection.rules import Group
from grants.selection.service.drafts import save_application


def take_over(*, application: Application, actor: User, page: Group, source: str, version: int) -> list[str]:
    """Fill the parts of a page from a source and return those that changed.

    `version` is the one its preview was made from: raises EditConflict when somebody has written there since.
    """
    found = queries.find_source(application, page, source)
    if found is None:
        raise RuleBroken(_("请选择从哪里带入。"), "source")
    return save_application(application=application, actor=actor, base=version, values=found.parts)
