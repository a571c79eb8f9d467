"""Forms of changes, suspension and resumption."""

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, FieldList, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from grants.agreements.models import Agreement
from grants.agreements.rules import ChangeKind
from grants.agreements.service import Wish
from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import Form, MoneyField, choices


class ChangeForm(Form):
    """Why a change is asked for and what follows from it; the kinds add what is changed."""

    reason = TextAreaField(_l("变更理由"), [DataRequired(_l("请写明变更理由")), Length(max=1000)])
    impact_progress = TextAreaField(_l("对进度的影响"), [DataRequired(_l("请写明；没有影响请填“无”")), Length(max=500)])
    impact_cost = TextAreaField(_l("对成本的影响"), [DataRequired(_l("请写明；没有影响请填“无”")), Length(max=500)])
    impact_resources = TextAreaField(
        _l("对人员等资源的影响"), [DataRequired(_l("请写明；没有影响请填“无”")), Length(max=500)]
    )
    impact_other = TextAreaField(_l("其他影响（选填）"), [Length(max=500)])

    def after(self) -> Mapping[str, Any]:
        """Return what is to stand in the agreement."""
        raise NotImplementedError

    def wish(self, kind: ChangeKind) -> Wish:
        """Return what was typed as the use case wants it."""
        return Wish(
            kind,
            self.after(),
            self.reason.data or "",
            self.impact_progress.data or "",
            self.impact_cost.data or "",
            self.impact_resources.data or "",
            self.impact_other.data or "",
        )


class MoveForm(ChangeForm):
    """New amounts of the budget lines, in their order."""

    lines = FieldList(MoneyField(_l("调整后金额"), [InputRequired(_l("请填写金额"))]), label=_l("预算"))

    def after(self) -> Mapping[str, Any]:
        """Return the amounts by position."""
        return {str(place): field.data for place, field in enumerate(self.lines, start=1)}


class LeaderForm(ChangeForm):
    """Another leader."""

    leader_name = StringField(_l("新的项目负责人"), [DataRequired(_l("请填写姓名")), Length(max=60)])

    def after(self) -> Mapping[str, Any]:
        """Return the leader."""
        return {"leader_name": self.leader_name.data or ""}


class PeriodForm(ChangeForm):
    """A later end."""

    ends_on = DateField(_l("新的结束日期"), [InputRequired(_l("请选择日期"))])

    def after(self) -> Mapping[str, Any]:
        """Return the day."""
        return {"ends_on": self.ends_on.data.isoformat() if self.ends_on.data else ""}


class TargetsForm(ChangeForm):
    """Other numbers promised."""

    person_target = IntegerField(_l("服务人数"), [InputRequired(_l("请填写人数")), NumberRange(min=1, max=10**6)])
    attendance_target = IntegerField(_l("服务人次"), [InputRequired(_l("请填写人次")), NumberRange(min=1, max=10**6)])
    activity_target = IntegerField(_l("活动场次"), [InputRequired(_l("请填写场次")), NumberRange(min=1, max=10**4)])

    def after(self) -> Mapping[str, Any]:
        """Return the numbers."""
        names = ("person_target", "attendance_target", "activity_target")
        return {name: self._fields[name].data for name in names}


class RegionForm(ChangeForm):
    """Another region."""

    region = StringField(_l("新的实施区域"), [DataRequired(_l("请填写实施区域")), Length(max=200)])

    def after(self) -> Mapping[str, Any]:
        """Return the region."""
        return {"region": self.region.data or ""}


FORMS: dict[ChangeKind, type[ChangeForm]] = {
    ChangeKind.BUDGET: MoveForm,
    ChangeKind.LEADER: LeaderForm,
    ChangeKind.PERIOD: PeriodForm,
    ChangeKind.TARGETS: TargetsForm,
    ChangeKind.REGION: RegionForm,
}


def change_form(kind: ChangeKind, agreement: Agreement) -> ChangeForm:
    """Return the form of a kind of change, filled with what stands now; what was posted wins."""
    now = {
        "lines": [line.amount_fen for line in agreement.budget_lines],
        "leader_name": agreement.leader_name,
        "ends_on": agreement.ends_on,
        "person_target": agreement.person_target,
        "attendance_target": agreement.attendance_target,
        "activity_target": agreement.activity_target,
        "region": agreement.region,
    }
    return FORMS[kind](data=now)


class DecideForm(Form):
    """Whether a change is agreed to, and why."""

    decision = RadioField(
        _l("意见"),
        [InputRequired(_l("请选择意见"))],
        choices=choices({"agree": _l("同意"), "refuse": _l("不同意")}),
    )
    note = TextAreaField(_l("说明"), [Length(max=1000)])

    def validate_note(self, field: TextAreaField) -> None:
        """Ask for a reason when something is refused."""
        if self.decision.data == "refuse" and not field.data:
            raise ValidationError(_("请写明不同意的理由。"))


class SuspendForm(Form):
    """Why the agreement is suspended."""

    reason = TextAreaField(_l("暂停的理由和恢复的条件"), [DataRequired(_l("请写明理由和条件")), Length(max=1000)])


class ResumeForm(Form):
    """Why the agreement may go on."""

    note = TextAreaField(_l("暂停原因已经消除的依据"), [DataRequired(_l("请写明依据")), Length(max=1000)])
