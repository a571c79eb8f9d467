"""Rows of the tables inside an application; a row left blank is no row."""

from datetime import date
from typing import Any

from wtforms import Field, FloatField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.projects.models import Indicator
from grants.rounds.rules import BUDGET_LABELS, BudgetCode
from grants.selection.rules import ActivityRow, BudgetRow, TargetRow, TeamRow

MOST = 1_000_000


class CountField(IntegerField):
    """A whole number that says in plain words what it expects."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: int | None = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = int(valuelist[0].replace(",", "").replace("，", ""))
            except ValueError as error:
                raise ValidationError(_("请填写整数")) from error


def typed(field: Field) -> str:
    """Return what was typed into a field, in the shape in which texts are compared."""
    raw = field.raw_data[0] if field.raw_data else ""
    return str(raw).replace("\r\n", "\n").strip()


def _positive(_form: Any, field: Field) -> None:
    if isinstance(field.data, int) and field.data <= 0:
        raise ValidationError(_("单价应大于零"))


class RowForm(Form):
    """A row of a table inside a form; the form around it carries the token."""

    class Meta(Form.Meta):
        """The outer form is the one that is posted."""

        csrf = False

    def raw(self) -> dict[str, str]:
        """Return the row as it was typed."""
        return {field.short_name: typed(field) for field in self}

    def is_blank(self) -> bool:
        """Tell whether nothing was typed into this row."""
        return not any(self.raw().values())

    def validate(self, extra_validators: Any = None) -> bool:
        """Check a row unless it is blank."""
        return True if self.is_blank() else bool(super().validate(extra_validators))

    def row(self) -> Any:
        """Return the row as a value; only after it was found valid."""
        raise NotImplementedError


class BudgetRowForm(RowForm):
    """A budget line."""

    code = SelectField(_l("科目"), [InputRequired(_l("请选择科目"))], choices=choices(BUDGET_LABELS, _l("请选择")))
    content = StringField(_l("预算内容"), [InputRequired(_l("请填写内容")), Length(max=120)])
    unit_price = MoneyField(_l("单价"), [InputRequired(_l("请填写单价")), _positive])
    quantity = CountField(
        _l("数量"), [InputRequired(_l("请填写数量")), NumberRange(1, MOST, _l("数量应在 1 到 1000000 之间"))]
    )

    def row(self) -> BudgetRow:
        """Return the budget line."""
        return BudgetRow(
            BudgetCode(self.code.data), self.content.data or "", self.unit_price.data, self.quantity.data or 0
        )


class ActivityRowForm(RowForm):
    """A kind of activity in a month."""

    month = SelectField(_l("月份"), [InputRequired(_l("请选择月份"))])
    title = StringField(_l("活动名称"), [InputRequired(_l("请填写活动名称")), Length(max=80)])
    session_count = CountField(
        _l("场次"), [InputRequired(_l("请填写场次")), NumberRange(1, 1000, _l("场次应在 1 到 1000 之间"))]
    )
    person_count = CountField(
        _l("每场人数"), [InputRequired(_l("请填写人数")), NumberRange(0, MOST, _l("人数不能为负"))]
    )

    def row(self) -> ActivityRow:
        """Return the planned activity."""
        month = date.fromisoformat(self.month.data)
        return ActivityRow(month, self.title.data or "", self.session_count.data or 0, self.person_count.data or 0)


class TeamRowForm(RowForm):
    """Somebody of the team."""

    name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名")), Length(max=60)])
    duty = StringField(_l("职务与分工"), [InputRequired(_l("请填写分工")), Length(max=60)])
    qualification = StringField(_l("社会工作等职业资格"), [Length(max=80)])
    is_leader = SelectField(_l("角色"), choices=choices({"1": _l("项目负责人")}, _l("团队成员")))

    def row(self) -> TeamRow:
        """Return the member of the team."""
        qualification = self.qualification.data or ""
        return TeamRow(self.name.data or "", self.duty.data or "", qualification, bool(self.is_leader.data))


class MeasureField(FloatField):
    """A figure with or without decimals that says in plain words what it expects."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: float | None = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = float(valuelist[0].replace(",", "").replace("，", "").rstrip("%％ "))
            except ValueError as error:
                raise ValidationError(_("请填写数字，如 90 或 92.5")) from error


class TargetRowForm(RowForm):
    """The promise for one indicator of the project."""

    indicator = HiddenField()
    target = MeasureField(_l("承诺目标值"), [Optional(), NumberRange(0, 1e9, _l("应为 0 至 1,000,000,000"))])
    unit = ""

    def name(self, indicator: Indicator) -> None:
        """Speak of the indicator by its name, and know its unit."""
        self.target.label.text, self.unit = indicator.name, indicator.unit

    def validate_target(self, field: Field) -> None:
        """No share is more than the whole."""
        if self.unit in {"%", "％"} and field.data is not None and field.data > 100:
            raise ValidationError(_("百分比不能超过 100"))

    def row(self) -> TargetRow:
        """Return the promise; no figure is no promise yet."""
        return TargetRow(self.indicator.data or "", self.target.data)
