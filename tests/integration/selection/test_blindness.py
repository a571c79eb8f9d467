"""Canaries in everything an applicant can write, and everything an expert or juror can reach read through for them."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import unquote, urljoin, urlsplit

import pikepdf
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from grants.foundation.clock import set_to
from grants.foundation.files import store_bytes, store_upload
from grants.foundation.files.kinds import TRAITS, Kind
from grants.rounds.rules import BudgetCode
from grants.selection import queries, service
from grants.selection.models import Application
from grants.selection.queries import judging
from grants.selection.rules import LINKS, ActivityRow, BudgetRow, DocumentKind, TeamRow
from tests.browsing import Browser
from tests.factories import selection
from tests.factories.selection import HEADS, NAMES, Stage, later

Browse = Callable[[str | None], Browser]
CALL = "ZM-2026-01-0001"
PHONE, MAIL = "13912345678", "nuanyang@example.org"
SPACED = " ".join(NAMES[0])
CANARY = "鹦鹉螺社工站"
"""The short name by which the first applicant is known."""


def words(stage: Stage) -> str:
    """Return a sentence with every canary in it."""
    body = stage.organisations[0]
    told = f"{body.name}（{SPACED}，{CANARY}，{body.uscc}）由{body.head_name}负责，电话{PHONE}、0571-88123456"
    return f"{told}，邮箱{MAIL}，网址www.nuanyang.cn。"


def paper_of(kind: Kind, secret: str) -> bytes:
    """Return a file whose author data say who made it."""
    buffer = io.BytesIO()
    if kind is Kind.PDF:
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page()
            pdf.docinfo["/Author"] = secret
            page.obj["/Metadata"] = pdf.make_stream(secret.encode())
            # As in a signed file, which comes through the cleaning untouched
            pdf.Root["/Sig"] = pikepdf.Dictionary(ByteRange=pikepdf.Array([0, 1]))
            pdf.save(buffer)
    elif kind is Kind.DOCX:
        with zipfile.ZipFile(buffer, "w") as made:
            made.writestr("[Content_Types].xml", "<Types/>")
            made.writestr("word/document.xml", f'<w:document><w:ins w:author="{secret}">正文</w:ins></w:document>')
            made.writestr("word/comments.xml", f'<w:comment w:author="{secret}" w:initials="{secret}">改</w:comment>')
            made.writestr("docProps/core.xml", f"<cp:coreProperties><dc:title>{secret}</dc:title></cp:coreProperties>")
            made.writestr("docProps/custom.xml", f"<Properties>{secret}</Properties>")
    else:
        exif = Image.Exif()
        exif[0x013B], exif[0x010E] = "nuanyang", "nuanyang"
        Image.new("RGB", (40, 30), "white").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def plant(stage: Stage, application: Application) -> None:
    """Write the canaries into every text and every file of an application."""
    actor, told = stage.members[0], words(stage)
    month = application.starts_on.replace(day=1) if application.starts_on else None
    assert month is not None
    values = {
        **dict.fromkeys(application.sections, told),
        **dict.fromkeys(LINKS, f"{CANARY}{HEADS[0]}协助，{PHONE}"),
        "title": f"{CANARY}的助餐项目",
        "activities": [ActivityRow(month, f"{CANARY}助餐日", 60, 120)],
        "fiscal": [BudgetRow(BudgetCode.MATERIALS, f"{CANARY}餐具", 3_000_00, 10)],
        "team": [TeamRow(HEADS[0], f"{CANARY}统筹，{PHONE}", f"{NAMES[0]}督导", True)],
    }
    service.save_application(application=application, actor=actor, base=application.version, values=values)
    for kind, extension in ((Kind.PDF, "pdf"), (Kind.DOCX, "docx")):
        file = store_bytes(
            paper_of(kind, NAMES[0]),
            name=f"{NAMES[0]}.{extension}",
            media_type=TRAITS[kind].media_type,
            purpose="application",
            actor_id=actor.id,
        )
        service.add_document(application=application, actor=actor, kind=DocumentKind.BUDGET_BASIS, file=file)
    upload = FileStorage(io.BytesIO(paper_of(Kind.JPEG, "")), f"{CANARY}.jpg")
    picture = store_upload(upload, purpose="application", actor_id=actor.id, allow=frozenset({Kind.JPEG}))
    service.add_document(application=application, actor=actor, kind=DocumentKind.RESEARCH, file=picture)


@pytest.fixture
def planted(app: Flask, staged: Callable[..., None]) -> Iterator[list[str]]:
    """Bring a call with canaries into review, the first expert declared; yields the canaries."""
    secrets = [NAMES[0], SPACED, CANARY, HEADS[0], PHONE, "88123456", MAIL, "nuanyang", NAMES[1], HEADS[1], "SB-2026"]

    def bring(stage: Stage) -> None:
        stage.organisations[0].short_name = CANARY
        secrets.append(str(stage.organisations[0].uscc))
        call = selection.make_call(stage)
        application = selection.make_complete(stage, call, 0)
        plant(stage, application)
        service.submit_application(application=application, actor=stage.members[0], has_declared=True)
        selection.make_submitted(stage, call, 1)
        with later(call):
            service.close_call(call=call, officer=stage.programme)
            for one in call.applications:
                service.decide_eligibility(application=one, officer=stage.programme, decisions=selection.ALL_MET)
            service.draw_panel(call=call, officer=stage.programme, seed=selection.SEED, witness="罗正清")
            service.draw_jury(call=call, officer=stage.programme, seed=selection.SEED, witness="罗正清")
        with later(call, minutes=5):
            service.arrange_pitch(
                call=call,
                officer=stage.programme,
                starts_at=call.closes_at + timedelta(days=2),
                place="三楼会议室",
                minutes_each=10,
                seed=selection.SEED,
                witness="罗正清",
            )
        selection.declare_all(call)

    staged(bring)
    with app.app_context():
        closes_at = queries.get_call(CALL).closes_at
    with set_to(closes_at + timedelta(hours=3)):
        yield secrets


def unpacked(data: bytes) -> str:
    """Return everything readable in an answer: office files and PDFs are opened."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            return "".join(entry.filename + source.read(entry).decode(errors="ignore") for entry in source.infolist())
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
            return "".join(map(repr, pdf.objects)) + b"".join(streams).decode(errors="ignore") + repr(pdf.trailer)
    return data.decode(errors="ignore")


