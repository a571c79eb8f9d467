"""Honest files come through, are kept once under their hash, and are handed out as files only."""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pikepdf
import pytest
from flask import Flask
from flask_babel import Babel
from PIL import Image
from werkzeug.datastructures import FileStorage

from grants.foundation import files
from grants.foundation.database import db
from grants.foundation.errors import RuleBroken
from grants.foundation.files import Kind
from grants.foundation.files.antivirus import ScannerUnavailable
from grants.foundation.files.names import clean_name
from grants.foundation.files.store import StorageUnavailable, store
from grants.foundation.models import StoredFile
from tests.unit.foundation.hostile.documents import field, office, relation
from tests.unit.foundation.hostile.papers import pdf
from tests.unit.foundation.hostile.pictures import jpeg_with_position, picture


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = Flask("uploads")
    app.config.update(
        SETTINGS=SimpleNamespace(data_dir=tmp_path, max_upload_mb=1, environ={}, mode="test"),
        SQLALCHEMY_DATABASE_URI="sqlite://",
    )
    db.init_app(app)
    Babel(app, default_locale="zh")
    with app.app_context():
        yield app


def send(data: bytes, name: str, allow: frozenset[Kind] = files.ANY) -> StoredFile:
    upload = FileStorage(io.BytesIO(data), filename=name, name="attachment")
    return files.store_upload(upload, purpose="test", actor_id=None, allow=allow)


def keep(data: bytes, name: str = "a.pdf", media_type: str = "application/pdf") -> StoredFile:
    return files.store_bytes(data, name=name, media_type=media_type, purpose="test", actor_id=None)


# --- what people send -------------------------------------------------------------------------------------------------


def test_a_photo_is_turned_upright_and_keeps_only_its_moment(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2026:03:08 14:30:00"
    file = send(picture(size=(400, 300), exif=exif), "活动.JPG")
    assert (file.name, file.media_type) == ("活动.jpg", "image/jpeg")
    assert file.taken_at == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    with Image.open(io.BytesIO(files.read_bytes(file))) as kept:
        assert kept.size == (300, 400)
        assert not kept.getexif()


def test_the_cameras_own_zone_counts(app: Flask) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: "2026:03:08 14:30:00", 0x9011: "+09:00"})
    assert send(picture(exif=exif), "a.jpg").taken_at == datetime(2026, 3, 8, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize("moment", ["0000:00:00 00:00:00", "1980:01:01 00:00:00", "2999:01:01 00:00:00", "yesterday"])
def test_an_unset_camera_clock_is_no_moment(app: Flask, moment: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = moment
    assert send(picture(exif=exif), "a.jpg").taken_at is None


def test_a_large_photo_is_reduced(app: Flask) -> None:
    with Image.open(io.BytesIO(files.read_bytes(send(picture(size=(6000, 3000)), "a.jpg")))) as kept:
        assert kept.size == (4000, 2000)


COLOUR_MODES = {
    "JPEG": ("1", "L", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGBA", "I;16"),
    "WEBP": ("L", "P", "RGBA"),
}


@pytest.mark.parametrize(("form", "mode"), [(form, mode) for form, modes in COLOUR_MODES.items() for mode in modes])
def test_every_colour_mode_survives(app: Flask, form: str, mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (30, 20)).save(buffer, form)
    with Image.open(io.BytesIO(files.read_bytes(send(buffer.getvalue(), f"a.{form.lower()}")))) as kept:
        kept.load()
        assert (kept.size, kept.format) == ((30, 20), form)


def test_transparency_survives(app: Flask) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(buffer, "PNG")
    with Image.open(io.BytesIO(files.read_bytes(send(buffer.getvalue(), "印章.png")))) as kept:
        assert kept.getpixel((0, 0)) == (255, 0, 0, 0)


def test_a_pdf_keeps_its_pages_and_links(app: Flask) -> None:
    def write(document: pikepdf.Pdf) -> None:
        document.add_blank_page()
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://www.gov.cn/"))
        page = document.pages[0]
        page.Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link)])

    with pikepdf.open(io.BytesIO(files.read_bytes(send(pdf(write), "协议.pdf")))) as kept:
        assert len(kept.pages) == 2
        assert str(kept.pages[0].Annots[0].A.URI) == "https://www.gov.cn/"


def _sign(document: pikepdf.Pdf) -> None:
    signature = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=pikepdf.String("x"))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([document.make_indirect(signature)]))


def test_a_signed_invoice_stays_as_it_is(app: Flask) -> None:
    signed = pdf(_sign)
    assert files.read_bytes(send(signed, "发票.pdf")) == signed


def test_a_signature_protects_no_script(app: Flask) -> None:
    def both(document: pikepdf.Pdf) -> None:
        _sign(document)
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x"))

    assert b"JavaScript" not in files.read_bytes(send(pdf(both), "发票.pdf"))


def test_a_workbook_still_opens(app: Flask) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "=1+1"])  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    kept = openpyxl.load_workbook(io.BytesIO(files.read_bytes(send(buffer.getvalue(), "名单.xlsx"))))
    assert [cell.value for cell in kept.active[1]] == ["姓名", "=1+1"]  # type: ignore[index]


