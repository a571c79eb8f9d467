"""Shapes and wording of the forms of rounds and notices."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.rounds.models import ScoreTable
from grants.rounds.rules import (
    BAND_LABELS,
    BAND_TABLE_LABELS,
    BUDGET_LABELS,
    CATEGORY_LABELS,
    DEFAULT_SETTINGS,
    NUMBER_SETTINGS,
    PHASE_LABELS,
    STEP_LABELS,
    WEIGHT_LABELS,
    BudgetCode,
    Category,
    Phase,
)
from grants.rounds.service import CriterionLine, PhaseDates

SPARE_ROWS = 3
"""Empty rows at the end of a table; saving brings new ones, so that it works without a script."""
TRANCHES = 4
"""How many tranches a round may foresee; a share left empty is none."""


class RoundForm(Form):
    """What a round is called, and which money it uses."""

    name = StringField(_l("名称"), [DataRequired(_l("请填写名称")), Length(max=120)])
    year = IntegerField(_l("年度"), [InputRequired(_l("请填写年度")), NumberRange(2000, 2100, _l("请填写四位年份"))])
    fund = SelectField(_l("专项资金"), [DataRequired(_l("请选择专项资金"))])
    introduction = TextAreaField(_l("本届说明"), [Length(max=2000)])


class NewRoundForm(RoundForm):
    """A new round, perhaps with the rules of an earlier one."""

    like = SelectField(_l("规则沿用"))


def _day(name: Any) -> DateField:
    return DateField(name, [Optional()])


class PhasesForm(Form):
    """First and last day of every phase."""

    def dates(self) -> dict[Phase, PhaseDates]:
        """Return the phases of which both days are given."""
        found = {}
        for phase in Phase:
            first, last = self[f"{phase}_starts_on"].data, self[f"{phase}_ends_on"].data
            if first and last:
                found[phase] = PhaseDates(first, last)
        return found


for _phase in Phase:
    setattr(PhasesForm, f"{_phase}_starts_on", _day(_l("%(phase)s开始", phase=PHASE_LABELS[_phase])))
    setattr(PhasesForm, f"{_phase}_ends_on", _day(_l("%(phase)s结束", phase=PHASE_LABELS[_phase])))


class EnvelopesForm(Form):
    """What each of the five categories gets."""

    def amounts(self) -> dict[Category, int]:
        """Return the sums in 分; an empty field is nothing."""
        return {category: self[category].data or 0 for category in Category}


for _category in Category:
    setattr(EnvelopesForm, _category, MoneyField(CATEGORY_LABELS[_category], [Optional()]))


def _whole(name: Any, least: int = 0, most: int = 100) -> IntegerField:
    return IntegerField(name, [InputRequired(_l("请填写")), NumberRange(least, most, _l("请填写合理的整数"))])


class SettingsForm(Form):
    """The rules a round decides for itself; one field a number."""

    office_meeting_threshold_fen = MoneyField(_l("须经办公会研究的单笔金额"), [InputRequired(_l("请填写金额"))])
    voucher_negative_list = TextAreaField(_l("资金使用负面清单（每行一项）"), [Length(max=1000)])
    band_table = RadioField(_l("等次名称"), choices=choices(BAND_TABLE_LABELS))
    sealed_until_deadline = BooleanField(_l("申报截止前封存（截止前工作人员只能看到申报份数）"))
    is_rehearsal = BooleanField(_l("演练届次（结果不作为依据）"))

    def settings(self) -> dict[str, Any]:
        """Return the form in the shape in which a round keeps its settings."""
        tranches = [self[f"tranche_{number}"].data for number in range(1, TRANCHES + 1)]
        caps = {code.value: self[f"cap_{code.value}"].data for code in BudgetCode}
        return {
            **{key: self[key].data for key in NUMBER_SETTINGS},
            "office_meeting_threshold_fen": self.office_meeting_threshold_fen.data,
            "voucher_negative_list": (self.voucher_negative_list.data or "").split(),
            "sealed_until_deadline": self.sealed_until_deadline.data,
            "is_rehearsal": self.is_rehearsal.data,
            "band_table": self.band_table.data or "project",
            "tranche_percents": [percent for percent in tranches if percent],
            "selection_weights": {key: self[f"weight_{key}"].data for key in WEIGHT_LABELS},
            "grade_bands": {key: self[f"band_{key}"].data for key in BAND_LABELS},
            "step_working_days": {key: self[f"days_{key}"].data for key in STEP_LABELS},
            "budget_caps_percent": {code: cap for code, cap in caps.items() if cap is not None},
        }


for _key, (_name, _unit, _least, _most) in NUMBER_SETTINGS.items():
    setattr(SettingsForm, _key, _whole(_name, _least, _most))
for _key, _name in WEIGHT_LABELS.items():
    setattr(SettingsForm, f"weight_{_key}", _whole(_name))
for _key, _name in BAND_LABELS.items():
    setattr(SettingsForm, f"band_{_key}", _whole(_name))
for _key, _name in STEP_LABELS.items():
    setattr(SettingsForm, f"days_{_key}", _whole(_name, 1, 60))
for _number in range(1, TRANCHES + 1):
    _share = IntegerField(_l("第 %(number)s 期", number=_number), [Optional(), NumberRange(0, 100)])
    setattr(SettingsForm, f"tranche_{_number}", _share)
for _code in BudgetCode:
    _cap = IntegerField(BUDGET_LABELS[_code], [Optional(), NumberRange(0, 100, _l("请填写 0 到 100"))])
    setattr(SettingsForm, f"cap_{_code.value}", _cap)


def settings_data(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a round's settings as the fields of the form."""
    shares = dict(enumerate(settings["tranche_percents"], start=1))
    return {
        **{key: settings.get(key, DEFAULT_SETTINGS[key]) for key in NUMBER_SETTINGS},
        "office_meeting_threshold_fen": settings["office_meeting_threshold_fen"],
        "voucher_negative_list": "\n".join(settings.get("voucher_negative_list", [])),
        "sealed_until_deadline": settings.get("sealed_until_deadline", False),
        "is_rehearsal": settings.get("is_rehearsal", False),
        "band_table": settings.get("band_table", "project"),
        **{f"tranche_{number}": shares.get(number) for number in range(1, TRANCHES + 1)},
        **{f"weight_{key}": settings["selection_weights"][key] for key in WEIGHT_LABELS},
        **{f"band_{key}": settings["grade_bands"][key] for key in BAND_LABELS},
        **{f"days_{key}": settings["step_working_days"][key] for key in STEP_LABELS},
        **{f"cap_{code.value}": settings["budget_caps_percent"].get(code.value) for code in BudgetCode},
    }


