"""/roll: the residents' roll, masked; import with a look before it takes effect; opening one person with a reason."""

import uuid
from datetime import timedelta

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from grants.foundation.clock import now
from grants.foundation.errors import RuleBroken, require
from grants.foundation.files import max_bytes
from grants.foundation.i18n import _
from grants.foundation.sealing import SealBroken, TokenExpired, vault
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import choices, errors_on, page
from grants.foundation.web.listing import Window
from grants.people import current, policy, queries
from grants.people.forms import ReasonForm, RollApplyForm, RollSearchForm, RollUploadForm
from grants.people.models import Place, Resident, User
from grants.people.rules.roll import COLUMNS
from grants.people.service import residents
from grants.people.service import roll as service
from grants.people.views.web import blueprint

SEARCH, SEARCH_LIFETIME = "roll-search", timedelta(minutes=30)
PAGE_SIZE = 50


@blueprint.get("/roll/")
def roll() -> tuple[str, int]:
    """Show the roll, masked."""
    actor = current.actor()
    require(policy.why_not_see_roll(actor))
    scope, chosen = policy.roll_scope(actor), request.args.get("community", "")
    found = _found(actor)
    window = Window.of(request.args, PAGE_SIZE)
    listed = queries.page_roll(window, scope=scope, community_id=_uuid(chosen), away=request.args.get("away") == "1")
    return page(
        "people/roll.html",
        search_form=RollSearchForm(),
        rows=listed.items if found is None else found,
        listed=listed,
        is_search=found is not None,
        chosen=chosen,
        communities=[(str(place.id), place.name) for place in _communities(actor)],
        counts=queries.summarise_roll(scope),
        may_import=policy.why_not_import_roll(actor) is None,
        imports=queries.list_imports(only_of=None if scope is None else actor.id),
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _communities(actor: User) -> list[Place]:
    scope = policy.roll_scope(actor)
    return [place for place in queries.list_communities() if scope is None or place.id in scope]


def _found(actor: User) -> list[Resident] | None:
    """Return whom a sealed search key finds, or None where nothing is searched."""
    token = request.args.get("found")
    if not token:
        return None
    try:
        key = vault().open_token(SEARCH, token, now=now())
    except (SealBroken, TokenExpired) as error:
        raise RuleBroken(_("查找结果已过期，请重新查找。")) from error
    return list(residents.search(officer=actor, key=key))


@blueprint.post("/roll/search")
def roll_search() -> Response | tuple[str, int]:
    """Look somebody up; what was typed never gets into an address."""
    form = RollSearchForm()
    if not form.validate_on_submit():
        flash(_("请填写要查找的内容。"), "warning")
        return redirect(url_for("people.roll"))
    key = residents.search_key(officer=current.actor(), words=form.words.data or "")
    token = vault().seal_token(SEARCH, key, expires_at=now() + SEARCH_LIFETIME)
    return redirect(url_for("people.roll", found=token))


@blueprint.route("/roll/<uuid:resident_id>/reveal", methods=["GET", "POST"])
@current.stepped_up
def roll_reveal(resident_id: uuid.UUID) -> tuple[str, int]:
    """Show somebody's identity and phone number to who gives a reason."""
    actor, resident = current.actor(), queries.get_resident(resident_id)
    require(policy.why_not_reveal_resident(actor, resident))
    form, opened = ReasonForm(), None
    if form.validate_on_submit():
        with errors_on(form):
            opened = residents.reveal_resident(officer=actor, resident=resident, reason=form.reason.data or "")
    return page("people/roll_reveal.html", form=form, resident=resident, opened=opened)


@blueprint.get("/roll/template.<any(csv, xlsx):form>")
def roll_template(form: str) -> FlaskResponse:
    """Hand out an empty table with the right columns."""
    return table_response(form, _("居民名册模板"), COLUMNS, [])


@blueprint.route("/roll/import", methods=["GET", "POST"])
def roll_import() -> Response | tuple[str, int]:
    """Take in a table of residents and show what it would bring."""
    actor, form = current.actor(), RollUploadForm()
    require(policy.why_not_import_roll(actor))
    places = _communities(actor)
    form.community.choices = choices({place.id: place.name for place in places}, _("以文件中的“社区”列为准"))
    if form.validate_on_submit():
        with errors_on(form):
            chosen = next((place for place in places if str(place.id) == form.community.data), None)
            name, data = _upload(form.file.data)
            made = service.prepare_import(
                officer=actor, file_name=name, data=data, community=chosen or (places[0] if len(places) == 1 else None)
            )
            return redirect(url_for("people.roll_import_show", import_id=made.id))
    return page("people/roll_import.html", form=form, columns=COLUMNS)


def _upload(upload: FileStorage | None) -> tuple[str, bytes]:
    if upload is None or not upload.filename:
        raise RuleBroken(_("请选择要导入的名册文件。"), "file")
    data = upload.stream.read(max_bytes() + 1)
    if len(data) > max_bytes():
        raise RuleBroken(_("文件超过 %(limit)s MB，请分社区导入。", limit=max_bytes() >> 20), "file")
    return upload.filename, data


@blueprint.route("/roll/imports/<uuid:import_id>", methods=["GET", "POST"])
def roll_import_show(import_id: uuid.UUID) -> Response | tuple[str, int]:
    """Show what an import would bring, and let it take effect."""
    actor, made, form = current.actor(), queries.get_import(import_id), RollApplyForm()
    require(policy.why_not_see_import(actor, made))
    if form.validate_on_submit():
        with errors_on(form):
            service.apply_import(officer=actor, roll_import=made, skip_bad=form.choice.data == "skip")
            flash(_("名册已导入。"), "success")
            return redirect(url_for("people.roll_import_show", import_id=import_id))
    return page(
        "people/roll_import_show.html",
        form=form,
        made=made,
        why_not_apply=policy.why_not_apply_import(actor, made),
        may_drop=policy.why_not_drop_import(actor, made) is None,
    )


@blueprint.post("/roll/imports/<uuid:import_id>/drop")
def roll_import_drop(import_id: uuid.UUID) -> Response:
    """Forget a prepared import."""
    service.drop_import(officer=current.actor(), roll_import=queries.get_import(import_id))
    flash(_("已取消，读入的内容已删除。"), "success")
    return redirect(url_for("people.roll"))
