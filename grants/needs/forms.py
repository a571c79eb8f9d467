"""Shapes and wording of the forms of needs."""

from collections.abc import Sequence

import wtforms
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.needs.rules import (
    FIVE_CHECKS,
    MEETING_KIND_LABELS,
    NEED_SOURCE_LABELS,
    TARGET_GROUP_LABELS,
    TRIAGE_LABELS,
    URGENCY_LABELS,
    MeetingKind,
    NeedSource,
    TargetGroup,
    Urgency,
)
from grants.rounds.rules import CATEGORY_LABELS


class ChecklistField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NeedFields(Form):
    """What a need says, whoever writes it down."""

    round = SelectField(_l("届次"))
    title = StringField(_l("一句话说明您的需求"), [DataRequired(_l("请用一句话写明需求")), Length(max=60)])
    category = RadioField(_l("属于哪一类"), [InputRequired(_l("请选择一类"))], choices=choices(CATEGORY_LABELS))
    body = TextAreaField(_l("具体情况"), [DataRequired(_l("请写明具体情况")), Length(max=1000)])
    grid = SelectField(_l("所在网格"), validate_choice=True)
    place_text = StringField(_l("具体地点"), [Length(max=120)])
    target_group = SelectField(_l("主要为了谁"), choices=choices(TARGET_GROUP_LABELS), default=TargetGroup.ALL.value)
    urgency = RadioField(_l("紧急程度"), choices=choices(URGENCY_LABELS), default=Urgency.NORMAL.value)
    photos = MultipleFileField(_l("照片"))


class RaiseForm(NeedFields):
    """A resident's need in three steps; what was typed in other steps travels along in hidden fields."""

    STEPS = (
        ("round", "title", "category", "body"),
        ("grid", "place_text", "target_group", "urgency"),
        ("photos",),
    )
    step = HiddenField(default="1")

    @property
    def current_step(self) -> int:
        """Return the step the page was sent from, 1 to 3."""
        typed = str(self.step.data or "1")
        return int(typed) if typed in {"1", "2", "3"} else 1

    def first_wrong_step(self, last: int) -> int | None:
        """Check the steps up to `last` and return the first that needs correcting."""
        wrong = [
            number
            for number, names in enumerate(self.STEPS[:last], start=1)
            for name in names
            if not self._fields[name].validate(self)
        ]
        return wrong[0] if wrong else None

    def step_of_error(self) -> int:
        """Return the step on which the first refused field stands; the last one when none is named."""
        for number, names in enumerate(self.STEPS, start=1):
            if any(self._fields[name].errors for name in names):
                return number
        return len(self.STEPS)


class CounterForm(NeedFields):
    """A need written down by an officer for somebody else."""

    community = SelectField(_l("社区"))
    source = SelectField(
        _l("来源"),
        choices=choices({key: label for key, label in NEED_SOURCE_LABELS.items() if key is not NeedSource.WEB}),
        default=NeedSource.COUNTER.value,
    )
    id_number = StringField(_l("居民身份证号码"), [Length(max=24)])
    is_checked = BooleanField(_l("已核对相似需求，仍单独登记"))


class SupportForm(Form):
    """Only the token: one click says “me too”."""


class ScreenForm(Form):
    """What officers do with one need or with several at once."""

    needs = SelectMultipleField(_l("需求"), validate_choice=False)
    action = RadioField(_l("办理方式"), [InputRequired(_l("请选择办理方式"))])
    triage = RadioField(_l("“721”分类"), [Optional()], choices=choices(TRIAGE_LABELS))
    category = SelectField(_l("类别"), choices=choices(CATEGORY_LABELS, _l("不变")), default="")
    reason = TextAreaField(_l("两委意见或答复理由"), [Length(max=500)])
    department = StringField(_l("接办部门"), [Length(max=80)])
    target = StringField(_l("合并到"), [Length(max=30)])
    public_photos = SelectMultipleField(_l("可以公开的照片"), validate_choice=False)


