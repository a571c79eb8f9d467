"""Shapes and wording of the forms of people."""

import re

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    Email,
    EqualTo,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from grants.foundation.i18n import _, _l
from grants.foundation.identifiers import normalise_phone, why_not_mobile
from grants.foundation.web.forms import Form, choices
from grants.people.rules import COMMUNITY_KIND_LABELS, LEGAL_KIND_LABELS, MemberRole
from grants.people.rules.dossier import (
    CERTIFICATE_LABELS,
    DOCUMENT_LABELS,
    GRADES,
    MEMBER_ROLE_LABELS,
    SANCTIONS,
    STANDING_LABELS,
    CertificateKind,
)
from grants.people.rules.passwords import why_not_password

RESULTS = ("合格", "基本合格", "不合格", "未参加")
INSPECTION_YEARS = 3
LANDLINE = re.compile(r"0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7}", re.ASCII)


class SignInForm(Form):
    """Name and password."""

    login = StringField(_l("登录名"), [DataRequired(_l("请填写登录名")), Length(max=60)])
    password = PasswordField(_l("密码"), [DataRequired(_l("请填写密码")), Length(max=200)])
    next = HiddenField()


class CodeForm(Form):
    """The six digits of an authenticator."""

    code = StringField(_l("动态码"), [DataRequired(_l("请填写六位动态码")), Length(max=10)])
    next = HiddenField()


class EnrolForm(CodeForm):
    """The first code of a new authenticator; the secret travels sealed."""

    sealed = HiddenField()


class NewPasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(_l("新密码"), [DataRequired(_l("请填写新密码")), Length(max=200)])
    again = PasswordField(
        _l("再输一遍新密码"),
        [DataRequired(_l("请再输一遍")), EqualTo("password", _l("两次输入的密码不一致"))],
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password, after the old one."""

    current = PasswordField(_l("当前密码"), [DataRequired(_l("请填写当前密码")), Length(max=200)])


class ContactForm(Form):
    """One's own name and contact data."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=60)])
    phone = TelField(_l("手机号"), [Optional(), Length(max=20)])
    email = EmailField(_l("电子邮箱"), [Optional(), Email(_l("邮箱地址不完整")), Length(max=120)])


class AccountForm(Form):
    """A new account; its owner sets the password by link."""

    login = StringField(_l("登录名"), [DataRequired(_l("请填写登录名")), Length(max=60)])
    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=60)])
    email = EmailField(_l("电子邮箱"), [Optional(), Email(_l("邮箱地址不完整")), Length(max=120)])


class ReasonForm(Form):
    """Why something is done; kept in the log."""

    reason = StringField(_l("原因"), [DataRequired(_l("请写明原因")), Length(max=200)])


class GrantForm(ReasonForm):
    """A role for an account."""

    role = SelectField(_l("角色"), [DataRequired(_l("请选择角色"))])
    place = SelectField(_l("负责的社区"), [Optional()])
    organisation = SelectField(_l("代表的社会组织"), [Optional()])
    ends_on = DateField(_l("截止日期"), [Optional()])


class RollUploadForm(Form):
    """A table of residents."""

    community = SelectField(_l("所属社区"), [Optional()])
    file = FileField(_l("名册文件"))


class RollApplyForm(Form):
    """All or nothing, or what is sound."""

    choice = RadioField(
        _l("有错误的行怎么处理"),
        choices=choices({"all": _l("全部正确才导入"), "skip": _l("跳过有错误的行，只导入正确的行")}),
        default="all",
    )


class RollSearchForm(Form):
    """An exact name, identity number or phone; sent by POST so that it stays out of addresses and logs."""

    words = StringField(_l("姓名、身份证号或手机号"), [DataRequired(_l("请填写要查找的内容")), Length(max=60)])


class IdentityForm(Form):
    """What the certificate of an organisation says."""

    name = StringField(_l("组织全称"), [DataRequired(_l("请填写组织全称")), Length(max=120)])
    legal_kind = SelectField(
        _l("法律形式"), [DataRequired(_l("请选择法律形式"))], choices=choices(LEGAL_KIND_LABELS, _l("请选择"))
    )
    community_kind = SelectField(
        _l("社区社会组织类别"), [DataRequired(_l("请选择类别"))], choices=choices(COMMUNITY_KIND_LABELS, _l("请选择"))
    )
    uscc = StringField(_l("统一社会信用代码"), [Optional(), Length(max=40)])
    filing_number = StringField(_l("备案编号"), [Optional(), Length(max=40)])
    registered_on = DateField(_l("成立（备案）日期"), [DataRequired(_l("请填写成立日期"))])
    registered_with = StringField(_l("登记（备案）机关"), [Optional(), Length(max=80)])
    scope = TextAreaField(_l("业务范围"), [DataRequired(_l("请填写业务范围")), Length(max=600)])
    certificate = FileField(_l("登记证书或备案证明"))


