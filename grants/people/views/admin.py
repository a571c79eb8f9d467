"""/admin: accounts, proposed roles, lost authenticators."""

import uuid
from datetime import timedelta

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.clock import today
from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.forms import choices, errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current, policy, queries
from grants.people.forms import AccountForm, GrantForm, ReasonForm
from grants.people.rules import ROLE_LABELS, Role
from grants.people.service import accounts, roles
from grants.people.views.web import blueprint

GRANTABLE = {role: label for role, label in ROLE_LABELS.items() if role not in (Role.VISITOR, Role.RESIDENT)}


@blueprint.get("/admin/users")
def users() -> tuple[str, int]:
    """List accounts."""
    chosen = {key: request.args.get(key, "") for key in ("search", "role", "status")}
    found = queries.list_users(Window.of(request.args), **chosen)
    return page(
        "people/users.html",
        found=found,
        chosen=chosen,
        roles=ROLE_LABELS,
        may_create=policy.why_not_manage_accounts(current.actor()) is None,
    )


@blueprint.route("/admin/users/new", methods=["GET", "POST"])
def user_new() -> Response | tuple[str, int]:
    """Make an account."""
    form = AccountForm()
    if form.validate_on_submit():
        with errors_on(form):
            user = accounts.create_account(
                admin=current.actor(),
                login=form.login.data or "",
                name=form.name.data or "",
                email=form.email.data or "",
            )
            flash(_("账号已建立。请发送设置密码的链接，并提出授予角色。"), "success")
            return redirect(url_for("people.user_show", user_id=user.id))
    return page("people/user_new.html", form=form)


@blueprint.get("/admin/users/<uuid:user_id>")
def user_show(user_id: uuid.UUID) -> tuple[str, int]:
    """Show an account with its roles."""
    return _user_page(user_id)


def _user_page(user_id: uuid.UUID, link: str | None = None) -> tuple[str, int]:
    actor, user = current.actor(), queries.get_user(user_id)
    return page(
        "people/user.html",
        user=user,
        roles=ROLE_LABELS,
        link=link,
        open_reset=queries.find_open_reset(user.id),
        may_manage=policy.why_not_disable(actor, user) is None,
        may_grant=actor.id != user.id and actor.has_role(Role.ADMIN, Role.PROGRAMME) and user.is_active,
        may_reset=policy.why_not_request_reset(actor, user) is None,
    )


@blueprint.post("/admin/users/<uuid:user_id>/link")
@current.stepped_up
def user_link(user_id: uuid.UUID) -> tuple[str, int]:
    """Issue a link with which the owner sets a password; it is shown once, to be passed on."""
    token = accounts.issue_link(admin=current.actor(), user=queries.get_user(user_id))
    return _user_page(user_id, url_for("people.set_password", token=token, _external=True))


@blueprint.route("/admin/users/<uuid:user_id>/disable", methods=["GET", "POST"])
def user_disable(user_id: uuid.UUID) -> Response | tuple[str, int]:
    """Close an account."""
    user, form = queries.get_user(user_id), ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            accounts.disable_account(admin=current.actor(), user=user, reason=form.reason.data or "")
            flash(_("账号已停用，其登录已全部退出。"), "success")
            return redirect(url_for("people.user_show", user_id=user.id))
    return page("people/reason.html", form=form, title=_("停用账号"), subject=user.display_name, back=_back(user_id))


@blueprint.post("/admin/users/<uuid:user_id>/enable")
def user_enable(user_id: uuid.UUID) -> Response:
    """Open a closed account again."""
    accounts.enable_account(admin=current.actor(), user=queries.get_user(user_id))
    flash(_("账号已启用。"), "success")
    return redirect(_back(user_id))


def _back(user_id: uuid.UUID) -> str:
    return url_for("people.user_show", user_id=user_id)


