"""Taking over what an organisation said before: from whom, with what preview, and never over a colleague's words."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from grants.foundation.errors import NotPermitted, RuleBroken
from grants.selection import queries, service
from grants.selection.queries import reuse
from grants.selection.rules import Group, TeamRow
from grants.selection.service import EditConflict
from tests.browsing import Browser
from tests.factories import projects, selection
from tests.factories.selection import Stage

FRESH = "SB-2026-01-0002"


def _two(stage: Stage) -> tuple[Any, Any]:
    """Hand one application in and begin another of the same organisation."""
    first = selection.make_submitted(stage, selection.make_call(stage))
    stage.project = projects.make_funded(stage.round)
    return first, selection.make_draft(stage, selection.make_call(stage))


@pytest.mark.usefixtures("ctx")
def test_only_the_same_organisation_and_only_what_the_page_holds() -> None:
    stage = selection.make_stage()
    first, fresh = _two(stage)
    actor = stage.members[0]
    assert [one.key for one in reuse.list_sources(fresh, Group.TEXTS)] == ["profile", first.ref]
    assert set(reuse.list_sources(fresh, Group.BUDGET)[0].parts) == {"fiscal"}
    stranger = selection.make_draft(stage, fresh.call, 1)
    assert reuse.list_sources(stranger, Group.TEAM) == []
    with pytest.raises(RuleBroken, match="从哪里带入"):
        service.take_over(
            application=stranger, actor=stage.members[1], page=Group.TEAM, source=first.ref, version=stranger.version
        )
    with pytest.raises(NotPermitted):
        service.take_over(
            application=fresh, actor=stage.members[1], page=Group.TEAM, source=first.ref, version=fresh.version
        )
    seen = fresh.version
    service.save_application(
        application=fresh, actor=actor, base=seen, values={"team": [TeamRow("新人", "统筹", "", True)]}
    )
    with pytest.raises(EditConflict):
        service.take_over(application=fresh, actor=actor, page=Group.TEAM, source=first.ref, version=seen)
    service.take_over(application=fresh, actor=actor, page=Group.TEAM, source=first.ref, version=fresh.version)
    assert [one.name for one in fresh.team] == ["吴丽", "郑强"]


def test_a_preview_says_what_will_be_overwritten(
    app: Flask, browse: Callable[[str | None], Browser], staged: Callable[..., None]
) -> None:
    staged(_two)
    author = browse("org-1")
    path = f"/applications/{FRESH}/reuse"
    assert path in author.get(f"/applications/{FRESH}/edit/texts").html
    page = author.get(f"{path}/texts?source=SB-2026-01-0001").text
    assert "将被覆盖" in page
    assert "风险预计与防控方案" in page
    for wrong in ("basics", "plan", "nonsense"):
        author.get(f"{path}/{wrong}", status=404)
    browse("org-2").get(f"{path}/texts", status=404)
    author.post(f"{path}/texts", {"source": "", "version": "1"}, status=422)
    with app.app_context():
        version = str(queries.get_application(FRESH).version)
    author.post(f"{path}/texts", {"source": "SB-2026-01-0001", "version": version}, status=302)
    with app.app_context():
        fresh = queries.get_application(FRESH)
        assert fresh.sections["risks"] == queries.get_application("SB-2026-01-0001").sections["risks"]
    again = author.post(f"{path}/budget", {"source": "SB-2026-01-0001", "version": "1"}, status=302)
    assert "/reuse/budget" in again.location
