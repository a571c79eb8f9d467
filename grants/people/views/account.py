"""/account: my data, my sessions, my password; and setting a password by link."""

import json
import uuid

from flask import Response as FlaskResponse
from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current, policy, queries
from grants.people.forms import ChangePasswordForm, ContactForm, NewPasswordForm, ReasonForm
from grants.people.rules import ROLE_LABELS
from grants.people.service import accounts, own_data, sessions
from grants.people.views.web import address, blueprint, kept


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Response | tuple[str, int]:
    """Show what is kept about me, and let me correct it."""
    user = current.actor()
    known = own_data.open_contact(user)
    form = ContactForm(name=user.display_name, email=user.email, phone=known.phone)
    if form.validate_on_submit():
        with errors_on(form):
            accounts.correct_contact(
                user=user, name=form.name.data or "", email=form.email.data or "", phone=form.phone.data or ""
            )
            flash(_("已保存。"), "success")
            return redirect(url_for("people.account"))
    return page(
        "people/account.html",
        form=form,
        user=user,
        known=known,
        roles=ROLE_LABELS,
        sessions=queries.list_own_sessions(user.id),
        device=own_data.device,
        this_session=current.user_session(),
        why_not_close=policy.why_not_close_own(user),
    )


@blueprint.post("/account/copy")
def account_copy() -> FlaskResponse:
    """Hand out a copy of my data (PIPL 45)."""
    copied = own_data.copy_own_data(user=current.actor())
    text = json.dumps(copied, ensure_ascii=False, indent=2, default=str)
    return FlaskResponse(
        text,
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@blueprint.route("/account/password", methods=["GET", "POST"])
def account_password() -> Response | tuple[str, int]:
    """Change my password; my other sessions end."""
    user, form = current.actor(), ChangePasswordForm()
    if form.validate_on_submit():
        with errors_on(form):
            if not sessions.check_own_password(user=user, password=form.current.data or "", address=address()):
                form.current.errors = [_("当前密码不正确")]
                return kept("people/account_password.html", form=form, user=user)
            accounts.change_password(user=user, password=form.password.data or "", session=current.user_session())
            flash(_("密码已更换，其他设备上的登录已退出。"), "success")
            return redirect(url_for("people.account"))
    return page("people/account_password.html", form=form, user=user)


@blueprint.post("/account/sessions/<uuid:session_id>/revoke")
def account_revoke(session_id: uuid.UUID) -> Response:
    """End one of my sessions."""
    user = current.actor()
    session = queries.find_own_session(session_id, user.id)
    if session is None:
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
    sessions.close_own_session(session=session, user=user)
    flash(_("该设备上的登录已退出。"), "success")
    return redirect(url_for("people.account"))


@blueprint.route("/account/close", methods=["GET", "POST"])
def account_close() -> Response | tuple[str, int]:
    """Give up my account."""
    user, form = current.actor(), ReasonForm(reason=_("本人申请"))
    if form.validate_on_submit():
        accounts.close_own_account(user=user)
        current.end()
        flash(_("账号已注销，联系方式已删除。"), "success")
        return redirect("/")
    return page("people/account_close.html", form=form, why_not=policy.why_not_close_own(user))


@blueprint.route("/account/set-password/<token>", methods=["GET", "POST"])
def set_password(token: str) -> Response | tuple[str, int]:
    """Set a password by the link that an administrator passed on; it works once."""
    user, form = accounts.open_link(token), NewPasswordForm()
    if form.validate_on_submit():
        with errors_on(form):
            accounts.set_password_by_link(token=token, password=form.password.data or "")
            current.end()
            flash(_("密码已设置，请用新密码登录。"), "success")
            return redirect(url_for("people.sign_in"))
    return page("people/set_password.html", form=form, user=user)
