"""An invitation leaves by e-mail where a mail server is named, and is handed over where none is."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask

from config import Settings
from grants.foundation import jobs
from grants.foundation.database import db
from grants.foundation.models import JobRun, JobStatus
from grants.people.models import Organisation, OrganisationMember
from tests.browsing import Browser

Browse = Callable[[str | None], Browser]
WANTED = {"name": "郑小雨", "email": "xiaoyu@example.org", "role": "clerk"}


class _Post(socketserver.StreamRequestHandler):
    """The least a mail server says; keeps what it is handed."""

    def handle(self) -> None:
        """Answer one conversation."""
        self.wfile.write(b"220 post\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(b"".join(lines))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def post(app: Flask) -> Iterator[list[bytes]]:
    """Name a mail server in the settings; return the letters it gets."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Post) as server:
        server.letters = letters = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        before: Settings = app.config["SETTINGS"]
        host, port = server.server_address[:2]
        app.config["SETTINGS"] = replace(before, smtp_url=f"smtp://{host!s}:{port}?from=office@street.example")
        yield letters
        app.config["SETTINGS"] = before
        server.shutdown()


@pytest.fixture
def page(app: Flask, street: None) -> str:
    """Let the member be the head, who may invite; return the page of members."""
    with app.app_context():
        one = db.session.execute(db.select(Organisation)).scalar_one()
        db.session.execute(db.update(OrganisationMember).values(role="head"))
        db.session.commit()
        return f"/organisations/{one.ref}/members"


def _letter(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_letter_carries_the_link_and_the_queue_does_not(
    app: Flask, browse: Browse, page: str, post: list[bytes]
) -> None:
    answer = browse("org-1").post(page, WANTED, status=200)
    assert "邀请邮件正在发往 xiaoyu@example.org" in answer.text
    shown = re.search(r"http\S+/join/([\w-]{20,})", answer.text)
    assert shown
    with app.app_context():
        run = db.session.execute(db.select(JobRun).where(JobRun.kind == "mail.send")).scalar_one()
        assert shown[1] not in str(run.payload)
        assert "xiaoyu" not in str(run.payload)
        db.session.rollback()
        jobs.work(once=True)
    (raw,) = post
    letter = _letter(raw)
    assert (letter["To"], letter["From"]) == ("xiaoyu@example.org", "office@street.example")
    assert "邀请您加入" in letter["Subject"]
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        assert shown[1] in body.get_content()
    browse(None).get(f"/join/{shown[1]}")


def test_a_mail_server_that_is_away_is_seen_as_a_failed_job(
    app: Flask, browse: Browse, page: str, post: list[bytes]
) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_url="smtp://127.0.0.1:9")
    browse("org-1").post(page, WANTED, status=200)
    with app.app_context():
        jobs.work(once=True)
        run = db.session.execute(db.select(JobRun).where(JobRun.kind == "mail.send")).scalar_one()
        assert run.status in {JobStatus.FAILED, JobStatus.QUEUED}
    assert post == []


def test_without_a_mail_server_the_link_is_handed_over(app: Flask, browse: Browse, page: str) -> None:
    answer = browse("org-1").post(page, WANTED, status=200)
    assert "当面转交" in answer.text
    with app.app_context():
        assert db.session.execute(db.select(JobRun)).first() is None


@pytest.mark.parametrize(
    ("url", "is_fault"), [("mail.example", True), ("smtp://", True), ("smtps://u:p@mail.example", False)]
)
def test_the_address_of_the_mail_server_is_checked_at_start(url: str, is_fault: bool) -> None:
    assert any("SMTP_URL" in fault for fault in Settings(smtp_url=url).faults()) is is_fault
