"""Batches: what was issued stays when the worker is killed, one failure leaves the rest, the ZIP says what is in it."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy
from flask import Flask

from grants.foundation import jobs
from grants.foundation.clock import now
from grants.foundation.database import db
from grants.foundation.models import BatchItemStatus, DocumentBatch, IssuedDocument, JobRun, JobStatus
from grants.people import queries as people
from reports import batch_work
from reports.catalogue import KINDS, ReportKind
from reports.gather.choices import Choice
from tests.browsing import Browser
from tests.integration.reports.conftest import make_evaluated

KIND, MISSING = "agreement", "XY-0"
Browse = Callable[[str | None], Browser]


class Killed(BaseException):
    """What no worker survives."""


def pdf_of(ref: str) -> bytes:
    """Stand in for the printer; printing has its own tests."""
    return f"%PDF-1.7 of {ref}".encode()


@pytest.fixture
def printed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Print without WeasyPrint, when the worker is let; the references printed, in their order."""
    monkeypatch.setitem(app.config, "JOBS_IMMEDIATE", False)
    before = app.extensions.pop("jobs", None)
    done: list[str] = []

    def render(papers: Iterable[tuple[str, Any, Any]], *, workers: int) -> Iterator[tuple[str, bytes | Exception]]:
        assert workers >= 1
        for ref, _printer, _document in papers:
            done.append(ref)
            yield ref, pdf_of(ref)

    monkeypatch.setattr(batch_work, "render_all", render)
    monkeypatch.setattr(ReportKind, "printer", lambda _kind: pdf_of)
    yield done
    app.extensions.pop("jobs").close()
    if before is not None:
        app.extensions["jobs"] = before


@pytest.fixture
def asked(app: Flask, browse: Browse, printed: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, str]:
    """Ask for two papers of which one does not exist; return the page, the round and the paper that does."""
    with app.app_context():
        case, _evaluation = make_evaluated()
        db.session.commit()
        round_ref, ref = case.parties.round.ref, case.agreement.ref
    both = [Choice(MISSING, "没有的"), Choice(ref, "有的")]
    monkeypatch.setitem(KINDS, KIND, replace(KINDS[KIND], choices=lambda _viewer, _round: both))
    answer = browse("finance-1").post("/reports/batches", {"kind": KIND, "round": round_ref})
    return answer.location, round_ref, ref


def work(app: Flask) -> None:
    """Let the worker do what waits."""
    with app.app_context():
        jobs.work(once=True)


