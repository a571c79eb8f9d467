"""The mid-term report: a draft until it is published, its points those of the table, open to those it concerns."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from grants.evaluation import service
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.people.rules import Role
from reports.documents import balances
from reports.documents.balances import DoesNotReconcile
from reports.gather import midterm_report
from reports.gather.choices import OPERATOR
from tests.browsing import Browser
from tests.factories import midterm as midterms
from tests.factories import payments, people
from tests.integration.reports.reading import gathered, printed

Browse = Callable[[str | None], Browser]
BONUS = service.Adjustment(bonus=2.5, bonus_reason="带动社区新增志愿者。")


def test_the_points_of_the_report_are_those_of_the_table(ctx: Flask) -> None:
    case = payments.make_case()
    midterm = midterms.make_submitted(case, lost=1, adjustment=BONUS)
    db.session.commit()
    ref = midterm.ref
    assert midterm_report.gather(ref).is_draft
    service.publish_midterm(leader=case.parties.leader, midterm=midterm)
    db.session.commit()
    made = gathered("midterm-evaluation", ref)
    assert not made.is_draft
    balances.check(made.document.balances)
    rows = made.document.parts[2].tables[0].rows
    points = db.session.execute(db.text("SELECT sum(points) FROM midterm_point")).scalar_one()
    total = db.session.execute(db.text("SELECT total FROM midterm")).scalar_one()
    shown = [Decimal(row.cells[2]) for row in rows if row.kind == "plain"]
    assert sum(shown) == Decimal(rows[-1].cells[2]) == round(Decimal(str(points)) + Decimal("2.5"), 2)
    assert Decimal(rows[-1].cells[2]) == round(Decimal(str(total)), 2)
    text = printed("midterm-evaluation", made)
    for words in ("项目中期评估报告", "活动过半。", "带动社区新增志愿者。", "对结果有异议的", "及时报送活动记录。"):
        assert words in text


def test_a_total_that_differs_from_its_points_is_refused(ctx: Flask) -> None:
    midterm = midterms.make_published(payments.make_case())
    midterm.total = (midterm.total or 0) - 0.01
    db.session.flush()
    with pytest.raises(DoesNotReconcile, match="中期得分"):
        balances.check(midterm_report.gather(midterm.ref).document.balances)


def test_a_mid_term_result_is_for_those_who_work_on_it_until_it_is_published(app: Flask, browse: Browse) -> None:
    with app.app_context():
        case = payments.make_case()
        ref = midterms.make_submitted(case).ref
        people.make_user("passer-by", Role.RESIDENT)
        db.session.commit()
        assert [one.ref for one in midterm_report.choices(OPERATOR, case.parties.round.ref)] == [ref]
        assert midterm_report.choices(OPERATOR, "JC-1999-01") == []
        with pytest.raises(NotFound):
            midterm_report.gather("ZP-0")
    kind = "midterm-evaluation"
    browse("passer-by").post(f"/reports/{kind}", {kind: ref}, status=403)
    for login in ("org-1", "community-1", "finance-1"):
        assert ref in browse(login).get("/reports/").text
    assert ref not in browse("passer-by").get("/reports/").text
