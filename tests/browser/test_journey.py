"""The whole round once more, in a real Chromium: one context a person, a picture of every page on the way.

The pictures are in var/screenshots/journey, numbered in the order of the story. Half of the residents hold a telephone.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from pypdf import PdfReader

from grants.demo import story
from grants.demo.scales import SCALES
from grants.foundation import jobs
from grants.foundation.database import db
from grants.foundation.jobs.line import queue
from grants.people.models import User
from grants.people.service.sessions import HASHER
from tests.browser.chromium_person import NARROW, PASSWORD, WIDE, Album, ChromiumPerson
from tests.browser.conftest import PICTURES, serve
from tests.conftest import Installation
from tests.journeys import script
from tests.journeys.stage import Stage


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Flask]:
    """Load the small demo street into an installation of its own; its people get a password to type."""
    made = Installation("sqlite", tmp_path)
    with made.app.app_context():
        story.tell(SCALES["small"], seed=7, say=lambda _line: None)
        db.session.execute(db.update(User).values(password_hash=HASHER.hash(PASSWORD)))
        db.session.commit()
    yield made.app
    with made.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _width(login: str | None) -> int:
    """Every other resident holds a telephone; everybody else sits at a desk."""
    found = re.fullmatch(r"(?:resident-|jumin)(\d+)", login or "")
    return NARROW if found and int(found[1]) % 2 else WIDE


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_whole_round_in_a_browser(street: Flask, chromium: Browser) -> None:
    album = Album(PICTURES / "journey").start()
    with serve(street) as address:
        people: list[ChromiumPerson] = []

        def enter(login: str | None) -> ChromiumPerson:
            people.append(ChromiumPerson(chromium, address, album, login, width=_width(login)))
            return people[-1]

        stage = Stage(street, enter)
        script.play(stage)
        paper = _print_evaluation(stage)
        for person in people:
            person.context.close()
    _check_paper(paper)
    assert album.troubles == []


def _print_evaluation(stage: Stage) -> PdfReader:
    """Ask for the published evaluation on paper, wait for the worker, and download it."""
    officer = stage("programme-1")
    offers = officer.look("/reports/").soup.find("select", id="project-evaluation").find_all("option")
    ref = next(option["value"] for option in offers if stage.project in option["value"] + option.get_text())
    with stage.app.app_context():
        queue().is_immediate = False
    officer.fill(None, {"project-evaluation": ref}, form="/reports/project-evaluation")
    with stage.app.app_context():
        jobs.work(once=True)
    return PdfReader(io.BytesIO(officer.download("下载结果")))


def _check_paper(paper: PdfReader) -> None:
    texts = [page.extract_text() for page in paper.pages]
    assert "项目末期评估报告" in texts[0]
    assert "楼道扶手共建" in texts[0]
    assert any("目录" in text for text in texts[:3]), texts[:3]
    total = len(texts)
    assert total > 3
    assert any(re.search(rf"{total}\s*/\s*{total}|第\s*{total}\s*页", text) for text in texts[-1:]), texts[-1]
