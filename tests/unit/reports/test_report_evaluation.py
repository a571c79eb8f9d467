"""The 末期评估报告 says what its data say, on the pages its contents promise."""

import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from grants.foundation.money import yuan
from reports.data.project_evaluation import BudgetRow, TargetRow, TrancheRow
from reports.documents.project_evaluation import to_pdf
from reports.tables.base import DoesNotReconcile
from reports.tables.project_evaluation import build
from tests.unit.reports.evaluation_sample import D, evaluation, stamp
from tests.unit.reports.pdf_reading import MM, fonts, letters, page_texts, squeeze

HEADINGS = (
    "摘要",
    "一、项目概况",
    "二、评估过程与方法",
    "三、目标完成情况",
    "四、财务情况",
    "五、服务成效与居民评价",
    "六、问题与整改",
    "七、结论与建议",
    "附件1末期评估评分表",
    "附件2活动清单",
)


def test_every_page_is_upright_a4_with_its_number(evaluation_pdf: bytes) -> None:
    texts = page_texts(evaluation_pdf)
    with pikepdf.open(BytesIO(evaluation_pdf)) as pdf:
        assert len(pdf.pages) == len(texts)
        for page in pdf.pages:
            assert [round(float(side) / MM) for side in page.mediabox] == [0, 0, 210, 297]
    assert "—1—" not in texts[0]
    for number, text in enumerate(texts[1:], start=2):
        assert f"—{number}—" in text
        assert f"共{len(texts)}页" in text


def test_the_contents_name_the_pages_the_headings_are_on(evaluation_pdf: bytes) -> None:
    texts = page_texts(evaluation_pdf)
    contents = texts[1]
    for heading in HEADINGS:
        found = re.search(re.escape(heading) + r"[.…]+(\d+)", contents)
        assert found, heading
        assert heading in texts[int(found[1]) - 1]
    lines = re.findall(r"（[一二三四]）([^.…（]+?)[.…]+(\d+)", contents)
    assert len(lines) > 15
    for title, page in lines:
        assert title in texts[int(page) - 1], title


def test_numbers_stand_at_the_outer_edge(evaluation_pdf: bytes) -> None:
    for number, is_right in ((3, True), (4, False)):
        foot = [letter for letter in letters(evaluation_pdf, number) if letter.top > 262 and letter.text == "—"]
        assert len(foot) == 2
        if is_right:
            assert 175 < foot[-1].right < 184
        else:
            assert 28 < foot[0].left < 37


def test_nothing_is_printed_beside_the_type_area(evaluation_pdf: bytes) -> None:
    for number in range(1, len(page_texts(evaluation_pdf)) + 1):
        for letter in letters(evaluation_pdf, number):
            assert letter.left > 27.4, (number, letter)
            assert letter.right < 184.8, (number, letter)
            assert letter.bottom < 276, (number, letter)


def test_key_figures_are_in_the_text(evaluation_pdf: bytes) -> None:
    doc, text = evaluation(), "".join(page_texts(evaluation_pdf))
    for figure in (
        yuan(doc.received_fen),
        yuan(doc.spent_fen),
        yuan(doc.received_fen - doc.spent_fen),
        "人民币捌万贰仟元整",
        f"{doc.score:.2f}",
        "94.6%",
        "1,538",
        doc.reference,
        doc.agreement_number,
        doc.stamp.check_code,
        "刘龑",
    ):
        assert squeeze(figure) in text, figure
    for row in doc.activities:
        assert squeeze(row.title) in text
    for row in doc.budget:
        assert yuan(row.spent_fen) in text


def test_header_rows_are_repeated_and_the_total_stands_at_the_end(evaluation_pdf: bytes) -> None:
    texts = page_texts(evaluation_pdf)
    first = next(number for number, text in enumerate(texts) if "附件2活动清单" in text and "佐证材料" in text)
    listed = [text for text in texts[first:] if re.search(r"(?<!-)2026-\d\d-\d\d", text)]
    assert len(listed) > 1
    assert all("序号日期活动地点" in text for text in listed)
    assert "合计32场1,538322.0" in listed[-1]