@blueprint.route("/admin/users/<uuid:user_id>/grant", methods=["GET", "POST"])
@current.stepped_up
def user_grant(user_id: uuid.UUID) -> Response | tuple[str, int]:
    """Propose a role for an account."""
    user, form = queries.get_user(user_id), GrantForm(ends_on=today() + timedelta(days=3 * 365))
    form.role.choices = choices(GRANTABLE, _("请选择"))
    form.place.choices = choices({place.id: place.name for place in queries.list_communities()}, _("不适用"))
    form.organisation.choices = choices({one.id: one.name for one in queries.organisations_by_name()}, _("不适用"))
    if form.validate_on_submit():
        with errors_on(form):
            roles.propose_role(
                officer=current.actor(),
                user=user,
                role=Role(form.role.data),
                reason=form.reason.data or "",
                place_id=_uuid(form.place.data),
                organisation_id=_uuid(form.organisation.data),
                ends_on=form.ends_on.data,
            )
            flash(_("已提出，待分管领导确认后生效。"), "success")
            return redirect(_back(user_id))
    return page("people/user_grant.html", form=form, user=user)


def _uuid(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


@blueprint.route("/admin/users/<uuid:user_id>/reset", methods=["GET", "POST"])
@current.stepped_up
def user_reset(user_id: uuid.UUID) -> Response | tuple[str, int]:
    """Ask for the removal of a lost authenticator."""
    user, form = queries.get_user(user_id), ReasonForm()
    require(policy.why_not_request_reset(current.actor(), user))
    if form.validate_on_submit():
        with errors_on(form):
            accounts.request_reset(admin=current.actor(), user=user, reason=form.reason.data or "")
            flash(_("已提出，待第二人确认后生效。"), "success")
            return redirect(_back(user_id))
    subject, back = user.display_name, _back(user_id)
    return page("people/reason.html", form=form, title=_("重置身份验证器"), subject=subject, back=back)


@blueprint.get("/admin/grants")
def grants() -> tuple[str, int]:
    """Show what waits for a second person: proposed roles and lost authenticators."""
    return page(
        "people/grants.html",
        waiting=queries.list_waiting_grants(),
        resets=queries.list_open_resets(),
        roles=ROLE_LABELS,
        policy=policy,
        me=current.actor(),
    )


@blueprint.post("/admin/grants/<uuid:grant_id>/second")
@current.stepped_up
def grant_second(grant_id: uuid.UUID) -> Response:
    """Agree to a proposed role."""
    roles.second_role(leader=current.actor(), grant=queries.get_grant(grant_id))
    flash(_("已确认，角色自对方下次登录起生效。"), "success")
    return redirect(url_for("people.grants"))


@blueprint.route("/admin/grants/<uuid:grant_id>/refuse", methods=["GET", "POST"])
def grant_refuse(grant_id: uuid.UUID) -> Response | tuple[str, int]:
    """Refuse a proposed role."""
    grant, form = queries.get_grant(grant_id), ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            roles.refuse_role(leader=current.actor(), grant=grant, reason=form.reason.data or "")
            flash(_("已退回。"), "success")
            return redirect(url_for("people.grants"))
    back, subject = url_for("people.grants"), grant.user.display_name
    return page("people/reason.html", form=form, title=_("不同意授予角色"), subject=subject, back=back)


@blueprint.route("/admin/grants/<uuid:grant_id>/revoke", methods=["GET", "POST"])
def grant_revoke(grant_id: uuid.UUID) -> Response | tuple[str, int]:
    """End a role."""
    grant, form = queries.get_grant(grant_id), ReasonForm()
    if form.validate_on_submit():
        with errors_on(form):
            roles.revoke_role(admin=current.actor(), grant=grant, reason=form.reason.data or "")
            flash(_("角色已收回，立即生效。"), "success")
            return redirect(_back(grant.user_id))
    subject = f"{grant.user.display_name} · {ROLE_LABELS[grant.role]}"
    return page("people/reason.html", form=form, title=_("收回角色"), subject=subject, back=_back(grant.user_id))


@blueprint.post("/admin/resets/<uuid:reset_id>/<any(agree, refuse):answer>")
@current.stepped_up
def reset_decide(reset_id: uuid.UUID, answer: str) -> Response:
    """Decide on the removal of a lost authenticator as the second person."""
    accounts.decide_reset(officer=current.actor(), reset=queries.get_reset(reset_id), is_agreed=answer == "agree")
    flash(_("已办理。"), "success")
    return redirect(url_for("people.grants"))
