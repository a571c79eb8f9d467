"""/jobs: what I asked for, how far it is, and its result. Nobody sees anybody else's."""

import uuid
from typing import Any, Protocol, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from grants.foundation.errors import NotFound
from grants.foundation.files import send
from grants.foundation.i18n import _
from grants.foundation.jobs import queries, service
from grants.foundation.models import JobRun
from grants.foundation.web.listing import Window

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


class Actor(Protocol):
    """The account that is signed in, as far as jobs need to know it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def display_name(self) -> str: ...


def _actor() -> Actor:
    if not current_user.is_authenticated:
        abort(403)
    return cast(Actor, current_user)


@blueprint.get("/")
def index() -> str:
    """List my jobs."""
    page = queries.list_own_jobs(_actor().id, Window.of(request.args))
    return render_template("jobs/index.html", page=page)


@blueprint.get("/<uuid:job_id>")
def show(job_id: uuid.UUID) -> str:
    """Show one job and how far it is."""
    run = queries.get_own_job(job_id, _actor().id)
    return render_template("jobs/show.html", run=run, result_href=_result_url(run), is_over=queries.is_over(run))


@blueprint.get("/<uuid:job_id>.json")
def state(job_id: uuid.UUID) -> dict[str, Any]:
    """Answer a waiting page."""
    run = queries.get_own_job(job_id, _actor().id)
    return queries.describe(run, _result_url(run))


@blueprint.get("/<uuid:job_id>/result")
def result(job_id: uuid.UUID) -> Response:
    """Download what a job made."""
    run = queries.get_own_job(job_id, _actor().id)
    if run.result_file is None:
        raise NotFound(_("这项任务没有可下载的文件。"))
    return send(run.result_file)


@blueprint.post("/<uuid:job_id>/retry")
def retry(job_id: uuid.UUID) -> BaseResponse:
    """Queue a failed job once more."""
    actor = _actor()
    service.retry(queries.get_own_job(job_id, actor.id), actor=actor)
    flash(_("任务已重新排队。"), "success")
    return redirect(url_for("jobs.show", job_id=job_id))


def _result_url(run: JobRun) -> str | None:
    return url_for("jobs.result", job_id=run.id) if run.result_file_id else None
