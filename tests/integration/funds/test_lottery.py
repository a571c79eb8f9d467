"""Lottery money is marked wherever its projects are shown, and its use is published every year."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from grants.foundation.database import db
from grants.funds.rules import FundSource
from grants.portal.queries.lottery import lottery_statement
from grants.projects.models import Project
from grants.projects.queries import get_project
from grants.rounds.models import Notice
from reports.gather import board_poster, notice_papers
from tests.browsing import Browser
from tests.factories import funds, payments

Browse = Callable[[str | None], Browser]
MARK = "彩票公益金资助—中国福利彩票"


def pay_from_lottery(project: Project) -> None:
    """Let the round of a project be paid with lottery money."""
    project.round.fund_id = funds.make_fund("ZJ-2026-07", amount_fen=100_000, source=FundSource.LOTTERY).id
    db.session.commit()


def test_projects_rounds_notices_and_papers_carry_the_mark(app: Flask, browse: Browse) -> None:
    visitor = browse(None)
    with app.app_context():
        project = payments.make_case().agreement.project
        ref = project.ref
        db.session.commit()
    assert MARK not in visitor.get(f"/projects/{ref}").text
    with app.app_context():
        project = get_project(ref)
        pay_from_lottery(project)
        notice = db.session.scalars(db.select(Notice).where(Notice.round_id == project.round_id)).first()
        assert notice is not None
        assert MARK in str(notice_papers.notice(notice.ref).document)
        assert board_poster.gather(f"{project.round.ref}-{project.community.code[-3:]}").document.mark == MARK
        paths = [f"/projects/{ref}", f"/rounds/{project.round.ref}", f"/notices/{notice.ref}"]
    for path in paths:
        assert MARK in visitor.get(path).text


def test_the_use_of_lottery_money_is_published_by_year(app: Flask, browse: Browse) -> None:
    visitor = browse(None)
    assert "没有使用福彩公益金" in visitor.get("/lottery-funds/").text
    with app.app_context():
        project = payments.make_case().agreement.project
        pay_from_lottery(project)
        ref = project.ref
        [one] = lottery_statement(2026).projects
        assert (one.money.awarded_fen, one.executed_percent) == (6_000_000, 0.0)
    seen = visitor.get("/lottery-funds/?year=2026").text
    assert "60,000.00" in seen
    assert "尚未评价" in seen
    rows = visitor.get("/lottery-funds.csv?year=2026").html.splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == [ref]


@pytest.mark.usefixtures("ctx")
def test_a_fund_with_money_keeps_its_source() -> None:
    fund = funds.make_fund(amount_fen=100)
    fund.source = FundSource.LOTTERY
    with pytest.raises(IntegrityError, match="keeps its source"), db.session.begin_nested():
        db.session.flush()