def crawl(browser: Browser, *starts: str) -> dict[str, str]:
    """Follow every link from some pages and return what came, headers included.

    The public register names every organisation whoever applied, so it is left out.
    """
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        response = browser.client.get(path)
        found[path] = unquote(str(response.headers)) + unpacked(response.get_data())
        if "html" not in (response.content_type or ""):
            continue
        for link in BeautifulSoup(response.get_data(as_text=True), "html.parser").find_all(["a", "img"]):
            target = urlsplit(urljoin(path, str(link.get("href") or link.get("src") or "")))
            there = target.path + (f"?{target.query}" if target.query else "")
            skipped = ("/static", "/switch", "/organisations", "/needs", "/polls", "/projects", "/help", "/open-data")
            if target.netloc or there in found or there in waiting or there.startswith(skipped):
                continue
            if len(found) + len(waiting) < 90:
                waiting.append(there)
    return found


def test_no_canary_reaches_an_expert_or_a_juror(app: Flask, browse: Browse, planted: list[str]) -> None:
    with app.app_context():
        call = queries.get_call(CALL)
        expert = selection.panel(call)[0].expert.login
        mine = [one for one in judging.list_reviews(call) if one.member.expert.login == expert]
        sheet = next(one.id for one in mine if one.application.ref.endswith("0001"))
        juror = next(one.resident.user.login for one in judging.list_jurors(call) if one.resident.user)
    seen = crawl(
        browse(expert), "/desk", "/messages", "/reviews/", f"/reviews/{CALL}", f"/calls/{CALL}", "/calls/?view=running"
    )
    base = f"/reviews/sheet/{sheet}"
    assert {base, f"{base}/recuse", *(f"{base}/documents/{number}" for number in (1, 2, 3, 4))} <= set(seen)
    assert f"/calls/{CALL}/pitch" in seen
    seen |= crawl(browse(juror), f"/reviews/jury/{CALL}", f"/reviews/jury/{CALL}/A", f"/reviews/jury/{CALL}/B")
    for path, sent in seen.items():
        for secret in planted:
            assert secret not in sent, f"{secret} in {path}"
    assert "【联系方式】" in seen[base]
    assert "【申报单位】" in seen[base]
    kinds = "".join(seen[f"{base}/documents/{number}"] for number in (1, 2, 3, 4))
    assert "application/pdf" in kinds
    assert "正文" in kinds
    assert "image/jpeg" in kinds
