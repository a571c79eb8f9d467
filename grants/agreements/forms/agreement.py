"""Shapes and wording of the forms of agreements."""

from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import (
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
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from grants.agreements.models import Agreement, BudgetLine
from grants.agreements.rules import LIABILITY_LABELS, LineDraft, MilestoneDraft, Plan
from grants.agreements.service import Content
from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.rounds.rules import BUDGET_LABELS, BudgetCode
from grants.selection.rules import MONEY_SOURCE_LABELS, MoneySource

SPARE_LINES, SPARE_MILESTONES = 3, 2
"""Empty rows at the end of a table; saving brings new ones, so that it works without a script."""


class RowForm(Form):
    """A row of a table inside a form; the form around it carries the token. A row left empty is no row."""

    class Meta(Form.Meta):
        """The outer form is the one that is posted."""

        csrf = False

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read the row; nothing is marked as required in one that may be left empty."""
        super().process(*args, **kwargs)
        if self.is_empty():
            for field in self:
                field.flags.required = False

    def is_empty(self) -> bool:
        """Tell whether nothing was typed into this row."""
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        """Check a row unless it is empty."""
        if self.is_empty():
            return True
        return bool(super().validate(extra_validators))


class LineForm(RowForm):
    """One budget line."""

    source = SelectField(_l("资金来源"), choices=choices(MONEY_SOURCE_LABELS))
    code = SelectField(_l("科目"), choices=choices(BUDGET_LABELS))
    content = StringField(_l("内容"), [InputRequired(_l("请填写内容")), Length(max=120)])
    amount = MoneyField(_l("金额"), [InputRequired(_l("请填写金额"))])
    reason = StringField(_l("调整理由"), [Length(max=300)])

    def is_empty(self) -> bool:
        """Tell whether neither content nor amount was typed."""
        return not (self.content.data or (self.amount.raw_data and self.amount.raw_data[0].strip()))

    def draft(self, position: int | None, asked: str) -> LineDraft:
        """Return the row as the use case wants it; emptied, it leaves the application's line out."""
        source, code, reason = MoneySource(self.source.data), BudgetCode(self.code.data), self.reason.data or ""
        if self.is_empty():
            return LineDraft(source, code, asked, 0, position, reason)
        return LineDraft(source, code, self.content.data or "", self.amount.data, position, reason)


class MilestoneForm(RowForm):
    """One milestone."""

    name = StringField(_l("里程碑"), [InputRequired(_l("请填写要达到的成果")), Length(max=120)])
    due_on = DateField(_l("完成日期"), [InputRequired(_l("请选择完成日期"))])

    def is_empty(self) -> bool:
        """Tell whether neither name nor day was given."""
        return not (self.name.data or (self.due_on.raw_data and self.due_on.raw_data[0]))

    def draft(self) -> MilestoneDraft:
        """Return the row as the use case wants it."""
        return MilestoneDraft(self.name.data or "", cast(date, self.due_on.data))


class DraftForm(Form):
    """What the street and the organisation may change in a draft; the application's lines come first, in its order."""

    version = HiddenField()
    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请选择开始日期"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请选择结束日期"))])
    leader_name = StringField(_l("项目负责人"), [DataRequired(_l("请填写项目负责人")), Length(max=60)])
    region = StringField(_l("实施区域"), [DataRequired(_l("请填写实施区域")), Length(max=200)])
    person_target = IntegerField(_l("服务人数"), [InputRequired(_l("请填写人数")), NumberRange(min=0, max=10**6)])
    attendance_target = IntegerField(_l("服务人次"), [InputRequired(_l("请填写人次")), NumberRange(min=0, max=10**6)])
    activity_target = IntegerField(_l("活动场次"), [InputRequired(_l("请填写场次")), NumberRange(min=0, max=10**4)])
    plan_reason = TextAreaField(_l("方案调整理由"), [Length(max=1000)])
    third_party = StringField(_l("丙方（没有请留空）"), [Length(max=120)])
    lines = FieldList(FormField(LineForm), label=_l("预算"))
    milestones = FieldList(FormField(MilestoneForm), label=_l("里程碑"))
    terms = TextAreaField(_l("协议条款"), [DataRequired(_l("请填写协议条款")), Length(max=8000)])
    asked: tuple[str, ...] = ()

    @classmethod
    def of(cls, agreement: Agreement) -> "DraftForm":
        """Return the form filled from a draft, with spare rows; what was posted wins."""
        plain = ("starts_on", "ends_on", "terms", "version", "leader_name", "region", "plan_reason", "third_party")
        numbers = ("person_target", "attendance_target", "activity_target")
        form: DraftForm = cls(
            data={name: getattr(agreement, name) for name in (*plain, *numbers)}
            | {
                "lines": [*_asked_rows(agreement), *_added_rows(agreement), *[{}] * SPARE_LINES],
                "milestones": [{"name": one.name, "due_on": one.due_on} for one in agreement.milestones]
                + [{}] * SPARE_MILESTONES,
            },
        )
        form.asked = tuple(line.content for line in agreement.application.budget_lines)
        return form

    def content(self) -> Content:
        """Return what was typed as the use case wants it."""
        opened = str(self.version.data or "")
        return Content(
            starts_on=cast(date, self.starts_on.data),
            ends_on=cast(date, self.ends_on.data),
            terms=self.terms.data or "",
            lines=self._lines(),
            milestones=[row.form.draft() for row in self.milestones if not row.form.is_empty()],
            plan=Plan(
                self.leader_name.data or "",
                self.region.data or "",
                self.person_target.data or 0,
                self.attendance_target.data or 0,
                self.activity_target.data or 0,
            ),
            plan_reason=self.plan_reason.data or "",
            third_party=self.third_party.data or "",
            version=int(opened) if opened.isdecimal() else None,
        )

    def _lines(self) -> list[LineDraft]:
        rows = [row.form for row in self.lines]
        known = [row.draft(place, text) for place, (row, text) in enumerate(zip(rows, self.asked, strict=False), 1)]
        return known + [row.draft(None, "") for row in rows[len(self.asked) :] if not row.is_empty()]


