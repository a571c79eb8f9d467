"""The door to the layout engine: closed to everything that is not ours, and limited."""

import gc
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from reports.data.poster import Poster, Section
from reports.documents.poster import to_pdf as poster_to_pdf
from reports.figures import round_summary as figures
from reports.render import (
    Attached,
    Limits,
    RenderKilled,
    TooLarge,
    justify,
    limits,
    pages,
    render_guarded,
    render_pdf,
    subset,
)
from reports.render.engine import ClosedFetcher, engine
from reports.render.guard import Worker
from reports.tables.round_summary import build
from tests.unit.reports.pdf_reading import MM, letters, lines, page_texts, picture
from tests.unit.reports.summary_sample import summary

ISSUED = datetime(2026, 12, 22, 1, 30, tzinfo=UTC)


@pytest.fixture
def templates(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Let papers be printed from a folder of the test's own."""
    (tmp_path / "reports").mkdir()
    monkeypatch.setattr(pages, "TEMPLATES", tmp_path)
    pages.environment.cache_clear()
    yield tmp_path / "reports"
    pages.environment.cache_clear()


def _print(templates: Path, body: str, **options: object) -> bytes:
    (templates / "page.html").write_text(
        f"<html lang='{{{{ meta.lang }}}}'><head><title>{{{{ meta.title }}}}</title></head><body>{body}</body></html>",
        encoding="utf-8",
    )
    pages.environment.cache_clear()
    settings = {"title": "题", "author": "街道", "identifier": "test", **options}
    return render_pdf("page.html", {"text": "<b>&"}, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://example.cn/x.png",
        "ftp://example.cn/x",
        "paper:../engine.py",
        "paper:report.css",
        "paper:fonts/99",
        "paper:fonts/../../config.py",
        "/etc/passwd",
        "data:image/png;base64," + "A" * 4_000_001,
    ],
)
def test_the_fetcher_refuses_what_is_not_ours(address: str) -> None:
    with pytest.raises(ValueError, match=r"refused|disallowed|Not an absolute"):
        engine()._fetcher.fetch(address)


def test_the_fetcher_hands_out_fonts_the_watermark_and_data() -> None:
    fetcher = engine()._fetcher
    assert isinstance(fetcher, ClosedFetcher)
    assert fetcher.fetch("paper:fonts/0").read()[:4] == b"OTTO"
    assert fetcher.fetch("paper:draft.svg").read().startswith(b"<svg")
    assert fetcher.fetch("data:text/plain,ok").read() == b"ok"


def test_a_page_that_asks_for_a_file_gets_none(templates: Path, caplog: pytest.LogCaptureFixture) -> None:
    secret = templates / "secret.css"
    secret.write_text("body { color: red }")
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        made = _print(templates, f"<link rel=stylesheet href='{secret.as_uri()}'><img alt=x src='{secret.as_uri()}'>字")
    assert "refused" in " ".join(caplog.messages)
    assert b"1 0 0 rg" not in made


def test_text_is_escaped_and_missing_values_are_errors(templates: Path) -> None:
    assert "<b>&" in page_texts(_print(templates, "<p>{{ text }}</p>"))[0]
    with pytest.raises(Exception, match="absent"):
        _print(templates, "{{ absent }}")


@pytest.mark.parametrize(
    "body",
    ["<p>" + "字" * (limits.MAX_RUN + 1), "<br>" * (limits.MAX_BREAKS + 1), "<tr></tr>" * (limits.MAX_ROWS + 1)],
)
def test_what_would_take_minutes_is_refused(templates: Path, body: str) -> None:
    with pytest.raises(TooLarge):
        _print(templates, body)


def test_the_same_page_is_the_same_file(templates: Path) -> None:
    first = _print(templates, "<h2>一</h2><p>文</p>", created_at=ISSUED)
    assert _print(templates, "<h2>一</h2><p>文</p>", created_at=ISSUED) == first
    assert _print(templates, "<h2>一</h2><p>文</p>", created_at=ISSUED, identifier="other") != first


def test_untagged_tagged_and_archived(templates: Path) -> None:
    data = (Attached("source.xlsx", b"PK", "数据"),)
    plain = _print(templates, "<p>文</p>", tagged=False)
    archived = _print(templates, "<p>文</p>", attachments=data, created_at=ISSUED)
    with pikepdf.open(BytesIO(plain)) as pdf:
        assert "/MarkInfo" not in pdf.Root
    with pikepdf.open(BytesIO(archived)) as pdf:
        assert pdf.attachments["source.xlsx"].get_file().read_bytes() == b"PK"
        with pdf.open_metadata() as meta:
            assert meta["pdfaid:part"] == "3"
    assert _print(templates, "<p>文</p>", attachments=data, created_at=ISSUED) == archived


def test_attachments_need_a_plain_name_and_a_time(templates: Path) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        Attached("数据.xlsx", b"", "")
    with pytest.raises(ValueError, match="created_at"):
        _print(templates, "<p>文</p>", attachments=(Attached("a.txt", b"", ""),))


