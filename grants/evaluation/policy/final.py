"""What an actor may do with surveys and evaluations, and why not."""

from grants.agreements.models import Agreement
from grants.agreements.rules import AgreementStatus
from grants.evaluation import queries
from grants.evaluation.models import Evaluation, Survey
from grants.evaluation.policy.appeals import why_appeal_waits
from grants.evaluation.rules import EvaluationStatus, SurveyStatus
from grants.foundation.i18n import _
from grants.foundation.money import yuan
from grants.funds import queries as funds
from grants.payments import queries as payments
from grants.people.models import User
from grants.people.rules import Role
from grants.projects.rules import ProjectStatus


def why_not_open_survey(actor: User, agreement: Agreement) -> str | None:
    """Say why the actor may not open the survey of a project."""
    if not actor.has_role(Role.PROGRAMME) and agreement.project.community_id not in actor.community_ids:
        return _("满意度调查由社区建设部或项目所在社区居委会发起。")
    if agreement.status is not AgreementStatus.SIGNED:
        return _("只有履行中的项目可以发起满意度调查。")
    return None


def why_not_answer(actor: User, survey: Survey) -> str | None:
    """Say why the actor may not answer with their own account: those do whom the project served, once."""
    if survey.status is not SurveyStatus.OPEN:
        return _("调查已经结束，感谢您的关心。")
    resident = actor.resident
    if resident is None:
        return _("评价由项目服务过的居民填写，请用居民账号登录。")
    invitation = queries.find_own_invitation(survey, resident)
    if invitation is not None and invitation.is_used:
        return _("您已经评价过了，每人只能评价一次。")
    if invitation is None and not queries.was_served(survey.agreement_id, resident):
        return _("这项评价只请参加过活动的居民填写。如果您参加过但没有签到，请向社区居委会索取纸质答题码。")
    return None


def why_not_enter_answer(actor: User, survey: Survey) -> str | None:
    """Say why the actor may not type in an answer given by phone or on paper."""
    if survey.status is not SurveyStatus.OPEN:
        return _("调查已经结束。")
    if not actor.has_role(Role.PROGRAMME) and survey.agreement.project.community_id not in actor.community_ids:
        return _("电话和纸质答卷由社区建设部或项目所在社区居委会录入。")
    return None


def why_not_close_survey(actor: User, survey: Survey) -> str | None:
    """Say why the actor may not close the survey."""
    if survey.status is not SurveyStatus.OPEN:
        return _("调查已经结束。")
    if not actor.has_role(Role.PROGRAMME):
        return _("只有社区建设部可以结束调查。")
    return why_too_few_answers(survey.agreement) or why_too_few_checks(survey)


def why_too_few_answers(agreement: Agreement) -> str | None:
    """Say how many people served have yet to rate a project before it may go on."""
    needed = queries.sample_of(agreement).needed
    given = queries.survey_summary(agreement.id).answers
    if given >= needed:
        return None
    return _("至少需要 %(needed)d 位服务对象评价，目前只有 %(given)d 位，请继续征集。", needed=needed, given=given)


def why_too_few_checks(survey: Survey) -> str | None:
    """Say how many people have yet to be called before the survey may end."""
    sample = queries.sample_of(survey.agreement)
    if sample.checked >= sample.checks_needed:
        return None
    return _(
        "至少要电话复核 %(needed)d 位服务对象，目前接通 %(given)d 位，请继续复核。",
        needed=sample.checks_needed,
        given=sample.checked,
    )


def why_not_check(actor: User, survey: Survey) -> str | None:
    """Say why the actor may not note a call: those who typed answers in do not check them."""
    if survey.status is not SurveyStatus.OPEN:
        return _("调查已经结束。")
    if not actor.has_role(Role.PROGRAMME) and survey.agreement.project.community_id not in actor.community_ids:
        return _("电话复核由社区建设部或项目所在社区居委会办理。")
    if queries.has_entered_answers(survey, actor):
        return _("您录入过这项调查的答卷，请由其他人员电话复核。")
    return None


