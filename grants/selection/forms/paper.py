"""The pages of an application as forms.

Every page is filled from raw texts and gives raw texts back, so that what cannot be read yet survives a save, and two
versions of a part can be compared as they were typed.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from flask import request
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from grants.foundation.clock import local
from grants.foundation.i18n import _, _l
from grants.foundation.web.forms import Form, choices
from grants.people.rules import LegalKind
from grants.selection.forms.rows import (
    MOST,
    ActivityRowForm,
    BudgetRowForm,
    CountField,
    RowForm,
    TargetRowForm,
    TeamRowForm,
    typed,
)
from grants.selection.models import Application
from grants.selection.rules import CORRECTABLE, DOCUMENT_LABELS, GROUP_LABELS, PARTS, SECTIONS, Group
from grants.selection.rules.merging import Base, Raw, digest

LONGEST_TEXT = 20_000
MONTHS_SHOWN = 24


class PaperForm(Form):
    """A page of the application; knows what it was opened with."""

    group: ClassVar[Group]
    row_forms: ClassVar[Mapping[str, type[RowForm]]] = {}
    version = HiddenField()
    mark = HiddenField()
    digests = HiddenField()

    def __init__(self, application: Application, formdata: MultiDict[str, str]) -> None:
        super().__init__(formdata=formdata)
        self.offer(application)

    def offer(self, application: Application) -> None:
        """Set what may be chosen; nothing by default."""

    @classmethod
    def showing(
        cls, application: Application, raw: Mapping[str, Raw], stored: Mapping[str, Raw], *, more: str = ""
    ) -> "PaperForm":
        """Return the page with these texts; `stored` is what it will be compared with when it comes back."""
        parts = {key: raw[key] for key in PARTS[cls.group]}
        for key, row_form in cls.row_forms.items():
            rows = parts[key]
            is_empty = not rows and key != "social"  # money of society need not be there
            if isinstance(rows, list) and (is_empty or key == more) and row_form is not TargetRowForm:
                parts[key] = [*rows, {}]
        flat = dict(_flatten(parts))
        flat["version"] = str(application.version)
        flat["mark"] = secrets.token_hex(8)
        flat["digests"] = json.dumps({key: digest(stored[key]) for key in PARTS[cls.group]})
        return cls(application, MultiDict(flat))

    @classmethod
    def sent(cls, application: Application) -> "PaperForm":
        """Return the page as it was posted."""
        return cls(application, MultiDict(request.form))

    @property
    def base(self) -> Base:
        """Return what the page was opened with; a page that lost it is compared with nothing."""
        try:
            digests = json.loads(self.digests.data or "{}")
        except ValueError:
            digests = {}
        version = str(self.version.data or "")
        known = digests if isinstance(digests, dict) else {}
        return Base(int(version) if version.isdecimal() else 0, (self.mark.data or "")[:32], known)

    def raw_parts(self) -> dict[str, Raw]:
        """Return every part as typed; blank rows are gone."""
        return {key: self._raw(key) for key in PARTS[self.group]}

    def _raw(self, key: str) -> Raw:
        field = self[key]
        if isinstance(field, FieldList):
            return [entry.form.raw() for entry in field if not entry.form.is_blank()]
        return typed(field)

    def parts(self) -> tuple[dict[str, Any], dict[str, Raw]]:
        """Return the parts that could be read as values, and those that could not as typed. Validate first."""
        values: dict[str, Any] = {}
        unfinished: dict[str, Raw] = {}
        for key in PARTS[self.group]:
            field = self[key]
            if field.errors:
                unfinished[key] = self._raw(key)
            elif isinstance(field, FieldList):
                values[key] = [entry.form.row() for entry in field if not entry.form.is_blank()]
            else:
                values[key] = field.data
        return values, unfinished

    def without_row(self, application: Application, key: str, index: int) -> "PaperForm":
        """Return the page with one row taken out, and everything else as typed."""
        field = self[key]
        rows = [entry.form.raw() for entry in field] if isinstance(field, FieldList) else []
        left: Raw = [row for number, row in enumerate(rows) if number != index]
        flat = dict(_flatten({**self.raw_parts(), key: left}))
        flat |= {name: self[name].data or "" for name in ("version", "mark", "digests")}
        return type(self)(application, MultiDict(flat))


def _flatten(parts: Mapping[str, Raw]) -> Iterable[tuple[str, str]]:
    for key, raw in parts.items():
        if isinstance(raw, str):
            yield key, raw
            continue
        for number, row in enumerate(raw):
            yield f"{key}-{number}-row", ""
            for name, text in row.items():
                yield f"{key}-{number}-{name}", text


def _count(label: Any, help_text: Any) -> Any:
    return CountField(label, [Optional(), NumberRange(1, MOST, help_text)])


class BasicsForm(PaperForm):
    """Title, payee, period and targets."""

    group = Group.BASICS
    row_forms: ClassVar[Mapping[str, type[RowForm]]] = {"targets": TargetRowForm}
    title = StringField(_l("项目名称"), [Length(max=80, message=_l("项目名称不超过 80 字"))])
    payee = SelectField(_l("收款主体"), [Optional()])
    starts_on = DateField(_l("开始日期"), [Optional()])
    ends_on = DateField(_l("结束日期"), [Optional()])
    person_target = _count(_l("服务人数"), _l("服务人数应大于零"))
    attendance_target = _count(_l("服务人次"), _l("服务人次应大于零"))
    activity_target = _count(_l("活动场次"), _l("活动场次应大于零"))
    indirect_target = _count(_l("间接受益人数"), _l("间接受益人数应大于零"))
    vulnerable_target = _count(_l("其中困难群体人数"), _l("困难群体人数应大于零"))
    service_point = StringField(_l("服务点（15 分钟服务圈）"), [Length(max=120)])
    targets = FieldList(FormField(TargetRowForm))

    def offer(self, application: Application) -> None:
        """Offer the organisation itself, or the host of one that is only filed (备案)."""
        organisation = application.organisation
        payee = organisation.host if organisation.legal_kind is LegalKind.FILED else organisation
        self.payee.choices = choices({payee.ref: payee.name} if payee else {}, _l("请选择"))
        indicators = {str(one.id): one for one in application.call.project.indicators}
        for entry in self.targets:
            if entry.form.indicator.data in indicators:
                entry.form.name(indicators[entry.form.indicator.data])


class TextsForm(PaperForm):
    """The nine sections."""

    group = Group.TEXTS


for _key, (_label, _limit) in SECTIONS.items():
    setattr(TextsForm, _key, TextAreaField(_label, [Length(max=LONGEST_TEXT)]))


class PlanForm(PaperForm):
    """The activity plan."""

    group = Group.PLAN
    row_forms: ClassVar[Mapping[str, type[RowForm]]] = {"activities": ActivityRowForm}
    activities = FieldList(FormField(ActivityRowForm), max_entries=60)

    def offer(self, application: Application) -> None:
        """Offer the months of the project."""
        project = application.call.project
        first = (project.starts_on or local(application.call.closes_at).date()).replace(day=1)
        months = dict(_months(first, project.ends_on))
        for entry in self.activities:
            entry.form.month.choices = choices(months, _l("请选择"))


def _months(first: date, last: date | None) -> Iterable[tuple[str, str]]:
    month = first
    for _number in range(MONTHS_SHOWN):
        if last is not None and month > last:
            return
        yield month.isoformat(), _("%(year)s年%(month)s月", year=month.year, month=month.month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


class BudgetForm(PaperForm):
    """The two budget tables."""

    group = Group.BUDGET
    row_forms: ClassVar[Mapping[str, type[RowForm]]] = {"fiscal": BudgetRowForm, "social": BudgetRowForm}
    fiscal = FieldList(FormField(BudgetRowForm), max_entries=60)
    social = FieldList(FormField(BudgetRowForm), max_entries=60)


class TeamForm(PaperForm):
    """The project team."""

    group = Group.TEAM
    row_forms: ClassVar[Mapping[str, type[RowForm]]] = {"team": TeamRowForm}
    team = FieldList(FormField(TeamRowForm), max_entries=40)


PAPER_FORMS: dict[Group, type[PaperForm]] = {
    form.group: form for form in (BasicsForm, TextsForm, PlanForm, BudgetForm, TeamForm)
}


class DocumentForm(Form):
    """One attachment."""

    kind = SelectField(
        _l("材料类型"), [InputRequired(_l("请选择材料类型"))], choices=choices(DOCUMENT_LABELS, _l("请选择"))
    )
    file = FileField(_l("文件"), [FileRequired(_l("请选择文件"))])


class SubmitForm(Form):
    """The declaration that goes with handing in."""

    has_declared = BooleanField(
        _l(
            "我单位承诺：申报内容真实，同一项目未重复获得其他财政资金；评审期间不联系评审专家；所提供的团队成员信息已征得本人同意。"
        )
    )


class ReasonForm(Form):
    """A reason that somebody will read."""

    reason = TextAreaField(_l("理由"), [InputRequired(_l("请填写理由")), Length(max=1000)])


class ReturnForm(Form):
    """What is to be corrected, page by page; a page left blank is in order."""

    def sections(self) -> dict[Group, str]:
        """Return the reason of every page, blank ones included."""
        return {page: self[page].data or "" for page in CORRECTABLE}


for _page in CORRECTABLE:
    setattr(ReturnForm, _page, TextAreaField(GROUP_LABELS[_page], [Length(max=500)]))


class ReuseForm(Form):
    """What is taken over, and the version of the application that its preview was made from."""

    source = HiddenField(validators=[InputRequired(_l("请选择从哪里带入"))])
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    @classmethod
    def of(cls, application: Application, source: str) -> "ReuseForm":
        """Return the form for a source and the application as it stands now."""
        return cls(source=source, version=application.version)


class ConfirmForm(Form):
    """A button that stands alone."""
