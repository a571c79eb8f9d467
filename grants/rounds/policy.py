"""What an account may do with rounds and notices, and when a phase allows a step."""

from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.funds import queries as funds
from grants.people.models import User
from grants.people.rules import Role
from grants.rounds import queries
from grants.rounds.models import Notice, PhaseExtension, Round
from grants.rounds.rules import (
    PHASE_LABELS,
    SCORE_TABLE_LABELS,
    NoticeStatus,
    Phase,
    RoundStatus,
    ScoreTableKind,
    day_words,
    setting_faults,
)


def why_not_in_phase(round: Round, phase: Phase) -> str | None:
    """Say why a step that belongs to a phase cannot be taken today."""
    if round.status is not RoundStatus.OPEN:
        return _("%(round)s目前不在进行中。", round=round.name)
    dates = queries.phase_of(round, phase)
    name = PHASE_LABELS[phase]
    if dates is None:
        return _("%(round)s没有安排“%(phase)s”阶段。", round=round.name, phase=name)
    day = queries.clock_day()
    if day < dates.starts_on:
        return _("“%(phase)s”阶段从%(day)s开始，请届时再来。", phase=name, day=day_words(dates.starts_on))
    if day > dates.ends_on:
        return _("“%(phase)s”阶段已于%(day)s结束。", phase=name, day=day_words(dates.ends_on))
    return None


def why_not_see_round(actor: User | None, round: Round) -> str | None:
    """Say why somebody may not look at a round: one in preparation is for the offices only."""
    if round.status is not RoundStatus.DRAFT:
        return None
    if actor is not None and actor.has_role(Role.PROGRAMME, Role.FINANCE, Role.APPROVER, Role.SUPERVISOR):
        return None
    return _("这一届还在筹备中，开启后即向社会公开。")


def why_not_create_round(actor: User) -> str | None:
    """Say why the actor may not prepare a round."""
    return None if actor.has_role(Role.PROGRAMME) else _("新一届公益创投由社区建设部筹备。")


def why_not_edit_round(actor: User, round: Round) -> str | None:
    """Say why the actor may not change a round; once open its rules are frozen."""
    if round.status is not RoundStatus.DRAFT:
        return _("本届已经开启，规则已冻结，不能再修改。")
    return why_not_create_round(actor)


def missing_for_opening(round: Round) -> list[str]:
    """List what a round still lacks before it can be opened."""
    missing = [sentence for _key, sentence in setting_faults(round.settings)]
    dated = {item.phase for item in round.phases}
    absent = [str(PHASE_LABELS[phase]) for phase in Phase if phase not in dated]
    if absent:
        missing.append(_("还没有安排日期的阶段：%(phases)s。", phases="、".join(absent)))
    kinds = {table.kind: sum(item.max_points for item in table.items) for table in round.score_tables}
    for kind in ScoreTableKind:
        if kinds.get(kind, 0) != 100:
            missing.append(
                _("%(table)s合计 %(sum)s 分，应为 100 分。", table=SCORE_TABLE_LABELS[kind], sum=kinds.get(kind, 0))
            )
    return missing + missing_money(round)


def missing_money(round: Round) -> list[str]:
    """List what stands between the envelopes and the fund."""
    total, held = queries.envelope_total(round), funds.pool_balance(round.fund)
    if total <= 0:
        return [_("还没有安排五类项目的额度。")]
    if total > held:
        return [
            _(
                "五类额度合计 %(total)s 元，超过专项资金待分配的 %(held)s 元。",
                total=yuan(total),
                held=yuan(held),
            )
        ]
    return []


def why_not_confirm_money(actor: User, round: Round) -> str | None:
    """Say why the actor may not confirm that the fund covers the envelopes."""
    if not actor.has_role(Role.FINANCE):
        return _("额度由街道财政确认。")
    return None if round.status is RoundStatus.DRAFT else _("本届已经开启。")


def why_not_open(actor: User, round: Round) -> str | None:
    """Say why the actor may not open a round: the leader does, after finance has confirmed the money."""
    if not actor.has_role(Role.APPROVER):
        return _("新一届由分管领导批准开启。")
    if round.money_confirmed_at is None:
        return _("街道财政尚未确认本届额度。")
    if actor.id in (round.money_confirmed_by_id, round.drafted_by_id):
        return _("筹备、确认额度和批准开启须由不同的人办理。")
    return None


def why_not_close(actor: User, round: Round) -> str | None:
    """Say why the actor may not end or archive a round."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("届次的结束和归档由社区建设部或分管领导办理。")
    return None


def why_not_extend(actor: User, round: Round) -> str | None:
    """Say why the actor may not ask for a later end of a phase."""
    if not actor.has_role(Role.PROGRAMME):
        return _("阶段延期由社区建设部提出。")
    return None if round.status is RoundStatus.OPEN else _("只有进行中的届次可以延期。")


def why_not_decide_extension(actor: User, extension: PhaseExtension) -> str | None:
    """Say why the actor may not agree to a later end: a second person does."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("延期由分管领导或另一位社区建设部人员复核。")
    if actor.id == extension.proposed_by_id:
        return _("延期由您提出，须由另一位同志复核。")
    return None


def why_not_publish(actor: User, round: Round) -> str | None:
    """Say why the actor may not publish a notice in a round."""
    if not actor.has_role(Role.PROGRAMME, Role.APPROVER):
        return _("公示由社区建设部发布。")
    return _("届次开启后才能发布公示。") if round.status is RoundStatus.DRAFT else None


def why_not_object(notice: Notice) -> str | None:
    """Say why nobody can object to a notice any more."""
    if notice.status is NoticeStatus.WITHDRAWN:
        return _("本公示已撤回，无需再提出异议。")
    if notice.status is NoticeStatus.ENDED or queries.clock_day() > notice.ends_on:
        return _(
            "公示期已于%(day)s结束，不再受理异议。如有问题线索，请通过投诉渠道反映。", day=day_words(notice.ends_on)
        )
    return None


def why_not_answer(actor: User) -> str | None:
    """Say why the actor may not handle objections."""
    return None if actor.has_role(Role.PROGRAMME, Role.APPROVER) else _("异议由社区建设部或分管领导受理答复。")


def why_not_read_objections(actor: User | None) -> str | None:
    """Say why somebody may not read objections; contact data stay masked even then."""
    if actor is not None and actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return None
    return _("异议内容只由受理部门和监督部门查看。")


def why_not_end(actor: User, notice: Notice) -> str | None:
    """Say why a notice cannot be ended: too early, or objections that stand in its way."""
    reason = why_not_publish(actor, notice.round)
    if reason:
        return reason
    if queries.clock_day() <= notice.ends_on and not notice.round.is_rehearsal:
        return _("公示期到%(day)s为止，期满后才能办结。", day=day_words(notice.ends_on))
    waiting = queries.count_open_objections(notice)
    if waiting:
        return _("还有 %(count)s 件异议没有答复，答复后才能办结。", count=waiting)
    if queries.has_upheld_objection(notice):
        return _("有异议成立，公示内容须重新处理：请撤回本公示。")
    return None