def test_ordinary_word_files_come_through(app: Flask) -> None:
    web_link = ("word/_rels/document.xml.rels", relation("hyperlink", "https://www.gov.cn/"))
    inner = ("word/embeddings/sheet1.docx", office())
    printer = ("word/printerSettings/printerSettings1.bin", b"\0\1")
    for data in (office([web_link, inner, printer]), office(main=field(" PAGE ")), office(main=field(" TOC \\o "))):
        assert files.read_bytes(send(data, "方案.docx")).startswith(b"PK")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_becomes_utf8(app: Flask, encoding: str) -> None:
    words = "姓名,电话,金额\r\n张三,+86 138-0000-0000,-5.00\r\n"
    kept = files.read_bytes(send(words.encode(encoding), "名单.csv"))
    assert kept == b"\xef\xbb\xbf" + words.encode()


def test_what_is_not_allowed_here_names_what_is(app: Flask) -> None:
    with pytest.raises(RuleBroken, match=r"PDF、JPG、PNG、WebP。") as refusal:
        send(office(), "方案.docx", files.PAPERS)
    assert refusal.value.field == "attachment"


def test_the_limit_is_told_in_megabytes(app: Flask) -> None:
    with pytest.raises(RuleBroken, match="超过 1 MB"):
        send(b"%PDF-" + b"0" * (1 << 20), "a.pdf")


def test_position_is_gone_before_anything_is_written(app: Flask, tmp_path: Path) -> None:
    send(jpeg_with_position(), "a.jpg")
    written = [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(written) == 1
    assert b"SECRETCAMERA" not in written[0]


def test_wording_for_forms() -> None:
    assert files.accept(files.SHEETS) == ".xlsx,.csv"
    assert files.spoken(files.IMAGES) == "JPG、PNG、WebP"
    assert (files.kind_label("application/pdf"), files.kind_label("x/y")) == ("PDF", "文件")
    assert clean_name("../a b?.tar.gz/") == "未命名"


# --- the scanner of the house -----------------------------------------------------------------------------------------


def scanner(app: Flask, directory: Path, script: str) -> None:
    command = directory / "scanner"
    command.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    command.chmod(stat.S_IRWXU)
    app.config["SETTINGS"].environ["ANTIVIRUS_COMMAND"] = f"{command} --stdin"


def test_a_scanner_sees_every_byte_and_is_believed(app: Flask, tmp_path: Path) -> None:
    scanner(app, tmp_path, "if grep -q EICAR; then exit 1; fi")
    assert send(pdf(), "a.pdf").size
    with pytest.raises(RuleBroken, match="病毒"):
        send(b"name,x\nEICAR,1\n", "a.csv")


@pytest.mark.parametrize("script", ["exit 2", None])
def test_without_its_scanner_nothing_is_taken_in(app: Flask, tmp_path: Path, script: str | None) -> None:
    scanner(app, tmp_path, script or "")
    if script is None:
        (tmp_path / "scanner").unlink()
    with pytest.raises(ScannerUnavailable):
        send(pdf(), "a.pdf")


# --- the store --------------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_kept_once(app: Flask, tmp_path: Path) -> None:
    assert keep(b"same").sha256 == keep(b"same", "b.pdf").sha256
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_a_torn_file_of_an_earlier_crash_is_mended(app: Flask, tmp_path: Path) -> None:
    file = keep(b"whole")
    (tmp_path / "files" / file.sha256[:2] / file.sha256).write_bytes(b"who")
    assert files.read_bytes(keep(b"whole")) == b"whole"


def test_an_altered_file_is_not_handed_out(app: Flask, tmp_path: Path) -> None:
    file = keep(b"true")
    path = tmp_path / "files" / file.sha256[:2] / file.sha256
    path.write_bytes(b"fake")
    with pytest.raises(StorageUnavailable, match="校验"):
        files.read_bytes(file)
    path.unlink()
    with pytest.raises(StorageUnavailable, match="暂时无法读取"):
        files.read_bytes(file)


def test_a_full_disk_is_a_sentence(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "b1").write_bytes(b"in the way of the folder")
    data = next(data for n in range(9999) if store_address(data := str(n).encode()).startswith("b1"))
    with pytest.raises(StorageUnavailable, match="存储空间"):
        keep(data)


def store_address(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_any_object_store_can_be_named(app: Flask) -> None:
    app.config["SETTINGS"].environ["FILES_URL"] = "memory:///"
    assert files.read_bytes(keep(b"elsewhere")) == b"elsewhere"
    assert files.read_bytes(keep(b"elsewhere")) == b"elsewhere"
    assert store().root is None


def test_only_the_house_can_read_the_folder(app: Flask, tmp_path: Path) -> None:
    keep(b"private")
    assert stat.S_IMODE(os.stat(tmp_path / "files").st_mode) == 0o700


# --- handing out ------------------------------------------------------------------------------------------------------


def test_a_download_stays_a_file(app: Flask) -> None:
    headers = files.send(keep(b"x", "第三期“微更新”报告.pdf")).headers
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%E7%AC%AC%E4%B8%89" in headers["Content-Disposition"]
    assert headers["Content-Disposition"].isascii()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.parametrize(
    ("media_type", "way"),
    [
        ("application/pdf", "inline"),
        ("image/png", "inline"),
        ("text/csv", "attachment"),
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
    ],
)
def test_only_pictures_and_papers_are_shown(app: Flask, media_type: str, way: str) -> None:
    response = files.send(keep(b"x", "a.bin", media_type), inline=True)
    assert response.headers["Content-Disposition"].startswith(way)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_name_cannot_add_a_header(app: Flask) -> None:
    assert files.disposition('a"; x\r\nSet-Cookie: y.pdf').count("\n") == 0
    assert files.disposition('a";x.pdf').split('"')[1] == "a__x.pdf"
