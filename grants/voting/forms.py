"""Shapes and wording of the forms of voting."""

from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting.rules import CHANNEL_LABELS


class OptionForm(PlainForm):
    """One option of a poll; an empty title means that the line is not used."""

    title = StringField(_l("选项名称"), [Length(max=120)])
    category = SelectField(_l("类别"), choices=choices(CATEGORY_LABELS))
    cost = MoneyField(_l("预计费用"), [Optional()])
    subject_ref = StringField(_l("需求编号"), [Length(max=60)])
    summary = TextAreaField(_l("说明"), [Length(max=500)])


class PollForm(Form):
    """The terms of a poll and its options."""

    round_id = SelectField(_l("届次"))
    community_id = SelectField(_l("社区"))
    title = StringField(_l("投票名称"), [InputRequired(_l("请填写投票名称")), Length(max=120)])
    question = TextAreaField(_l("投票说明"), [Length(max=1000)])
    max_choices = IntegerField(
        _l("每人最多选几项"), [InputRequired(_l("请填写数量")), NumberRange(min=1, max=50)], default=3
    )
    budget_fen = MoneyField(_l("本次投票的预算"), [InputRequired(_l("请填写预算"))])
    opens_at = DateTimeLocalField(_l("开始时间"), [InputRequired(_l("请填写开始时间"))])
    closes_at = DateTimeLocalField(_l("截止时间"), [InputRequired(_l("请填写截止时间"))])
    options: Any = FieldList(FormField(OptionForm), min_entries=6)


class ReceiptForm(Form):
    """A receipt code to look up."""

    code = StringField(_l("回执码"), [InputRequired(_l("请填写回执码")), Length(max=30)])


class BlankForm(Form):
    """CSRF only: what is asked stands in the page itself."""


class CodeForm(Form):
    """A printed activation code."""

    code = StringField(_l("投票码"), [InputRequired(_l("请输入纸条上的投票码")), Length(max=300)])


class StationForm(Form):
    """A device to open for voting."""

    name = StringField(_l("自助机名称"), [InputRequired(_l("请填写名称")), Length(min=2, max=30)])
    hours = IntegerField(_l("开启几小时"), [InputRequired(_l("请填写小时数")), NumberRange(min=1, max=14)], default=8)


class FindForm(Form):
    """One resident to look up at the counter."""

    words = StringField(_l("姓名、身份证号或手机号"), [InputRequired(_l("请填写要查找的内容")), Length(max=60)])


class BatchForm(Form):
    """A batch of paper ballots: one station, one day."""

    station = StringField(_l("投票站点"), [InputRequired(_l("请填写站点名称")), Length(min=2, max=30)])
    voted_on = DateField(_l("投票日期"), [InputRequired(_l("请填写日期"))])


class SlipCountForm(Form):
    """How many envelopes somebody counted."""

    slips = IntegerField(_l("清点出的选票张数"), [InputRequired(_l("请填写张数")), NumberRange(min=0, max=2000)])


class StubForm(Form):
    """A stub whose holder was found on the roll."""

    number = IntegerField(_l("存根编号"), [InputRequired(_l("请填写存根编号")), NumberRange(min=1, max=99999)])
    resident = HiddenField()
    help_reason = StringField(_l("需要协助填写的原因"), [Length(max=100)])


class SlipForm(Form):
    """One slip as it is read."""

    number = IntegerField(_l("选票编号"), [InputRequired(_l("请填写选票编号"))])
    text = StringField(_l("票面上选了"), [Length(max=200)])


class PostForm(Form):
    """The last look at a batch before it goes into the box."""

    remark = StringField(_l("情况说明"), [Length(max=300)])


class AmendmentForm(Form):
    """Why a frozen poll should change; everybody reads it on the poll's page."""

    reason = TextAreaField(
        _l("理由"), [InputRequired(_l("请写明理由，它会公布在投票页上")), Length(min=5, max=300)]
    )


class ExtensionForm(AmendmentForm):
    """A later deadline."""

    closes_at = DateTimeLocalField(_l("新的截止时间"), [InputRequired(_l("请填写新的截止时间"))])


class WordingForm(AmendmentForm):
    """Corrected words."""

    wording = SelectField(_l("更正哪里的文字"), [InputRequired(_l("请选择要更正的文字"))])
    text = TextAreaField(_l("改为"), [Length(max=1000)])


class RollForm(AmendmentForm):
    """A resident who was left out."""

    id_number = StringField(_l("居民身份证号"), [InputRequired(_l("请填写身份证号")), Length(max=30)])


class OutageForm(Form):
    """A time in which residents could not vote."""

    channel = SelectField(_l("哪种投票方式"), choices=choices(CHANNEL_LABELS, blank=_l("全部方式")))
    began_at = DateTimeLocalField(_l("中断开始"), [InputRequired(_l("请填写开始时间"))])
    ended_at = DateTimeLocalField(_l("恢复时间"), [InputRequired(_l("请填写恢复时间"))])
    what = TextAreaField(_l("发生了什么"), [InputRequired(_l("请写明经过，它会公布在投票页上")), Length(min=5, max=300)])