class VoteLine(wtforms.Form):
    """The votes on one need; a line left empty was not on the agenda."""

    subject_ref = HiddenField()
    for_count = IntegerField(_l("赞成"), [Optional(), NumberRange(min=0, max=100_000)])
    against_count = IntegerField(_l("反对"), [Optional(), NumberRange(min=0, max=100_000)])
    abstain_count = IntegerField(_l("弃权"), [Optional(), NumberRange(min=0, max=100_000)])
    note = StringField(_l("说明"), [Length(max=200)])

    @property
    def is_used(self) -> bool:
        """Tell whether any number was typed."""
        return any(part.data is not None for part in (self.for_count, self.against_count, self.abstain_count))


class EstimateLine(wtforms.Form):
    """What meeting one need would cost; a line left empty is not on the ballot."""

    subject_ref = HiddenField()
    cost = MoneyField(_l("估算金额"))


class BallotForm(Form):
    """A poll over needs: the terms, and an estimate for each need on the ballot."""

    title = StringField(_l("投票名称"), [DataRequired(_l("请填写投票名称")), Length(max=120)])
    question = TextAreaField(_l("投票说明"), [Length(max=1000)])
    max_choices = IntegerField(_l("每人最多选几项"), [InputRequired(_l("请填写数量")), NumberRange(min=1, max=50)])
    budget_fen = MoneyField(_l("本次投票的预算"), [InputRequired(_l("请填写预算"))])
    opens_at = DateTimeLocalField(_l("开始时间"), [InputRequired(_l("请填写开始时间"))])
    closes_at = DateTimeLocalField(_l("截止时间"), [InputRequired(_l("请填写截止时间"))])
    lines = FieldList(FormField(EstimateLine))

    def fill_lines(self, refs: Sequence[str]) -> None:
        """Put one line for each need, keeping what was typed."""
        typed = {entry.form.subject_ref.data for entry in self.lines.entries}
        for ref in refs:
            if ref not in typed:
                self.lines.append_entry({"subject_ref": ref})

    @property
    def costs(self) -> dict[str, int]:
        """Return the estimates in 分, by the need's reference."""
        return {
            entry.form.subject_ref.data or "": entry.form.cost.data
            for entry in self.lines.entries
            if entry.form.cost.data
        }


class MeetingForm(Form):
    """The record of a meeting."""

    kind = RadioField(_l("会议类型"), choices=choices(MEETING_KIND_LABELS), default=MeetingKind.DELIBERATION.value)
    title = StringField(_l("会议名称"), [DataRequired(_l("请填写会议名称")), Length(max=120)])
    held_on = DateField(_l("会议日期"), [InputRequired(_l("请填写会议日期，例如 2026-03-08"))])
    place_text = StringField(_l("地点"), [Length(max=120)])
    convenor = StringField(_l("召集人"), [DataRequired(_l("请填写召集人")), Length(max=80)])
    entitled_count = IntegerField(
        _l("应到人数"), [InputRequired(_l("请填写应到人数")), NumberRange(min=1, max=100_000)]
    )
    attended_count = IntegerField(
        _l("实到人数"), [InputRequired(_l("请填写实到人数")), NumberRange(min=0, max=100_000)]
    )
    minutes = TextAreaField(_l("会议纪要"), [DataRequired(_l("请填写会议纪要")), Length(max=5000)])
    checks = ChecklistField(_l("五个议"), choices=choices(FIVE_CHECKS))
    checks_note = StringField(_l("核对说明"), [Length(max=200)])
    minutes_file = wtforms.FileField(_l("签到表和签字记录"))
    lines = FieldList(FormField(VoteLine))

    def fill_lines(self, refs: Sequence[str]) -> None:
        """Put one line for each need, keeping what was typed."""
        typed = {entry.form.subject_ref.data for entry in self.lines.entries}
        for ref in refs:
            if ref not in typed:
                self.lines.append_entry({"subject_ref": ref})
