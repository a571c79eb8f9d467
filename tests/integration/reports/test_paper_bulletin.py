"""The progress bulletin on paper: a draft until issued, its sums reconciled with the records and the ledger."""

from datetime import timedelta

from grants.evaluation.models import Evaluation
from grants.foundation.clock import set_to, start_of, today
from grants.foundation.database import db
from grants.foundation.money import yuan
from grants.supervision import queries, service
from grants.supervision.rules import month_of, report_due_on
from reports.documents import balances
from tests.factories.payments import Case
from tests.integration.reports.conftest import PAID_FEN, SPENT_FEN
from tests.integration.reports.reading import gathered, printed, scalar

FIVE = ["社会治理", "专业服务", "社区营造", "志愿服务", "福利慈善"]


def test_the_bulletin_adds_up_and_is_a_draft_until_it_is_issued(evaluated: tuple[Case, Evaluation]) -> None:
    case = evaluated[0]
    month = month_of(today())
    with set_to(start_of(report_due_on(month, 5)) + timedelta(days=1, hours=9)):
        bulletin = service.prepare_bulletin(
            round=case.parties.round, month=month, officer=case.parties.programme, remark="请抓紧报账。"
        )
        db.session.commit()
        ref = bulletin.ref
        draft = gathered("progress-bulletin", ref)
        assert draft.is_draft
        assert draft.document.stamp.is_draft
        balances.check(draft.document.balances)
        leader = db.session.merge(case.parties.leader, load=True)
        service.issue_bulletin(bulletin=queries.get_bulletin(ref), leader=leader)
        db.session.commit()
        made = gathered("progress-bulletin", ref)
    assert not made.is_draft
    assert [row.cells[0] for row in made.document.parts[3].tables[0].rows] == [*FIVE, "合计"]
    held = scalar("SELECT COUNT(*) FROM activity WHERE status = 'recorded'")
    assert made.document.parts[2].tables[0].rows[-1].cells[4] == str(held)
    text = printed("progress-bulletin", made)
    assert yuan(PAID_FEN) in text
    assert yuan(sum(SPENT_FEN[:2])) in text
    assert "请抓紧报账。" in text
