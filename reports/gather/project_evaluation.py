"""What the 末期评估报告 says, gathered from every stage the project went through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grants.agreements.models import Agreement
from grants.agreements.rules import GATE_LABELS, MilestoneStatus
from grants.evaluation.models import Evaluation
from grants.evaluation.rules import SENSE_LABELS, EvaluationStatus, SurveyChannel
from grants.foundation.clock import local, now
from grants.foundation.money import yuan
from grants.funds.rules import FUND_SOURCE_LABELS
from grants.needs.rules import STEP_LABELS, Step
from grants.projects.rules import FIVE_LINKS, INDICATOR_KIND_LABELS, IndicatorKind, Measure
from grants.rounds.rules import BUDGET_LABELS, CATEGORY_LABELS, BudgetCode
from grants.selection.rules import MoneySource
from grants.supervision.models import Activity
from reports.data.common import Signatory
from reports.data.project_evaluation import (
    ActivityRow,
    BudgetRow,
    FindingRow,
    FundingRow,
    MethodRow,
    MilestoneRow,
    NeedLink,
    PartnerRow,
    ProjectEvaluation,
    Quote,
    RatioRow,
    ScoreRow,
    SenseRow,
    StepRecord,
    SurveyResult,
    TargetRow,
    TrancheRow,
)
from reports.gather import evaluation_rows as rows
from reports.gather.common import Gathered, decimal, listed, points_of_five, satisfaction, unissued_stamp
from reports.gather.grading import bands, vetoes

TITLE = "项目末期评估报告"
MOST_QUOTES = 3
LIMITATIONS = (
    "受益人数为各场活动签到人数之和，同一居民参加多场活动的会重复计算；问卷匿名填写，不能按人核对。"
    "社会资金按已认可的票据计算，没有票据的实物捐赠和志愿服务未折算计入。"
)
PARTNERS_NOTE = "“五社联动”各主体得分，按评分表中“五社联动与自治”一项的得分率折算，未参与的主体不计分。"


@dataclass(frozen=True)
class _Facts:
    """Everything read for one report."""

    agreement: Agreement
    evaluation: Evaluation
    drafted_by: str | None
    published_by: str | None
    lines: Sequence[Any]
    milestones: Sequence[Any]
    tranches: Sequence[Any]
    needs: Sequence[rows.NeedFacts]
    indicators: Sequence[Any]
    activities: Sequence[tuple[Activity, int]]
    scores: Sequence[Any]
    answered: rows.Answered
    orders: Sequence[Any]
    peers: Sequence[rows.Peer]
    counts: dict[str, Any]


def gather(reference: str) -> Gathered:
    """Return the report of a project, by the reference of the project or its agreement.

    It is a draft until the evaluation is published. Raises NotFound when the project has no final evaluation.
    """
    facts = _read(reference)
    project = facts.agreement.project
    is_draft = facts.evaluation.status is not EvaluationStatus.PUBLISHED
    return Gathered(
        document=_fill(facts, is_draft),
        title=project.title.removesuffix("项目") + TITLE,
        series=f"PG-{project.round.year}-{project.round.number:02d}",
        is_draft=is_draft,
    )


def _read(reference: str) -> _Facts:
    agreement, evaluation, drafted_by, published_by = rows.find_evaluated(reference)
    project = agreement.project
    return _Facts(
        agreement,
        evaluation,
        drafted_by,
        published_by,
        rows.lines_with_spending(agreement.id),
        rows.milestones(agreement.id),
        rows.tranches_with_payments(agreement.id),
        rows.needs(project),
        rows.indicators(project),
        rows.activities(agreement.id),
        rows.scored_lines(project, evaluation),
        rows.answered(agreement.id),
        rows.orders(agreement.id),
        rows.peers(project),
        rows.counts(agreement),
    )


def _fill(facts: _Facts, is_draft: bool) -> ProjectEvaluation:
    agreement, evaluation = facts.agreement, facts.evaluation
    project = agreement.project
    return ProjectEvaluation(
        stamp=unissued_stamp(is_draft=is_draft, signatories=_signatories(facts)),
        round_name=project.round.name,
        reference=project.ref,
        name=project.title,
        category=str(CATEGORY_LABELS[project.category]),
        community=project.community.name,
        implementer=agreement.organisation.name,
        payee=agreement.payee.name,
        leader=facts.counts["leader"] or agreement.organisation.head_name,
        agreement_number=agreement.ref,
        period_start_on=agreement.starts_on,
        period_end_on=agreement.ends_on,
        background=_background(facts),
        goal=project.objective or project.summary,
        content=project.summary,
        target_group=f"{project.community.name}居民"
        + (f"，服务点设在{project.service_point}。" if project.service_point else "。"),
        beneficiary_count=sum(one.person_count for one, _proofs in facts.activities),
        volunteer_count=sum(one.volunteer_count for one, _proofs in facts.activities),
        needs=tuple(
            NeedLink(one.need.ref, one.need.title, local(one.need.created_at).date(), one.need.support_count, one.votes)
            for one in facts.needs
        ),
        steps=_steps(facts),
        evaluation_start_on=_day(evaluation.created_at),
        evaluation_end_on=_day(evaluation.published_at or evaluation.submitted_at or now()),
        evaluators="评估由社区建设部组织，评分人与审定人为不同人员；居民满意度由实际服务对象匿名评价。",
        methods=_methods(facts),
        limitations=f"{LIMITATIONS}\n{PARTNERS_NOTE}",
        targets=_targets(facts),
        milestones=tuple(
            MilestoneRow(one.name, one.due_on, _day(one.claimed_at) if one.status is MilestoneStatus.VERIFIED else None)
            for one in facts.milestones
        ),
        activities=tuple(_activity(one, proofs) for one, proofs in facts.activities),
        budget=_budget(facts),
        funding=_funding(facts),
        tranches=_tranches(facts),
        ratios=_ratios(facts),
        survey=_survey(facts),
        complaint_count=facts.counts["complaints"],
        complaint_closed_count=facts.counts["complaints_answered"],
        findings=tuple(_finding(order, name) for order, name in facts.orders),
        partners=_partners(facts),
        scores=tuple(_score(criterion, point) for criterion, point in facts.scores),
        grade=str(evaluation.grade_label) if evaluation.grade else "未评定",
        grade_bands=bands(project.round.settings),
        vetoes=vetoes(evaluation),
        achievements=listed(evaluation.strengths),
        problems=listed(evaluation.problems),
        recommendations=listed(evaluation.suggestions),
        conclusion=evaluation.conclusion or "评价尚未形成结论。",
        use_of_result=_use_of_result(facts),
    )


def _day(moment: datetime) -> date:
    return local(moment).date()


def _signatories(facts: _Facts) -> tuple[Signatory, ...]:
    evaluation = facts.evaluation
    made, approved = Signatory("编制"), Signatory("审批")
    if evaluation.submitted_at is not None:
        made = Signatory("编制", facts.drafted_by or "", _day(evaluation.submitted_at))
    if evaluation.published_at is not None:
        approved = Signatory("审批", facts.published_by or "", _day(evaluation.published_at))
    return made, Signatory("审核"), approved


def _background(facts: _Facts) -> str:
    project = facts.agreement.project
    raised = f"项目源于{project.community.name}居民提出的{len(facts.needs)}项需求"
    merged = facts.counts["merged"]
    if merged > len(facts.needs):
        raised += f"（由{merged}条诉求合并而成）"
    raised += f"，提出和附议的居民共{facts.counts['raisers']}人。" if facts.counts["raisers"] else "。"
    return "\n".join(text for text in (raised, project.locality, project.public_benefit) if text)


def _steps(facts: _Facts) -> tuple[StepRecord, ...]:
    counts = facts.counts
    persons = {
        Step.RAISE: counts["raisers"] or None,
        Step.DELIBERATE: counts["attended"] or None,
        Step.DECIDE: counts["voters"] or None,
        Step.CARRY_OUT: counts["supervisors"] or None,
    }
    usual = {
        Step.RAISE: "居民提出需求并附议",
        Step.EXAMINE: "社区两委审核需求、合并重复并公开理由",
        Step.DELIBERATE: "召开居民议事会讨论需求",
        Step.DECIDE: "居民投票，街道在预算内立项",
        Step.CARRY_OUT: "社会组织实施，抽签产生的居民监督员全程监督",
        Step.PUBLISH: "公开实施、资金和评价结果",
    }
    stamps = [stamp for one in facts.needs for stamp in one.stamps]
    made = []
    for step in Step:
        days = [_day(stamp.at) for stamp in stamps if stamp.step is step]
        notes = dict.fromkeys(stamp.note for stamp in stamps if stamp.step is step and stamp.note)
        what = "；".join(notes) or usual[step]
        made.append(StepRecord(str(STEP_LABELS[step]), max(days, default=None), what, persons.get(step)))
    return tuple(made)


def _methods(facts: _Facts) -> tuple[MethodRow, ...]:
    channels = facts.answered.channels
    all_rows = (
        MethodRow("资料核查", "活动记录、签到表和现场照片", sum(count for _one, count in facts.activities), "份"),
        MethodRow("财务核查", "已认可的支出凭证，逐笔核对预算科目", facts.counts["vouchers"], "笔"),
        MethodRow("现场走访", "服务场地和活动现场", facts.counts["visits"], "次"),
        MethodRow(
            "问卷调查",
            "面向实际服务对象的匿名问卷",
            channels[SurveyChannel.LINK] + channels[SurveyChannel.PAPER],
            "份",
        ),
        MethodRow("电话访问", "电话询问服务对象，由工作人员记录", channels[SurveyChannel.PHONE], "人"),
    )
    return tuple(row for row in all_rows if row.count)


def _targets(facts: _Facts) -> tuple[TargetRow, ...]:
    held = [one for one, _proofs in facts.activities]
    rate = satisfaction(facts.answered.satisfaction).rate
    known = {
        Measure.ACTIVITY_COUNT: Decimal(len(held)),
        Measure.PERSON_COUNT: Decimal(sum(one.person_count for one in held)),
        Measure.ATTENDANCE_COUNT: Decimal(sum(one.attendance_count for one in held)),
        Measure.SATISFACTION_PERCENT: None if rate is None else decimal(rate * 100, 1),
    }
    made = []
    for indicator, measured in facts.indicators:
        actual = known.get(indicator.measure)
        if indicator.measure is Measure.MANUAL:
            actual = decimal(measured.value) if measured else None
        made.append(
            TargetRow(
                kind=str(INDICATOR_KIND_LABELS[indicator.kind]),
                name=indicator.name,
                unit=indicator.unit,
                target=decimal(indicator.target) or Decimal(0),
                actual=actual,
                evidence=(measured.source if measured else "") or indicator.evidence,
                deviation=measured.note if measured else "",
                is_lower_better=indicator.kind is IndicatorKind.OUTPUT_COST,
                judged_percent=decimal(measured.level_percent) if measured else None,
                cut_percent=(decimal(measured.cut_percent) if measured else None) or Decimal(0),
            )
        )
    return tuple(made)


def _activity(one: Activity, proofs: int) -> ActivityRow:
    minutes = (one.ends.hour - one.starts.hour) * 60 + one.ends.minute - one.starts.minute
    hours = round(Decimal(one.volunteer_count * minutes) / 60, 1)
    return ActivityRow(one.held_on, one.title, one.place_text, one.attendance_count, hours, f"佐证{proofs}份")


def _budget(facts: _Facts) -> tuple[BudgetRow, ...]:
    agreed: dict[BudgetCode, int] = {}
    spent: dict[BudgetCode, int] = {}
    for line, used in facts.lines:
        agreed[line.code] = agreed.get(line.code, 0) + line.amount_fen
        spent[line.code] = spent.get(line.code, 0) + used
    return tuple(
        BudgetRow(code.value, str(BUDGET_LABELS[code]), agreed[code], 0, spent[code]) for code in sorted(agreed)
    )


def _spent(facts: _Facts, source: MoneySource) -> int:
    return sum(used for line, used in facts.lines if line.source is source)


def _paid(facts: _Facts) -> int:
    return sum(request.amount_fen for _tranche, request in facts.tranches if request is not None)


def _funding(facts: _Facts) -> tuple[FundingRow, ...]:
    agreement = facts.agreement
    fund = agreement.project.round.fund
    fiscal = FundingRow(
        str(FUND_SOURCE_LABELS[fund.source]),
        True,
        agreement.amount_fen,
        _paid(facts),
        _spent(facts, MoneySource.FISCAL),
    )
    social = _spent(facts, MoneySource.SOCIAL)
    if not (agreement.social_fen or social):
        return (fiscal,)
    # Money from society does not pass through the street: what is proved by vouchers is what is known to have come
    return fiscal, FundingRow("社会资金", False, agreement.social_fen, social, social)


def _tranches(facts: _Facts) -> tuple[TrancheRow, ...]:
    return tuple(
        TrancheRow(
            name=f"第{tranche.number}期",
            condition=str(GATE_LABELS[tranche.gate]),
            planned_fen=tranche.amount_fen,
            paid_on=request.paid_on if request else None,
            paid_fen=request.amount_fen if request else 0,
            reference=request.ref if request else "",
        )
        for tranche, request in facts.tranches
    )


def _ratios(facts: _Facts) -> tuple[RatioRow, ...]:
    agreement = facts.agreement
    own = next(peer for peer in facts.peers if peer.agreement_id == agreement.id).ratios()
    others = rows.medians(facts.peers, agreement.id)
    compared = (
        ("person", "人均成本", "支出÷受益人数", "元/人"),
        ("attendance", "人次成本", "支出÷服务人次", "元/人次"),
        ("activity", "场均成本", "支出÷活动场次", "元/场"),
        ("reach", "每万元受益人次", "服务人次÷支出（万元）", "人次"),
        ("leverage", "社会资金撬动比", "社会资金÷财政资金", ""),
    )
    made = [RatioRow(name, formula, unit, own[key], others.get(key)) for key, name, formula, unit in compared]
    spent = sum(used for _line, used in facts.lines)
    for code, name in ((BudgetCode.STAFF, "人员费占比"), (BudgetCode.MANAGEMENT, "管理费占比")):
        part = sum(used for line, used in facts.lines if line.code is code)
        made.append(RatioRow(name, f"{name[:-2]}÷支出", "%", Decimal(part * 100) / spent if spent else None, None))
    raised = min((_day(one.need.created_at) for one in facts.needs), default=None)
    days = Decimal((agreement.starts_on - raised).days) if raised else None
    return (*made, RatioRow("需求响应时长", "首项需求提出至项目启动", "天", days, None, 0))


def _survey(facts: _Facts) -> SurveyResult:
    given = facts.answered
    total = sum(given.satisfaction.values())
    quotes = [text for text in given.comments if 6 <= len(text) <= 120][:MOST_QUOTES]
    return SurveyResult(
        # Answers by telephone or on paper may come from people who got no link
        issued_count=max(facts.counts["invited"], total),
        returned_count=total,
        answers=satisfaction(given.satisfaction),
        senses=tuple(SenseRow(str(label), points_of_five(given.senses[name])) for name, label in SENSE_LABELS.items()),
        rechecked_count=facts.counts["called"],
        quotes=tuple(Quote(text, "匿名问卷") for text in quotes),
    )


def _finding(order: Any, issuer: str) -> FindingRow:
    closed = _day(order.closed_at) if order.closed_at else None
    result = order.recheck_note if closed else (order.answer or "整改中")
    return FindingRow(_day(order.issued_at), issuer, order.problem, "限期整改", order.due_on, closed, result or "")


def _partners(facts: _Facts) -> tuple[PartnerRow, ...]:
    links = facts.agreement.project.five_links
    judged = [(item, point) for item, point in facts.scores if item.code == "future_links" and point is not None]
    share = judged[0][1].points / judged[0][0].max_points if judged else 0
    return tuple(
        PartnerRow(str(label), min(5, round(5 * share)) if links.get(key) else 0, links.get(key) or "未涉及")
        for key, label in FIVE_LINKS.items()
    )


def _score(criterion: Any, point: Any) -> ScoreRow:
    given = decimal(point.points) if point else None
    basis = point.basis if point else "尚未评分"
    return ScoreRow(criterion.group, criterion.name, Decimal(criterion.max_points), given or Decimal(0), basis)


def _use_of_result(facts: _Facts) -> str:
    paid, spent = _paid(facts), _spent(facts, MoneySource.FISCAL)
    money = f"截至数据统计时，财政资金已拨付{yuan(paid)}元，认可支出{yuan(spent)}元"
    if paid > spent:
        money += f"，结余{yuan(paid - spent)}元；项目结项时，结余资金按协议约定退回"
    elif spent > paid:
        money += f"，超出已拨付部分{yuan(spent - paid)}元，在尾款额度内据实结算"
    return f"评估结果计入执行机构在本届公益创投中的履约记录，并向居民公开。\n{money}。"
