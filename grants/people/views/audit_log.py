"""/audit: what was done, by whom, and whether the chain holds."""

from typing import Any

from flask import Response as FlaskResponse
from flask import request
from werkzeug.datastructures import MultiDict

from grants.foundation import audit
from grants.foundation.clock import today
from grants.foundation.i18n import _, _l
from grants.foundation.models import AuditEntry
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.people import current, policy
from grants.people.forms import AuditFilterForm
from grants.people.queries import audit_log as queries
from grants.people.rules.audit_words import in_words
from grants.people.service.audit_log import verify_chain
from grants.people.views.web import blueprint

HEADER = (
    _l("序号"),
    _l("时间"),
    _l("事项"),
    _l("操作人"),
    _l("对象类型"),
    _l("对象编号"),
    _l("详情"),
    _l("前一条哈希"),
    _l("哈希"),
)

FILTERS = ("action", "actor", "subject", "since", "until")


def _wanted() -> tuple[AuditFilterForm, queries.AuditFilter]:
    form = AuditFilterForm(MultiDict(request.args))
    valid = form.validate()
    fields: dict[str, Any] = {name: (form[name].data or "") for name in ("action", "actor", "subject")}
    if valid:
        fields |= {"since": form.since.data, "until": form.until.data}
    return form, queries.AuditFilter(**fields)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@blueprint.get("/audit/")
def audit_index() -> tuple[str, int]:
    """Show the log, newest first."""
    return _audit_page(None)


def _audit_page(verdict: audit.Verdict | None) -> tuple[str, int]:
    actor = current.actor()
    form, wanted = _wanted()
    seen = queries.page_audit(
        policy.audit_scope(actor), wanted, older_than=_number("after"), newer_than=_number("before")
    )
    return page(
        "people/audit.html",
        filter_form=form,
        wanted=wanted,
        in_words=in_words,
        asked={name: request.args[name] for name in FILTERS if name in request.args},
        seen=seen,
        head=audit.head(),
        verdict=verdict,
        may_verify=policy.why_not_verify_audit(actor) is None,
        sees_all=policy.audit_scope(actor).is_everything,
    )


@blueprint.get("/audit/export.csv")
def audit_export() -> FlaskResponse:
    """Hand out the entries as a table, oldest first."""
    _form, wanted = _wanted()
    entries = queries.iterate_audit(policy.audit_scope(current.actor()), wanted)
    return table_response("csv", _("审计日志_%(day)s", day=today().isoformat()), HEADER, map(_row, entries))


def _row(entry: AuditEntry) -> tuple[Any, ...]:
    subject = entry.subject_ref or entry.subject_id
    return (
        entry.seq,
        entry.at,
        entry.action,
        entry.actor_label,
        entry.subject_type,
        subject,
        entry.details,
        entry.previous_hash,
        entry.hash,
    )


@blueprint.post("/audit/verify")
def audit_verify() -> tuple[str, int]:
    """Walk the whole chain and say whether it holds."""
    return _audit_page(verify_chain(actor=current.actor()))
