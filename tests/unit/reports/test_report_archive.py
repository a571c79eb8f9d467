"""Papers are archive copies: claims, colours, structure, and the data of their tables as a workbook inside."""

import csv
import zipfile
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pikepdf
import pytest

from grants.foundation.errors import NotFound
from reports.source import NAME, number_of, tables_as_csv, workbook_of
from reports.tables.project_evaluation import build
from tests.unit.reports.evaluation_sample import evaluation

PAPERS = ("evaluation_pdf", "summary_pdf", "official_pdf")


@pytest.fixture(params=PAPERS)
def content(request: pytest.FixtureRequest) -> bytes:
    made: bytes = request.getfixturevalue(request.param)
    return made


def book_of(content: bytes) -> Any:
    """Return the workbook a paper carries."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return openpyxl.load_workbook(BytesIO(pdf.attachments[NAME].get_file().read_bytes()))


def test_every_paper_is_produced_as_an_archive_copy_that_can_be_read_aloud(content: bytes) -> None:
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        with pdf.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert root.StructTreeRoot.K
        assert str(root.Lang) == "zh-CN"
        assert root.ViewerPreferences.DisplayDocTitle
        assert root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/Encrypt" not in pdf.trailer
        assert {(str(one.F), str(one.AFRelationship)) for one in root.AF} == {(NAME, "/Source")}
        for page in pdf.pages:
            for font in page.resources.get("/Font", {}).values():
                descriptor = (
                    font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else font.FontDescriptor
                )
                assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())


def test_the_workbook_says_which_paper_it_belongs_to(evaluation_pdf: bytes) -> None:
    doc = evaluation()
    front = {row[0]: row[1] for row in book_of(evaluation_pdf)["说明"].values}
    assert front["编号"] == doc.stamp.number
    assert front["核验码"] == doc.stamp.check_code
    assert front["名称"].endswith("项目末期评估报告")


def test_the_numbers_of_the_workbook_are_those_that_were_printed(evaluation_pdf: bytes) -> None:
    doc = evaluation()
    table = build(doc)["budget"]
    sheet = next(one for one in book_of(evaluation_pdf) if table.caption in one.title)
    heads, *rows = list(sheet.values)[1:]
    assert list(heads) == [column.title for column in table.columns]
    assert len(rows) >= len(table.rows)
    plain = rows[: len(doc.budget)]
    assert sum(row[1] for row in plain) == pytest.approx(sum(line.budget_fen for line in doc.budget) / 100, abs=0.001)


def test_each_table_can_be_had_as_csv(evaluation_pdf: bytes) -> None:
    with zipfile.ZipFile(BytesIO(tables_as_csv(workbook_of(evaluation_pdf)))) as archive:
        names = archive.namelist()
        assert len(names) == 1 + len(build(evaluation()))
        name = next(one for one in names if build(evaluation())["budget"].caption in one)
        rows = list(csv.reader(StringIO(archive.read(name).decode("utf-8-sig"))))
    assert rows[1] == [column.title for column in build(evaluation())["budget"].columns]


def test_a_paper_without_data_says_so() -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(bare := BytesIO())
    with pytest.raises(NotFound, match="没有附数据表"):
        workbook_of(bare.getvalue())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.56", 1234.56),
        ("0.00", 0.0),
        ("-3", -3),
        ("12.5%", 0.125),
        ("1000", 1000),
        ("0007", None),
        ("1,23", None),
        ("2026-03-05", None),
        ("—", None),
        ("=1+1", None),
        ("91350100000100000000", None),
    ],
)
def test_a_printed_cell_is_a_number_only_when_it_reads_as_one(text: str, number: float | None) -> None:
    assert number_of(text) == number
