"""The 申报书 on paper: a draft that says so, a final with receipt and hash, and nobody who should not have it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from grants.foundation.clock import set_to
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.people.queries import find_user
from grants.selection import queries, service
from grants.selection.models import Submission
from reports.catalogue import KINDS
from reports.documents import balances
from reports.gather.application_form import why_not_print
from reports.tables.base import DoesNotReconcile
from tests.browsing import Browser
from tests.factories import selection
from tests.factories.selection import Stage
from tests.integration.reports.reading import gathered, printed

PAPER = "SB-2026-01-0001"
Browse = Callable[[str | None], Browser]


def test_a_draft_says_so_and_a_final_carries_receipt_and_hash(ctx: Flask) -> None:
    stage = selection.make_stage()
    selection.make_complete(stage, selection.make_call(stage))
    db.session.commit()
    draft = gathered("application-form", PAPER)
    assert draft.is_draft
    assert draft.document.stamp.is_draft
    assert "尚未提交" in str(draft.document.parts[-1].facts)
    author = find_user("org-1")
    assert author is not None
    service.submit_application(application=queries.get_application(PAPER), actor=author, has_declared=True)
    db.session.commit()
    final = gathered("application-form", PAPER)
    assert not final.is_draft
    kept = db.session.scalars(db.select(Submission)).one()
    balances.check(final.document.balances)
    text = printed("application-form", final)
    for said in ("HZ-2026-01-0001", kept.content_hash, "暖阳社工服务中心", "吴丽", "助餐餐具与保温箱", "助餐"):
        assert said in text.replace("\n", "") or said in text, said
    queries.get_application(PAPER).budget_lines[0].quantity += 1
    with pytest.raises(DoesNotReconcile, match="财政资金"):
        balances.check(gathered("application-form", PAPER).document.balances)


def test_the_form_is_for_its_authors_and_for_offices_once_they_may_read_it(ctx: Flask) -> None:
    stage = selection.make_stage(sealed_until_deadline=True)
    call = selection.make_call(stage)
    application = selection.make_complete(stage, call)
    db.session.flush()
    offices = (stage.programme, stage.leader, stage.staff["supervisor-1"])
    never = (None, stage.members[1], stage.experts[0], stage.community, stage.staff["finance-1"])
    assert why_not_print(stage.members[0], PAPER) is None
    assert all(why_not_print(one, PAPER) for one in (*offices, *never))
    service.submit_application(application=application, actor=stage.members[0], has_declared=True)
    assert all(why_not_print(one, PAPER) for one in (*offices, *never))
    with set_to(call.closes_at + timedelta(minutes=1)):
        assert [why_not_print(one, PAPER) for one in offices] == [None] * 3
        assert all(why_not_print(one, PAPER) for one in never)
    with pytest.raises(NotFound):
        why_not_print(stage.programme, "SB-2026-01-0099")


def test_the_page_offers_it_and_the_list_of_issued_papers_keeps_quiet(
    app: Flask, browse: Browse, staged_selection: Callable[[Callable[[Stage], object]], None]
) -> None:
    staged_selection(lambda stage: selection.make_complete(stage, selection.make_call(stage)))
    author = browse("org-1")
    for path in (f"/applications/{PAPER}", f"/applications/{PAPER}/check"):
        assert author.get(path).soup.find("form", action="/reports/application-form"), path
    author.post("/reports/application-form", {"application-form": PAPER}, status=302)
    for login in ("org-2", "expert-1", "programme-1"):
        browse(login).post("/reports/application-form", {"application-form": PAPER}, status=403)
    assert KINDS["application-form"].is_private
    with app.app_context():
        assert queries.get_application(PAPER).receipt_number is None


@pytest.fixture
def staged_selection(app: Flask) -> Callable[[Callable[[Stage], object]], None]:
    """Return a function that makes a stage, brings it somewhere and commits."""

    def make(bring: Callable[[Stage], object]) -> None:
        with app.app_context():
            bring(selection.make_stage())
            db.session.commit()

    return make
