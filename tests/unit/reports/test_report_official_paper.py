"""GB/T 9704-2012 to the millimetre."""

from datetime import date
from itertools import pairwise

import pytest

from reports.data.official_paper import Block, Level
from reports.data.table import RIGHT, Column, Row, Table
from reports.documents.official_paper import to_pdf
from tests.unit.reports.paper_sample import paper
from tests.unit.reports.pdf_reading import letters, lines, page_texts, picture

LINE_MM = 28.95 * 25.4 / 72


@pytest.fixture(scope="module")
def grid_pdf() -> bytes:
    """A paper of nothing but full lines."""
    return to_pdf(
        paper(
            masthead="",
            title=("格",),
            addressee="",
            body=(Block("一二三四五六七八九十" * 150),),
            annexes=(),
            note="",
            copies_to="",
            printed_by="",
        )
    )


def test_a_full_page_has_22_lines_of_28_characters(grid_pdf: bytes) -> None:
    rows = lines([letter for letter in letters(grid_pdf, 2) if letter.top < 262])
    assert [len(row) for row in rows.values()] == [28] * 22
    for row in rows.values():
        assert row[0].left == pytest.approx(28, abs=0.3)
        assert row[-1].right == pytest.approx(184, abs=0.4)
    for above, below in pairwise(rows):
        assert below - above == pytest.approx(LINE_MM, abs=0.11)
    first, *_between, last = rows.values()
    assert first[0].top > 37
    assert last[0].bottom < 262


def test_a_paragraph_starts_two_characters_in(grid_pdf: bytes) -> None:
    first = min((letter for letter in letters(grid_pdf, 1) if letter.text == "一"), key=lambda one: (one.top, one.left))
    assert first.left == pytest.approx(28 + 2 * 15.785 * 25.4 / 72, abs=0.3)


def test_lines_with_figures_keep_the_pitch(official_pdf: bytes) -> None:
    rows = lines([letter for letter in letters(official_pdf, 2) if 37 < letter.top < 130])
    assert len(rows) > 8
    for above, below in pairwise(rows):
        assert below - above == pytest.approx(LINE_MM, abs=0.11)


def test_the_dashes_of_the_page_number_lie_7_mm_under_the_type_area(official_pdf: bytes) -> None:
    dpi = 254
    page = picture(official_pdf, 1, dpi)
    foot = page.crop((1500, 2625, 1900, 2900))
    dark = [(x, y) for y in range(foot.height) for x in range(foot.width) if foot.getpixel((x, y)) < 128]
    leftmost = min(dark)
    assert (leftmost[1] + 2625) / 10 - 262 == pytest.approx(7, abs=0.5)


def test_numbers_stand_right_on_odd_and_left_on_even_pages(official_pdf: bytes) -> None:
    assert [text.count(f"—{number}—") for number, text in enumerate(page_texts(official_pdf), start=1)] == [1, 1]
    odd = [letter for letter in letters(official_pdf, 1) if letter.top > 262]
    even = [letter for letter in letters(official_pdf, 2) if letter.top > 262]
    assert min(letter.left for letter in odd) > 150
    assert max(letter.right for letter in even) < 60


def test_the_masthead_is_red_and_35_mm_down() -> None:
    made = to_pdf(paper())
    page = picture(made, 1, 254)
    dark = [y for y in range(370, 1200) for x in range(400, 1700, 4) if page.getpixel((x, y)) < 160]
    assert dark[0] / 10 - 37 == pytest.approx(35, abs=1.5)


def test_the_imprint_ends_an_even_page(official_pdf: bytes) -> None:
    texts = page_texts(official_pdf)
    assert len(texts) % 2 == 0
    assert "抄送：街道纪工委，街道财政所，居务监督委员会。" in texts[-1]
    assert "梧桐街道党政办公室2026年11月25日印发" in texts[-1]


def test_a_short_paper_turns_the_page_for_its_imprint() -> None:
    texts = page_texts(to_pdf(paper(body=(Block("同意。"),), annexes=())))
    assert len(texts) == 2
    assert "印发" not in texts[0]
    assert "印发" in texts[1]


def test_a_plain_announcement_has_neither_masthead_nor_imprint() -> None:
    text = "".join(page_texts(to_pdf(paper(masthead="", number="", copies_to="", printed_by="", is_sealed=False))))
    assert "文件" not in text
    assert "抄送" not in text
    assert text.index("梧桐街道办事处2026年11月25日") > 0


def test_dates_have_no_leading_zero() -> None:
    assert "2026年3月5日" in "".join(page_texts(to_pdf(paper(signed_on=date(2026, 3, 5)))))


def test_a_table_may_stand_in_the_text() -> None:
    table = Table("拨付明细", (Column("项目", 60), Column("金额（元）", 40, RIGHT)), (Row(("助餐", "35,000.00")),))
    text = "".join(page_texts(to_pdf(paper(body=(Block("一、明细", Level.FIRST), Block(table=table))))))
    assert "拨付明细项目金额（元）助餐35,000.00" in text
