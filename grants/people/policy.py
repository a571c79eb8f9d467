"""What an account may do with accounts, residents and organisations."""

from grants.foundation.i18n import _
from grants.people.models import User
from grants.people.rules import ROLE_LABELS, Role, conflicting_roles


def why_not_grant(actor: User, user: User, role: Role) -> str | None:
    """Say why `actor` may not give `role` to `user`."""
    if not actor.has_role(Role.ADMIN):
        return _("只有系统管理员可以授予角色。")
    if actor.id == user.id:
        return _("不能给自己授予角色。")
    clashes = conflicting_roles(user.roles, role)
    if clashes:
        names = "、".join(str(ROLE_LABELS[item]) for item in sorted(clashes))
        return _("该账号已是“%(roles)s”，按不相容岗位分离要求不能再授予这一角色。", roles=names)
    return None
