"""Every character that may stand in a name is drawn, and ￥ is never a dollar."""

import logging
from pathlib import Path

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont

from reports.fonts import FontsMissing, faces, font_css, stacks
from reports.fonts.__main__ import main
from reports.fonts.fetch import FetchFailed, fetch_fandol
from reports.fonts.locate import Sources, find_sources
from reports.fonts.trim import ASCENT, DESCENT, GB2312, build_bundle
from reports.render import render_pdf
from tests.unit.reports.pdf_reading import fonts, page_texts

# 通用规范汉字表: from each of its three levels, with those names are most often refused for elsewhere
COMMON = "一乙二十丁厂七卜人入八九几儿街道办事处社区建设部公益创投居民全程参与"
SECOND = "匕刁丐歹戈夭仑讥冗邓艾夯凸卢叭叽皿凹囚矢乍尔冯玄邦迂邢芋芍吏夷"
THIRD = "亍兀彳孓丌丏冘邗汈厾戺仡伋龑堃喆昇甦淼犇骉鑫焱垚燚祎赟翀昉玥珺頔锳镕韡䶮㛃㸌𬭚𬸪𬬻𬍛𫖯𫓧𬭩𠙶"
SIGNS = "，。、；：？！“”‘’（）《》〈〉【】〔〕—…·￥¥％‰℃①②③ⅠⅡ□√×÷±≥≤"


def _draw(text: str) -> bytes:
    return render_pdf(
        "font_sample.html", {"text": text}, title="字体", author="街道", identifier=f"fonts:{text}", kind="report"
    )


@pytest.fixture
def sample_template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put a page that shows a text in every role where templates are looked for."""
    from reports.render import pages

    folder = tmp_path / "reports"
    folder.mkdir()
    styles = "".join(f".{key} {{ font-family: {stack}; text-indent: 0 }}" for key, stack in stacks().items())
    spans = "".join(f'<p class="{key}">{{{{ text }}}}</p>' for key in stacks())
    (folder / "font_sample.html").write_text(
        f"<html lang='zh-CN'><head><title>{{{{ meta.title }}}}</title><style>{styles}</style></head>"
        f"<body>{spans}</body>"
    )
    monkeypatch.setattr(pages, "TEMPLATES", tmp_path)
    pages.environment.cache_clear()
    yield
    pages.environment.cache_clear()


@pytest.mark.usefixtures("sample_template")
@pytest.mark.parametrize("text", [COMMON, SECOND, THIRD, SIGNS])
def test_every_role_draws_the_standard_characters(text: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        made = _draw(text)
    assert caplog.messages == []
    assert page_texts(made)[0].count(text) == len(stacks())
    assert all(font["embedded"] and font["encoding"] == "/Identity-H" for font in fonts(made).values())


@pytest.mark.usefixtures("sample_template")
def test_a_character_no_font_has_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        made = _draw("街\U0010fffd道")
    assert any(".notdef" in message for message in caplog.messages)
    assert any(font["encoding"] == "custom" for font in fonts(made).values())


def test_trimmed_fonts_tell_the_truth_and_share_one_height() -> None:
    for face in faces():
        with TTFont(face.path, lazy=True) as font:
            assert (font["hhea"].ascent, font["hhea"].descent) == (ASCENT, -DESCENT), face.family
            characters = set(font.getBestCmap())
        assert {0x20, 0xA0} <= characters, face.family
        if face.family in {"Open Fang", "Open Kai"}:
            assert not characters & {0xFFE5, 0xA5, ord("$"), ord("5")}, face.family
            assert characters >= GB2312
        glyphs = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(face.path)))
        assert len(glyphs.unicodes) == len(characters)


def test_the_wheel_alone_is_enough(tmp_path: Path) -> None:
    found = find_sources(folders=())
    assert (found.fang, found.kai, found.title) == (None, None, None)
    families = {face.family for face in faces(found, tmp_path)}
    assert families == {"Open Song", "Open Hei", "Open Rare", "Open Rare Hei"}
    for stack in stacks().values():
        assert stack.split(", ")[-1] == '"Open Rare"'
        assert any(f'"{family}"' in stack for family in families - {"Open Rare"})


def test_a_bundle_is_built_once(tmp_path: Path) -> None:
    found = find_sources(folders=())
    first = build_bundle(found, tmp_path)
    times = {path: path.stat().st_mtime_ns for path in first.values()}
    again = build_bundle(found, tmp_path)
    assert again == first
    assert {path: path.stat().st_mtime_ns for path in again.values()} == times


def test_other_sources_make_another_bundle(tmp_path: Path) -> None:
    found = find_sources(folders=())
    swapped = Sources(serif=found.sans, sans=found.serif)
    assert build_bundle(found, tmp_path)["song"].parent != build_bundle(swapped, tmp_path)["song"].parent


def test_font_files_are_addressed_by_number_not_by_path() -> None:
    css = font_css(faces(), "paper")
    assert "/" not in css.replace("paper:fonts/", "")
    assert "unicode-range" not in css


def test_without_any_font_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.fonts.locate.WHEEL", "no_such_package")
    with pytest.raises(FontsMissing, match="pylopdf-fonts-zh-cn"):
        find_sources()
    assert main(["list"]) == 1


def test_fetch_says_when_there_is_no_package_manager(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda _tool: None)
    with pytest.raises(FetchFailed, match="apt-get"):
        fetch_fandol(tmp_path)


def test_the_command_wants_one_of_two_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
    assert main(["list"]) == 0
    assert "Open Song" in capsys.readouterr().out
