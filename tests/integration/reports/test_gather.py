"""What reports say agrees with the database, sum by sum, and costs a fixed handful of queries."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask

from grants.evaluation.models import Evaluation
from grants.foundation.clock import set_to, start_of, today
from grants.foundation.errors import NotFound, RuleBroken
from reports.gather import project_evaluation, round_summary
from reports.gather.common import data_hash, stamped
from reports.tables import project_evaluation as evaluation_tables
from reports.tables import round_summary as summary_tables
from reports.tables.base import DoesNotReconcile
from tests.factories import evaluation as evaluations
from tests.factories import payments, rounds
from tests.factories.payments import Case
from tests.integration.reports.conftest import PAID_FEN, SPENT_FEN
from tests.integration.reports.reading import MOST_QUERIES, counted, scalar

Evaluated = tuple[Case, Evaluation]


def test_an_evaluation_is_gathered_in_twelve_queries(evaluated: Evaluated) -> None:
    ref = evaluated[0].agreement.project.ref
    with counted() as sent:
        project_evaluation.gather(ref)
    assert len(sent) <= MOST_QUERIES, "\n".join(one[:80] for one in sent)


def test_a_summary_is_gathered_in_twelve_queries(evaluated: Evaluated) -> None:
    ref = evaluated[0].parties.round.ref
    with counted() as sent:
        round_summary.gather(ref)
    assert len(sent) <= MOST_QUERIES, "\n".join(one[:80] for one in sent)


def test_the_money_of_an_evaluation_is_that_of_the_database(evaluated: Evaluated) -> None:
    case, _evaluation = evaluated
    doc = project_evaluation.gather(case.agreement.project.ref).document
    vouchers = scalar("SELECT SUM(amount_fen) FROM voucher WHERE status = 'accepted'")
    assert sum(row.spent_fen for row in doc.budget) == doc.spent_fen == vouchers == sum(SPENT_FEN)
    assert sum(row.budget_fen for row in doc.budget) == scalar("SELECT SUM(amount_fen) FROM budget_line")
    paid = scalar("SELECT SUM(amount_fen) FROM payment_request WHERE status = 'confirmed'")
    assert sum(row.paid_fen for row in doc.tranches) == paid == PAID_FEN
    fiscal, social = doc.funding
    assert (fiscal.received_fen, fiscal.spent_fen) == (PAID_FEN, SPENT_FEN[0] + SPENT_FEN[1])
    assert social.spent_fen == SPENT_FEN[2]
    evaluation_tables.build(doc)


def test_the_counts_of_an_evaluation_are_those_of_the_database(evaluated: Evaluated) -> None:
    case, evaluation = evaluated
    doc = project_evaluation.gather(case.agreement.ref).document
    assert doc.attendance_count == scalar("SELECT SUM(attendance_count) FROM activity WHERE status = 'recorded'") == 120
    assert doc.beneficiary_count == scalar("SELECT SUM(person_count) FROM activity WHERE status = 'recorded'")
    assert doc.survey.answers.total == scalar("SELECT COUNT(*) FROM survey_answer") == 32
    assert doc.survey.answers.counts == (20, 8, 3, 1, 0)
    assert [row.answers.total for row in doc.survey.senses] == [32, 32, 32]
    assert doc.score == round(sum((Decimal(str(one.points)) for one in evaluation.points), Decimal(0)), 2)
    assert sum(row.full for row in doc.scores) == 100
    assert (doc.complaint_count, doc.complaint_closed_count, len(doc.findings)) == (1, 0, 1)


def test_figures_that_do_not_add_up_are_refused(evaluated: Evaluated) -> None:
    doc = project_evaluation.gather(evaluated[0].agreement.project.ref).document
    first, *rest = doc.budget
    with pytest.raises(DoesNotReconcile, match="支出总额"):
        evaluation_tables.build(replace(doc, budget=(replace(first, spent_fen=first.spent_fen + 1), *rest)))


def test_the_sums_of_a_summary_are_those_of_the_database(evaluated: Evaluated) -> None:
    doc = round_summary.gather(evaluated[0].parties.round.ref).document
    assert doc.paid_fen == sum(row.paid_fen for row in doc.months) == PAID_FEN
    fiscal = scalar(
        "SELECT SUM(v.amount_fen) FROM voucher v JOIN budget_line b ON b.id = v.budget_line_id"
        " WHERE v.status = 'accepted' AND b.source = 'fiscal'"
    )
    assert doc.spent_fen == sum(row.spent_fen for row in doc.months) == fiscal
    assert doc.fiscal_fen == scalar("SELECT SUM(amount_fen) FROM agreement")
    assert sum(row.planned_fen for row in doc.envelopes) == scalar("SELECT SUM(amount_fen) FROM envelope")
    assert doc.answers.total == 32
    assert doc.projects[0].grade == ""
    summary_tables.build(doc)


def test_a_paper_that_says_the_same_has_the_same_hash_until_something_changes(evaluated: Evaluated) -> None:
    case, _evaluation = evaluated
    ref = case.agreement.project.ref
    first = project_evaluation.gather(ref).document
    before = data_hash(stamped(first, number="1", code="A", verify_url="x", at=first.stamp.generated_at))
    with set_to(start_of(today())):
        assert data_hash(project_evaluation.gather(ref).document) == before
    payments.accept(case, 1, line=1)
    assert data_hash(project_evaluation.gather(ref).document) != before


def test_an_evaluation_is_a_draft_until_it_is_published(evaluated: Evaluated) -> None:
    case, evaluation = evaluated
    ref = case.agreement.project.ref
    assert project_evaluation.gather(ref).is_draft
    evaluations.publish(case, evaluation)
    gathered = project_evaluation.gather(ref)
    assert not gathered.is_draft
    assert not gathered.document.stamp.is_draft
    assert [box.name for box in gathered.document.stamp.signatories][::2] == [
        case.parties.programme.display_name,
        case.parties.leader.display_name,
    ]


def test_there_is_no_report_of_what_does_not_exist(ctx: Flask, evaluated: Evaluated) -> None:
    with pytest.raises(NotFound):
        project_evaluation.gather("GYCT-1999-01-0001")
    with pytest.raises(NotFound):
        round_summary.gather("JC-1999-01")
    empty = rounds.make_round(2)
    with pytest.raises(RuleBroken, match="还没有签订协议"):
        round_summary.gather(empty.ref)
