"""The pool of experts."""

import uuid
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from grants.foundation.errors import require
from grants.foundation.i18n import _
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import errors_on, page
from grants.people import current
from grants.people.queries import get_user
from grants.people.rules import Role
from grants.selection import service
from grants.selection.forms.judging import ExpertForm
from grants.selection.policy import judging as policy
from grants.selection.queries import judging as queries
from grants.selection.queries import service_record
from grants.selection.rules import SPECIALITY_LABELS, Speciality
from grants.selection.views.blueprint import blueprint, not_found
from grants.selection.views.labels import LABELS


@blueprint.get("/reviews/experts")
def experts() -> tuple[str, int]:
    """List the pool, and the accounts that are not in it yet."""
    actor = current.actor()
    return page(
        "selection/experts.html",
        pool=queries.list_pool(),
        records=service_record.summarise_service(),
        no_record=service_record.NONE,
        may_keep=policy.why_not_keep_expert(actor) is None,
        **LABELS,
    )


@blueprint.get("/reviews/experts.<any(csv, xlsx):form>")
def export_experts(form: str) -> Response:
    """Export the pool with everybody's record of service."""
    header = [_("姓名"), _("专业方向"), _("职称"), _("工作单位"), _("可以抽取"), _("参加评审（次）"), _("被更换（次）")]
    header += [_("评分（份）"), _("回避（份）"), _("逾期（份）"), _("平均偏离（百分比）")]
    records = service_record.summarise_service()
    rows = [_row(one, records.get(one.user.id, service_record.NONE)) for one in queries.list_pool()]
    return table_response(form, "experts", header, rows)


def _row(one: queries.PoolRow, record: service_record.ServiceRecord) -> list[Any]:
    entry = one.entry
    told = [str(SPECIALITY_LABELS[entry.speciality]), entry.title, entry.employer] if entry else ["", "", ""]
    counts = [record.panel_count, record.replaced_count, record.sheet_count, record.recusal_count, record.late_count]
    deviation = float(record.mean_deviation) if record.mean_deviation is not None else ""
    return [one.user.display_name, *told, _("是") if one.is_drawable else _("否"), *counts, deviation]


@blueprint.route("/reviews/experts/<uuid:user_id>", methods=["GET", "POST"])
def expert(user_id: uuid.UUID) -> Response | tuple[str, int]:
    """Enter an expert into the pool or change the entry."""
    require(policy.why_not_keep_expert(current.actor()))
    user = get_user(user_id)
    if not user.has_role(Role.EXPERT):
        raise not_found()
    row = next((one for one in queries.list_pool() if one.user.id == user.id), None)
    form = ExpertForm(obj=row.entry if row else None)
    if form.validate_on_submit():
        with errors_on(form):
            service.keep_expert(
                user=user,
                officer=current.actor(),
                speciality=Speciality(form.speciality.data),
                title=form.title.data or "",
                employer=form.employer.data or "",
                is_in_pool=bool(form.is_in_pool.data),
                note=form.note.data or "",
            )
            flash(_("专家库已更新。"), "success")
            return redirect(url_for("selection.experts"))
    return page("selection/expert.html", form=form, user=user, **LABELS)
