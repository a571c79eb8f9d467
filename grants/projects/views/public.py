"""What everybody sees of projects: the list, and its export."""

from collections.abc import Iterator
from typing import Any

from flask import Response, request

from grants.foundation.i18n import _, _l
from grants.foundation.money import yuan_plain
from grants.foundation.web.downloads import table_response
from grants.foundation.web.forms import page
from grants.foundation.web.listing import Window
from grants.people import current
from grants.people import queries as people
from grants.projects import policy, queries
from grants.projects.views.blueprint import blueprint
from grants.projects.views.labels import LABELS, filter_choices
from grants.rounds import queries as rounds


@blueprint.get("/")
def index() -> tuple[str, int]:
    """List projects with filters and search, the newest or the largest first."""
    actor = current.actor_or_none()
    filters = queries.ProjectFilter.of(request.args)
    by_ceiling = request.args.get("sort") == "-ceiling"
    return page(
        "projects/index.html",
        projects=queries.list_projects(Window.of(request.args), filters, actor, by_ceiling=by_ceiling),
        filters=filters,
        by_ceiling=by_ceiling,
        choices=filter_choices(rounds.list_rounds(), [people.get_street(), *people.list_communities()]),
        may_draft=policy.may_draft_somewhere(actor),
        works_here=actor is not None and actor.has_role(*queries.INSIDERS, *queries.DRAFTERS),
        labels=LABELS,
    )


HEADER = (
    _l("编号"),
    _l("届次"),
    _l("实施范围"),
    _l("类别"),
    _l("项目"),
    _l("概述"),
    _l("状态"),
    _l("预算上限（元）"),
    _l("直接受益人数"),
    _l("开始日期"),
    _l("结束日期"),
)


@blueprint.get("/export.<any(csv, xlsx):form>")
def export(form: str) -> Response:
    """Give the filtered list as a table."""
    rows = queries.list_project_rows(queries.ProjectFilter.of(request.args), current.actor_or_none())
    return table_response(form, _("公益创投项目"), HEADER, _in_words(rows), totals=(7, 8))


def _in_words(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for ref, round_name, place, category, title, summary, status, ceiling, *rest in rows:
        yield (
            ref,
            round_name,
            place,
            LABELS.category[category],
            title,
            summary,
            LABELS.status[status],
            yuan_plain(ceiling),
            *rest,
        )
