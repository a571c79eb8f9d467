"""Shapes and wording of the forms of voting."""

from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.rounds.rules import CATEGORY_LABELS
from grants.voting.counting.variants import Comparison, Completion, Fill
from grants.voting.rules import (
    CHANNEL_LABELS,
    COUNTING_RULE_LABELS,
    POLL_KIND_LABELS,
    PUBLICATION_LABELS,
    CountingRule,
    PollKind,
)
from grants.voting.rules.words import COMPARISON_LABELS, COMPLETION_LABELS, FILL_LABELS, UTILITY_LABELS


class OptionForm(PlainForm):
    """One option of a poll; an empty title means that the line is not used."""

    title = StringField(_l("选项名称"), [Length(max=120)])
    category = SelectField(_l("类别"), choices=choices(CATEGORY_LABELS))
    cost = MoneyField(_l("预计费用"), [Optional()])
    subject_ref = StringField(_l("需求编号"), [Length(max=60)])
    community = SelectField(_l("为哪个社区"), validate_choice=False)
    beneficiary = StringField(_l("承接方（如有）"), [Length(max=120)])
    summary = TextAreaField(_l("说明"), [Length(max=500)])


class FloorForm(PlainForm):
    """The least that is spent on options of one community."""

    code = HiddenField()
    amount = MoneyField(_l("保底金额"), [Optional()])


class PollForm(Form):
    """The terms of a poll and its options; how it is counted has sensible values from the start."""

    round_id = SelectField(_l("届次"))
    community_id = SelectField(_l("投票范围"))
    title = StringField(_l("投票名称"), [InputRequired(_l("请填写投票名称")), Length(max=120)])
    question = TextAreaField(_l("投票说明"), [Length(max=1000)])
    opens_at = DateTimeLocalField(_l("开始时间"), [InputRequired(_l("请填写开始时间"))])
    closes_at = DateTimeLocalField(_l("截止时间"), [InputRequired(_l("请填写截止时间"))])
    kind = RadioField(_l("怎么投"), choices=choices(POLL_KIND_LABELS), default=PollKind.APPROVAL.value)
    max_choices = IntegerField(
        _l("每人最多选几项"), [InputRequired(_l("请填写数量")), NumberRange(min=1, max=50)], default=3
    )
    min_choices = IntegerField(
        _l("每人至少选几项"), [InputRequired(_l("请填写数量")), NumberRange(min=1, max=50)], default=1
    )
    points = IntegerField(_l("总点数或最高分"), [Optional(), NumberRange(min=1, max=1000)], default=10)
    rule = RadioField(_l("怎么算入选"), choices=choices(COUNTING_RULE_LABELS), default=CountingRule.GREEDY.value)
    budget_fen = MoneyField(_l("本次投票的预算"), [Optional()])
    publication = SelectField(
        _l("计票后公布到什么程度"),
        choices=choices(PUBLICATION_LABELS, blank=_l("按内容自动确定（推荐）")),
        default="",
    )
    minimum_age = IntegerField(_l("年满几周岁可以投票"), [InputRequired(), NumberRange(min=14, max=60)], default=18)
    threshold = IntegerField(_l("入选门槛"), [Optional(), NumberRange(min=0, max=1_000_000)], default=1)
    exclusion_groups = TextAreaField(_l("互斥的选项"), [Length(max=500)])
    skip = SelectField(
        _l("遇到预算不够的选项"),
        choices=choices({"1": _l("跳过它，继续看下一项"), "": _l("到此为止")}),
        default="1",
    )
    overrun_percent = IntegerField(_l("最后一项的余额比例"), [Optional(), NumberRange(min=1, max=99)])
    utility = SelectField(
        _l("怎么衡量得益"), choices=choices(UTILITY_LABELS, blank=_l("按投票方式自动确定（推荐）")), default=""
    )
    completion = SelectField(_l("钱没用完时"), choices=choices(COMPLETION_LABELS), default=Completion.ADD1.value)
    increment = MoneyField(_l("每次提高"), [Optional()])
    start_share = MoneyField(_l("每人的起始份额"), [Optional()])
    fill = SelectField(_l("最后剩余的钱"), choices=choices(FILL_LABELS), default=Fill.NONE.value)
    comparison = SelectField(_l("与简单多数比较"), choices=choices(COMPARISON_LABELS), default=Comparison.NONE.value)
    envelopes: Any = FieldList(FormField(FloorForm))
    floors: Any = FieldList(FormField(FloorForm))
    options: Any = FieldList(FormField(OptionForm), min_entries=6)


class ReceiptForm(Form):
    """A receipt code to look up."""

    code = StringField(_l("回执码"), [InputRequired(_l("请填写回执码")), Length(max=400)])


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

    reason = TextAreaField(_l("理由"), [InputRequired(_l("请写明理由，它会公布在投票页上")), Length(min=5, max=300)])


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
    what = TextAreaField(
        _l("发生了什么"), [InputRequired(_l("请写明经过，它会公布在投票页上")), Length(min=5, max=300)]
    )
