"""Shapes and wording of the forms of payments and vouchers."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, MoneyField, choices
from grants.payments.rules import (
    BANK_COLUMN_LABELS,
    FEE_STANDARDS,
    FINDING_LABELS,
    ITEM_KIND_LABELS,
    USUAL_FAULTS,
    BankColumn,
    Correction,
    ItemKind,
    ticked,
)


class RequestForm(Form):
    """What the organisation says itself; payee, account and amount follow from the agreement."""

    purpose = StringField(_l("款项用途"), [DataRequired(_l("请写明款项用途")), Length(max=200)])
    invoice = FileField(_l("发票或收据"))


class OpinionForm(Form):
    """A signature with an opinion."""

    note = TextAreaField(_l("意见"), [Length(max=500)])


class ApproveForm(OpinionForm):
    """The leader's signature; large sums name the meeting that decided."""

    office_record = StringField(_l("办公会会议纪要编号"), [Length(max=80)])


class PayForm(Form):
    """What the bank's paper says."""

    bank_reference = StringField(_l("银行回单编号"), [DataRequired(_l("请填写银行回单编号")), Length(max=60)])
    paid_on = DateField(_l("支付日期"), [InputRequired(_l("请选择支付日期"))])
    note = TextAreaField(_l("备注"), [Length(max=500)])


class ReasonForm(Form):
    """Why a request is rejected or taken back, or a number is looked at."""

    reason = TextAreaField(_l("理由"), [DataRequired(_l("请写明理由")), Length(max=1000)])


class ChecklistField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReturnForm(Form):
    """What is not in order: ticked from the usual faults, or written."""

    faults = ChecklistField(
        _l("常见问题（可多选）"), choices=choices({code: text for code, (_kind, text) in USUAL_FAULTS.items()})
    )
    kind_1 = SelectField(_l("第 1 项内容"), choices=choices(ITEM_KIND_LABELS))
    text_1 = TextAreaField(_l("第 1 项需要补正什么"), [Length(max=300)])
    kind_2 = SelectField(_l("第 2 项内容"), choices=choices(ITEM_KIND_LABELS))
    text_2 = TextAreaField(_l("第 2 项需要补正什么"), [Length(max=300)])
    kind_3 = SelectField(_l("第 3 项内容"), choices=choices(ITEM_KIND_LABELS))
    text_3 = TextAreaField(_l("第 3 项需要补正什么"), [Length(max=300)])

    def rows(self) -> Iterator[tuple[SelectField, TextAreaField]]:
        """Yield the rows that can be written in."""
        for number in range(1, 4):
            yield self[f"kind_{number}"], self[f"text_{number}"]

    def items(self) -> list[Correction]:
        """Return what was ticked and written, in the order of the page."""
        written = [Correction(ItemKind(kind.data), text.data) for kind, text in self.rows() if text.data]
        return [*(ticked(code) for code in self.faults.data or []), *written]


class ReviseForm(RequestForm):
    """The request again, with an answer to every item; the answers are added by `revise_form`."""

    def answers(self) -> dict[int, str]:
        """Return the answers by the position of their item."""
        fields = [name for name in self._fields if name.startswith("answer_")]
        return {int(name.removeprefix("answer_")): self[name].data or "" for name in fields}


def revise_form(items: Sequence[tuple[int, str]], **values: Any) -> ReviseForm:
    """Return the form to send a request again; `items` are position and words of what has to be answered."""
    answers = {
        f"answer_{position}": TextAreaField(words, [DataRequired(_l("请说明这一项是怎样补正的")), Length(max=500)])
        for position, words in items
    }
    made: ReviseForm = type("ReviseForm", (ReviseForm,), answers)(**values)
    return made


class ConfirmForm(Form):
    """Nothing to fill in: the button is the answer."""


class VoucherForm(Form):
    """What an invoice says."""

    line = SelectField(_l("预算科目"), [DataRequired(_l("请选择预算科目"))])
    amount_fen = MoneyField(_l("金额"), [InputRequired(_l("请填写金额"))])
    spent_on = DateField(_l("支出日期"), [InputRequired(_l("请选择支出日期"))])
    invoice_number = StringField(_l("票据号码"), [DataRequired(_l("请填写票据号码")), Length(max=40)])
    payee = StringField(_l("收款单位或个人"), [DataRequired(_l("请填写收款方")), Length(max=120)])
    purpose = StringField(_l("用途"), [DataRequired(_l("请写明用途")), Length(max=160)])
    fee_basis = SelectField(
        _l("计发标准"),
        choices=choices({one: it.label for one, it in FEE_STANDARDS.items()}, blank=_l("不适用")),
        default="",
    )
    fee_units = IntegerField(_l("数量（学时或人·天）"), [Optional(), NumberRange(min=1, max=10_000)])
    file = FileField(_l("票据扫描件或照片"))


class DrawForm(Form):
    """How many vouchers are drawn."""

    count = IntegerField(_l("抽查张数"), [InputRequired(_l("请填写抽查张数"))])


class FindingForm(Form):
    """What the original of a drawn voucher showed."""

    result = RadioField(_l("核对结果"), [DataRequired(_l("请选择核对结果"))], choices=choices(FINDING_LABELS))
    finding = TextAreaField(_l("发现的问题或说明"), [Length(max=500)])


class ConclusionForm(Form):
    """What a spot check comes to."""

    conclusion = TextAreaField(_l("抽查结论"), [DataRequired(_l("请写明抽查结论")), Length(max=1000)])


class StatementForm(Form):
    """A bank statement to be read in."""

    file = FileField(_l("对账单文件"), [DataRequired(_l("请选择银行对账单文件"))])


class ColumnsForm(Form):
    """Which column of a statement means what."""

    date = SelectField(BANK_COLUMN_LABELS[BankColumn.DATE])
    amount = SelectField(BANK_COLUMN_LABELS[BankColumn.AMOUNT])
    reference = SelectField(BANK_COLUMN_LABELS[BankColumn.REFERENCE])
    payee = SelectField(BANK_COLUMN_LABELS[BankColumn.PAYEE])
    memo = SelectField(BANK_COLUMN_LABELS[BankColumn.MEMO])


class MatchForm(Form):
    """The payment that a line of the bank proves."""

    request = RadioField(_l("对应的拨付"), [DataRequired(_l("请选择这笔流水对应的拨付"))])


class OpinionBodyForm(Form):
    """What the supervisor says about the use of money."""

    body = TextAreaField(_l("监督意见"), [DataRequired(_l("请写明监督意见")), Length(max=2000)])


class AnswerForm(Form):
    """What finance answers."""

    answer = TextAreaField(_l("答复和处理情况"), [DataRequired(_l("请写明答复和处理情况")), Length(max=2000)])
