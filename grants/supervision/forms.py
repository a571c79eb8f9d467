"""Shapes and wording of the forms of supervision."""

from datetime import date, time
from typing import Any, cast

from flask_wtf.file import FileField, FileRequired, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from grants.foundation.i18n import _l
from grants.foundation.web.forms import Form, choices
from grants.needs.rules import TARGET_GROUP_LABELS, TargetGroup
from grants.supervision.rules import (
    CALL_OUTCOME_LABELS,
    INSPECTION_ITEMS,
    INSPECTION_METHOD_LABELS,
    ITEM_GRADE_LABELS,
    InspectionMethod,
    ItemGrade,
)
from grants.supervision.service import Finding, Plan, Record, Words


class AnnounceForm(Form):
    """An activity to come."""

    title = StringField(_l("活动名称"), [DataRequired(_l("请填写活动名称")), Length(max=80)])
    held_on = DateField(_l("活动日期"), [InputRequired(_l("请选择活动日期"))])
    starts = TimeField(_l("开始时间"), [InputRequired(_l("请填写开始时间"))])
    ends = TimeField(_l("结束时间"), [InputRequired(_l("请填写结束时间"))])
    place_text = StringField(_l("地点"), [DataRequired(_l("请填写地点")), Length(max=120)])
    target_group = SelectField(_l("服务对象"), choices=choices(TARGET_GROUP_LABELS))
    team = StringField(_l("执行团队"), [Length(max=160)])
    capacity = IntegerField(_l("场地可容纳人数"), [Optional(), NumberRange(min=1, message=_l("请填写大于零的整数"))])

    seat_count = IntegerField(_l("报名名额"), [Optional(), NumberRange(min=1, message=_l("请填写大于零的整数"))])

    def plan(self) -> Plan:
        """Return what was typed as the use case wants it."""
        return Plan(
            title=self.title.data or "",
            held_on=cast(date, self.held_on.data),
            starts=cast(time, self.starts.data),
            ends=cast(time, self.ends.data),
            place_text=self.place_text.data or "",
            target_group=TargetGroup(self.target_group.data),
            team=self.team.data or "",
            capacity=self.capacity.data,
            seat_count=self.seat_count.data,
        )


def _count(label: Any, *, is_required: bool = True) -> IntegerField:
    needed = InputRequired(_l("请填写数字，没有则填 0")) if is_required else Optional()
    return IntegerField(label, [needed, NumberRange(min=0, max=100_000, message=_l("请填写不小于零的整数"))])


class RecordForm(Form):
    """What an activity was, with its proof."""

    person_count = _count(_l("人数（不重复的参加者）"))
    attendance_count = _count(_l("人次"))
    volunteer_count = _count(_l("志愿者人数"), is_required=False)
    summary = TextAreaField(_l("活动小结"), [DataRequired(_l("请写一段活动小结")), Length(max=1000)])
    reflection = TextAreaField(_l("反思与改进"), [Length(max=600)])
    sign_in_sheets = MultipleFileField(_l("签到表"), [FileRequired(_l("请上传签到表（拍照或扫描）"))])
    photos = MultipleFileField(_l("现场照片"), [FileRequired(_l("请至少上传一张现场照片"))])
    others = MultipleFileField(_l("其他材料"))
    has_cleared_photos = BooleanField(_l("照片可以公开：已征得当事人同意，未成年人面部已作遮挡"))

    def record(self) -> Record:
        """Return what was typed as the use case wants it."""
        return Record(
            person_count=self.person_count.data or 0,
            attendance_count=self.attendance_count.data or 0,
            volunteer_count=self.volunteer_count.data or 0,
            summary=self.summary.data or "",
            reflection=self.reflection.data or "",
            has_cleared_photos=bool(self.has_cleared_photos.data),
        )


class ReasonForm(Form):
    """Why something is called off or somebody steps back."""

    reason = TextAreaField(_l("原因"), [DataRequired(_l("请写明原因")), Length(max=300)])


class StatementForm(Form):
    """One text that goes on record."""

    text = TextAreaField(_l("内容"), [DataRequired(_l("请写明内容。")), Length(max=1000)])


