"""Who may open the supervision file of an agreement, and who watches it by office."""

from grants.agreements.models import Agreement
from grants.agreements.policy import acts_for, is_of_community
from grants.agreements.policy import why_not_read as why_not_read_agreement
from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import Role
from grants.supervision import queries


def why_not_watch(actor: User | None, agreement: Agreement) -> str | None:
    """Say why the account may not open the supervision file of an agreement."""
    reason = why_not_read_agreement(actor, agreement)
    if reason is None or queries.is_supervisor_of(actor, agreement.id) or watches_for_community(actor, agreement):
        return None
    return _("监督档案供承接组织、所在社区、居务监督、街道有关部门和抽取的居民监督员查阅；公开的活动请看“活动”页面。")


def is_only_resident(actor: User) -> bool:
    """Tell whether the account has no office and no organisation: its start page is what it was drawn for."""
    return actor.roles == {Role.RESIDENT}


def watches_for_community(actor: User | None, agreement: Agreement) -> bool:
    """Tell whether the account watches the project for the residents of its community (居务监督)."""
    return (
        actor is not None
        and agreement.project.community_id in actor.watched_community_ids
        and not acts_for(actor, agreement)
    )


def is_overseer(actor: User | None, agreement: Agreement) -> bool:
    """Tell whether the account watches the agreement by office: the programme, or the project's own community."""
    return actor is not None and (actor.has_role(Role.PROGRAMME) or is_of_community(actor, agreement))


def why_not_oversee(actor: User, agreement: Agreement) -> str | None:
    """Say why the account does not watch the agreement by office: never its own project, never another community."""
    if acts_for(actor, agreement):
        return _("承接组织的人员不能监督自己的项目。")
    if is_overseer(actor, agreement):
        return None
    if actor.has_role(Role.COMMUNITY):
        return _("这个项目在%(community)s实施，由该社区居委会办理。", community=agreement.project.community.name)
    return _("由项目所在社区居委会或社区建设部办理。")
