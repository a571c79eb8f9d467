"""The English edition of the 末期评估报告: every label is translated, every number is that of the Chinese edition."""

import re
from io import BytesIO

import pikepdf
import pytest
from babel.messages.pofile import read_po

from grants.foundation.catalogue import PO
from reports.documents.project_evaluation_english import to_pdf
from reports.english import translating
from reports.english.translating import RULES, chart, say, table
from reports.english.words import WORDS
from reports.figures import project_evaluation as figures
from reports.tables import project_evaluation as tables
from tests.unit.reports.evaluation_sample import evaluation
from tests.unit.reports.pdf_reading import page_texts

HAN = re.compile("[\u4e00-\u9fff]")
NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?%?")


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Return every text that the English catalogue has or will have."""
    with PO.open("rb") as file:
        return {str(one.id) for one in read_po(file)} | {str(word) for word in WORDS}


def is_known(text: str, known: set[str]) -> bool:
    return not HAN.search(text) or text in known or any(pattern.fullmatch(text) for pattern, _put in RULES)


def test_every_label_of_the_report_has_its_english(known: set[str]) -> None:
    doc = evaluation()
    labels = [
        label
        for one in tables.build(doc).values()
        for label in (one.caption, one.unit, one.note, *(column.title for column in one.columns))
    ]
    for one in figures.build(doc).values():
        labels += [one.title, one.unit.replace("％", "%"), *(row.name for row in one.series)]
    assert [label for label in labels if not is_known(label, known)] == []


def test_no_number_changes_with_the_language() -> None:
    for one in tables.build(evaluation()).values():
        english = table(one)
        assert [row.kind for row in english.rows] == [row.kind for row in one.rows]
        for row, same in zip(one.rows, english.rows, strict=True):
            pairs = zip(row.cells, same.cells, strict=True)
            assert all(after == before for before, after in pairs if NUMBER.fullmatch(before))


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("第2期", "No. 2"),
        ("1,528人次", "1,528 attendances"),
        ("延后3天", "3 days late"),
        ("3月", "Mar"),
        ("共4项指标，完成3项。", "4 indicators, 3 of them met."),
        ("2026年3月5日完成：已补齐", "Done on 5 March 2026: 已补齐"),
        ("居民自己写的话", "居民自己写的话"),
        ("", ""),
    ],
)
def test_labels_made_of_numbers_are_put_into_english(chinese: str, english: str) -> None:
    assert say(chinese) == english


def test_a_word_of_the_catalogue_is_said_in_english_inside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    class Words:
        def ugettext(self, text: str) -> str:
            return {"财务管理": "Money’s use"}.get(text, text)

    monkeypatch.setattr(translating, "_catalogue", Words)
    assert say("财务管理（20分，得18.50分）") == "Money's use (18.50 of 20 points)"


def test_the_report_is_printed_in_english_with_its_figures() -> None:
    doc = evaluation()
    content = to_pdf(doc)
    text = "".join(page_texts(content))
    for words in (
        "FinalEvaluationReport",
        "Contents",
        "Preparedby",
        "Scantoverify",
        "Table1",
        "Annex2:",
        doc.reference,
    ):
        assert words in text
    for chinese in ("目录", "扫码核验", "编制", "注：", "共20页"):
        assert chinese not in text
    assert f"{doc.attendance_count:,}attendances" in text
    with pikepdf.open(BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "en"


def test_the_alternative_text_of_a_chart_is_english() -> None:
    drawn = chart(figures.build(evaluation())["score"])
    assert "Gauge" in drawn.worded(translating.Markup("<title>仪表图。综合得分</title>"))