def test_the_last_page_holds_signatures_and_the_check(evaluation_pdf: bytes) -> None:
    last = page_texts(evaluation_pdf)[-1]
    for words in ("编制", "周敏", "审核", "陈立新", "审批", "7K3M-9QXA", "扫码核验真伪"):
        assert words in last


def test_fonts_are_embedded_and_no_glyph_is_missing(evaluation_pdf: bytes) -> None:
    found = fonts(evaluation_pdf)
    assert len(found) >= 3
    assert all(font["embedded"] and font["encoding"] == "/Identity-H" for font in found.values())


def test_the_file_describes_itself(evaluation_pdf: bytes) -> None:
    with pikepdf.open(BytesIO(evaluation_pdf)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "“银龄相伴”独居老人关爱服务项目末期评估报告"
        assert str(pdf.docinfo["/Author"]) == "梧桐街道办事处"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261222013000Z"
        assert str(pdf.Root.Lang) == "zh-CN"
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            assert [squeeze(item.title) for item in outline.root] == list(HEADINGS)


def test_every_picture_has_words(evaluation_pdf: bytes) -> None:
    with pikepdf.open(BytesIO(evaluation_pdf)) as pdf:
        figures = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"]
        described = [str(figure.Alt) for figure in figures]
    assert sum("核验二维码" in words for words in described) == 2
    assert any("仪表图，单位：分。综合得分 93.70。" in words for words in described)
    assert len(described) == len(figures) == 8


def test_same_data_same_bytes_other_data_other_bytes(evaluation_pdf: bytes) -> None:
    assert to_pdf(evaluation()) == evaluation_pdf
    assert to_pdf(evaluation(grade="良好")) != evaluation_pdf


def test_a_draft_is_marked_on_every_page_without_touching_the_text(evaluation_pdf: bytes) -> None:
    draft = to_pdf(evaluation(stamp=stamp(is_draft=True)))
    assert page_texts(draft) == page_texts(evaluation_pdf)
    with pikepdf.open(BytesIO(draft)) as marked, pikepdf.open(BytesIO(evaluation_pdf)) as clean:
        for one, other in zip(marked.pages, clean.pages, strict=True):
            assert len(one.Contents.read_bytes()) > len(other.Contents.read_bytes())


def test_people_cannot_write_markup() -> None:
    hostile = "<img src='file:///etc/passwd'><script>x</script>&lt;b&gt;{{ 7*7 }}"
    made = to_pdf(evaluation(conclusion=hostile, leader=hostile))
    assert squeeze(hostile) in "".join(page_texts(made))


def test_a_report_with_nothing_in_it_still_prints() -> None:
    bare = evaluation(
        needs=(), steps=(), methods=(), targets=(), milestones=(), activities=(), budget=(), funding=(), tranches=()
    )
    bare = replace(bare, ratios=(), findings=(), partners=(), problems=(), achievements=(), recommendations=())
    assert "一、项目概况" in "".join(page_texts(to_pdf(bare)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"budget": (BudgetRow("01", "活动物资费", 8_200_000, 0, 8_021_831),)},
            r"支出总额不相符：预算明细 80,218\.31 元",
        ),
        ({"budget": (BudgetRow("01", "活动物资费", 8_200_000, 1, 8_021_832),)}, "预算总额不相符"),
        ({"tranches": (TrancheRow("首期", "", 7_000_000, None, 6_999_999, ""),)}, "财政拨付不相符"),
        ({"scores": evaluation().scores[1:]}, "评分表满分为92分"),
    ],
)
def test_figures_that_contradict_each_other_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(DoesNotReconcile, match=words):
        build(evaluation(**change))


def test_targets_say_met_or_not_in_their_own_direction() -> None:
    cost = TargetRow("产出·成本", "人均成本", "元", D(500), D(400), "", is_lower_better=True)
    assert (cost.is_met, cost.completion) == (True, D("1.25"))
    assert not replace(cost, actual=D(501)).is_met
    assert replace(cost, actual=None).completion is None
    late = TargetRow("产出·时效", "月报", "次", D(9), D(8), "")
    assert not late.is_met
    assert replace(late, target=D(0)).completion is None