class ProfileForm(Form):
    """What members of an organisation keep up to date themselves."""

    head_name = StringField(_l("负责人"), [DataRequired(_l("请填写负责人")), Length(max=60)])
    short_name = StringField(_l("简称"), [Optional(), Length(max=40)])
    phone = TelField(_l("联系电话"), [Optional(), Length(max=20)])
    address = StringField(_l("办公地址"), [Optional(), Length(max=160)])
    staff_count = IntegerField(
        _l("专职人员"), [InputRequired(_l("请填写人数")), NumberRange(0, 10_000, _l("人数不合理"))], default=0
    )
    social_worker_count = IntegerField(
        _l("持证社工"), [InputRequired(_l("请填写人数")), NumberRange(0, 10_000, _l("人数不合理"))], default=0
    )
    party_building = StringField(_l("党建情况"), [Optional(), Length(max=200)])
    profile = TextAreaField(_l("组织简介"), [Optional(), Length(max=1000)])

    def validate_phone(self, field: TelField) -> None:
        """Take a mobile number or a landline with its area code."""
        typed = field.data or ""
        if why_not_mobile(typed) and not LANDLINE.fullmatch(normalise_phone(typed)):
            raise ValidationError(_("请填写 11 位手机号码，或带区号的固定电话，如 021-61234567"))


class RegisterForm(IdentityForm, ProfileForm):
    """An organisation signs itself up, with the account of the person who does it."""

    contact = StringField(_l("填报人姓名"), [DataRequired(_l("请填写填报人姓名")), Length(max=60)])
    login = StringField(_l("登录名"), [DataRequired(_l("请填写登录名")), Length(max=60)])
    password = PasswordField(_l("密码"), [DataRequired(_l("请填写密码")), Length(max=200)])
    again = PasswordField(
        _l("再输一遍密码"), [DataRequired(_l("请再输一遍")), EqualTo("password", _l("两次输入的密码不一致"))]
    )
    agreed = BooleanField(_l("我已核对以上信息，并同意用于公益创投入册审核"), [DataRequired(_l("请先阅读并勾选"))])

    def validate_social_worker_count(self, field: IntegerField) -> None:
        """Refuse more certified social workers than there are people; part-timers are listed one by one later."""
        if (field.data or 0) > (self.staff_count.data or 0):
            raise ValidationError(_("持证社工不能多于专职人员；兼职的持证社工，请入册后在“专兼职人员”中逐人登记"))

    def validate_password(self, field: PasswordField) -> None:
        """Check the password together with everything else."""
        reason = why_not_password(
            field.data or "", login=self.login.data or "", is_staff=False, name=self.contact.data or ""
        )
        if reason is not None:
            raise ValidationError(reason)


class StandingForm(Form):
    """Assessment and yearly checks as the public registers show them."""

    assessment_grade = SelectField(
        _l("评估等级"), [Optional()], choices=choices({grade: grade for grade in GRADES}, _l("未参评或已过期"))
    )
    assessment_expires_on = DateField(_l("等级有效期至"), [Optional()])
    year_1 = SelectField(
        _l("年检（年报）结论"), [Optional()], choices=choices({result: result for result in RESULTS}, _l("暂无"))
    )
    year_2 = SelectField(
        _l("年检（年报）结论"), [Optional()], choices=choices({result: result for result in RESULTS}, _l("暂无"))
    )
    year_3 = SelectField(
        _l("年检（年报）结论"), [Optional()], choices=choices({result: result for result in RESULTS}, _l("暂无"))
    )
    source = StringField(
        _l("信息来源"), [DataRequired(_l("请写明信息来源")), Length(max=160)], default=_l("民政部门公布信息")
    )
    party_building = StringField(_l("党建情况"), [Optional(), Length(max=200)])


