"""The form for the finance bureau, the survey's report, the use of funds, the poster: figures as in the database."""

from decimal import Decimal

import pytest
from flask import Flask

from grants.evaluation.models import Evaluation
from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.money import wan, yuan
from reports.data.project_evaluation import TargetRow
from reports.documents import balances
from reports.gather import self_evaluation
from tests.factories import evaluation as evaluations
from tests.factories import rounds
from tests.factories.payments import Case
from tests.integration.reports.conftest import PAID_FEN, SPENT_FEN
from tests.integration.reports.reading import gathered, printed, scalar

Evaluated = tuple[Case, Evaluation]


def test_the_self_evaluation_gives_a_hundred_points_at_most(evaluated: Evaluated) -> None:
    made = gathered("self-evaluation", evaluated[0].agreement.project.ref)
    assert made.is_draft
    _facts, money, indicators = made.document.parts
    budget = scalar("SELECT SUM(amount_fen) FROM budget_line")
    spent = scalar("SELECT SUM(amount_fen) FROM voucher WHERE status = 'accepted'")
    assert money.tables[0].rows[0].cells[2:4] == (wan(budget), wan(spent))
    points = Decimal(10 * spent) / budget
    assert money.tables[0].rows[0].cells[-1] == f"{points:.2f}"
    total = indicators.tables[0].rows[-1].cells
    assert total[5] == "100.00"
    parts = sum(Decimal(row.cells[6]) for row in indicators.tables[0].rows[:-1])
    assert Decimal(total[6]) == parts <= 100
    balances.check(made.document.balances)
    assert "项目支出绩效自评表" in printed("self-evaluation", made)


def target(kind: str, wanted: int, actual: int | None) -> TargetRow:
    """Return an indicator."""
    return TargetRow(kind, "指标", "个", Decimal(wanted), None if actual is None else Decimal(actual), "")


def test_points_follow_the_class_and_the_share_reached() -> None:
    rows = [
        target("产出·数量", 10, 5),
        target("产出·质量", 1, 2),
        target("产出·时效", 3, 3),
        target("满意度", 90, None),
    ]
    scored = self_evaluation.score(rows)
    assert sum(most for _one, most, _points in scored) == 90
    assert [most for _one, most, _points in scored] == [Decimal("25.00")] * 3 + [Decimal("15.00")]
    assert [points for _one, _most, points in scored] == [
        Decimal("12.50"),
        Decimal("25.00"),
        Decimal("25.00"),
        Decimal("0.00"),
    ]


def test_the_form_is_final_once_the_evaluation_is_published(evaluated: Evaluated) -> None:
    case, made = evaluated
    evaluations.publish(case, made)
    db.session.commit()
    assert not gathered("self-evaluation", case.agreement.project.ref).is_draft


def test_the_survey_is_told_without_anyone_s_name(evaluated: Evaluated) -> None:
    made = gathered("satisfaction", evaluated[0].agreement.project.ref)
    number = scalar("SELECT COUNT(*) FROM survey_answer")
    answers = made.document.parts[2].tables[0].rows
    assert [row.cells[2] for row in answers] == ["20", "8", "3", "1", "0", str(number)]
    balances.check(made.document.balances)
    text = printed("satisfaction", made)
    assert "居民满意度调查报告" in text
    assert "87.5%" in text
    for (name,) in db.session.execute(db.text("SELECT name FROM resident")):
        assert name not in text


def test_there_is_no_report_without_a_survey(ctx: Flask) -> None:
    with pytest.raises(NotFound, match="满意度调查"):
        gathered("satisfaction", "GYCT-1999-01-0001")


def test_the_use_of_funds_is_the_same_by_round_and_by_year(evaluated: Evaluated) -> None:
    ref = evaluated[0].parties.round.ref
    day = today()
    fiscal = SPENT_FEN[0] + SPENT_FEN[1]
    for scope in (ref, f"{day.year}", f"{day.year}Q{(day.month + 2) // 3}"):
        made = gathered("fund-use", scope)
        assert made.is_draft
        paid, spent = made.document.balances
        assert {fen for _name, fen in paid.sums} == {PAID_FEN}
        assert {fen for _name, fen in spent.sums} == {fiscal}
    text = printed("fund-use", made)
    assert "专项资金使用情况报告" in text
    assert yuan(scalar("SELECT SUM(amount_fen) FROM payment_request WHERE status = 'confirmed'")) in text


def test_a_past_year_without_payments_is_final_and_empty(evaluated: Evaluated) -> None:
    made = gathered("fund-use", f"{today().year - 1}")
    assert not made.is_draft
    assert made.document.balances[0].sums[0][1] == 0
    for wrong in ("2026Q5", "JC-1999-01", "x"):
        with pytest.raises(NotFound):
            gathered("fund-use", wrong)


def test_rehearsals_do_not_count_in_a_year(evaluated: Evaluated) -> None:
    made = rounds.make_round(2, is_rehearsal=True)
    fund = made.fund.name
    db.session.commit()
    text = printed("fund-use", gathered("fund-use", f"{today().year}"))
    assert text.count(fund.replace(" ", "")) <= 1


def test_the_poster_of_a_community_fits_its_board(evaluated: Evaluated) -> None:
    case = evaluated[0]
    project = case.agreement.project
    title, ref = project.title, f"{case.parties.round.ref}-{project.community.code[-3:]}"
    made = gathered("board-poster", ref)
    total = made.document.sections[0].table.rows[-1].cells
    assert total[2:4] == (yuan(scalar("SELECT SUM(amount_fen) FROM agreement")), yuan(PAID_FEN))
    attendances = scalar("SELECT SUM(attendance_count) FROM activity")
    assert total[5] == f"{attendances}人次"
    text = printed("board-poster", made)
    assert "公益创投公开栏" in text
    assert "".join(title.split()) in text
    for (name,) in db.session.execute(db.text("SELECT name FROM resident")):
        assert name not in text
    with pytest.raises(NotFound):
        gathered("board-poster", f"{ref[:-3]}999")
