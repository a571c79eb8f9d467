"""Signing in and out, enrolling an authenticator, stepping up."""

import uuid

import flask
from flask import flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from grants.foundation.clock import now
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current, queries
from grants.people.forms import CodeForm, EnrolForm, SignInForm
from grants.people.models import User
from grants.people.service import accounts, sessions
from grants.people.views.web import address, blueprint, kept, local_target

PENDING, PENDING_SECONDS = "second_factor_for", 600


def enter(user: User, *, stepped_up: bool, target: str | None) -> Response:
    """Open a session in this browser and go on."""
    token = sessions.open_session(user=user, user_agent=request.user_agent.string, stepped_up=stepped_up)
    current.begin(token)
    return redirect(local_target(target))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | tuple[str, int]:
    """Ask for name and password; staff go on to their code."""
    form = SignInForm(next=request.args.get("next"))
    if form.validate_on_submit():
        with errors_on(form):
            user = sessions.check_password(
                login=form.login.data or "", password=form.password.data or "", address=address()
            )
            if user is None:
                form.form_errors = [_("登录名或密码不正确。忘记密码请联系社区或街道工作人员。")]
                return kept("people/sign_in.html", form=form)
            if user.is_staff:
                return _ask_code(user, form.next.data)
            return enter(user, stepped_up=False, target=form.next.data)
    return page("people/sign_in.html", form=form)


def _ask_code(user: User, target: str | None) -> Response:
    flask.session[PENDING] = [str(user.id), now().timestamp()]
    step = "people.second_factor" if user.totp_cipher else "people.enrol"
    return redirect(url_for(step, next=target or None))


def _pending() -> User | None:
    """Return who gave the right password in this browser within the last ten minutes."""
    kept_id, since = flask.session.get(PENDING, ["", 0])
    if not kept_id or now().timestamp() - float(since) > PENDING_SECONDS:
        flask.session.pop(PENDING, None)
        return None
    user = queries.get_user(uuid.UUID(kept_id))
    return user if user.is_active else None


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def second_factor() -> Response | tuple[str, int]:
    """Ask staff for the code of their authenticator."""
    form = CodeForm(next=request.args.get("next"))
    user = _pending()
    if user is None:
        return redirect(url_for("people.sign_in"))
    if form.validate_on_submit():
        with errors_on(form):
            if sessions.check_code(user=user, code=form.code.data or "", address=address()):
                return enter(user, stepped_up=True, target=form.next.data)
            form.code.errors = [_("动态码不正确或已用过，请查看身份验证器上的最新数字。")]
            return kept("people/second_factor.html", form=form)
    return page("people/second_factor.html", form=form)


@blueprint.route("/sign-in/enrol", methods=["GET", "POST"])
def enrol() -> Response | tuple[str, int]:
    """Bind an authenticator at the first sign-in of a member of staff."""
    user = _pending()
    if user is None or user.totp_cipher is not None:
        return redirect(url_for("people.sign_in"))
    form = EnrolForm(next=request.args.get("next"))
    if form.validate_on_submit():
        with errors_on(form):
            accounts.enrol(user=user, sealed=form.sealed.data or "", code=form.code.data or "")
            flash(_("身份验证器已绑定。以后登录时请输入它显示的动态码。"), "success")
            return enter(user, stepped_up=True, target=form.next.data)
    offer = accounts.offer_enrolment(user, _issuer(), form.sealed.data or "")
    form.sealed.data = offer.sealed
    return page("people/enrol.html", form=form, offer=offer, picture=_qr(offer.address))


def _issuer() -> str:
    return f"{flask.current_app.config['SETTINGS'].street_name}公益创投"


def _qr(text: str) -> Markup:
    """Draw a QR as a picture inside the page; it goes to no other address."""
    import segno  # when the first code is drawn

    picture = segno.make(text, error="m").svg_data_uri(scale=5, border=3, light="white")
    return Markup('<img src="{}" width="220" height="220" alt="{}">').format(picture, _("身份验证器二维码"))


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
            if sessions.step_up(session=session, code=form.code.data or "", address=address()):
                return redirect(local_target(form.next.data))
            form.code.errors = [_("动态码不正确或已用过，请查看身份验证器上的最新数字。")]
            return kept("people/step_up.html", form=form)
    return page("people/step_up.html", form=form)
