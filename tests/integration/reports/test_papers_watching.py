"""The brief for the discipline office, the performance evaluation and the index of a file."""

from decimal import Decimal

import pytest
from flask import Flask

from grants.evaluation.models import Evaluation
from grants.foundation.database import db
from grants.foundation.errors import NotFound
from grants.foundation.money import yuan
from reports.documents import balances
from tests.factories import evaluation as evaluations
from tests.factories import supervision
from tests.factories.payments import Case
from tests.integration.reports.conftest import PAID_FEN
from tests.integration.reports.reading import gathered, printed, scalar

Evaluated = tuple[Case, Evaluation]


def test_the_brief_counts_what_is_on_record(evaluated: Evaluated) -> None:
    case = evaluated[0]
    supervision.make_order(case.parties, case.agreement)
    ref = case.parties.round.ref
    db.session.commit()
    made = gathered("supervision-brief", ref)
    balances.check(made.document.balances)
    checks = {row.cells[0]: row.cells[2:] for row in made.document.parts[1].tables[0].rows}
    signed = scalar("SELECT COUNT(*) FROM payment_step WHERE action NOT IN ('confirm', 'return', 'reject')")
    assert checks["逐级签批"] == (str(signed), "0")
    assert {wrong for _total, wrong in checks.values()} == {"0"}
    orders = scalar("SELECT COUNT(*) FROM rectification")
    assert len(made.document.parts[4].tables[0].rows) == orders == 2
    text = printed("supervision-brief", made)
    assert "监督检查专报" in text
    assert yuan(PAID_FEN) in text
    assert f"下达整改{orders}件，其中逾期未完成0件" in text


def test_the_brief_finds_what_breaks_a_rule(evaluated: Evaluated) -> None:
    case = evaluated[0]
    ref = case.parties.round.ref
    case.agreement.payee_account_index = "another"
    db.session.commit()
    checks = {row.cells[0]: row.cells[3] for row in gathered("supervision-brief", ref).document.parts[1].tables[0].rows}
    assert checks["收款账户"] == "1"


def test_reports_of_misconduct_stay_out_of_the_brief(evaluated: Evaluated) -> None:
    case = evaluated[0]
    ref = case.parties.round.ref
    db.session.commit()
    before = gathered("supervision-brief", ref).document.parts
    supervision.make_complaint(db.session.merge(case.agreement), is_whistleblowing=True)
    db.session.commit()
    assert gathered("supervision-brief", ref).document.parts == before


def test_the_performance_of_a_round_adds_up(evaluated: Evaluated) -> None:
    case, evaluation = evaluated
    evaluations.publish(case, evaluation)
    ref = case.parties.round.ref
    db.session.commit()
    made = gathered("performance-evaluation", ref)
    assert made.is_draft
    balances.check(made.document.balances)
    lines = made.document.parts[-1].tables[0].rows
    assert sum(int(row.cells[3]) for row in lines[:-1]) == 100
    total = sum(Decimal(row.cells[4]) for row in lines[:-1])
    assert Decimal(lines[-1].cells[4]) == total
    by_name = {row.cells[2]: Decimal(row.cells[4]) for row in lines[:-1]}
    fiscal = scalar("SELECT SUM(amount_fen) FROM agreement")
    assert by_name["资金到位率"] == (Decimal(5 * PAID_FEN) / fiscal).quantize(Decimal("0.01"))
    mean = Decimal(str(db.session.execute(db.text("SELECT total FROM evaluation")).scalar_one()))
    assert by_name["实施效益"] == (15 * mean / 100).quantize(Decimal("0.01"))
    text = printed("performance-evaluation", made)
    assert "绩效评价报告" in text
    for chapter in ("一、基本情况", "四、绩效评价指标分析", "六、有关建议", "七、其他需要说明的问题"):
        assert chapter in text


def test_a_file_lists_every_stage_and_is_a_draft_until_closed(evaluated: Evaluated) -> None:
    case = evaluated[0]
    ref, agreement = case.agreement.project.ref, case.agreement.ref
    made = gathered("archive-index", ref)
    assert made.is_draft
    rows = [row.cells for row in made.document.parts[1].tables[0].rows if row.kind == "plain"]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    numbers = {row[1] for row in rows}
    for sql in ("SELECT ref FROM need", "SELECT ref FROM activity", "SELECT ref FROM rectification"):
        assert numbers >= set(db.session.scalars(db.text(sql)))
    assert {agreement, ref} <= numbers
    text = printed("archive-index", made)
    assert "归档卷内目录" in text
    vouchers = scalar("SELECT COUNT(*) FROM voucher WHERE status = 'accepted'")
    assert f"支出票据{vouchers}张" in text


def test_there_is_no_file_without_an_agreement(ctx: Flask) -> None:
    with pytest.raises(NotFound, match="还没有协议"):
        gathered("archive-index", "GYCT-1999-01-0001")
