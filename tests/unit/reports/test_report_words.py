"""How figures, dates, headings and people's words are written; how tables are checked."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reports import formatting
from reports.data.common import Answers
from reports.data.project_evaluation import BudgetRow
from reports.data.table import Column, Row, Table
from reports.outline import Outline
from reports.qr import qr_svg
from reports.tables.base import DoesNotReconcile, frame, reconcile, sums_by, total
from tests.unit.reports.evaluation_sample import evaluation


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_headings_are_numbered_in_chinese(number: int, words: str) -> None:
    assert formatting.numeral(number) == words


def test_numbers_beyond_99_are_refused() -> None:
    with pytest.raises(ValueError, match="100"):
        formatting.numeral(100)


def test_unknown_values_are_a_dash() -> None:
    assert {
        formatting.count(None),
        formatting.decimal(None),
        formatting.percent(None),
        formatting.percent(1, 0),
        formatting.day(None),
        formatting.short_day(None),
        formatting.moment(None),
        str(formatting.lines("")),
    } == {"—"}


def test_figures_are_rounded_half_up() -> None:
    assert formatting.decimal(Decimal("2.345")) == "2.35"
    assert formatting.decimal(-0.001) == "0.00"
    assert formatting.percent(1, 3) == "33.3%"
    assert formatting.percent(Decimal("0.8825"), 1, 1) == "88.3%"


def test_dates_are_those_of_the_street() -> None:
    evening = datetime(2026, 3, 4, 17, 5, tzinfo=UTC)
    assert formatting.moment(evening) == "2026年3月5日 01:05"
    assert formatting.local_day(evening) == "2026年3月5日"
    assert formatting.w3c(evening) == "2026-03-04T17:05:00Z"
    assert formatting.short_day(date(2026, 3, 5)) == "2026-03-05"


def test_paragraphs_are_escaped_and_cut_with_a_note() -> None:
    assert formatting.paragraphs("一\n\n <b>二") == "<p>一</p>\n<p>&lt;b&gt;二</p>\n"
    assert formatting.paragraphs(None) == "<p>—</p>\n"
    long = formatting.paragraphs("字" * 6_000)
    assert long.count("字") == formatting.MAX_FIELD
    assert formatting.ELIDED in long
    assert formatting.ELIDED in formatting.paragraphs("行\n" * 70)
    assert formatting.ELIDED not in formatting.paragraphs("字" * formatting.MAX_FIELD)


def test_cells_hold_at_most_five_lines() -> None:
    assert formatting.lines("a\nb&") == "a<br>b&amp;"
    assert formatting.lines("x\n" * 6).endswith("<br>……")


def test_quotes_inside_quotes_change() -> None:
    assert formatting.quoted("“银龄”项目") == "“‘银龄’项目”"
    assert formatting.clip("一二三四五六", 5) == "一二三……"


def test_the_outline_numbers_and_remembers() -> None:
    outline = Outline()
    assert outline.unnumbered("摘要") == '<h2 id="u0" class="front">摘要</h2>'
    assert outline.section("概况") == '<h2 id="s1" class="numbered">一、概况</h2>'
    assert outline.subsection("背景<") == '<h3 id="s1-1" class="numbered">（一）背景&lt;</h3>'
    outline.section("方法")
    assert outline.subsection("组织").startswith('<h3 id="s2-1"')
    assert outline.annex("清单") == '<h2 id="a1" class="annex">附件1　清单</h2>'
    assert (outline.table_number(), outline.table_number(), outline.figure_number()) == ("表1", "表2", "图1")
    assert [(entry.level, entry.anchor) for entry in outline.entries][-2:] == [(2, "s2-1"), (1, "a1")]


def test_a_code_has_a_title() -> None:
    drawn = qr_svg("https://grants.example.cn/verify/7K3M-9QXA", "核验<码")
    assert "<title>核验&lt;码</title>" in drawn
    assert "style=" not in drawn


def test_answers_are_weighed() -> None:
    answers = Answers((68, 38, 5, 1, 0))
    assert (answers.total, answers.satisfied) == (112, 106)
    assert answers.rate == pytest.approx(0.9464, abs=1e-4)
    assert answers.index == pytest.approx((6800 + 3040 + 300 + 30) / 112)
    assert Answers((0, 0, 0, 0, 0)).rate is None
    assert Answers((0, 0, 0, 0, 0)).index is None


def test_sums_are_whole_and_keep_the_given_order() -> None:
    data = frame(evaluation().budget, BudgetRow)
    assert total(data, "spent_fen") == 8_021_832
    sums = sums_by(data, "code", ("budget_fen",), ("09", "01", "99"))
    assert list(sums.index) == ["09", "01", "99"]
    assert [int(value) for value in sums["budget_fen"]] == [260_000, 2_180_000, 0]
    assert total(frame((), BudgetRow), "spent_fen") == 0


def test_sums_that_differ_by_one_fen_are_refused() -> None:
    assert reconcile("支出", {"明细": 100, "总账": 100}) == 100
    with pytest.raises(DoesNotReconcile, match=r"支出不相符：明细 1\.00 元，总账 1\.01 元"):
        reconcile("支出", {"明细": 100, "总账": 101})


@pytest.mark.parametrize(
    ("columns", "rows", "spans"),
    [
        ((Column("a", 50), Column("b", 40)), (), ()),
        ((Column("a", 50), Column("b", 50)), (Row(("x",)),), ()),
        ((Column("a", 50), Column("b", 50)), (Row(("x", "y"), "group"),), ()),
        ((Column("a", 50), Column("b", 50)), (), (("上", 3),)),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(
    columns: tuple[Column, ...], rows: tuple[Row, ...], spans: tuple[tuple[str, int], ...]
) -> None:
    with pytest.raises(ValueError, match="表"):
        Table("表", columns, rows, spans=spans)