def _row(line: BudgetLine) -> dict[str, Any]:
    return {
        "source": line.source,
        "code": line.code,
        "content": line.content,
        "amount": line.amount_fen,
        "reason": line.reason,
    }


def _asked_rows(agreement: Agreement) -> list[dict[str, Any]]:
    """Return a row for every line of the application; one that was left out is empty but for the reason."""
    agreed = {line.application_line_id: line for line in agreement.budget_lines}
    rows = []
    for number, asked in enumerate(agreement.application.budget_lines, start=1):
        gone = {"source": asked.source, "code": asked.code, "reason": agreement.dropped.get(str(number), "")}
        rows.append(_row(agreed[asked.id]) if asked.id in agreed else gone)
    return rows


def _added_rows(agreement: Agreement) -> list[dict[str, Any]]:
    return [_row(line) for line in agreement.budget_lines if line.application_line_id is None]


class SignForm(Form):
    """The street's signature with the signed copy."""

    signed_file = FileField(_l("双方签章的协议扫描件"), [FileRequired(_l("请上传双方签章的协议扫描件"))])


class ConfirmForm(Form):
    """Nothing but the token: somebody confirms what the page says."""


class TerminateForm(Form):
    """Why an agreement ends before its time, and whose doing it was."""

    liability = RadioField(_l("责任认定"), [InputRequired(_l("请选择责任认定"))], choices=choices(LIABILITY_LABELS))
    reason = TextAreaField(_l("终止的事实与依据"), [DataRequired(_l("请写明终止的事实与依据")), Length(max=1000)])


class ClaimForm(Form):
    """What the organisation says about a milestone."""

    claim = TextAreaField(_l("完成情况"), [DataRequired(_l("请说明完成情况，并写明对应的活动记录")), Length(max=2000)])


class VerifyForm(Form):
    """The community's finding about a claimed milestone."""

    decision = RadioField(
        _l("核实结论"),
        [InputRequired(_l("请选择核实结论"))],
        choices=choices({"verify": _l("情况属实，予以核实"), "send_back": _l("退回补充")}),
    )
    note = TextAreaField(_l("核实意见或退回原因"), [Length(max=1000)])

    def validate_note(self, field: TextAreaField) -> None:
        """Ask for a reason when something is sent back."""
        if self.decision.data == "send_back" and not field.data:
            raise ValidationError(_("请写明退回的原因和需要补充的内容。"))
