"""Forms of calls: publishing, extending, eligibility, the award."""

from datetime import datetime, time, timedelta
from typing import Any

from wtforms import (
    DateField,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from grants.foundation.clock import SHANGHAI, today
from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, choices
from grants.selection.rules import CONDITION_LABELS, Condition
from grants.selection.service import Decision

USUAL_DAYS = 20
CLOSING_HOUR = time(17, 0)
ANSWERS = {"1": _l("符合"), "0": _l("不符合")}


def closing_moment(day: Any) -> datetime:
    """Return five in the afternoon of a day in the street: when calls close."""
    return datetime.combine(day, CLOSING_HOUR, tzinfo=SHANGHAI)


class ChecklistField(SelectMultipleField):
    """Several answers, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CallForm(Form):
    """A new call."""

    closes_on = DateField(_l("申报截止日期"), [InputRequired(_l("请选择截止日期"))])
    requirements = TextAreaField(_l("对承接组织的要求"), [Length(max=2000)])

    @classmethod
    def usual(cls) -> "CallForm":
        """Return the form with the usual twenty days."""
        return cls(closes_on=today() + timedelta(days=USUAL_DAYS))


class BatchForm(CallForm):
    """Calls for several projects in one act; confirmed on a page of its own."""

    projects = ChecklistField(_l("项目"), [InputRequired(_l("请至少选择一个项目"))])
    confirmed = HiddenField()


class QuestionForm(Form):
    """A question on a call."""

    text = TextAreaField(_l("您的问题"), [InputRequired(_l("请写下您的问题")), Length(max=500)])


class AnswerForm(Form):
    """The public answer."""

    answer = TextAreaField(_l("答复"), [InputRequired(_l("请填写答复")), Length(max=1000)])


class ExtensionForm(Form):
    """A later deadline."""

    closes_on = DateField(_l("新的截止日期"), [InputRequired(_l("请选择截止日期"))])
    reason = TextAreaField(_l("延期理由"), [InputRequired(_l("请填写理由")), Length(max=500)])


class DrawForm(Form):
    """A draw by lot."""

    seed = StringField(_l("抽取种子"), [DataRequired(_l("请填写抽取种子")), Length(max=64)])
    size = IntegerField(_l("人数"), [Optional(), NumberRange(1, 100)])
    witness = StringField(_l("见证人"), [DataRequired(_l("请填写见证人")), Length(max=60)])


class ConditionForm(Form):
    """The answer for one condition."""

    class Meta(Form.Meta):
        """The outer form carries the token."""

        csrf = False

    is_met = RadioField(
        _l("判断"), [InputRequired(_l("请作出判断"))], choices=choices({"1": _l("符合"), "0": _l("不符合")})
    )
    reason = StringField(_l("理由"), [Length(max=500)])


class EligibilityForm(Form):
    """All conditions of eligibility, one sub-form each."""

    def decisions(self) -> dict[Condition, Decision]:
        """Return the answers."""
        return {
            condition: Decision(
                self[condition.value].form.is_met.data == "1", self[condition.value].form.reason.data or ""
            )
            for condition in Condition
        }

    form_errors: list[str]

    def say(self, field: str | None, message: str) -> None:
        """Show a refusal at the condition it is about ("reason_scope", "met_scope"), or above the form."""
        kind, _sign, condition = (field or "").partition("_")
        part = self._fields.get(condition)
        if part is None:
            self.form_errors = [*self.form_errors, message]
        else:
            target = part.form.reason if kind == "reason" else part.form.is_met
            target.errors = [*target.errors, message]


for _condition, _label in CONDITION_LABELS.items():
    setattr(EligibilityForm, _condition.value, FormField(ConditionForm, label=_label))


class AwardForm(Form):
    """The proposal of an award."""

    note = TextAreaField(_l("提名说明"), [Length(max=1000)])
