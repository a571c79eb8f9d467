"""How far a project has come, in the words of the trace: one line a stage, with what to expect where it is not yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.needs.rules import NeedStatus, Step, StepState, step_states
from grants.portal.queries.trace import Trace
from grants.projects.rules import PROJECT_STATUS_LABELS, ProjectStatus
from grants.rounds.rules import Phase, day_words

ENDED = (ProjectStatus.REJECTED, ProjectStatus.TERMINATED)


@dataclass(frozen=True)
class Expected:
    """When the phases of the round begin, to say what comes next."""

    days: dict[Phase, date]
    today: date

    def words(self, phase: Phase) -> str:
        """Return when a stage that has not come yet is planned."""
        day = self.days.get(phase)
        if day is None:
            return _("还没有到这一步。")
        if day <= self.today:
            return _("还没有到这一步，本届的这一阶段已经开始，正在准备。")
        return _("还没有到这一步，预计%(day)s开始。", day=day_words(day))


def six_steps(trace: Trace) -> list[tuple[None, datetime | None, str]]:
    """Return the six stamps of the needs behind a project: the first day on which any of them earned each."""
    given: dict[Step, datetime] = {}
    for need in trace.needs:
        for stamp in need.stamps:
            given[stamp.step] = min(given.get(stamp.step, stamp.at), stamp.at)
    status = NeedStatus.DECLINED if trace.project.status in ENDED else NeedStatus.ADOPTED
    return [(None, given.get(step), state.value) for step, state in step_states(status, given)]


def stages(trace: Trace, expected: Expected) -> list[tuple[str, str, str, str, str]]:
    """Return the lines of the trace: (stage, title, text, href, state)."""
    rows = [
        (_("需求"), *_needs(trace), "#needs"),
        (_("投票"), *_votes(trace), "#votes"),
        (_("立项"), *_project(trace), "#project"),
        (_("承接组织"), *_implementer(trace, expected), "#implementer"),
        (_("协议"), *_agreement(trace, expected), "#agreement"),
        (_("实施监督"), *_evidence(trace, expected), "#evidence"),
        (_("资金"), *_money(trace), "#money"),
        (_("评价"), *_rating(trace, expected), "#rating"),
    ]
    over = trace.project.status in ENDED
    return [
        (stage, title, text, href, _state(done, rows[:at], over))
        for at, (stage, title, text, done, href) in enumerate(rows)
    ]


def _state(done: bool | None, before: Sequence[Any], over: bool) -> str:
    """Return a stage's state: `done` is None while it is going on."""
    if done:
        return StepState.DONE.value
    if over:
        return StepState.SKIPPED.value
    if done is None:
        return StepState.CURRENT.value
    return StepState.CURRENT.value if all(row[3] for row in before) else StepState.TODO.value


def _needs(trace: Trace) -> tuple[str, str, bool | None]:
    people = sum(need.support_count for need in trace.needs)
    count = len(trace.needs)
    return _("回应 %(count)s 条居民需求", count=count), _("共有 %(people)s 人说“我也需要”。", people=people), True


def _votes(trace: Trace) -> tuple[str, str, bool | None]:
    counted = [line for line in trace.polls if line.result]
    if counted:
        line = counted[-1]
        votes = line.result["votes"] if line.result else 0
        return _("得 %(votes)s 票", votes=votes), line.poll.title, True
    if trace.polls:
        return _("投票尚未公布结果"), trace.polls[-1].poll.title, None
    if trace.project.meeting is not None:
        return _("由居民议事会议决定"), day_words(trace.project.meeting.held_on), True
    return _("未经投票"), _("这个项目的需求由居民议事采纳，没有列入投票。"), True


def _project(trace: Trace) -> tuple[str, str, bool | None]:
    project = trace.project
    label = str(PROJECT_STATUS_LABELS[project.status])
    if project.status is ProjectStatus.REJECTED:
        return label, project.rejection_reason or "", False
    ceiling = _("资助上限 %(amount)s 元。", amount=yuan(project.ceiling_fen))
    return (_("已立项"), ceiling, True) if project.funded_at else (label, ceiling, None)


def _implementer(trace: Trace, expected: Expected) -> tuple[str, str, bool | None]:
    if trace.call is None:
        return _("尚未公开征集"), expected.words(Phase.CALL), False
    count = _("收到 %(count)s 份申报。", count=trace.application_count)
    chosen = trace.ranking[0] if trace.ranking else None
    if chosen is None:
        return _("正在遴选"), _("评审结果公示后在这里公开得分与名次。"), None
    if trace.call.awarded_at is None:
        return chosen.organisation.name, _("拟入选，正在公示。") + count, None
    return chosen.organisation.name, count, True


def _agreement(trace: Trace, expected: Expected) -> tuple[str, str, bool | None]:
    agreement = trace.agreement
    if agreement is None or agreement.signed_on is None:
        return _("尚未签约"), expected.words(Phase.AGREEMENT), False
    amount = _("协议金额 %(amount)s 元", amount=yuan(agreement.amount_fen))
    return amount, _("%(day)s签订。", day=day_words(agreement.signed_on)), True


def _evidence(trace: Trace, expected: Expected) -> tuple[str, str, bool | None]:
    if trace.agreement is None:
        return _("尚未实施"), expected.words(Phase.DELIVERY), False
    title = _("开展活动 %(count)s 场", count=len(trace.recorded))
    text = _("服务 %(persons)s 人、%(times)s 人次，实地走访 %(visits)s 次。", persons=trace.person_count,
             times=trace.attendance_count, visits=len(trace.visits))  # fmt: skip
    return title, text, True if trace.agreement.completed_on else None


def _money(trace: Trace) -> tuple[str, str, bool | None]:
    if not trace.awarded_fen:
        return _("尚未安排资金"), _("承接组织确定后，授予、拨付和支出会逐笔列在这里。"), False
    title = _("已拨付 %(paid)s 元", paid=yuan(trace.paid_fen))
    text = _("授予 %(award)s 元，已核销支出 %(spent)s 元。", award=yuan(trace.awarded_fen), spent=yuan(trace.spent_fen))
    return title, text, True if trace.project.closed_at else None


def _rating(trace: Trace, expected: Expected) -> tuple[str, str, bool | None]:
    evaluation, survey = trace.evaluation, trace.survey
    if evaluation is not None and evaluation.grade is not None:
        words = _("得分 %(total)s", total=evaluation.total)
        if survey and survey.answers:
            words = _(
                "得分 %(total)s，居民满意率 %(percent)s%%", total=evaluation.total, percent=survey.satisfied_percent
            )
        return str(evaluation.grade_label), words, True
    if survey is not None:
        return _("满意度调查"), _("已有 %(count)s 位受益居民作答。", count=survey.answers), None
    return _("尚未评价"), expected.words(Phase.EVALUATION), False
