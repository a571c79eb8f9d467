"""Shapes and wording of the forms of funds."""

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.funds.rules import CONTRIBUTION_KIND_LABELS, FUND_SOURCE_LABELS


class FundForm(Form):
    """What a fund is for and where its money comes from."""

    name = StringField(_l("资金名称"), [DataRequired(_l("请填写资金名称")), Length(max=120)])
    source = SelectField(_l("资金来源"), choices=choices(FUND_SOURCE_LABELS))
    year = IntegerField(_l("年度"), [InputRequired(_l("请填写年度")), NumberRange(2000, 2100, _l("请填写四位年份"))])
    matter = StringField(_l("对应事项"), [DataRequired(_l("请填写对应事项")), Length(max=160)])
    document_number = StringField(_l("依据文号"), [Length(max=60)])


class ProposalForm(Form):
    """A movement of budget money, before a second person has looked at it."""

    amount_fen = MoneyField(_l("金额"), [InputRequired(_l("请填写金额"))])
    document_number = StringField(_l("文件编号"), [Length(max=60)])
    document = FileField(_l("文件扫描件"))
    reason = TextAreaField(_l("事由"), [DataRequired(_l("请写明事由")), Length(max=300)])


class EnvelopeProposalForm(ProposalForm):
    """A movement between the pool and one envelope."""

    key = SelectField(_l("类别额度"), [DataRequired(_l("请选择类别额度"))])


class RecoveryForm(EnvelopeProposalForm):
    """What an organisation has paid back, after a termination or because spending was not accepted."""

    key = SelectField(_l("项目"), [DataRequired(_l("请选择项目"))])


class CarryForm(Form):
    """To which fund of the next year what is left goes, and on what paper; the amount follows from the rules."""

    key = SelectField(_l("转入资金"), [DataRequired(_l("请选择转入资金"))])
    document_number = StringField(_l("批准文号"), [Length(max=60)])
    document = FileField(_l("文件扫描件"))
    reason = TextAreaField(_l("结转说明"), [DataRequired(_l("请写明结转说明")), Length(max=300)])


class SettlementForm(Form):
    """The final account of a project: what is claimed back, by when, and on what paper."""

    recover_fen = MoneyField(_l("追缴金额"), [InputRequired(_l("请填写追缴金额，没有应退款项时填 0"))])
    due_on = DateField(_l("退回期限"), [Optional()])
    document_number = StringField(_l("文件编号"), [Length(max=60)])
    document = FileField(_l("文件扫描件"))
    reason = TextAreaField(_l("决算说明"), [DataRequired(_l("请写明决算说明")), Length(max=300)])


class ContributionForm(Form):
    """Social money of a project, with the paper that proves it."""

    kind = SelectField(_l("资金性质"), choices=choices(CONTRIBUTION_KIND_LABELS))
    contributor = StringField(_l("出资方"), [DataRequired(_l("请填写出资方")), Length(max=120)])
    amount_fen = MoneyField(_l("金额"), [InputRequired(_l("请填写金额"))])
    received_on = DateField(_l("到账或交付日期"), [InputRequired(_l("请填写日期"))])
    matches = SelectField(_l("对应的捐赠"), [Optional()])
    proof = FileField(_l("证明材料"), [FileRequired(_l("请上传到账凭证、捐赠协议或交接清单"))])
    note = TextAreaField(_l("用途说明"), [DataRequired(_l("请写明用途")), Length(max=300)])


class ReversalForm(Form):
    """Why a journal is to be taken back, and on what paper."""

    reason = TextAreaField(_l("冲销原因"), [DataRequired(_l("请写明冲销原因")), Length(max=300)])
    document_number = StringField(_l("文件编号"), [Length(max=60)])
    document = FileField(_l("文件扫描件"))


class RefusalForm(Form):
    """Why a proposal is sent back."""

    reason = TextAreaField(_l("退回理由"), [DataRequired(_l("请写明退回理由")), Length(max=300)])


class ConfirmForm(Form):
    """Nothing to fill in: the button is the answer."""
