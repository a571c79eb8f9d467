"""Shapes and wording of the forms of voting."""

from typing import Any

from wtforms import DateTimeLocalField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.rounds.rules import CATEGORY_LABELS


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
