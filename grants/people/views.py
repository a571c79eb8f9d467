"""Signing in and out, stepping up, and the demo cast."""

import uuid

import flask
from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current, queries
from grants.people.forms import CodeForm, SignInForm
from grants.people.models import User
from grants.people.rules import ROLE_LABELS
from grants.people.service import sessions

blueprint = Blueprint("people", __name__)
PENDING = "second_factor_for"


def _target(raw: str | None) -> str:
    """Return a place on this site to go on to; anything else becomes the desk."""
    if raw and raw.startswith("/") and not raw.startswith(("//", "/\\")):
        return raw
    return "/desk"


def _enter(user: User, *, stepped_up: bool, target: str | None) -> Response:
    token = sessions.open_session(user=user, user_agent=request.user_agent.string, stepped_up=stepped_up)
    current.begin(token)
    return redirect(_target(target))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | tuple[str, int]:
    """Ask for name and password; staff go on to their code."""
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        with errors_on(form):
            user = sessions.check_password(
                login=form.login.data, password=form.password.data, address=request.remote_addr or ""
            )
            if user is None:
                form.form_errors = [_("登录名或密码不正确。忘记密码请联系社区或街道工作人员。")]
                return _refused(form)
            if user.is_staff:
                flask.session[PENDING] = str(user.id)
                return redirect(url_for("people.second_factor", next=form.next.data or None))
            return _enter(user, stepped_up=False, target=form.next.data)
    return page("people/sign_in.html", form=form)


def _refused(form: SignInForm) -> tuple[str, int]:
    """Answer a wrong password; the counted try has to be kept, so this is not an error status."""
    html, _status = page("people/sign_in.html", form=form)
    return html, 200


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def second_factor() -> Response | tuple[str, int]:
    """Ask staff for the code of their authenticator."""
    form = CodeForm(next=request.args.get("next"))
    pending = flask.session.get(PENDING)
    if pending is None:
        return redirect(url_for("people.sign_in"))
    user = queries.get_user(uuid.UUID(pending))
    if form.validate_on_submit():
        if sessions.code_is_right(user, form.code.data):
            return _enter(user, stepped_up=True, target=form.next.data)
        form.code.errors = [*form.code.errors, _("动态码不正确，请查看身份验证器上的最新数字。")]
    return page("people/second_factor.html", form=form, user=user)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    session = current.user_session()
    if session is not None:
        sessions.close_session(session=session)
    current.end()
    flash(_("您已安全退出。"), "success")
    return redirect("/")


@blueprint.route("/step-up", methods=["GET", "POST"])
def step_up() -> Response | tuple[str, int]:
    """Ask for the code again before something grave."""
    form = CodeForm(next=request.args.get("next"))
    session = current.user_session()
    if session is not None and form.validate_on_submit():
        with errors_on(form):
            sessions.step_up(session=session, code=form.code.data)
            return redirect(_target(form.next.data))
    return page("people/step_up.html", form=form)


@blueprint.get("/demo")
def demo() -> tuple[str, int]:
    """Show the demo cast; there is no such page outside demo mode."""
    _only_in_demo()
    return page("people/demo.html", cast=queries.list_demo_cast(), role_labels=ROLE_LABELS)


@blueprint.post("/demo/sign-in")
def demo_sign_in() -> Response:
    """Sign in as a member of the demo cast, second factor satisfied."""
    _only_in_demo()
    user = queries.find_user(request.form.get("who", ""))
    if user is None or not user.is_active:
        raise NotFound(_("演示人员名单里没有这个人，请从 /demo 页面选择。"))
    return _enter(user, stepped_up=True, target=request.form.get("next"))


def _only_in_demo() -> None:
    if flask.current_app.config["SETTINGS"].mode == "production":
        raise NotFound(_("没有找到您要的内容，它可能已被移走。"))