class BankForm(ReasonForm):
    """A new account to be paid to."""

    bank_name = StringField(_l("开户银行"), [DataRequired(_l("请填写开户银行，具体到支行")), Length(max=120)])
    account_name = StringField(_l("户名"), [DataRequired(_l("请填写户名")), Length(max=120)])
    number = StringField(_l("账号"), [DataRequired(_l("请填写账号")), Length(max=60)])
    again = StringField(
        _l("再输一遍账号"), [DataRequired(_l("请再输一遍")), EqualTo("number", _l("两次输入的账号不一致"))]
    )


class InviteForm(Form):
    """A colleague to be asked in."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=60)])
    email = EmailField(
        _l("电子邮箱"), [DataRequired(_l("请填写电子邮箱")), Email(_l("邮箱格式不正确")), Length(max=120)]
    )
    role = SelectField(
        _l("职责"),
        [DataRequired(_l("请选择职责"))],
        choices=choices(MEMBER_ROLE_LABELS),
        default=MemberRole.CLERK.value,
    )


class MemberRoleForm(Form):
    """Another part for a member."""

    role = SelectField(_l("职责"), [DataRequired(_l("请选择职责"))], choices=choices(MEMBER_ROLE_LABELS))


class JoinForm(Form):
    """The account with which an invited person joins."""

    login = StringField(_l("登录名"), [DataRequired(_l("请填写登录名")), Length(max=60)])
    password = PasswordField(_l("密码"), [DataRequired(_l("请填写密码")), Length(max=200)])
    again = PasswordField(
        _l("再输一遍密码"), [DataRequired(_l("请再输一遍")), EqualTo("password", _l("两次输入的密码不一致"))]
    )


class NewVersionForm(Form):
    """A newer version of a paper."""

    issued_on = DateField(_l("签发日期"), [DataRequired(_l("请填写签发日期"))])
    expires_on = DateField(_l("有效期至"), [Optional()])
    note = StringField(_l("说明"), [Optional(), Length(max=120)])
    file = FileField(_l("文件"), [FileRequired(_l("请选择文件"))])


class DocumentForm(NewVersionForm):
    """A paper for the file of an organisation."""

    kind = SelectField(
        _l("材料类别"), [DataRequired(_l("请选择材料类别"))], choices=choices(DOCUMENT_LABELS, _l("请选择"))
    )


class WorkerForm(Form):
    """Somebody who works for an organisation."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写姓名")), Length(max=60)])
    post = StringField(_l("岗位"), [DataRequired(_l("请填写岗位")), Length(max=60)])
    is_full_time = BooleanField(_l("专职"))
    has_insurance = BooleanField(_l("由本组织缴纳社会保险"))
    certificate = SelectField(
        _l("证书"),
        [DataRequired(_l("请选择证书"))],
        choices=choices(CERTIFICATE_LABELS),
        default=CertificateKind.NONE.value,
    )
    number = StringField(_l("证书编号"), [Optional(), Length(max=60)])
    expires_on = DateField(_l("证书有效期至"), [Optional()])


class CertificateForm(Form):
    """Until when a certificate holds after it was registered anew."""

    expires_on = DateField(_l("证书有效期至"), [DataRequired(_l("请填写新的有效期"))])


class SanctionForm(Form):
    """An entry in a public list, or a grave violation."""

    kind = SelectField(
        _l("记录类别"),
        [DataRequired(_l("请选择记录类别"))],
        choices=choices({kind: STANDING_LABELS[kind] for kind in SANCTIONS}, _l("请选择")),
    )
    starts_on = DateField(_l("列入（处罚）日期"), [DataRequired(_l("请填写日期"))])
    ends_on = DateField(_l("移出日期"), [Optional()])
    source = StringField(_l("信息来源"), [DataRequired(_l("请写明信息来源")), Length(max=160)])
    note = StringField(_l("说明"), [Optional(), Length(max=200)])


class EndListingForm(Form):
    """The day on which an organisation was taken out of a list."""

    ends_on = DateField(_l("移出日期"), [DataRequired(_l("请填写移出日期"))])


class AuditFilterForm(Form):
    """Conditions on the audit log."""

    class Meta(Form.Meta):
        """A form that is only read needs no token."""

        csrf = False

    action = StringField(_l("事项"), [Optional(), Length(max=60)])
    actor = StringField(_l("操作人"), [Optional(), Length(max=60)])
    subject = StringField(_l("对象"), [Optional(), Length(max=60)])
    since = DateField(_l("起始日期"), [Optional()])
    until = DateField(_l("截止日期"), [Optional()])