class ConfirmForm(Form):
    """Nothing but the token: somebody confirms what the page says."""


class DrawForm(Form):
    """How resident supervisors are drawn."""

    count = IntegerField(_l("抽取人数"), [Optional(), NumberRange(min=1, max=20, message=_l("请填写 1 到 20"))])
    seed = StringField(_l("抽取种子"), [Length(max=64)])
    witness = StringField(_l("见证人"), [Length(max=60)])


class VisitForm(Form):
    """What somebody found on the spot."""

    visited_on = DateField(_l("走访日期"), [InputRequired(_l("请选择走访日期"))])
    is_satisfactory = RadioField(
        _l("总体印象"),
        [InputRequired(_l("请选择总体印象"))],
        choices=choices({"yes": _l("正常开展，没有问题"), "no": _l("发现问题，需要跟进")}),
    )
    finding = TextAreaField(_l("看到的情况"), [DataRequired(_l("请写下您看到的情况")), Length(max=1000)])
    file = FileField(_l("照片"))


class ResidentVerifyForm(Form):
    """The resident supervisor's finding about a milestone."""

    decision = RadioField(
        _l("您的结论"),
        [InputRequired(_l("请选择您的结论"))],
        choices=choices({"verify": _l("属实，我同意核实"), "send_back": _l("不属实或不完整，退回补充")}),
    )
    note = TextAreaField(_l("您看到的情况"), [DataRequired(_l("请写一两句您看到的情况")), Length(max=600)])


class IssueForm(Form):
    """An order to put something right."""

    problem = TextAreaField(_l("发现的问题"), [DataRequired(_l("请写明发现的问题")), Length(max=1000)])
    demand = TextAreaField(_l("整改要求"), [DataRequired(_l("请写明整改要求")), Length(max=1000)])
    due_on = DateField(_l("整改期限"), [InputRequired(_l("请选择整改期限"))])


class AnswerForm(Form):
    """What the organisation did about an order."""

    answer = TextAreaField(_l("整改措施与结果"), [DataRequired(_l("请写明整改措施和结果")), Length(max=1500)])
    file = FileField(_l("佐证材料"))


class RecheckForm(Form):
    """Whether an order was carried out."""

    decision = RadioField(
        _l("复查结论"),
        [InputRequired(_l("请选择复查结论"))],
        choices=choices({"accept": _l("已整改到位，予以销号"), "reject": _l("未整改到位，继续整改")}),
    )
    note = TextAreaField(_l("复查情况"), [DataRequired(_l("请写明复查看到的情况")), Length(max=1000)])
    due_on = DateField(_l("新的整改期限"), [Optional()])


class ComplaintForm(Form):
    """What anybody wants to bring forward about a project."""

    project_ref = SelectField(_l("涉及的项目"), [DataRequired(_l("请选择项目"))])
    text = TextAreaField(_l("您要反映的情况"), [DataRequired(_l("请写明您要反映的情况")), Length(max=2000)])
    contact = StringField(_l("联系方式"), [Length(max=120)])
    is_whistleblowing = BooleanField(_l("这是举报：涉及贪污、挪用、虚报、优亲厚友等问题，只交纪监委受理"))


class AnswerComplaintForm(Form):
    """The answer a sender will read."""

    answer = TextAreaField(_l("答复"), [DataRequired(_l("请写明核查情况和处理结果")), Length(max=2000)])


class RevealForm(Form):
    """Why somebody needs the sender's contact."""

    reason = StringField(_l("查看理由"), [DataRequired(_l("请写明查看联系方式的理由")), Length(max=200)])


class MonthlyPlanForm(Form):
    """What the organisation means to do in a month."""

    activity_count = _count(_l("计划开展活动"))
    attendance_count = _count(_l("计划服务人次"))
    content = TextAreaField(_l("工作安排"), [DataRequired(_l("请写明本月的工作安排。")), Length(max=1500)])


