"""The 归档卷内目录 of a project: every paper from the first need to the final evaluation, in the order of the stages.

Page numbers are written in when the file is bound; papers of accounting are bound apart and named as one line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from grants.agreements.models import Agreement
from grants.evaluation.models import Evaluation, Survey
from grants.foundation.clock import local
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.i18n import _
from grants.foundation.models import IssuedDocument
from grants.foundation.money import yuan
from grants.needs.models import Meeting, MeetingDecision, Need
from grants.payments.models import PaymentRequest, Voucher
from grants.payments.rules import VoucherStatus
from grants.people.models import Organisation
from grants.projects.models import Project, ProjectNeed
from grants.rounds.models import Notice
from grants.selection.models import Application, ApplicationDocument, Call
from grants.selection.rules import DOCUMENT_LABELS
from grants.supervision.models import Activity, Rectification, SiteVisit
from grants.supervision.rules import ActivityStatus
from grants.voting.models import Poll, PollOption
from reports.data.sheet import Part, Sheet
from reports.data.table import CENTRE, DATE, Column, Row, Table
from reports.formatting import UNKNOWN, day, short_day
from reports.gather.choices import UNSENT
from reports.gather.common import DEPARTMENT, Gathered, issuer, unissued_stamp


@dataclass(frozen=True)
class _Paper:
    """One paper of the file."""

    number: str
    author: str
    title: str
    on: date | None
    note: str = ""


@dataclass(frozen=True)
class _Head:
    """The project with what is only counted."""

    project: Project
    agreement: Agreement
    evaluation: Evaluation | None
    survey: Survey | None
    voucher_count: int
    voucher_fen: int
    visit_count: int


def gather(reference: str) -> Gathered:
    """Return the index of a project's file, by its reference or its agreement's; a draft until the project is closed.

    Raises NotFound where there is no agreement: there is no file yet.
    """
    head = _read(reference)
    project = head.project
    groups = (
        ("一、需求和立项", _needs(project)),
        ("二、评审和协议", _selection(head)),
        ("三、实施和监督", _carried_out(head)),
        ("四、资金拨付", _money(head)),
        ("五、评价和结项", _evaluated(head)),
        ("六、出具的正式文件", _issued(head)),
    )
    listed = sum(len(papers) for _title, papers in groups)
    is_draft = project.closed_at is None
    sheet = Sheet(
        stamp=unissued_stamp(is_draft=is_draft),
        title="归档卷内目录",
        about=f"{project.title}（{project.ref}）",
        above=project.round.name,
        parts=(Part(facts=_facts(head, listed)), Part(tables=(_table(groups),))),
        is_wide=True,
    )
    return Gathered(
        sheet, f"归档卷内目录 {project.ref}", f"GD-{project.round.year}-{project.round.number:02d}", is_draft
    )


def _read(reference: str) -> _Head:
    accepted = (Voucher.agreement_id == Agreement.id, Voucher.status == VoucherStatus.ACCEPTED)
    row = db.session.execute(
        select(
            Agreement,
            Evaluation,
            Survey,
            select(func.count()).where(*accepted).correlate(Agreement).scalar_subquery(),
            select(func.coalesce(func.sum(Voucher.amount_fen), 0))
            .where(*accepted)
            .correlate(Agreement)
            .scalar_subquery(),
            select(func.count()).where(SiteVisit.agreement_id == Agreement.id).correlate(Agreement).scalar_subquery(),
        )
        .join(Project, Project.id == Agreement.project_id)
        .outerjoin(Evaluation, Evaluation.agreement_id == Agreement.id)
        .outerjoin(Survey, Survey.agreement_id == Agreement.id)
        .where((Project.ref == reference) | (Agreement.ref == reference))
        .options(
            joinedload(Agreement.organisation),
            joinedload(Agreement.project).options(joinedload(Project.round), joinedload(Project.community)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(_("这个项目还没有协议，没有可以归档的案卷。"))
    agreement, evaluation, survey, *counts = row
    return _Head(agreement.project, agreement, evaluation, survey, *(int(one) for one in counts))


def _facts(head: _Head, listed: int) -> tuple[tuple[str, str], ...]:
    project, agreement = head.project, head.agreement
    return (
        ("全宗名称", issuer()),
        ("案卷题名", f"{project.round.name}“{project.title}”项目案卷"),
        ("承接组织和社区", f"{agreement.organisation.name}；{project.community.name}"),
        ("起止日期", f"{day(agreement.signed_on)}至{day(_day(project.closed_at)) if project.closed_at else '未结项'}"),
        ("卷内文件", f"{listed}件；支出票据{head.voucher_count}张（{yuan(head.voucher_fen)}元）按会计档案单独立卷"),
    )


def _day(moment: datetime | None) -> date | None:
    return local(moment).date() if moment else None


def _needs(project: Project) -> list[_Paper]:
    needs = db.session.scalars(
        select(Need)
        .join(ProjectNeed, ProjectNeed.need_id == Need.id)
        .where(ProjectNeed.project_id == project.id)
        .order_by(Need.created_at, Need.ref)
    ).all()
    refs = [one.ref for one in needs]
    meetings = db.session.scalars(
        select(Meeting)
        .where(
            Meeting.id.in_(
                select(MeetingDecision.meeting_id).where(MeetingDecision.subject_ref.in_([*refs, project.ref]))
            )
            | (Meeting.id == project.meeting_id)
        )
        .order_by(Meeting.held_on, Meeting.ref)
    )
    polls = db.session.scalars(
        select(Poll)
        .where(Poll.id.in_(select(PollOption.poll_id).where(PollOption.subject_ref.in_([*refs, project.ref]))))
        .order_by(Poll.closes_at, Poll.ref)
    )
    place = project.community.name
    found = [_Paper(one.ref, f"{place}居民", f"居民需求：{one.title}", _day(one.created_at)) for one in needs]
    found += [
        _Paper(
            one.ref, place, f"议事记录：{one.title}", one.held_on, f"应到{one.entitled_count}实到{one.attended_count}"
        )
        for one in meetings
    ]
    found += [_Paper(one.ref, place, f"居民投票：{one.title}", _day(one.closes_at)) for one in polls]
    found.append(_Paper(project.ref, place, f"项目申请书：{project.title}", _day(project.created_at)))
    if project.approved_at:
        found.append(_Paper(project.ref, issuer(), "立项审批意见", _day(project.approved_at)))
    return sorted(found, key=_by_day)


def _by_day(one: _Paper) -> date:
    return one.on or date.max


def _selection(head: _Head) -> list[_Paper]:
    project, agreement = head.project, head.agreement
    calls = select(Call.ref).where(Call.project_id == project.id)
    notices = db.session.scalars(
        select(Notice)
        .where(or_(Notice.subject_ref == project.ref, Notice.subject_ref.in_(calls)))
        .order_by(Notice.published_at, Notice.ref)
    )
    applications = db.session.execute(
        select(Application, Organisation.name, Call)
        .join(Call, Call.id == Application.call_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Call.project_id == project.id, Application.submitted_at.is_not(None))
        .order_by(Application.submitted_at, Application.ref)
    ).all()
    documents = db.session.scalars(
        select(ApplicationDocument)
        .where(ApplicationDocument.application_id == agreement.application_id)
        .order_by(ApplicationDocument.added_at)
    )
    own = agreement.organisation.name
    found = [_Paper(one.ref, issuer(), one.title, _day(one.published_at)) for one in notices]
    found += [
        _Paper(call.ref, issuer(), "征集公告", _day(call.opens_at))
        for call in {call.id: call for _one, _name, call in applications}.values()
    ]
    found += [_Paper(one.ref, name, "项目申报书", _day(one.submitted_at)) for one, name, _call in applications]
    found += [_Paper(UNKNOWN, own, f"申报附件：{DOCUMENT_LABELS[one.kind]}", _day(one.added_at)) for one in documents]
    found += [
        _Paper(call.ref, issuer(), "评审打分表和汇总表", _day(call.ranked_at))
        for call in {call.id: call for _one, _name, call in applications}.values()
        if call.ranked_at
    ]
    found.append(_Paper(agreement.ref, f"{issuer()}、{own}", "资助协议书", agreement.signed_on))
    return sorted(found, key=_by_day)


def _carried_out(head: _Head) -> list[_Paper]:
    agreement = head.agreement
    activities = db.session.scalars(
        select(Activity)
        .where(Activity.agreement_id == agreement.id, Activity.status == ActivityStatus.RECORDED)
        .order_by(Activity.held_on, Activity.ref)
    )
    orders = db.session.scalars(
        select(Rectification).where(Rectification.agreement_id == agreement.id).order_by(Rectification.issued_at)
    )
    own = agreement.organisation.name
    found = [
        _Paper(one.ref, own, f"活动记录：{one.title}", one.held_on, f"{one.attendance_count}人次") for one in activities
    ]
    for order in orders:
        closed = f"{short_day(_day(order.closed_at))}销号" if order.closed_at else "未销号"
        found.append(_Paper(order.ref, issuer(), "整改通知和整改报告", _day(order.issued_at), closed))
    found.sort(key=_by_day)
    if head.visit_count:
        found.append(_Paper(UNKNOWN, "监督员、工作人员", "现场走访记录", None, f"{head.visit_count}次"))
    return found


def _money(head: _Head) -> list[_Paper]:
    rows = db.session.scalars(
        select(PaymentRequest)
        .where(PaymentRequest.agreement_id == head.agreement.id, PaymentRequest.status.not_in(UNSENT))
        .order_by(PaymentRequest.created_at, PaymentRequest.ref)
    )
    return [
        _Paper(
            one.ref,
            DEPARTMENT,
            f"资金拨付审批表和支付凭证（{yuan(one.amount_fen)}元）",
            one.paid_on or _day(one.created_at),
        )
        for one in rows
    ]


def _evaluated(head: _Head) -> list[_Paper]:
    found = []
    if head.survey is not None:
        found.append(_Paper(head.survey.ref, DEPARTMENT, "居民满意度调查", _day(head.survey.opened_at)))
    if head.evaluation is not None:
        on = _day(head.evaluation.published_at or head.evaluation.created_at)
        found.append(_Paper(head.evaluation.ref, DEPARTMENT, "项目末期评价", on))
    return found


def _issued(head: _Head) -> list[_Paper]:
    refs = [head.project.ref, head.agreement.ref]
    if head.survey is not None:
        refs.append(head.survey.ref)
    rows = db.session.scalars(
        select(IssuedDocument)
        .where(
            IssuedDocument.is_draft.is_(False),
            IssuedDocument.subject_ref.in_(refs)
            | IssuedDocument.subject_ref.in_(
                select(PaymentRequest.ref).where(PaymentRequest.agreement_id == head.agreement.id)
            ),
            IssuedDocument.kind != "archive-index",
        )
        .order_by(IssuedDocument.issued_at, IssuedDocument.number)
    )
    return [_Paper(one.number, issuer(), one.title, _day(one.issued_at), f"核验码{one.code}") for one in rows]


def _table(groups: Iterable[tuple[str, Sequence[_Paper]]]) -> Table:
    rows: list[Row] = []
    number = 0
    for title, papers in groups:
        if not papers:
            continue
        rows.append(Row((f"{title}（{len(papers)}件）",), "group"))
        for one in papers:
            number += 1
            rows.append(Row((str(number), one.number, one.author, one.title, short_day(one.on), "", one.note)))
    columns: Any = (
        Column("顺序号", 6, CENTRE),
        Column("文号或编号", 17, CENTRE),
        Column("责任者", 15),
        Column("题名", 27),
        Column("日期", 10, DATE),
        Column("页次", 6, CENTRE),
        Column("备注", 19),
    )
    return Table("卷内文件", columns, tuple(rows), note="页次在装订时填写。电子原件以系统存档为准。", is_dense=True)
