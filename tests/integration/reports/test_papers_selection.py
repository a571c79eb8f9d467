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
from grants.people.rules import LegalKind
from grants.selection import service as selection_service
from reports.catalogue import KINDS
from reports.documents import balances
from reports.gather.choices import Viewer
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
    for table, source in zip(made.document.parts[2].tables, ("fiscal", "social"), strict=True):
        total = scalar("SELECT SUM(amount_fen) FROM budget_line WHERE source = :source", source=source)
        assert table.rows[-1].cells[-1] == yuan(total)
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


def test_an_agreement_of_three_parties_has_three_places_to_sign(ctx: Flask) -> None:
    parties = agreements.make_parties()
    filed = people.make_organisation("枫林苑合唱队", kind=LegalKind.FILED)
    filed.host_id = parties.organisation.id
    ref, host = agreements.make_draft(parties, organisation=filed).ref, parties.organisation.name
    db.session.commit()
    text = printed("agreement", gathered("agreement", ref))
    for words in ("三方协议书", "丙方（盖章）", "枫林苑合唱队", host):
        assert words in text


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


def test_a_result_letter_tells_one_applicant_its_own_scores(ctx: Flask) -> None:
    stage = selection.make_stage()
    call = selection.make_announced(stage)
    db.session.commit()
    loser = next(one for one in call.applications if one.status == "not_selected")
    winner = next(one for one in call.applications if one.status == "selected")
    loser_ref, winner_ref, winner_name = loser.ref, winner.ref, winner.organisation.name
    figures = f"{loser.composite_score:.2f}", f"{loser.expert_score:.2f}"
    made = gathered("result-letter", loser_ref)
    assert made.is_draft
    balances.check(made.document.balances)
    text = printed("result-letter", made)
    assert "未入选" in text
    assert all(figure in text for figure in figures)
    assert "方案扎实" in text
    assert winner_name not in text
    assert not [name for name in ("专家甲", "专家1", "专家2") if name in text]
    assert "拟由贵组织承接" in printed("result-letter", gathered("result-letter", winner_ref))


def test_result_letters_are_for_the_offices_and_their_own_organisation(ctx: Flask) -> None:
    stage = selection.make_stage()
    call = selection.make_ranked(stage)
    kind, refs = KINDS["result-letter"], sorted(one.ref for one in call.applications)
    own = next(one.ref for one in call.applications if one.organisation_id == stage.organisations[0].id)
    for ref in refs:
        with pytest.raises(NotFound):
            kind.gather(ref)
    with selection.later(call, days=2):
        selection_service.propose_award(call=call, officer=stage.programme)
        selection_service.announce_award(call=call, leader=stage.leader)

    def listed(user: User | None) -> list[str]:
        return [one.ref for one in kind.list_for(Viewer(user))]

    assert listed(stage.programme) == listed(stage.leader) == refs
    assert listed(stage.members[0]) == [own]
    assert kind.why_not_make(stage.members[0], own) is None
    for outsider in (stage.community, stage.experts[0], stage.staff["finance-1"], None):
        assert listed(outsider) == []
        assert kind.why_not_make(outsider, own) is not None
    with pytest.raises(NotFound):
        kind.why_not_make(stage.members[1], own)
