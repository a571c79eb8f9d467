"""The pool of experts, the draw of a panel, replacements, and the declaration that comes before anything is seen."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from grants.foundation import audit
from grants.foundation.clock import local, now
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.notifications import notify
from grants.people.models import Organisation, User
from grants.people.queries import find_user
from grants.people.rules import Role
from grants.selection.models import (
    Application,
    Call,
    ConflictDeclaration,
    Expert,
    ExpertTie,
    PanelMember,
    Review,
)
from grants.selection.policy import judging as policy
from grants.selection.queries import judging as queries
from grants.selection.queries import papers
from grants.selection.rules import (
    REVIEW_FLOW,
    TIE_LABELS,
    ApplicationStatus,
    ReviewAction,
    ReviewStatus,
    Speciality,
    Tie,
    setting,
)
from grants.selection.rules.blinding import blind_labels
from grants.selection.rules.drawing import check_witness
from grants.selection.rules.drawing import draw_panel as draw
from grants.selection.service.calls import start_review
from grants.selection.service.holding import hold


def keep_expert(
    *,
    user: User,
    officer: User,
    speciality: Speciality,
    title: str = "",
    employer: str = "",
    is_in_pool: bool = True,
    note: str = "",
) -> Expert:
    """Enter an expert into the pool, or change the entry."""
    require(policy.why_not_keep_expert(officer))
    if not user.has_role(Role.EXPERT):
        raise RuleBroken(_("“%(name)s”没有评审专家角色，请先由系统管理员授予。", name=user.display_name))
    entry = db.session.get(Expert, user.id) or Expert(user_id=user.id, user=user)
    entry.speciality, entry.title, entry.employer = speciality, title.strip(), employer.strip()
    entry.is_in_pool, entry.note, entry.updated_at = is_in_pool, note.strip(), now()
    db.session.add(entry)
    audit.record("expert:keep", actor=officer, subject=user, speciality=speciality.value, is_in_pool=is_in_pool)
    return entry


def draw_panel(
    *, call: Call, officer: User, seed: str, size: int | None = None, witness: str = ""
) -> list[PanelMember]:
    """Draw the experts of a call from a seed said aloud, give every applicant a letter, and begin the review."""
    hold(call)
    require(policy.why_not_draw_panel(officer, call))
    seed, witness = seed.strip(), check_witness(witness)
    wanted = size or int(setting(call.project.round.settings, "panel_size"))
    pool = queries.list_candidates()
    drawn = draw(pool, wanted, seed)
    finance = {one.key for one in pool if one.is_finance}
    call.draw_seed = seed
    call.panel_log = {
        "seed": seed,
        "size": wanted,
        "at": local(now()).strftime("%Y-%m-%d %H:%M:%S"),
        "officer": officer.display_name,
        "witness": witness,
        "pool": sorted(one.key for one in pool),
        "finance": sorted(finance),
        "order": list(drawn.order),
        "chosen": list(drawn.chosen),
        "reserves": list(drawn.reserves),
    }
    members = [
        _seat(call, login, number, officer, is_finance=login in finance)
        for number, login in enumerate(drawn.chosen, start=1)
    ]
    _label(call, seed)
    start_review(call=call, officer=officer)
    audit.record("call:draw_panel", actor=officer, subject=call, seed=seed, chosen=list(drawn.chosen), witness=witness)
    return members


def _seat(call: Call, login: str, number: int, officer: User, *, is_finance: bool) -> PanelMember:
    expert = find_user(login)
    if expert is None:
        raise RuleBroken(_("抽中的专家账号 %(login)s 不存在。", login=login))
    member = PanelMember(
        call=call,
        expert=expert,
        label=_("专家 %(number)s", number=number),
        is_finance=is_finance,
        assigned_by_id=officer.id,
    )
    db.session.add(member)
    notify(
        expert.id,
        _("您被抽取为评审专家"),
        _("请先提交利益冲突声明，再开始评分。"),
        f"/reviews/{call.ref}/declaration",
    )
    return member


def _label(call: Call, seed: str) -> None:
    eligible = papers.list_applications(call, statuses=[ApplicationStatus.ELIGIBLE])
    labels = blind_labels([one.ref for one in eligible], seed)
    for application in eligible:
        application.blind_label = labels[application.ref]
    db.session.flush()


def replace_member(*, member: PanelMember, officer: User, reason: str) -> PanelMember:
    """Let the next expert of the draw take the seat of one who cannot review; a finance seat goes to finance."""
    hold(member.call)
    reviews = queries.list_reviews_of_member(member)
    require(policy.why_not_replace(officer, member, reviews))
    if not reason.strip():
        raise RuleBroken(_("请写明更换专家的理由。"), "reason")
    call = member.call
    panel = queries.list_panel(call)
    successor = _next_reserve(call, panel, member)
    member.replaced_at, member.replace_reason = now(), reason.strip()
    for review in reviews:
        if review.status is ReviewStatus.OPEN:
            review.status = REVIEW_FLOW.next(review.status, ReviewAction.RECUSE)
    is_finance = successor in call.panel_log["finance"]
    seated = _seat(call, successor, len(panel) + 1, officer, is_finance=is_finance)
    audit.record("call:replace_expert", actor=officer, subject=call, gone=member.label, reason=reason)
    return seated


def _next_reserve(call: Call, panel: Sequence[PanelMember], member: PanelMember) -> str:
    seated = {one.expert.login for one in panel}
    others = [one for one in panel if one.replaced_at is None and one.id != member.id]
    needs_finance = not any(one.is_finance for one in others)
    finance = set(call.panel_log["finance"])
    free = [login for login in call.panel_log["order"] if login not in seated]
    fitting = [login for login in free if login in finance or not needs_finance]
    if not fitting:
        raise RuleBroken(_("抽取名单里没有可以递补的专家，请补充专家库后重新征集。"))
    return str(fitting[0])


@dataclass(frozen=True)
class DeclaredTie:
    """An organisation that an expert declares to be tied to."""

    organisation: Organisation
    kind: Tie
    note: str = ""


def declare_conflicts(*, member: PanelMember, actor: User, ties: Sequence[DeclaredTie]) -> int:
    """Take an expert's ties and open the score sheets that they leave; returns how many applications are recused.

    Ties are declared against the whole register, so that the declaration itself does not tell who has applied.
    """
    hold(member.call)
    require(policy.why_not_declare(actor, member))
    for tie in ties:
        if tie.kind is Tie.OTHER and not tie.note.strip():
            raise RuleBroken(_("选择“其他”时请说明是什么关系。"), "ties")
        db.session.add(
            ExpertTie(member=member, organisation_id=tie.organisation.id, kind=tie.kind, note=tie.note.strip())
        )
    by_organisation = {tie.organisation.id: tie for tie in ties}
    recused = sum(_settle(member, one, by_organisation) for one in queries.list_labelled(member.call))
    member.declared_at = now()
    audit.record("review:declare", actor=actor, subject=member.call, seat=member.label, recused=recused)
    return recused


def _settle(member: PanelMember, application: Application, ties: dict[uuid.UUID, DeclaredTie]) -> bool:
    """Record what the ties mean for one application; a sheet is opened only where there is no conflict."""
    concerned = (application.organisation_id, application.payee_id, application.organisation.host_id)
    tie = next((ties[body] for body in concerned if body in ties), None)
    reason = f"{TIE_LABELS[tie.kind]} {tie.note}".strip() if tie else ""
    db.session.add(
        ConflictDeclaration(member=member, application=application, has_conflict=tie is not None, reason=reason)
    )
    if tie is None:
        db.session.add(Review(application=application, member=member))
    return tie is not None


def mark_conflict(*, review: Review, reason: str) -> None:
    """Turn the declaration behind a sheet into a conflict."""
    declaration = db.session.scalars(
        select(ConflictDeclaration).where(
            ConflictDeclaration.member_id == review.member_id,
            ConflictDeclaration.application_id == review.application_id,
        )
    ).one()
    declaration.has_conflict, declaration.reason = True, reason
