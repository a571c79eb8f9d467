"""The read-only interface for programs: published data as JSON, described by OpenAPI."""

from typing import Any

from flask import Response, jsonify

from grants.foundation.clock import today
from grants.portal import steps
from grants.portal.queries import home, open_data
from grants.portal.queries.trace import read_trace
from grants.portal.views.blueprint import blueprint
from grants.portal.views.open_data import asked_round
from grants.rounds import queries as rounds

PATHS = {
    "/api/v1/rounds": ("The rounds that were opened, with their phases.", ()),
    "/api/v1/projects": ("The published projects; amounts in fen (1/100 yuan).", (("round", "query", False),)),
    "/api/v1/projects/{ref}": ("One project with the stages it went through.", (("ref", "path", True),)),
}


@blueprint.get("/api/v1/openapi.json")
def api_description() -> Response:
    """Describe the interface (OpenAPI 3.1)."""
    return jsonify(
        openapi="3.1.0",
        info={"title": "公益创投公开数据", "version": "1", "description": "Read only; no key is needed."},
        paths={path: {"get": _operation(words, parameters)} for path, (words, parameters) in PATHS.items()},
    )


def _operation(words: str, parameters: tuple[tuple[str, str, bool], ...]) -> dict[str, Any]:
    named = [
        {"name": name, "in": place, "required": required, "schema": {"type": "string"}}
        for name, place, required in parameters
    ]
    answer = {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"summary": words, "parameters": named, "responses": {"200": answer}}


@blueprint.get("/api/v1/rounds")
def api_rounds() -> Response:
    """List the rounds that were opened."""
    return jsonify(
        rounds=[
            {
                "ref": one.ref,
                "name": one.name,
                "year": one.year,
                "status": one.status.value,
                "settings_hash": one.settings_hash,
                "phases": [
                    {
                        "phase": item.phase.value,
                        "starts_on": item.starts_on.isoformat(),
                        "ends_on": item.ends_on.isoformat(),
                    }
                    for item in one.phases
                ],
            }
            for one in rounds.list_rounds()
        ]
    )


def _project(one: open_data.OpenProject) -> dict[str, Any]:
    project, agreement, evaluation = one.project, one.agreement, one.evaluation
    return {
        "ref": project.ref,
        "round": project.round.ref,
        "title": project.title,
        "category": project.category.value,
        "community": project.community.name,
        "status": project.status.value,
        "ceiling_fen": project.ceiling_fen,
        "organisation": agreement.organisation.name if agreement else None,
        "agreed_fen": agreement.amount_fen if agreement else None,
        "paid_fen": one.money.paid_fen,
        "grade": evaluation.grade.value if evaluation and evaluation.grade else None,
    }


@blueprint.get("/api/v1/projects")
def api_projects() -> Response:
    """List the published projects, of one round when asked."""
    return jsonify(projects=[_project(one) for one in open_data.list_open_projects(asked_round())])


@blueprint.get("/api/v1/projects/<ref>")
def api_project(ref: str) -> Response:
    """Return one project with its trace, as any visitor sees it."""
    trace = read_trace(ref, None)
    expected = steps.Expected(home.phase_starts(trace.project.round_id), today())
    return jsonify(
        ref=trace.project.ref,
        title=trace.project.title,
        status=trace.project.status.value,
        needs=[{"ref": need.ref, "title": need.title, "support_count": need.support_count} for need in trace.needs],
        organisation=trace.agreement.organisation.name if trace.agreement else None,
        awarded_fen=trace.awarded_fen,
        paid_fen=trace.paid_fen,
        spent_fen=trace.spent_fen,
        person_count=trace.person_count,
        attendance_count=trace.attendance_count,
        stages=[
            {"stage": stage, "title": title, "text": text, "state": state}
            for stage, title, text, _href, state in steps.stages(trace, expected)
        ],
    )
