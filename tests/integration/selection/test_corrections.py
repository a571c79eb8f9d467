"""The one correction (补正): which pages it opens, what stays locked, and how an officer compares afterwards."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation.clock import set_to
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.rounds.rules import BudgetCode
from grants.selection import queries, service
from grants.selection.models import CorrectionItem
from grants.selection.rules import BudgetRow, DocumentKind, Group, TeamRow
from tests.browsing import Browser
from tests.factories import selection
from tests.factories.selection import later

CALL = "ZM-2026-01-0001"
PAPER = "SB-2026-01-0001"
WHY = "保险费单价请附测算依据。"


@pytest.mark.usefixtures("ctx")
def test_a_return_opens_the_pages_it_names_and_no_other() -> None:
    stage = selection.make_stage()
    call = selection.make_closed(stage)
    application, actor = call.applications[0], stage.members[0]
    with later(call):
        for nothing in ({}, {Group.BUDGET: "  "}, {Group.DECLARATION: "请重新承诺。"}):
            with pytest.raises(RuleBroken, match="至少对一个部分"):
                service.return_application(application=application, officer=stage.programme, sections=nothing)
        service.return_application(
            application=application, officer=stage.programme, sections={Group.BUDGET: WHY, Group.TEAM: ""}
        )
        assert application.open_corrections == {Group.BUDGET: WHY}
        assert application.return_reason == f"经费预算：{WHY}"
        locked = {"team": [TeamRow("新人", "统筹", "", True)], "title": "新名称", "overview": "新概况"}
        for key, value in locked.items():
            with pytest.raises(NotPermitted, match="没有要求补正"):
                service.save_application(
                    application=application, actor=actor, base=application.version, values={key: value}
                )
        with pytest.raises(NotPermitted, match="附件材料”没有要求补正"):
            selection.attach(application, actor, DocumentKind.OTHER)
        with pytest.raises(NotPermitted, match="附件材料"):
            service.remove_document(document=application.documents[0], actor=actor)
        row = BudgetRow(BudgetCode.MATERIALS, "助餐餐具", 1_000_00, 10)
        service.save_application(
            application=application, actor=actor, base=application.version, values={"fiscal": [row]}
        )
        service.submit_application(application=application, actor=actor, has_declared=True)
        assert application.open_corrections == {}


def _keep(item: CorrectionItem) -> None:
    with db.session.begin_nested():
        db.session.add(item)
        db.session.flush()


@pytest.mark.usefixtures("ctx")
def test_a_correction_has_a_page_and_a_reason_once() -> None:
    stage = selection.make_stage()
    call = selection.make_closed(stage)
    application = call.applications[0]
    with later(call):
        service.return_application(application=application, officer=stage.programme, sections={Group.BUDGET: WHY})
    for page, reason in ((Group.BUDGET, "再说一遍"), (Group.TEAM, ""), (Group.DECLARATION, "承诺")):
        item = CorrectionItem(
            application_id=application.id, number=1, page=page, reason=reason, asked_by_id=stage.programme.id
        )
        with pytest.raises(IntegrityError):
            _keep(item)


def test_the_organisation_reads_each_reason_where_it_belongs_and_the_officer_compares(
    app: Flask, browse: Callable[[str | None], Browser], staged: Callable[..., None]
) -> None:
    staged(selection.make_closed)
    with app.app_context():
        after = queries.get_call(CALL).closes_at + timedelta(hours=1)
    with set_to(after):
        officer, author = browse("programme-1"), browse("org-1")
        officer.post(f"/applications/{PAPER}/return", {}, status=422)
        officer.post(f"/applications/{PAPER}/return", {"budget": WHY, "documents": "请补登记证书。"}, status=302)
        assert WHY in author.get(f"/applications/{PAPER}").text
        page = author.get(f"/applications/{PAPER}/edit/budget")
        assert WHY in page.text
        assert "请补登记证书" in author.get(f"/applications/{PAPER}/documents").text
        for group in ("basics", "texts", "plan", "team"):
            author.get(f"/applications/{PAPER}/edit/{group}", status=403)
            author.post(f"/applications/{PAPER}/edit/{group}", status=403)
            author.post(f"/applications/{PAPER}/autosave/{group}", status=403)
        with app.app_context():
            application = queries.get_application(PAPER)
            version = application.version
        row = {"code": "01", "content": "助餐餐具（已核价）", "unit_price": "1000", "quantity": "10", "row": ""}
        sent = {f"fiscal-0-{name}": text for name, text in row.items()}
        moved = author.post(
            f"/applications/{PAPER}/edit/budget", {**sent, "version": str(version), "then": "next"}, status=302
        )
        assert moved.location.endswith("/documents")
        author.post(f"/applications/{PAPER}/check", {"has_declared": "y"}, status=302)
        seen = officer.get(f"/applications/{PAPER}/submissions/1").text
        assert "共 1 处不同" in seen
        assert "助餐餐具（已核价）" in seen
        assert "助餐餐具与保温箱" in seen
        assert WHY in seen
        assert "没有不同" in officer.get(f"/applications/{PAPER}/submissions/2").text
        officer.get(f"/applications/{PAPER}/return", status=403)
        browse("org-2").get(f"/applications/{PAPER}/submissions/1", status=404)
