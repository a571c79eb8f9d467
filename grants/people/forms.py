"""Shapes and wording of the forms of people."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form


class SignInForm(Form):
    """Name and password."""

    login = StringField(_l("登录名"), [DataRequired(_l("请填写登录名")), Length(max=60)])
    password = PasswordField(_l("密码"), [DataRequired(_l("请填写密码")), Length(max=200)])
    next = HiddenField()


class CodeForm(Form):
    """The six digits of an authenticator."""

    code = StringField(_l("动态码"), [DataRequired(_l("请填写六位动态码")), Length(max=10)])
    next = HiddenField()