def test_a_failure_is_listed_and_the_rest_is_delivered(
    app: Flask, browse: Browse, printed: list[str], asked: tuple[str, str, str]
) -> None:
    page, round_ref, ref = asked
    browse("finance-1").get(f"{page}.zip", status=404)
    work(app)
    finance = browse("finance-1")
    text = finance.get(page).text
    assert "没有找到" in text
    with app.app_context():
        document = db.session.query(IssuedDocument).one()
        assert document.code in text
        number, code, cutoff = document.number, document.code, document.cutoff_at
        assert [run.status for run in db.session.query(JobRun).filter_by(kind="report.batch")] == [JobStatus.DONE]
    with zipfile.ZipFile(io.BytesIO(finance.client.get(f"{page}.zip").data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        listing = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        content = archive.read(f"{ref}.pdf")
    assert content == pdf_of(ref)
    bad, good = manifest["reports"]
    assert (manifest["kind"], manifest["round"], bad["ref"]) == (KIND, round_ref, MISSING)
    assert "没有找到" in bad["error"]
    assert (good["number"], good["check_code"], good["size"]) == (number, code, len(content))
    assert good["sha256"] == hashlib.sha256(content).hexdigest()
    assert good["data_cutoff_at"][:16] == cutoff.astimezone(batch_work.bundle.local(cutoff).tzinfo).isoformat()[:16]
    assert [(row["对象"], row["状态"]) for row in listing] == [
        (MISSING, "未生成"),
        (ref, "草稿" if good["is_draft"] else "正式"),
    ]
    finance.post(f"{page}/again")
    work(app)
    assert printed == [ref]


def test_what_was_issued_before_a_kill_is_not_printed_again(
    app: Flask, browse: Browse, printed: list[str], asked: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _round, ref = asked
    real = batch_work.zip_up

    def killed(_batch_id: object) -> Any:
        raise Killed

    monkeypatch.setattr(batch_work, "zip_up", killed)
    with pytest.raises(Killed):
        work(app)
    with app.app_context():
        assert db.session.query(JobRun).filter_by(kind="report.batch").one().status is JobStatus.RUNNING
        batch = db.session.query(DocumentBatch).one()
        assert [item.status for item in batch.items] == [BatchItemStatus.FAILED, BatchItemStatus.ISSUED]
    assert "有的" in browse("finance-1").get(page).text
    monkeypatch.setattr(batch_work, "zip_up", real)
    work(app)
    with app.app_context():
        assert db.session.query(JobRun).filter_by(kind="report.batch").one().status is JobStatus.DONE
        assert db.session.query(IssuedDocument).count() == 1
    assert printed == [ref]
    assert browse("finance-1").client.get(f"{page}.zip").status_code == 200


def test_a_number_given_before_a_kill_is_used_again(
    app: Flask, printed: list[str], asked: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = batch_work.render_all

    def killed(papers: Iterable[Any], *, workers: int) -> Iterator[Any]:
        list(papers)
        raise Killed
        yield

    monkeypatch.setattr(batch_work, "render_all", killed)
    with pytest.raises(Killed):
        work(app)
    monkeypatch.setattr(batch_work, "render_all", real)
    work(app)
    with app.app_context():
        (document,) = db.session.query(IssuedDocument).all()
        assert document.number.endswith("-0001")
        assert db.session.query(DocumentBatch).one().items[1].code == document.code
    assert printed == [asked[2]]


def test_a_batch_is_its_owners_and_the_offices(browse: Browse, asked: tuple[str, str, str]) -> None:
    page, round_ref, _ref = asked
    browse("programme-1").get(page, status=404)
    browse("programme-1").get(f"{page}.zip", status=404)
    browse("programme-1").post(f"{page}/again", status=404)
    for login in ("org-1", "community-1"):
        browse(login).get("/reports/batches", status=403)
        browse(login).post("/reports/batches", {"kind": KIND, "round": round_ref}, status=403)
    finance = browse("finance-1")
    assert "请选择届次" in finance.post("/reports/batches", {"kind": KIND}, status=422).text
    assert "请选择" in finance.post("/reports/batches", {"kind": "nothing", "round": round_ref}, status=422).text
    empty = finance.post("/reports/batches", {"kind": "termination-notice", "round": round_ref}, status=422).text
    assert "没有可以生成的这种报告" in empty
    finance.post(f"{page}/again", status=409)


def test_who_is_no_longer_of_the_office_reads_no_batch(browse: Browse, app: Flask, asked: tuple[str, str, str]) -> None:
    page, _round, _ref = asked
    work(app)
    finance = browse("finance-1")
    finance.get(f"{page}.zip")
    with app.app_context():
        user = people.find_user("finance-1")
        for grant in user.grants:
            grant.revoked_at = now()
        db.session.commit()
    finance.get(page, status=403)
    finance.get(f"{page}.zip", status=403)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("UPDATE document_batch_item SET status = 'failed'", "reason_iff_failed"),
        ("UPDATE document_batch_item SET status = 'issued'", "document_iff_issued"),
        ("UPDATE document_batch SET finished_at = created_at", "file_iff_finished"),
    ],
)
def test_the_database_keeps_status_and_columns_together(
    app: Flask, asked: tuple[str, str, str], change: str, name: str
) -> None:
    with app.app_context(), pytest.raises(sqlalchemy.exc.IntegrityError, match=name):
        db.session.execute(db.text(change))
