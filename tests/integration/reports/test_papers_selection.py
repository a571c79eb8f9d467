"""Score sheets, agreements and the register: what they say is what the database says, and nobody's name too many."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from grants.evaluation.models import Evaluation
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.money import yuan
from grants.people.models import User
from reports.documents import balances
from reports.kinds.base import why_not_party
from reports.tables.base import DoesNotReconcile
from tests.factories import agreements, people, selection
from tests.factories.payments import Case
from tests.integration.reports.reading import gathered, printed, scalar

Evaluated = tuple[Case, Evaluation]


def test_score_sheets_give_the_ranking_when_counted_again(ctx: Flask) -> None:
    call = selection.make_announced(selection.make_stage())
    db.session.commit()
    made = gathered("score-sheets", call.ref)
    assert not made.is_draft
    summary = made.document.parts[0].tables[0]
    assert len(summary.rows) == scalar("SELECT COUNT(*) FROM application WHERE rank IS NOT NULL")
    best = scalar("SELECT ROUND(MAX(composite_score) * 100) FROM application")
    assert summary.rows[0].cells[6].replace(".", "") == str(best)
    balances.check(made.document.balances)
    assert len(made.document.balances) == len(summary.rows)
    text = printed("score-sheets", made)
    assert "评审打分表和汇总表" in text
    experts = db.session.scalars(select(User.display_name).where(User.login.like("expert-%"))).all()
    assert experts
    assert not [name for name in experts if name in text]


def test_a_ranking_that_the_scores_do_not_give_is_not_printed(ctx: Flask) -> None:
    call = selection.make_ranked(selection.make_stage())
    first = next(one for one in call.applications if one.rank == 1)
    first.composite_score = (first.composite_score or 0) - 0.01
    db.session.commit()
    made = gathered("score-sheets", call.ref)
    assert made.is_draft
    with pytest.raises(DoesNotReconcile, match="综合得分"):
        balances.check(made.document.balances)


def test_an_agreement_says_what_both_sides_sign(evaluated: Evaluated) -> None:
    agreement = evaluated[0].agreement
    organisation = agreement.organisation.name
    made = gathered("agreement", agreement.project.ref)
    assert not made.is_draft
    budget = made.document.parts[2].tables[0].rows[-1].cells[-1]
    assert budget == yuan(scalar("SELECT SUM(amount_fen) FROM budget_line"))
    balances.check(made.document.balances)
    text = printed("agreement", made)
    assert "公益创投项目资助协议书" in text
    assert "陆万元整" in text
    assert organisation in text
    assert "第一条" in text


def test_an_agreement_is_a_draft_until_both_have_signed(ctx: Flask) -> None:
    parties = agreements.make_parties()
    ref = agreements.make_draft(parties).ref
    assert why_not_party(people.make_user("passer-by"), ref)
    assert why_not_party(parties.member, ref) is None
    db.session.commit()
    made = gathered("agreement", ref)
    assert made.is_draft
    short = replace(made.document.balances[0], sums=(("协议金额", 1), ("各期合计", 2)))
    with pytest.raises(DoesNotReconcile, match="资助金额"):
        balances.check((short,))


def test_the_directories_hold_what_is_on_the_register(ctx: Flask) -> None:
    stage = selection.make_stage(organisations=3)
    selection.make_filed(stage.organisations[0])
    people.make_pending_organisation()
    db.session.commit()
    made = gathered("organisation-directory", "registered")
    listed = "SELECT COUNT(*) FROM organisation WHERE status = 'listed' AND legal_kind "
    count = scalar(listed + "<> 'filed'")
    rows = [row for row in made.document.parts[0].tables[0].rows if row.kind == "plain"]
    assert len(rows) == count
    text = printed("organisation-directory", made)
    assert f"共{count}家" in text
    assert "晨曦社区服务中心" not in text
    filed = gathered("organisation-directory", "filed").document
    assert [row.cells[0] for row in filed.parts[0].tables[0].rows if row.kind == "plain"] == ["1"]
    assert scalar(listed + "= 'filed'") == 1
    for (name,) in db.session.execute(db.text("SELECT head_name FROM organisation")):
        assert name not in text
    with pytest.raises(NotFound):
        gathered("organisation-directory", "all")
