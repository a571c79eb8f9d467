"""Shapes and wording of the forms of evaluation."""

from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from grants.evaluation.rules import SATISFACTION_LABELS, VETO_LABELS, SurveyChannel
from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, choices

SCALE = choices({str(points): str(points) for points in range(5, 0, -1)})


class AnswerForm(Form):
    """What one person served says."""

    satisfaction = RadioField(
        _l("总的来说，您对这个项目满意吗？"),
        choices=choices(SATISFACTION_LABELS),
        validators=[InputRequired(_l("请选择满意程度"))],
    )
    gain = RadioField(_l("项目让我有收获（获得感）"), choices=SCALE, validators=[InputRequired(_l("请选择 1 至 5 分"))])
    happiness = RadioField(
        _l("项目让生活更舒心（幸福感）"), choices=SCALE, validators=[InputRequired(_l("请选择 1 至 5 分"))]
    )
    safety = RadioField(
        _l("项目让我更安心（安全感）"), choices=SCALE, validators=[InputRequired(_l("请选择 1 至 5 分"))]
    )
    comment = TextAreaField(_l("想说的话"), [Length(max=300)])


class EnteredAnswerForm(AnswerForm):
    """An answer given by phone or on paper."""

    channel = SelectField(
        _l("答卷方式"), choices=choices({SurveyChannel.PAPER: _l("纸质"), SurveyChannel.PHONE: _l("电话")})
    )


class CheckForm(Form):
    """How a call to somebody on the activity lists went."""

    person = StringField(_l("签到表上的姓名"), [InputRequired(_l("请填写签到表上的姓名")), Length(max=60)])
    result = RadioField(
        _l("接通情况"),
        [InputRequired(_l("请选择接通情况"))],
        choices=choices(
            {
                "answered": _l("接通：参加过，也评价过"),
                "joined": _l("接通：参加过，没有评价"),
                "absent": _l("接通：没有参加过"),
                "missed": _l("没有接通"),
            }
        ),
    )
    note = StringField(_l("备注"), [Length(max=200)])


class MintForm(Form):
    """How many one-time codes to print."""

    count = IntegerField(
        _l("生成多少个答题码"), [InputRequired(_l("请填写数量")), NumberRange(min=1, max=200)], default=20
    )


class NewEvaluationForm(Form):
    """Which agreement to evaluate."""

    agreement = HiddenField(validators=[InputRequired()])


class TextsForm(Form):
    """The texts of the evaluation report."""

    strengths = TextAreaField(_l("主要经验及做法"), [Length(max=1000)])
    problems = TextAreaField(_l("存在的问题"), [Length(max=1000)])
    suggestions = TextAreaField(_l("有关建议"), [Length(max=1000)])
    conclusion = TextAreaField(_l("评价结论"), [Length(max=1000)])
    veto_item = SelectField(_l("一票否决事项"), choices=choices(VETO_LABELS, _l("没有")))
    veto_reason = TextAreaField(_l("一票否决的事实和依据"), [Length(max=500)])


class NewMidtermForm(Form):
    """Which agreement to evaluate at mid-term."""

    agreement = HiddenField(validators=[InputRequired()])


class MidtermReportForm(Form):
    """What the organisation says at mid-term."""

    report = TextAreaField(_l("进展与成效"), [InputRequired(_l("请填写自评内容")), Length(max=2000)])
    problems = TextAreaField(_l("困难与下一步打算"), [Length(max=1000)])


class MidtermScoreForm(Form):
    """Bonus, malus and words of the mid-term evaluation; the table's points stand in fields of their own."""

    bonus_points = DecimalField(_l("加分"), [Optional(), NumberRange(0, 100, _l("请填写不小于零的数字"))])
    bonus_reason = StringField(_l("加分事由"), [Length(max=200)])
    malus_points = DecimalField(_l("扣分"), [Optional(), NumberRange(0, 100, _l("请填写不小于零的数字"))])
    malus_reason = StringField(_l("扣分事由"), [Length(max=200)])
    conclusion = TextAreaField(_l("评估结论"), [Length(max=1000)])
    suggestions = TextAreaField(_l("改进要求"), [Length(max=1000)])


class SelfAssessmentForm(Form):
    """The organisation's own assessment."""

    text = TextAreaField(_l("自评"), [InputRequired(_l("请填写自评内容")), Length(max=2000)])


class AppealForm(Form):
    """Why an organisation objects to a result."""

    grounds = TextAreaField(_l("申诉的事实和理由"), [InputRequired(_l("请写明申诉的事实和理由")), Length(max=2000)])


class AppealDecisionForm(Form):
    """What the re-examination came to; points stand in fields of their own."""

    is_upheld = RadioField(
        _l("复核结论"),
        [InputRequired(_l("请选择结论"))],
        choices=choices({"no": _l("维持原结果"), "yes": _l("申诉成立")}),
    )
    lifts_veto = BooleanField(_l("撤销一票否决"))
    answer = TextAreaField(_l("复核意见"), [InputRequired(_l("请填写复核意见")), Length(max=2000)])


class FiscalForm(Form):
    """Carries the token; what is judged stands in the rows of the table."""


class DepartmentForm(Form):
    """Points that the evaluating group sets; none means as computed."""

    points = DecimalField(_l("核定得分"), [Optional(), NumberRange(0, 100, _l("请填写不小于零的数字"))])
    reason = TextAreaField(_l("核查事实和理由"), [Length(max=500)])


class ReasonForm(Form):
    """Why something is sent back."""

    reason = TextAreaField(_l("原因"), [InputRequired(_l("请写明原因")), Length(max=500)])
