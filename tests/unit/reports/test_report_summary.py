"""The 届次总结: five categories in their order, sums that agree, wide pages for the long table."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from grants.foundation.money import wan, yuan
from reports.data.common import CATEGORIES
from reports.data.round_summary import MonthRow
from reports.documents.round_summary import to_pdf
from reports.figures import round_summary as figures
from reports.tables.base import DoesNotReconcile
from reports.tables.round_summary import build
from tests.unit.reports.pdf_reading import MM, fonts, letters, page_texts
from tests.unit.reports.summary_sample import summary


def _number(text: str) -> int:
    return round(float(text.replace(",", "")) * 100)


def test_the_project_list_stands_on_turned_pages(summary_pdf: bytes) -> None:
    texts = page_texts(summary_pdf)
    with pikepdf.open(BytesIO(summary_pdf)) as pdf:
        shapes = [tuple(round(float(side) / MM) for side in page.mediabox[2:]) for page in pdf.pages]
    turned = [number for number, shape in enumerate(shapes) if shape == (297, 210)]
    assert turned
    assert turned == list(range(turned[0], turned[-1] + 1))
    assert {shapes[number] for number in range(len(shapes)) if number not in turned} == {(210, 297)}
    for number in turned:
        assert "执行机构" in texts[number]
        assert f"—{number + 1}—" in texts[number]
        assert all(letter.right < 297 - 36 and letter.left > 34 for letter in letters(summary_pdf, number + 1))


def test_the_contents_are_right(summary_pdf: bytes) -> None:
    texts = page_texts(summary_pdf)
    found = re.findall(r"([一二三四五]、[^.…（]+?)[.…]+(\d+)", texts[1])
    assert [heading[:2] for heading, _page in found] == ["一、", "二、", "三、", "四、", "五、"]
    for heading, page in found:
        assert heading in texts[int(page) - 1]


def test_key_figures_are_in_the_text(summary_pdf: bytes) -> None:
    doc, text = summary(), "".join(page_texts(summary_pdf))
    for figure in (yuan(doc.fiscal_fen), yuan(doc.paid_fen), wan(doc.social_fen), f"{doc.voter_count:,}"):
        assert figure in text
    for row in doc.projects:
        assert yuan(row.spent_fen) in text
    assert "龙潭社区，下一届应予优先支持" in text


def test_fonts_are_embedded_and_no_glyph_is_missing(summary_pdf: bytes) -> None:
    assert all(font["embedded"] and font["encoding"] == "/Identity-H" for font in fonts(summary_pdf).values())


def test_same_data_same_bytes(summary_pdf: bytes) -> None:
    assert to_pdf(summary()) == summary_pdf


def test_categories_keep_their_order_and_sum_to_the_projects() -> None:
    doc = summary()
    table = build(doc)["categories"]
    assert [row.cells[0] for row in table.rows] == [*CATEGORIES, "合计"]
    for column, expected in ((3, doc.fiscal_fen), (4, doc.social_fen), (5, doc.fiscal_fen + doc.social_fen)):
        body, last = table.rows[:-1], table.rows[-1]
        assert sum(_number(row.cells[column]) for row in body) == _number(last.cells[column]) == expected


def test_a_category_without_projects_is_still_shown() -> None:
    doc = summary()
    kept = tuple(row for row in doc.projects if row.category != "社区营造类")
    paid, spent = sum(row.paid_fen for row in kept), sum(row.spent_fen for row in kept)
    fewer = replace(doc, projects=kept, months=(MonthRow(date(2026, 3, 1), paid, spent),))
    row = build(fewer)["categories"].rows[2]
    assert row.cells[:2] == ("社区营造类", "0")
    assert figures.money(fewer).series[0].values[2] == 0


def test_the_list_sums_by_category_and_in_all() -> None:
    doc = summary()
    rows = build(doc)["projects"].rows
    subtotals = [row for row in rows if row.cells[1:2] == ("小计",)]
    assert len(subtotals) == len(CATEGORIES)
    for column, expected in ((5, doc.fiscal_fen), (6, doc.social_fen), (7, doc.paid_fen), (8, doc.spent_fen)):
        assert sum(_number(row.cells[column]) for row in subtotals) == _number(rows[-1].cells[column]) == expected


def test_communities_without_a_project_are_marked() -> None:
    doc = summary()
    rows = {row.cells[0]: row.cells for row in build(doc)["fairness"].rows}
    assert doc.uncovered == ("龙潭社区",)
    assert rows["龙潭社区"][-1] == "未覆盖"
    assert rows["兰亭社区"][-1] == ""
    assert rows["合计"][-1] == "1个未覆盖"


def test_grades_count_every_project_once() -> None:
    doc = summary()
    waiting = replace(doc.projects[0], grade="", score=None)
    table = build(replace(doc, projects=(waiting, *doc.projects[1:])))["grades"]
    assert [column.title for column in table.columns][1:] == [*doc.grades, "未评定", "合计"]
    assert table.rows[-1].cells[-2:] == ("1", "28")


def test_a_share_beyond_the_whole_is_not_shown() -> None:
    rows = build(summary())["funnel"].rows
    assert [row.cells[2] for row in rows][:2] == ["—", "48.9%"]
    assert rows[3].cells[2] == "—"


def test_changes_are_signed_and_unknown_ones_left_open() -> None:
    rows = [row.cells for row in build(summary())["outcomes"].rows if row.kind == "plain"]
    assert rows[0][2:] == ("21", "16", "+5")
    assert rows[5][2:] == ("6", "—", "—")


def test_running_sums_end_at_the_totals() -> None:
    doc = summary()
    chart = figures.months(doc)
    assert chart is not None
    assert [one.values[-1] * 1_000_000 for one in chart.series] == [doc.paid_fen, doc.spent_fen]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"months": summary().months[1:]}, "拨付总额不相符"),
        ({"ages": summary().ages[1:]}, "参与投票人数不相符"),
        ({"categories": CATEGORIES[1:]}, "项目类别不在名录中：社会治理类"),
        ({"communities": summary().communities[1:]}, "社区不在名录中：兰亭社区"),
    ],
)
def test_figures_that_contradict_each_other_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(DoesNotReconcile, match=words):
        build(summary(**change))
