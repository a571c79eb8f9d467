"""/organisations/<ref>/members and /join: colleagues are invited by link, join, change their part and leave."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation import mail
from grants.foundation.clock import local
from grants.foundation.errors import RuleBroken, require
from grants.foundation.i18n import _
from grants.foundation.web.forms import errors_on, page
from grants.people import current, policy, queries
from grants.people.forms import InviteForm, JoinForm, MemberRoleForm
from grants.people.models import MemberInvitation, Organisation
from grants.people.rules import MemberRole
from grants.people.rules.dossier import INVITATION_STATE_LABELS, MEMBER_ROLE_LABELS
from grants.people.service import members as service
from grants.people.views.web import blueprint


def _members_page(
    one: Organisation, form: InviteForm, invitation: MemberInvitation | None = None, token: str = ""
) -> tuple[str, int]:
    actor = current.actor()
    link = url_for("people.join", token=token, _external=True) if token else None
    if invitation is not None and link and mail.is_set_up():
        _send(invitation, link)
    return page(
        "people/organisation_members.html",
        one=one,
        form=form,
        actor=actor,
        members=queries.list_members(one.id),
        invitations=queries.list_invitations(one.id),
        why_not=policy.why_not_manage_members(actor, one),
        roles=MEMBER_ROLE_LABELS,
        states=INVITATION_STATE_LABELS,
        invited=invitation,
        link=link,
        is_mailed=mail.is_set_up(),
    )


def _send(invitation: MemberInvitation, link: str) -> None:
    organisation = invitation.organisation.name
    mail.send_later(
        to=invitation.email,
        subject=_("邀请您加入%(organisation)s", organisation=organisation),
        template="invitation",
        actor=current.actor(),
        name=invitation.name,
        inviter=invitation.invited_by.display_name,
        organisation=organisation,
        role=MEMBER_ROLE_LABELS[invitation.role],
        link=link,
        until=local(invitation.expires_at).strftime("%Y-%m-%d %H:%M"),
    )


@blueprint.get("/organisations/<ref>/members")
def organisation_members(ref: str) -> tuple[str, int]:
    """Show who acts for an organisation and whom it has invited."""
    one = queries.get_organisation(ref)
    require(policy.why_not_see_file(current.actor(), one))
    return _members_page(one, InviteForm())


@blueprint.post("/organisations/<ref>/members")
def member_invite(ref: str) -> tuple[str, int]:
    """Invite a colleague; the link is shown once, to be handed over."""
    one, form = queries.get_organisation(ref), InviteForm()
    require(policy.why_not_manage_members(current.actor(), one))
    if form.validate_on_submit():
        with errors_on(form):
            invitation, token = service.invite_member(
                manager=current.actor(),
                organisation=one,
                name=form.name.data or "",
                email=form.email.data or "",
                role=MemberRole(form.role.data),
            )
            return _members_page(one, InviteForm(formdata=None), invitation, token)
    return _members_page(one, form)


@blueprint.post("/organisations/invitations/<uuid:invitation_id>/renew")
def invitation_renew(invitation_id: uuid.UUID) -> tuple[str, int]:
    """Make a new link for an invitation, shown once; the old one is dead."""
    invitation = queries.get_invitation(invitation_id)
    token = service.renew_invitation(manager=current.actor(), invitation=invitation)
    return _members_page(invitation.organisation, InviteForm(formdata=None), invitation, token)


@blueprint.post("/organisations/invitations/<uuid:invitation_id>/revoke")
def invitation_revoke(invitation_id: uuid.UUID) -> Response:
    """Take an invitation back."""
    invitation = queries.get_invitation(invitation_id)
    service.revoke_invitation(manager=current.actor(), invitation=invitation)
    flash(_("邀请已撤回，链接不再有效。"), "success")
    return _back(invitation.organisation)


@blueprint.post("/organisations/members/<uuid:member_id>/role")
def member_role(member_id: uuid.UUID) -> Response:
    """Give a member another part."""
    member, form = queries.get_member(member_id), MemberRoleForm()
    if not form.validate():
        raise RuleBroken(_("请选择职责"))
    service.change_member(manager=current.actor(), member=member, role=MemberRole(form.role.data))
    flash(_("成员职责已调整。"), "success")
    return _back(member.organisation)


@blueprint.post("/organisations/members/<uuid:member_id>/remove")
def member_remove(member_id: uuid.UUID) -> Response:
    """Remove a member."""
    member = queries.get_member(member_id)
    organisation, is_self = member.organisation, member.user_id == current.actor().id
    service.remove_member(manager=current.actor(), member=member)
    flash(_("成员已移除，对方下一次操作起不再代表本组织。"), "success")
    return redirect("/desk") if is_self else _back(organisation)


def _back(organisation: Organisation) -> Response:
    return redirect(url_for("people.organisation_members", ref=organisation.ref))


@blueprint.route("/join/<token>", methods=["GET", "POST"])
def join(token: str) -> Response | tuple[str, int]:
    """Let an invited person make their account and join; who has one joins with it."""
    invitation, form = service.open_invitation(token), JoinForm()
    if form.validate_on_submit():
        with errors_on(form):
            service.join_with_new_account(token=token, login=form.login.data or "", password=form.password.data or "")
            flash(_("已加入%(name)s，请用新账号登录。", name=invitation.organisation.name), "success")
            return redirect(url_for("people.sign_in"))
    actor = current.actor_or_none()
    return page(
        "people/join.html",
        form=form,
        token=token,
        invitation=invitation,
        actor=actor,
        why_not=policy.why_not_join(actor, invitation.organisation) if actor else None,
        roles=MEMBER_ROLE_LABELS,
    )


@blueprint.post("/join/<token>/here")
def join_here(token: str) -> Response:
    """Join with the account that is signed in."""
    organisation = service.join_as(token=token, user=current.actor())
    flash(_("已加入%(name)s。", name=organisation.name), "success")
    return redirect(url_for("people.organisation_edit", ref=organisation.ref))