class ReportForm(Form):
    """The words of a monthly report; what is missing is said when it is handed in."""

    progress = TextAreaField(_l("本月工作进展"), [Length(max=2000)])
    spending = TextAreaField(_l("经费使用情况"), [Length(max=1000)])
    problems = TextAreaField(_l("存在的问题和困难"), [Length(max=1000)])
    next_steps = TextAreaField(_l("下月打算"), [Length(max=1000)])

    def words(self) -> Words:
        """Return what was typed as the use case wants it."""
        return Words(
            progress=self.progress.data or "",
            spending=self.spending.data or "",
            problems=self.problems.data or "",
            next_steps=self.next_steps.data or "",
        )


class RemarkForm(Form):
    """What somebody says after reading a monthly report."""

    text = TextAreaField(_l("审阅意见"), [DataRequired(_l("请写明审阅意见；没有意见请写“已阅”。")), Length(max=600)])


class InspectionPlanForm(Form):
    """How, by whom and until when a project is inspected."""

    method = RadioField(
        _l("检查方式"), [InputRequired(_l("请选择检查方式"))], choices=choices(INSPECTION_METHOD_LABELS)
    )
    assigned_to = SelectField(_l("检查人"), [DataRequired(_l("请选择检查人"))])
    due_on = DateField(_l("完成日期"), [InputRequired(_l("请选择完成日期"))])
    focus = TextAreaField(_l("检查重点"), [Length(max=300)])


class InspectionForm(Form):
    """What an inspection found; `form_for` adds the items of its method."""

    done_on = DateField(_l("检查日期"), [InputRequired(_l("请选择检查日期"))])
    summary = TextAreaField(_l("总体情况"), [DataRequired(_l("请写明总体情况。")), Length(max=1000)])
    file = FileField(_l("现场照片或佐证"))

    def items(self) -> list[tuple[Any, Any]]:
        """Return the pair of grade and note of every item, in order."""
        count = sum(name.startswith("grade_") for name in self._fields)
        return [(self[f"grade_{number}"], self[f"note_{number}"]) for number in range(count)]

    def findings(self) -> list[Finding]:
        """Return what was typed as the use case wants it."""
        return [Finding(ItemGrade(grade.data), note.data or "") for grade, note in self.items()]


def form_for(method: InspectionMethod) -> InspectionForm:
    """Return the form of an inspection with a grade and a note for each item of its method."""
    parts: dict[str, Any] = {}
    for number, subject in enumerate(INSPECTION_ITEMS[method]):
        parts[f"grade_{number}"] = RadioField(
            subject, [InputRequired(_l("请评定这一项"))], choices=choices(ITEM_GRADE_LABELS)
        )
        parts[f"note_{number}"] = StringField(_l("情况说明"), [Length(max=300)])
    made: InspectionForm = type("InspectionFormOfMethod", (InspectionForm,), parts)()
    return made


class SampleForm(Form):
    """How many of the people served are called."""

    count = IntegerField(
        _l("抽取人数"), [InputRequired(_l("请填写抽取人数")), NumberRange(min=1, max=50, message=_l("请填写 1 到 50"))]
    )
    seed = StringField(_l("抽取种子"), [Length(max=64)])


class CallForm(Form):
    """What somebody said on the telephone."""

    outcome = RadioField(_l("通话结果"), [InputRequired(_l("请选择通话结果"))], choices=choices(CALL_OUTCOME_LABELS))
    has_attended = RadioField(
        _l("参加过这个项目的活动吗？"), [Optional()], choices=choices({"yes": _l("参加过"), "no": _l("没有参加过")})
    )
    score = IntegerField(
        _l("满意度（1 很不满意，5 很满意）"), [Optional(), NumberRange(min=1, max=5, message=_l("请填写 1 到 5"))]
    )
    remark = TextAreaField(_l("受访居民的意见"), [Length(max=500)])


class BulletinForm(Form):
    """Of which round and month a progress bulletin is prepared."""

    round = SelectField(_l("届次"), [DataRequired(_l("请选择届次"))])
    month = StringField(_l("月份"), [DataRequired(_l("请填写月份")), Length(max=7)])
    remark = TextAreaField(_l("编者按"), [Length(max=1000)])
