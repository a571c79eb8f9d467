"""The result of a vote on paper: the same words and figures as on its page."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from pypdf import PdfReader

from grants.foundation.errors import NotFound, RuleBroken
from grants.voting import queries, service
from grants.voting.rules import CountingRule, PollKind
from grants.voting.service import Method
from reports.catalogue import get_kind
from reports.documents.poll_result import to_pdf
from reports.figures import poll_result as figures
from reports.gather.choices import Viewer
from reports.gather.poll_result import gather
from reports.tables import poll_result as tables
from tests.browsing import Browser
from tests.integration.voting.test_results import APPROVALS, Markings, account, counted, sealed_poll

Browse = Callable[[str | None], Browser]


def test_there_is_no_paper_before_the_count(app: Flask) -> None:
    with app.app_context():
        poll = sealed_poll(APPROVALS)
        with pytest.raises(RuleBroken):
            gather(poll.ref)
        with pytest.raises(NotFound):
            gather("TP-09-001-09")
        kind = get_kind("poll-result")
        assert kind.list_for(Viewer(account("programme-1"))) == []
        service.count_poll(officer=account("leader-1"), poll=poll)
        assert [one.ref for one in kind.list_for(Viewer(account("community-1")))] == [poll.ref]
        assert kind.list_for(Viewer(account("resident-1"))) == []


@pytest.mark.parametrize(
    ("method", "markings"),
    [
        (Method(), APPROVALS),
        (Method(rule=CountingRule.EQUAL_SHARES), APPROVALS),
        (Method(PollKind.RANKING, CountingRule.SUPPORT), [({"04": 1, "02": 2}, 6), ({"02": 1}, 5)]),
        (Method(PollKind.CUMULATIVE, CountingRule.EQUAL_SHARES, points=10), [({"04": 7, "02": 3}, 5), ({"02": 10}, 3)]),
    ],
)
def test_the_paper_says_what_the_page_says(app: Flask, method: Method, markings: Markings) -> None:
    with app.app_context():
        result = counted(markings, method)
        found = gather(result["ref"])
        story = queries.story_of(queries.get_poll(result["ref"]))
        doc = found.document
    assert not found.is_draft
    assert list(doc.narrative) == story.narrative()
    made = tables.build(doc)
    assert figures.build(doc)
    if doc.is_ranking:
        assert [row.cells[0] for row in made["ranks"].rows] == ["1", "2", "3", "4"]
    else:
        assert [row.code for row in doc.rounds] == result["winners"]
        assert made["rounds"].rows[-1].kind == "total"
        assert {row.why for row in doc.missed} == {
            story.why(line) for line in result["options"] if not line["is_funded"]
        }
    assert "不公布" in str(made["by_age"].rows)


def test_the_pdf_can_be_read_and_is_asked_for_on_the_page(app: Flask, browse: Browse) -> None:
    with app.app_context():
        result = counted(APPROVALS)
        content = to_pdf(gather(result["ref"]).document)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).replace("\n", "")
    assert "没有入选的原因" in text
    assert "抽签签号" in text
    made = browse("programme-1").press(f"/polls/{result['ref']}/result", "生成 PDF 报告")
    assert made is not None
    browse("resident-1").post("/reports/poll-result", {"poll-result": result["ref"]}, status=403)
