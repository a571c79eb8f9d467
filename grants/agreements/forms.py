"""Shapes and wording of the forms of agreements."""

from datetime import date
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from grants.agreements.models import Agreement
from grants.agreements.rules import LineDraft, MilestoneDraft
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

    def is_empty(self) -> bool:
        """Tell whether neither content nor amount was typed."""
        return not (self.content.data or (self.amount.raw_data and self.amount.raw_data[0].strip()))

    def draft(self) -> LineDraft:
        """Return the row as the use case wants it."""
        return LineDraft(
            MoneySource(self.source.data), BudgetCode(self.code.data), self.content.data or "", self.amount.data
        )


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
    """What an officer may change in a draft."""

    starts_on = DateField(_l("开始日期"), [InputRequired(_l("请选择开始日期"))])
    ends_on = DateField(_l("结束日期"), [InputRequired(_l("请选择结束日期"))])
    lines = FieldList(FormField(LineForm), label=_l("预算"))
    milestones = FieldList(FormField(MilestoneForm), label=_l("里程碑"))
    terms = TextAreaField(_l("协议条款"), [DataRequired(_l("请填写协议条款")), Length(max=8000)])

    @classmethod
    def of(cls, agreement: Agreement) -> "DraftForm":
        """Return the form filled from a draft, with spare rows; what was posted wins."""
        form: DraftForm = cls(
            data={
                "starts_on": agreement.starts_on,
                "ends_on": agreement.ends_on,
                "terms": agreement.terms,
                "lines": [
                    {"source": line.source, "code": line.code, "content": line.content, "amount": line.amount_fen}
                    for line in agreement.budget_lines
                ]
                + [{}] * SPARE_LINES,
                "milestones": [{"name": one.name, "due_on": one.due_on} for one in agreement.milestones]
                + [{}] * SPARE_MILESTONES,
            },
        )
        return form

    def content(self) -> Content:
        """Return what was typed as the use case wants it."""
        return Content(
            starts_on=cast(date, self.starts_on.data),
            ends_on=cast(date, self.ends_on.data),
            terms=self.terms.data or "",
            lines=[row.form.draft() for row in self.lines if not row.form.is_empty()],
            milestones=[row.form.draft() for row in self.milestones if not row.form.is_empty()],
        )


class SignForm(Form):
    """The street's signature with the signed copy."""

    signed_file = FileField(_l("双方签章的协议扫描件"), [FileRequired(_l("请上传双方签章的协议扫描件"))])


class ConfirmForm(Form):
    """Nothing but the token: somebody confirms what the page says."""


class TerminateForm(Form):
    """Why an agreement ends before its time."""

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
