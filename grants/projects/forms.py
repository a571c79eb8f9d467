"""Shapes and wording of the forms of projects."""

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.projects.rules import (
    FIVE_LINKS,
    INDICATOR_KIND_LABELS,
    MEASURE_LABELS,
    CostLine,
    IndicatorKind,
    IndicatorLine,
    Measure,
    Share,
    shares,
)
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, BudgetCode

MAX_COUNT = 10_000_000


class ChecklistField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ProjectForm(Form):
    """The texts of a draft; what may wait until the submission is optional here."""

    needs = ChecklistField(_l("回应的居民需求"))
    is_street_wide = BooleanField(_l("面向全街道"))
    title = StringField(_l("项目名称"), [DataRequired(_l("请填写项目名称")), Length(max=80)])
    category = RadioField(_l("项目类别"), [InputRequired(_l("请选择类别"))], choices=choices(CATEGORY_LABELS))
    summary = TextAreaField(_l("项目概述"), [DataRequired(_l("请写明项目做什么、预期达到什么效果")), Length(max=500)])
    objective = TextAreaField(_l("项目目标"), [Length(max=500)])
    public_benefit = TextAreaField(_l("公益性"), [Length(max=300)])
    innovation = TextAreaField(_l("创新性"), [Length(max=300)])
    locality = TextAreaField(_l("区域性"), [Length(max=300)])
    link_community = StringField(FIVE_LINKS["community"], [Length(max=200)])
    link_social_work = StringField(FIVE_LINKS["social_work"], [Length(max=200)])
    link_organisation = StringField(FIVE_LINKS["organisation"], [Length(max=200)])
    link_capital = StringField(FIVE_LINKS["capital"], [Length(max=200)])
    link_residents = StringField(FIVE_LINKS["residents"], [Length(max=200)])
    service_point = StringField(_l("服务点"), [Length(max=120)])
    direct_beneficiary_count = IntegerField(_l("直接受益人数"), [Optional(), NumberRange(min=0, max=MAX_COUNT)])
    vulnerable_percent = IntegerField(_l("其中弱势群体占比"), [Optional(), NumberRange(min=0, max=100)])
    starts_on = DateField(_l("开始日期"), [Optional()])
    ends_on = DateField(_l("结束日期"), [Optional()])

    @property
    def five_links(self) -> dict[str, str]:
        """Return what was said about each of the five (五社联动)."""
        return {key: self._fields[f"link_{key}"].data or "" for key in FIVE_LINKS}


class Row(wtforms.Form):
    """A line of a list; one that was left empty altogether does not count."""

    NEEDED: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed into the line's own boxes."""
        return not any(_typed(self._fields[name]) for name in self.NEEDED)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check a line only when something was typed, and then all of it."""
        if self.is_blank:
            return True
        is_sound = super().validate(extra_validators)
        for name in self.NEEDED:
            field = self._fields[name]
            if not _typed(field) and not field.errors:
                field.errors = [*field.errors, _("请填写")]
                is_sound = False
        return is_sound


def _typed(field: Any) -> bool:
    """Tell whether a box has text in it, right or wrong."""
    return any(str(part).strip() for part in field.raw_data or []) if field.raw_data is not None else bool(field.data)


class CostRow(Row):
    """One line of the estimate."""

    NEEDED = ("content", "unit_price", "quantity")
    code = SelectField(_l("科目"), choices=choices(BUDGET_LABELS), default=BudgetCode.MATERIALS.value)
    content = StringField(_l("内容"), [Length(max=120)])
    unit_price = MoneyField(_l("单价"))
    quantity = IntegerField(_l("数量"), [Optional(), NumberRange(min=1, max=1_000_000)])


class IndicatorRow(Row):
    """One promise."""

    NEEDED = ("name", "unit", "target")
    kind = SelectField(_l("类型"), choices=choices(INDICATOR_KIND_LABELS), default=IndicatorKind.OUTPUT_COUNT.value)
    name = StringField(_l("指标"), [Length(max=80)])
    target = DecimalField(_l("目标值"), [Optional(), NumberRange(min=0, max=MAX_COUNT)], places=None)
    unit = StringField(_l("单位"), [Length(max=12)])
    measure = SelectField(_l("数据来源"), choices=choices(MEASURE_LABELS), default=Measure.MANUAL.value)
    evidence = StringField(_l("佐证材料"), [Length(max=160)])


class LinesForm(Form):
    """A list of lines that grows and shrinks with buttons of its own, so that it needs no script."""

    lines: "FieldList[Any]"

    def turn(self, button: str) -> bool:
        """Add or remove a line when such a button was pressed; tells whether that was all."""
        if button == "add":
            for _line in range(3):
                self.lines.append_entry()
            return True
        if button.startswith("remove-"):
            index = button.removeprefix("remove-")
            self.lines.entries = [entry for entry in self.lines.entries if entry.id != f"lines-{index}"]
            return True
        return False

    def pad(self, count: int) -> None:
        """Offer some empty lines."""
        while len(self.lines.entries) < count:
            self.lines.append_entry()

    def _rows(self) -> Iterable[Any]:
        return (entry.form for entry in self.lines.entries if not entry.form.is_blank)


class CostForm(LinesForm):
    """The cost estimate."""

    lines = FieldList(FormField(CostRow))

    def cost_lines(self) -> list[CostLine]:
        """Return the lines that can be added up."""
        return [
            CostLine(
                BudgetCode(row.code.data), (row.content.data or "").strip(), row.unit_price.data, row.quantity.data
            )
            for row in self._rows()
            if row.unit_price.data and row.quantity.data
        ]

    def shares(self, caps: Mapping[str, int]) -> list[Share]:
        """Return what each code takes of the sum typed so far."""
        return shares(((line.code, line.amount_fen) for line in self.cost_lines()), caps)


class IndicatorForm(LinesForm):
    """What the project promises."""

    lines = FieldList(FormField(IndicatorRow))

    def indicator_lines(self) -> list[IndicatorLine]:
        """Return the promises typed."""
        return [
            IndicatorLine(
                kind=IndicatorKind(row.kind.data),
                name=(row.name.data or "").strip(),
                unit=(row.unit.data or "").strip(),
                target=float(row.target.data or 0),
                measure=Measure(row.measure.data),
                evidence=(row.evidence.data or "").strip(),
            )
            for row in self._rows()
        ]


class DecideForm(Form):
    """The leader's word: an opinion or a reason, and which of the two."""

    note = TextAreaField(_l("决策意见"), [DataRequired(_l("请填写决策意见或不通过的理由")), Length(max=500)])
    decision = HiddenField()


class TokenForm(Form):
    """Only the token: a button that acts."""
