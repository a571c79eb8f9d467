"""The whole round once more, in a real Chromium: one context a person.

Half of the residents hold a telephone. With PICTURES=1 a picture of every page on the way is kept in
var/screenshots/journey, numbered in the order of the story; every page is measured at the width of a telephone anyway.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

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
from tests.unit.reports.pdf_reading import page_texts


@pytest.fixture
def street(demo_directory: Path, tmp_path: Path) -> Iterator[Flask]:
    """Copy the small demo street into an installation of its own; its people get a password to type."""
    made = Installation("sqlite", tmp_path, demo_directory)
    with made.app.app_context():
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
    assert not album.troubles, "\n".join(album.troubles)
    _check_paper(paper)


def _print_evaluation(stage: Stage) -> bytes:
    """Ask for the published evaluation on paper, wait for the worker, and download it."""
    officer = stage("programme-1")
    offers = officer.look("/reports/").soup.find("select", id="project-evaluation").find_all("option")
    ref = next(option["value"] for option in offers if stage.project in option["value"] + option.get_text())
    with stage.app.app_context():
        queue().is_immediate = False
    officer.fill(None, {"project-evaluation": ref}, form="/reports/project-evaluation")
    with stage.app.app_context():
        jobs.work(once=True)
    paper = officer.download("下载结果")
    (PICTURES / "journey" / "evaluation.pdf").write_bytes(paper)
    return paper


def _check_paper(paper: bytes) -> None:
    """Title and project on the cover, a table of contents, every later page numbered in order."""
    texts = page_texts(paper)
    assert "项目末期评估报告" in texts[0]
    assert "楼道扶手共建" in texts[0]
    contents = next(number for number, text in enumerate(texts) if "目录" in text)
    assert len(re.findall("[一二三四五六七八九十]+、", texts[contents])) >= 5, texts[contents]
    numbers = [re.findall(r"—(\d+)—", text) for text in texts[contents + 1 :]]
    assert all(numbers), texts
    found = [int(on_page[-1]) for on_page in numbers]
    assert found == list(range(found[0], found[0] + len(found)))
    assert f"共{len(texts)}页" in texts[-1]
