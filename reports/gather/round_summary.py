"""What the 届次总结 says, summed over everything a round has led to."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.evaluation.rules import GRADE_LABELS, SENSE_LABELS, EvaluationStatus, Grade, Satisfaction
from grants.foundation.clock import local, today
from grants.foundation.errors import RuleBroken
from grants.foundation.i18n import _
from grants.foundation.money import wan
from grants.needs.rules import NeedStatus, Triage
from grants.people.rules import AgeBand
from grants.rounds.models import Envelope, Round
from grants.rounds.rules import CATEGORY_LABELS, Category, RoundStatus
from grants.selection.rules import ApplicationStatus
from reports.data.common import Answers, Signatory
from reports.data.round_summary import (
    AgeRow,
    CommunityRow,
    EnvelopeRow,
    FunnelStep,
    HandledRow,
    MonthRow,
    NeedCount,
    OutcomeRow,
    ProjectRow,
    RoundSummary,
    SenseRow,
    StageRow,
)
from reports.formatting import decimal as written
from reports.formatting import percent
from reports.gather import summary_rows as rows
from reports.gather.common import Gathered, decimal, points_of_five, satisfaction, unissued_stamp

TITLE = "工作总结报告"
EXPECTED = ((Triage.SERVICE, "服务", 70), (Triage.MANAGEMENT, "管理", 20), (Triage.ENFORCEMENT, "执法", 10))
AGE_NAMES = {
    AgeBand.UNDER_18: "18岁以下",
    AgeBand.FROM_18: "18—34岁",
    AgeBand.FROM_35: "35—59岁",
    AgeBand.FROM_60: "60—74岁",
    AgeBand.FROM_75: "75岁以上",
}
UNSUBMITTED = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)
NOT_ADMITTED = (*UNSUBMITTED, ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED, ApplicationStatus.INELIGIBLE)
LOW_EXECUTION = 80


@dataclass(frozen=True)
class _Facts:
    """Everything read for one summary."""

    round: Round
    envelopes: Sequence[Envelope]
    first_on: date | None
    last_on: date | None
    needs: Sequence[Any]
    communities: Sequence[Any]
    turnout: Sequence[Any]
    agreed: Sequence[Any]
    answers: Sequence[Any]
    payments: Sequence[rows.DatedSum]
    spending: Sequence[rows.DatedSum]
    activities: dict[uuid.UUID, tuple[int, int, int]]
    applications: dict[ApplicationStatus, int]
    persons: dict[str, int]


def gather(reference: str) -> Gathered:
    """Return the summary of a round; a draft until the round is closed.

    Raises NotFound, and RuleBroken while no project of the round has an agreement: there is nothing to sum up.
    """
    facts = _read(reference)
    if not facts.agreed:
        raise RuleBroken(_("本届还没有签订协议的项目，暂时没有可以总结的内容。"))
    is_draft = facts.round.status in (RoundStatus.DRAFT, RoundStatus.OPEN)
    return Gathered(
        document=_fill(facts, is_draft),
        title=facts.round.name + TITLE,
        series=f"ZJ-{facts.round.year}-{facts.round.number:02d}",
        is_draft=is_draft,
    )


def _read(reference: str) -> _Facts:
    found = rows.get_round(reference)
    envelopes, first_on, last_on = rows.envelopes_and_phases(found.id)
    return _Facts(
        found,
        envelopes,
        first_on,
        last_on,
        rows.needs(found.id),
        rows.communities(found.street_id),
        rows.turnout(found.id),
        rows.agreed_projects(found.id),
        rows.answers(found.id),
        rows.payments(found.id),
        rows.spending(found.id),
        rows.activities(found.id),
        rows.applications(found.id),
        rows.participation(found.id),
    )


def _fill(facts: _Facts, is_draft: bool) -> RoundSummary:
    found = facts.round
    projects, communities, ages = _projects(facts), _communities(facts), _ages(facts)
    needs = _needs(facts)
    answered = sum(row.answers.total for row in projects)
    return RoundSummary(
        stamp=unissued_stamp(is_draft=is_draft, signatories=(Signatory("编制"), Signatory("审核"), Signatory("审批"))),
        street_name=found.street.name,
        round_name=found.name.removeprefix(found.street.name),
        period_start_on=facts.first_on or local(found.created_at).date(),
        period_end_on=_end(facts),
        overview=(
            f"{found.name}由社区建设部牵头、各社区居委会负责，围绕居民需求的收集与筛选、服务项目的立项决策、"
            "执行机构的选择、实施过程监督和服务效率评价五项机制，组织居民全程参与。本总结中的数据均由业务记录汇总生成。"
        ),
        categories=tuple(str(CATEGORY_LABELS[category]) for category in Category),
        grades=tuple(str(GRADE_LABELS[grade]) for grade in Grade),
        funnel=_funnel(facts, needs),
        needs=needs,
        handled=_handled(facts),
        stages=_stages(facts, answered),
        communities=communities,
        ages=ages,
        envelopes=_envelopes(facts),
        projects=projects,
        months=_months(facts),
        senses=_senses(facts),
        outcomes=_outcomes(projects),
        cases=(),
        achievements=_achievements(facts, projects, needs),
        problems=_problems(projects, communities, ages),
        plans=_plans(projects, communities, ages),
    )


def _end(facts: _Facts) -> date:
    if facts.round.closed_at is not None:
        return local(facts.round.closed_at).date()
    return facts.last_on or today()


def _needs(facts: _Facts) -> tuple[NeedCount, ...]:
    raised: Counter[tuple[Category, str]] = Counter()
    kept: Counter[tuple[Category, str]] = Counter()
    adopted: Counter[tuple[Category, str]] = Counter()
    for category, community, status, _triage, count in facts.needs:
        raised[category, community] += count
        if status is not NeedStatus.MERGED:
            kept[category, community] += count
        if status is NeedStatus.ADOPTED:
            adopted[category, community] += count
    return tuple(
        NeedCount(
            str(CATEGORY_LABELS[category]), one.name, *(part[category, one.name] for part in (raised, kept, adopted))
        )
        for category in Category
        for one in facts.communities
        if raised[category, one.name]
    )


def _handled(facts: _Facts) -> tuple[HandledRow, ...]:
    sums: Counter[Triage] = Counter()
    for _category, _community, status, triage, count in facts.needs:
        if triage is not None and status is not NeedStatus.MERGED:
            sums[triage] += count
    return tuple(HandledRow(name, sums[triage], expected) for triage, name, expected in EXPECTED)


def _funnel(facts: _Facts, needs: Sequence[NeedCount]) -> tuple[FunnelStep, ...]:
    handed_in = sum(count for status, count in facts.applications.items() if status not in UNSUBMITTED)
    admitted = sum(count for status, count in facts.applications.items() if status not in NOT_ADMITTED)
    return (
        FunnelStep("居民提出需求", sum(row.raised_count for row in needs), "线上、电话、窗口、纸质和入户登记"),
        FunnelStep("合并后需求", sum(row.merged_count for row in needs), "同类合并，逐条答复提出人"),
        FunnelStep("采纳需求", sum(row.approved_count for row in needs), "两委审事、民主议事、居民投票"),
        FunnelStep("批准立项", facts.persons["funded"], f"公示期满，受理异议{facts.persons['objections']}件"),
        FunnelStep("收到申报", handed_in, "已提交的申报书"),
        FunnelStep("通过资格审查", admitted, "未通过的均告知原因"),
        FunnelStep("签订协议", len(facts.agreed), "专家与居民评审团共同打分选定"),
    )


def _stages(facts: _Facts, answered: int) -> tuple[StageRow, ...]:
    persons = facts.persons
    return (
        StageRow("需求收集与筛选", "提出需求和附议", persons["raisers"]),
        StageRow("立项决策", "在预算内投票决定项目", persons["voters"]),
        StageRow("执行机构选择", "担任居民评审团成员，为申报项目打分", persons["jurors"]),
        StageRow(
            "实施过程监督",
            "担任居民监督员、扫码签到核实活动、投诉建议",
            persons["supervisors"] + persons["signed_in"] + persons["complaints"],
        ),
        StageRow("服务效率评价", "填写满意度问卷", answered),
    )


def _communities(facts: _Facts) -> tuple[CommunityRow, ...]:
    sums: dict[uuid.UUID, list[int]] = defaultdict(lambda: [0, 0, 0])
    for community, _band, *counts in facts.turnout:
        sums[community] = [was + int(more) for was, more in zip(sums[community], counts, strict=True)]
    return tuple(CommunityRow(one.name, one[3], one.population, *sums[one.id]) for one in facts.communities)


def _ages(facts: _Facts) -> tuple[AgeRow, ...]:
    sums: dict[AgeBand, list[int]] = {}
    for _community, band, *counts in facts.turnout:
        sums[band] = [was + int(more) for was, more in zip(sums.get(band, [0, 0, 0]), counts, strict=True)]
    return tuple(AgeRow(AGE_NAMES[band], *sums[band]) for band in AgeBand if band in sums)


def _envelopes(facts: _Facts) -> tuple[EnvelopeRow, ...]:
    planned: Counter[Category] = Counter()
    for envelope in facts.envelopes:
        planned[envelope.category] += envelope.amount_fen
    return tuple(EnvelopeRow(str(CATEGORY_LABELS[category]), planned[category]) for category in Category)


def _sums(dated: Iterable[rows.DatedSum]) -> Counter[uuid.UUID]:
    sums: Counter[uuid.UUID] = Counter()
    for one in dated:
        sums[one.agreement_id] += one.amount_fen
    return sums


def _answers(facts: _Facts) -> dict[uuid.UUID, Answers]:
    counted: dict[uuid.UUID, Counter[Satisfaction]] = defaultdict(Counter)
    for agreement, answer, _gain, _happiness, _safety, count in facts.answers:
        counted[agreement][answer] += count
    return {agreement: satisfaction(counts) for agreement, counts in counted.items()}


def _projects(facts: _Facts) -> tuple[ProjectRow, ...]:
    paid, spent, answers = _sums(facts.payments), _sums(facts.spending), _answers(facts)
    made = []
    for agreement, project, community, organisation, total, grade, status in facts.agreed:
        activities, persons, attendances = facts.activities.get(agreement.id, (0, 0, 0))
        is_final = status is EvaluationStatus.PUBLISHED
        made.append(
            ProjectRow(
                reference=project.ref,
                name=project.title,
                category=str(CATEGORY_LABELS[project.category]),
                community=community,
                implementer=organisation,
                is_hosted=agreement.payee_id != agreement.organisation_id,
                fiscal_fen=agreement.amount_fen,
                social_fen=agreement.social_fen,
                paid_fen=paid[agreement.id],
                spent_fen=spent[agreement.id],
                beneficiary_count=persons,
                attendance_count=attendances,
                activity_count=activities,
                answers=answers.get(agreement.id, Answers((0, 0, 0, 0, 0))),
                score=decimal(total) if is_final else None,
                grade=str(GRADE_LABELS[grade]) if is_final else "",
            )
        )
    return tuple(made)


def _months(facts: _Facts) -> tuple[MonthRow, ...]:
    paid: Counter[date] = Counter()
    spent: Counter[date] = Counter()
    for sums, dated in ((paid, facts.payments), (spent, facts.spending)):
        for one in dated:
            sums[one.on.replace(day=1)] += one.amount_fen
    return tuple(MonthRow(month, paid[month], spent[month]) for month in sorted(set(paid) | set(spent)))


def _senses(facts: _Facts) -> tuple[SenseRow, ...]:
    counted: dict[str, Counter[int]] = {name: Counter() for name in SENSE_LABELS}
    for _agreement, _answer, gain, happiness, safety, count in facts.answers:
        for name, points in (("gain", gain), ("happiness", happiness), ("safety", safety)):
            counted[name][points] += count
    return tuple(SenseRow(str(label), points_of_five(counted[name])) for name, label in SENSE_LABELS.items())


def _outcomes(projects: Sequence[ProjectRow]) -> tuple[OutcomeRow, ...]:
    excellent = str(GRADE_LABELS[Grade.EXCELLENT])
    evaluated = [row for row in projects if row.grade]
    best = [row for row in evaluated if row.grade == excellent]
    hosted = {row.implementer for row in projects if row.is_hosted}
    return (
        OutcomeRow("专业化社会组织", "承接项目的组织和团队", "家", len({row.implementer for row in projects}), None),
        OutcomeRow("专业化社会组织", "由登记组织托管带动的备案团队", "家", len(hosted), None),
        OutcomeRow("优质化社会服务项目", "完成末期评估的项目", "个", len(evaluated), None),
        OutcomeRow("优质化社会服务项目", "评估优秀的项目", "个", len(best), None),
        OutcomeRow("精品化服务社区", "有优秀项目的社区", "个", len({row.community for row in best}), None),
    )


def _uncovered(projects: Sequence[ProjectRow], communities: Sequence[CommunityRow]) -> list[str]:
    covered = {row.community for row in projects}
    return [row.name for row in communities if row.name not in covered]


def _achievements(facts: _Facts, projects: Sequence[ProjectRow], needs: Sequence[NeedCount]) -> tuple[str, ...]:
    fiscal, social = sum(row.fiscal_fen for row in projects), sum(row.social_fen for row in projects)
    adopted, kept = sum(row.approved_count for row in needs), sum(row.merged_count for row in needs)
    found = [f"需求有回应。合并后的{kept}项需求中采纳{adopted}项，未采纳的公开说明理由。"] if kept else []
    if facts.persons["voters"]:
        found.append(f"立项由居民决定。{facts.persons['voters']:,}名居民参加投票，投票结果决定立项次序。")
    if social:
        found.append(f"资金有撬动。财政资金{wan(fiscal)}万元，带动社会资金{wan(social)}万元。")
    return tuple(found)


def _low_band(ages: Sequence[AgeRow]) -> AgeRow | None:
    known = [row for row in ages if row.eligible_count]
    return min(known, key=lambda row: row.voter_count / row.eligible_count) if len(known) > 1 else None


def _problems(
    projects: Sequence[ProjectRow], communities: Sequence[CommunityRow], ages: Sequence[AgeRow]
) -> tuple[str, ...]:
    found = []
    uncovered = _uncovered(projects, communities)
    if uncovered:
        found.append(f"项目分布不均，{'、'.join(uncovered)}本届没有签约项目。")
    low = _low_band(ages)
    if low is not None:
        found.append(f"各年龄段参与不均，{low.band}居民投票率最低，为{percent(low.voter_count, low.eligible_count)}。")
    slow = [row.name for row in projects if row.paid_fen and row.spent_fen * 100 < row.paid_fen * LOW_EXECUTION]
    if slow:
        found.append(f"资金执行偏慢，{len(slow)}个项目的支出不足已拨付资金的{written(LOW_EXECUTION, 0)}%。")
    failed = [row for row in projects if row.grade == str(GRADE_LABELS[Grade.FAIL])]
    if failed:
        found.append(f"{len(failed)}个项目评估不合格。")
    return tuple(found)


def _plans(
    projects: Sequence[ProjectRow], communities: Sequence[CommunityRow], ages: Sequence[AgeRow]
) -> tuple[str, ...]:
    found = ["未评估的项目按期完成末期评估，结果向居民公开。"] if any(not row.grade for row in projects) else []
    if _uncovered(projects, communities):
        found.append("下一届优先在没有签约项目的社区开展需求调研。")
    low = _low_band(ages)
    if low is not None:
        found.append(f"针对{low.band}居民增加便于参与的投票时间、地点和方式。")
    return tuple(found)
