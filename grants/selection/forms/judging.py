"""Forms of experts, jurors and the community."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import request
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from grants.foundation.clock import SHANGHAI
from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import Form, choices
from grants.people.models import Organisation
from grants.rounds.models import Criterion
from grants.selection.rules import OUTCOME_LABELS, SPECIALITY_LABELS, TIE_LABELS, Tie
from grants.selection.rules.pitching import LONGEST_TURN, SHORTEST_TURN
from grants.selection.service import DeclaredTie

LEVEL_LABELS = {
    "5": _l("非常同意"),
    "4": _l("比较同意"),
    "3": _l("一般"),
    "2": _l("不太同意"),
    "1": _l("很不同意"),
}
"""What a juror chooses between for each question, best first as in every survey of the street."""


class ExpertForm(Form):
    """An entry of the pool of experts."""

    speciality = SelectField(_l("专业方向"), [InputRequired()], choices=choices(SPECIALITY_LABELS))
    title = StringField(_l("职称"), [Length(max=60)])
    employer = StringField(_l("工作单位"), [Length(max=120)])
    is_in_pool = BooleanField(_l("可以抽取"), default=True)
    note = StringField(_l("备注"), [Length(max=200)])


class DeclarationForm(Form):
    """The declaration before anything is seen; ties are read per organisation from the posted fields."""

    is_complete = BooleanField(
        _l("我已如实申报；评审期间不与申报单位联系，不泄露评审内容。"),
        [InputRequired(_l("请确认声明"))],
    )

    def ties(self, organisations: Sequence[Organisation]) -> list[DeclaredTie]:
        """Return the ties chosen, for the organisations of the register."""
        found = []
        for one in organisations:
            kind = request.form.get(f"tie-{one.ref}", "")
            if kind in set(Tie):
                found.append(DeclaredTie(one, Tie(kind), request.form.get(f"note-{one.ref}", "")[:200]))
        return found


class SheetForm(Form):
    """A score sheet; one field for every criterion is added by `sheet_form`."""

    comment = TextAreaField(_l("评审意见"), [Length(max=1000)])

    def points(self) -> dict[str, Decimal | None]:
        """Return the points by criterion, without the fields that cannot be read (validate first)."""
        prefix = "points_"
        return {
            name[len(prefix) :]: field.data
            for name, field in self._fields.items()
            if name.startswith(prefix) and not field.errors
        }


def sheet_form(criteria: Sequence[Criterion], given: Mapping[Any, float], comment: str) -> SheetForm:
    """Return the score sheet for a table, filled with what was given."""

    class Sheet(SheetForm):
        """The sheet with its criteria."""

    for one in criteria:
        field = DecimalField(
            one.name,
            [Optional(), NumberRange(0, one.max_points, _("应为 0 至 %(max)s 分", max=one.max_points))],
            places=1,
        )
        setattr(Sheet, f"points_{one.code}", field)
    data: dict[str, Any] = {f"points_{one.code}": Decimal(str(given[one.id])) for one in criteria if one.id in given}
    return Sheet(data={**data, "comment": comment})


class JuryForm(Form):
    """The questions to a juror; one field for each is added by `jury_form`."""

    def levels(self) -> dict[str, int]:
        """Return the choices by question."""
        prefix = "level_"
        return {
            name[len(prefix) :]: int(field.data)
            for name, field in self._fields.items()
            if name.startswith(prefix) and field.data
        }


def jury_form(questions: Sequence[Criterion], *, on_paper: bool = False) -> JuryForm:
    """Return the three big questions; for paper also its serial."""

    class Jury(JuryForm):
        """The form with its questions."""

    for one in questions:
        required = InputRequired(_("请选择一个答案"))
        setattr(Jury, f"level_{one.code}", RadioField(one.name, [required], choices=choices(LEVEL_LABELS)))
    if on_paper:
        serial = StringField(_("纸面编号"), [InputRequired(_("请填写纸面编号")), Length(max=40)])
        Jury.paper_serial = serial
    return Jury()


class PitchForm(Form):
    """The day of pitches and the draw of its order."""

    on = DateField(_l("答辩日期"), [InputRequired(_l("请选择日期"))])
    at = TimeField(_l("开始时间"), [InputRequired(_l("请填写开始时间"))])
    place = StringField(_l("答辩地点"), [InputRequired(_l("请填写答辩地点。")), Length(max=120)])
    minutes_each = IntegerField(
        _l("每家时间"),
        [InputRequired(_l("请填写分钟数")), NumberRange(SHORTEST_TURN, LONGEST_TURN, _l("请填写 3 至 60 之间的整数"))],
        default=10,
    )
    seed = StringField(_l("抽取种子"), [InputRequired(_l("请填写抽取种子")), Length(max=64)])
    witness = StringField(_l("见证人"), [InputRequired(_l("请填写见证人")), Length(max=60)])

    def starts_at(self) -> datetime:
        """Return the moment in the street (validate first)."""
        day: Any = self.on.data
        at: Any = self.at.data
        return datetime.combine(day, at, tzinfo=SHANGHAI)


class ScopeForm(Form):
    """What a re-examination looks into."""

    scope = TextAreaField(_l("复核事项"), [InputRequired(_l("请写明复核什么。")), Length(max=1000)])


class FindingForm(Form):
    """What a re-examination found."""

    outcome = RadioField(_l("复核结论"), [InputRequired(_l("请选择结论"))], choices=choices(OUTCOME_LABELS))
    finding = TextAreaField(_l("复核情况和理由"), [InputRequired(_l("请写明复核情况和理由。")), Length(max=2000)])


class OpinionForm(Form):
    """The community's opinion."""

    points = IntegerField(
        _l("社区评分（0–100）"),
        [InputRequired(_l("请填写分数")), NumberRange(0, 100, _l("请填写 0 至 100 之间的整数"))],
    )
    text = TextAreaField(_l("意见"), [InputRequired(_l("请写明意见")), Length(max=1000)])


TIE_CHOICES = [("", _l("无关系")), *((key.value, label) for key, label in TIE_LABELS.items())]
"""Options of the plain select that stands beside every organisation of the register."""
