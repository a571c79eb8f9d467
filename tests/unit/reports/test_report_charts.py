"""Charts: one description, drawn safely, told in words, turned into a table."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from reports.charts import Chart, ChartKind, Series, data_rows, describe, svg
from reports.charts.canvas import PALETTE, scale, shorten, text_width

LABELS = ("社会治理类", "专业服务类", "社区营造类")
NAMES = {"ns": "http://www.w3.org/2000/svg"}


def _chart(kind: ChartKind, **changes: object) -> Chart:
    values = {
        "title": "资金",
        "labels": LABELS,
        "series": (Series("财政", (32.5, 20, 0)), Series("社会", (4, 5, 6))),
        "unit": "万元",
        "digits": 2,
        "maximum": 40 if kind in {ChartKind.GAUGE, ChartKind.RADAR} else None,
        **changes,
    }
    return Chart(kind, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_kind_is_plain_svg_with_title_and_description(kind: ChartKind) -> None:
    drawn = svg(_chart(kind))
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing
    assert root.find("ns:title", NAMES).text == "资金"  # type: ignore[union-attr]
    assert "32.50" in root.find("ns:desc", NAMES).text  # type: ignore[union-attr,operator]
    assert not re.search(r"style=|<script|href=|on\w+=", drawn)
    _x, _y, width, height = map(float, root.attrib["viewBox"].split())
    for shape in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            if name in shape.attrib:
                assert 0 <= float(shape.attrib[name]) <= width, (kind, shape.attrib)
        for name in ("y", "y1", "y2", "cy"):
            if name in shape.attrib:
                assert 0 <= float(shape.attrib[name]) <= height, (kind, shape.attrib)


@pytest.mark.parametrize("kind", list(ChartKind))
def test_zeros_only_can_be_drawn(kind: ChartKind) -> None:
    series = (Series("财政", (0, 0, 0)),)
    ElementTree.fromstring(svg(_chart(kind, series=series)))  # noqa: S314


def test_words_from_people_are_escaped() -> None:
    drawn = svg(_chart(ChartKind.BAR, title="<b>&", labels=("<i>", "a&b", '"')))
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    ElementTree.fromstring(drawn)  # noqa: S314


def test_print_takes_its_alternative_from_the_title() -> None:
    chart = _chart(ChartKind.STACKED)
    assert f"<title>资金。{describe(chart)}</title>" in svg(chart, full_title=True)


def test_a_chart_in_words_and_as_a_table() -> None:
    chart = _chart(ChartKind.GROUPED)
    assert describe(chart) == (
        "分组条形图，单位：万元。财政：社会治理类 32.50，专业服务类 20.00，社区营造类 0.00；"
        "社会：社会治理类 4.00，专业服务类 5.00，社区营造类 6.00。"
    )
    assert data_rows(chart)[:2] == (("", "财政（万元）", "社会（万元）"), ("社会治理类", "32.50", "4.00"))


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": (), "series": (Series("a", ()),)},
        {"series": ()},
        {"series": (Series("a", (1, 2)),)},
        {"series": (Series("a", (1, 2, -1)),)},
        {"labels": ("x",) * 61, "series": (Series("a", (1,) * 61),)},
    ],
)
def test_charts_that_cannot_be_right_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"资金|a"):
        _chart(ChartKind.BAR, **changes)


def test_a_gauge_needs_the_end_of_its_scale() -> None:
    with pytest.raises(ValueError, match="scale"):
        _chart(ChartKind.GAUGE, maximum=None)


@pytest.mark.parametrize(
    ("top", "last", "count"), [(17.8, 20, 5), (100, 100, 6), (0.37, 0.4, 5), (0, 1, 2), (1234, 1250, 6)]
)
def test_scales_have_round_steps(top: float, last: float, count: int) -> None:
    ticks = scale(top)
    assert ticks[-1] == pytest.approx(last)
    assert len(ticks) == count


def test_neighbouring_colours_differ_in_grey() -> None:
    greys = [
        0.299 * int(code[1:3], 16) + 0.587 * int(code[3:5], 16) + 0.114 * int(code[5:7], 16) for code in PALETTE[:5]
    ]
    assert all(abs(one - other) > 30 for one, other in pairwise(greys))


def test_long_labels_are_cut_to_their_room() -> None:
    assert shorten("创新与可持续", 200) == "创新与可持续"
    short = shorten("创新与可持续社会影响", 60)
    assert short.endswith("…")
    assert text_width(short) <= 60
