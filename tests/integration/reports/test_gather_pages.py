"""Asking for reports on the site and at the command line: made once, kept as issued, open to those it concerns."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from grants.foundation import jobs
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.documents import Identity, issue
from grants.foundation.models import AuditEntry, IssuedDocument, JobRun, JobStatus
from grants.people.rules import Role
from reports import catalogue, cli
from reports.batch import render_all
from reports.catalogue import KINDS
from reports.gather.choices import Choice
from tests.browsing import Browser
from tests.factories import people
from tests.integration.reports.conftest import make_evaluated

Browse = Callable[[str | None], Browser]
KIND = "project-evaluation"
PDF = b"%PDF-1.7 of a test"


def print_nothing(_document: object) -> bytes:
    """Stand in for the printer: what it returns is kept like any paper."""
    return PDF


def refuse(_document: object) -> bytes:
    """Stand in for a paper that cannot be printed."""
    raise ValueError("two sums differ")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print without laying out pages; printing itself has its own tests."""
    monkeypatch.setattr(catalogue.ReportKind, "printer", lambda _kind: print_nothing)


def issued(app: Flask) -> list[IssuedDocument]:
    """Return what was issued."""
    with app.app_context():
        return list(db.session.query(IssuedDocument).order_by(IssuedDocument.issued_at))


@pytest.mark.usefixtures("quick")
def test_a_report_is_made_once_and_then_given_as_it_was_issued(
    app: Flask, published: Callable[[], str], browse: Browse
) -> None:
    ref = published()
    office = browse("programme-1")
    assert ref in office.get("/reports/").text
    first = office.post(f"/reports/{KIND}", {KIND: ref})
    assert "/jobs/" in first.location
    with app.app_context():
        jobs.work(once=True)
        run = db.session.query(JobRun).filter_by(kind="report.render").one()
        assert (run.status, run.error) == (JobStatus.DONE, None)
        assert db.session.query(AuditEntry).filter_by(action="document:issue").count() == 1
    (document,) = issued(app)
    assert not document.is_draft
    assert document.content_hash == hashlib.sha256(PDF).hexdigest()
    assert document.number == "PG-2026-01-0001"
    second = office.post(f"/reports/{KIND}", {KIND: ref})
    assert second.location.endswith(f"/reports/issued/{document.code}")
    assert len(issued(app)) == 1


@pytest.mark.usefixtures("quick")
def test_everybody_may_have_a_published_evaluation_and_check_it(
    app: Flask, published: Callable[[], str], browse: Browse
) -> None:
    ref = published()
    browse("programme-1").post(f"/reports/{KIND}", {KIND: ref})
    with app.app_context():
        jobs.work(once=True)
    (document,) = issued(app)
    visitor = browse(None)
    assert document.number in visitor.get("/reports/").text
    assert document.content_hash in visitor.get(f"/reports/issued/{document.code}").text
    assert visitor.client.get(f"/reports/issued/{document.code}.pdf").data == PDF
    assert document.number in visitor.get(f"/verify/{document.code}").text


def make_draft_issue(app: Flask) -> str:
    """Issue a draft of an evaluation that is not published, and return its code."""
    with app.app_context():
        case, _evaluation = make_evaluated()
        document = issue(
            identity=Identity("PG-2026-01-C-0001", "7Q2M-0K4T-9XZ1-B3CD"),
            kind=KIND,
            subject_ref=case.agreement.project.ref,
            title="草稿",
            content=PDF,
            data_hash="",
            is_draft=True,
            cutoff_at=now(),
            issued_at=now(),
            actor=case.parties.programme,
        )
        people.make_user("passer-by", Role.RESIDENT)
        db.session.commit()
        return document.code


def test_a_draft_is_for_those_who_work_on_it(app: Flask, browse: Browse) -> None:
    code = make_draft_issue(app)
    for login in (None, "passer-by"):
        browse(login).get(f"/reports/issued/{code}", status=403)
        browse(login).get(f"/reports/issued/{code}.pdf", status=403)
        browse(login).get(f"/reports/issued/{code}.xlsx", status=403)
        assert code not in browse(login).get("/reports/").text
    for login in ("org-1", "community-1", "finance-1"):
        browse(login).get(f"/reports/issued/{code}")


def test_only_the_office_makes_what_only_the_office_may_read(app: Flask, browse: Browse) -> None:
    make_draft_issue(app)
    for login in ("passer-by", "org-1", "community-1"):
        browse(login).post("/reports/round-summary", {"round-summary": "JC-2026-01"}, status=403)
        browse(login).post("/reports/fund-ledger", {"fund-ledger": "ZJ-2026-01"}, status=403)
    assert browse("passer-by").post(f"/reports/{KIND}", {KIND: "GYCT-0"}, status=404)


@pytest.mark.usefixtures("quick")
def test_a_batch_keeps_what_could_be_printed(
    app: Flask, published: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = published()
    real = KINDS[KIND]

    def two(*_args: object) -> list[Choice]:
        return [Choice(ref, ""), Choice("GYCT-0", "")]

    monkeypatch.setitem(KINDS, KIND, replace(real, choices=two))
    done = app.test_cli_runner().invoke(cli.report, ["batch", KIND, "JC-2026-01", "-o", str(tmp_path / "all.zip")])
    assert done.exit_code == 1, done.output
    assert "GYCT-0: 没有找到" in done.stderr
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        good, bad = json.loads(archive.read("manifest.json"))["reports"]
        assert hashlib.sha256(archive.read(f"{ref}.pdf")).hexdigest() == good["sha256"]
    assert set(bad) == {"ref", "error"}
    assert [path.name for path in tmp_path.iterdir()] == ["all.zip"]


@pytest.mark.usefixtures("quick")
def test_the_command_prints_an_issued_report_and_says_its_code(
    app: Flask, published: Callable[[], str], tmp_path: Path
) -> None:
    ref, target = published(), tmp_path / "one.pdf"
    run = app.test_cli_runner().invoke
    assert run(cli.report, ["list", "--kind", KIND, "--refs"]).stdout == f"{ref}\n"
    for _time in range(2):
        done = run(cli.report, ["render", KIND, ref, "-o", str(target)])
        assert done.exit_code == 0, done.output
    assert target.read_bytes() == PDF
    (document,) = issued(app)
    assert document.code in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["render", KIND, "GYCT-0", "-o", "x.pdf"], 1),
        (["batch", KIND, "JC-0", "-o", "x.zip"], 1),
        (["render", "nothing", "x", "-o", "x.pdf"], 2),
        (["list", "--refs"], 2),
    ],
)
def test_a_command_that_fails_says_why_and_writes_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    done = app.test_cli_runner().invoke(cli.report, arguments)
    assert done.exit_code == status
    assert done.stderr.strip()
    assert status == 2 or len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_one_broken_paper_does_not_stop_the_others() -> None:
    papers = [("a", print_nothing, None), ("b", refuse, None), ("c", print_nothing, None)]
    made = dict(render_all(papers, workers=2))
    assert made["a"] == made["c"] == PDF
    assert isinstance(made["b"], ValueError)


def test_a_real_report_is_printed_from_what_was_gathered(evaluated: tuple[object, object], tmp_path: Path) -> None:
    import pikepdf

    case = evaluated[0]
    ref = case.agreement.project.ref  # type: ignore[attr-defined]
    document = KINDS[KIND].gather(ref).document
    with pikepdf.open(BytesIO(KINDS[KIND].printer()(document))) as pdf:
        assert len(pdf.pages) > 8