def test_justified_lines_end_at_the_edge(templates: Path) -> None:
    assert engine().is_justified
    made = _print(templates, "<p>" + "在2026年度的公益创投中，居民全程参与需求收集、立项决策和监督评价。" * 12 + "</p>")
    rows = list(lines([letter for letter in letters(made, 1) if letter.top < 262]).values())
    assert len(rows) > 8
    assert [row[-1].right for row in rows[:-1]] == [pytest.approx(184, abs=0.6)] * (len(rows) - 1)


def test_printing_leaves_the_collector_as_it_was(templates: Path) -> None:
    assert gc.isenabled()
    _print(templates, "<p>文</p>")
    assert gc.isenabled()


def test_wide_reports_and_posters_have_their_own_pages() -> None:
    doc = summary()
    poster = poster_to_pdf(
        Poster(
            title="项目资金公开",
            lead="居民朋友们：现将资金使用情况公开如下。",
            sections=(
                Section("一、资金分布", table=build(doc)["categories"]),
                Section("二、资金构成", "见下图。", chart=figures.money(doc)),
            ),
            signed_by="梧桐街道办事处",
            signed_on=ISSUED.date(),
            check_code="R8KD-41WZ",
            verify_url="https://grants.example.cn/verify/R8KD-41WZ",
            issued_at=ISSUED,
        )
    )
    with pikepdf.open(BytesIO(poster)) as pdf:
        assert [round(float(side) / MM) for side in pdf.pages[0].mediabox[2:]] == [297, 420]
    assert "表1五大类项目与资金分布" in page_texts(poster)[0]


def test_a_wide_report_is_turned(templates: Path) -> None:
    with pikepdf.open(BytesIO(_print(templates, "<p>文</p>", kind="wide"))) as pdf:
        assert [round(float(side) / MM) for side in pdf.pages[0].mediabox[2:]] == [297, 210]


def test_a_caption_is_never_left_behind_by_its_table(templates: Path) -> None:
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(60))
    head = "<caption>表1<span class=unit>单位：元</span></caption><thead><tr><th>列</th></tr></thead>"
    table = f"<table>{head}{rows}</table>"
    for before in range(15, 23):
        texts = page_texts(_print(templates, "<p>行</p>" * before + table))
        titled = next(text for text in texts if "表1" in text)
        assert "表1单位：元列01" in titled, before
        assert all("列" in text for text in texts[texts.index(titled) :])


def test_fonts_are_cut_by_the_wheel_where_the_system_library_is_missing(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "<h2>一、评估</h2><p>金额￥1,234.50元，刘龑</p>"
    expected = _print(templates, body)
    monkeypatch.setattr(subset.ffi, "harfbuzz_subset", None)
    monkeypatch.setattr(subset.fonts.Font, "subset", subset.fonts.Font.subset)
    assert subset.install()
    made = _print(templates, body)
    assert page_texts(made) == page_texts(expected)
    assert picture(made, 1).tobytes() == picture(expected, 1).tobytes()
    assert len(made) < 1.5 * len(expected)


def test_another_version_of_the_engine_is_left_unpatched(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(justify.weasyprint, "__version__", "71.0")
    assert not justify.install()
    assert "not justified" in caplog.text


def test_unknown_kinds_are_refused(templates: Path) -> None:
    with pytest.raises(ValueError, match="postcard"):
        _print(templates, "", kind="postcard")


def _make(size: int) -> bytes:
    return b"x" * size


def _fail() -> bytes:
    raise TooLarge("too much")


def _sleep() -> bytes:
    time.sleep(60)
    return b""


def _spin() -> bytes:
    while True:
        pass


def _swallow() -> bytes:
    return b"x" * 4_000_000_000


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(Limits(wall_seconds=20, cpu_seconds=2, memory_mb=1_500))
    yield made
    made.close()


def test_a_worker_returns_bytes_and_errors(worker: Worker) -> None:
    assert worker.run(_make, 3) == b"xxx"
    with pytest.raises(TooLarge, match="too much"):
        worker.run(_fail)
    assert worker.run(_make, size=2) == b"xx"


@pytest.mark.parametrize("make", [_spin, _swallow])
def test_a_worker_beyond_its_limits_is_ended_and_replaced(worker: Worker, make: object) -> None:
    with pytest.raises(RenderKilled):
        worker.run(make)  # type: ignore[arg-type]
    assert worker.run(_make, 1) == b"x"


def test_a_worker_that_hangs_is_ended() -> None:
    hanging = Worker(Limits(wall_seconds=0.5))
    with pytest.raises(RenderKilled, match=r"0\.5 s"):
        hanging.run(_sleep)
    hanging.close()


def test_a_guarded_paper_is_the_same_paper(official_pdf: bytes) -> None:
    from reports.documents.official_paper import to_pdf
    from reports.render.guard import close_workers
    from tests.unit.reports.paper_sample import paper

    assert render_guarded(to_pdf, paper()) == official_pdf
    close_workers()