def why_not_assess_self(actor: User, evaluation: Evaluation) -> str | None:
    """Say why the actor may not write the organisation's self-assessment."""
    if evaluation.agreement.organisation_id not in actor.organisation_ids:
        return _("自评由承接组织填写。")
    return _("评价已提交审定，不能再修改。") if evaluation.status is not EvaluationStatus.DRAFT else None


def why_not_draft(actor: User, agreement: Agreement) -> str | None:
    """Say why the actor may not start the final evaluation."""
    if not actor.has_role(Role.PROGRAMME):
        return _("末期评价由社区建设部组织。")
    return None if agreement.status is AgreementStatus.SIGNED else _("只有履行中的项目可以开始末期评价。")


def why_not_score(actor: User, evaluation: Evaluation) -> str | None:
    """Say why the actor may not set points."""
    if not actor.has_role(Role.PROGRAMME):
        return _("末期评价由社区建设部评分。")
    return _("评价已提交审定，不能再修改。") if evaluation.status is not EvaluationStatus.DRAFT else None


def why_not_decide(actor: User, evaluation: Evaluation) -> str | None:
    """Say why the actor may not publish the evaluation or send it back."""
    if not actor.has_role(Role.APPROVER):
        return _("评价结果由分管领导审定公布。")
    if evaluation.status is not EvaluationStatus.SUBMITTED:
        return _("只有待审定的评价可以公布或退回。")
    is_own = actor.id in (evaluation.drafted_by_id, evaluation.scored_by_id)
    return _("评分人和审定人须为不同的人。") if is_own else None


def is_evaluator(actor: User) -> bool:
    """Tell whether final evaluations are the actor's work."""
    return actor.has_role(Role.PROGRAMME)


def why_not_see_survey(actor: User, survey: Survey) -> str | None:
    """Say why the actor may not see how a survey goes."""
    if actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR):
        return None
    if survey.agreement.project.community_id in actor.community_ids:
        return None
    return _("调查进展只对社区建设部、所在社区和监督人员开放。")


def why_not_settle(actor: User, evaluation: Evaluation) -> str | None:
    """Say why the actor may not take back what was not paid."""
    if not actor.has_role(Role.FINANCE):
        return _("结余收回由街道财政办理。")
    if evaluation.status is not EvaluationStatus.PUBLISHED:
        return _("评价结果公布后才能收回结余。")
    if not funds.project_money(evaluation.agreement.project.ref).available_fen:
        return _("没有可以收回的结余。")
    return why_appeal_waits(evaluation)


def why_not_close_project(actor: User, evaluation: Evaluation) -> str | None:
    """Say why the actor may not close the project: residents' ratings lack, or money is still open."""
    if not actor.has_role(Role.PROGRAMME):
        return _("项目结项由社区建设部办理。")
    if evaluation.status is not EvaluationStatus.PUBLISHED:
        return _("评价结果公布后才能结项。")
    agreement = evaluation.agreement
    if agreement.project.status is not ProjectStatus.EVALUATED:
        return _("项目已经结项。")
    return why_appeal_waits(evaluation) or why_too_few_answers(agreement) or _why_money_is_open(agreement)


def _why_money_is_open(agreement: Agreement) -> str | None:
    if agreement.status is AgreementStatus.COMPLETED and not payments.is_final_settled(agreement):
        return _("尾款还没有拨付到账，不能结项。")
    money = funds.project_money(agreement.project.ref)
    open_fen = money.available_fen + money.reserved_fen
    if open_fen:
        return _("还有 %(yuan)s 元未支付或未收回，结清后才能结项。", yuan=yuan(open_fen))
    return None


def why_not_read(actor: User | None, evaluation: Evaluation) -> str | None:
    """Say why the actor may not read an evaluation: unpublished ones are for those who work on them."""
    if evaluation.status is EvaluationStatus.PUBLISHED:
        return None
    if actor is not None:
        if actor.has_role(Role.PROGRAMME, Role.APPROVER, Role.SUPERVISOR, Role.FINANCE):
            return None
        project = evaluation.agreement.project
        if (
            project.community_id in actor.community_ids
            or evaluation.agreement.organisation_id in actor.organisation_ids
        ):
            return None
    return _("评价结果还没有公布。")