FIELD_OF_SETTING = {
    "selection_weights": "weight_expert",
    "tranche_percents": "tranche_1",
    "grade_bands": "band_excellent",
    "step_working_days": "days_community",
}
"""Where the refusal of a setting with several parts is shown."""


class CriterionForm(Form):
    """One line of a score table; a line without a name is no line."""

    class Meta(Form.Meta):
        """The form around it carries the token."""

        csrf = False

    code = HiddenField()
    group = StringField(_l("一级指标"), [Length(max=60)])
    name = StringField(_l("评分项"), [Length(max=80)])
    max_points = IntegerField(_l("分值"), [Optional(), NumberRange(1, 100, _l("请填写 1 到 100"))])
    anchor = StringField(_l("评分要点"), [Length(max=300)])


class ScoreTableForm(Form):
    """The lines of a score table."""

    lines = FieldList(FormField(CriterionForm), label=_l("评分项"))

    @classmethod
    def of(cls, table: ScoreTable) -> "ScoreTableForm":
        """Return the form filled with a table and some empty rows."""
        names = ("code", "group", "name", "max_points", "anchor")
        rows: list[dict[str, Any]] = [{name: getattr(item, name) for name in names} for item in table.items]
        return cls(lines=[*rows, *({} for _row in range(SPARE_ROWS))])

    def drafts(self) -> list[CriterionLine]:
        """Return the lines that were filled in."""
        return [
            CriterionLine(
                row.group.data or "",
                row.name.data,
                row.max_points.data or 0,
                row.code.data or "",
                row.anchor.data or "",
            )
            for row in (entry.form for entry in self.lines)
            if row.name.data
        ]


class ExtensionForm(Form):
    """A later end for a phase."""

    ends_on = DateField(_l("延长至"), [InputRequired(_l("请选择新的结束日期"))])
    reason = TextAreaField(_l("延期理由"), [DataRequired(_l("请写明延期理由")), Length(max=300)])


class ObjectionForm(Form):
    """An objection under one's real name."""

    name = StringField(_l("姓名"), [DataRequired(_l("请填写您的真实姓名")), Length(max=60)])
    contact = StringField(_l("手机号码或电子邮箱"), [DataRequired(_l("请留下联系方式")), Length(max=120)])
    unit = StringField(_l("单位名称"), [Length(max=120)])
    text = TextAreaField(_l("异议内容和依据"), [DataRequired(_l("请写明异议的内容和依据")), Length(max=2000)])


class AnswerForm(Form):
    """The written answer to an objection."""

    is_upheld = RadioField(
        _l("结论"),
        [InputRequired(_l("请选择结论"))],
        choices=choices({"no": _l("异议不成立"), "yes": _l("异议成立")}),
    )
    answer = TextAreaField(_l("书面答复"), [DataRequired(_l("请填写书面答复")), Length(max=2000)])


class ReasonForm(Form):
    """Why something is done; the reason is kept."""

    reason = TextAreaField(_l("理由"), [DataRequired(_l("请写明理由")), Length(max=300)])
