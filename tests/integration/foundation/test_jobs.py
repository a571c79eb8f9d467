"""Jobs: asked for in a transaction, done once, seen only by who asked."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from grants.foundation import audit, files, jobs
from grants.foundation.clock import now, start_of, today
from grants.foundation.database import db
from grants.foundation.errors import NotFound, RuleBroken, TransitionRefused
from grants.foundation.jobs import liveness, progress, registry, sweeper
from grants.foundation.jobs.line import queue
from grants.foundation.jobs.progress import Progress, WritesWhileReading
from grants.foundation.jobs.queue import Queue, open_queue
from grants.foundation.models import AuditEntry, Counter, JobRun, JobStatus, StoredFile
from grants.foundation.web.listing import Window
from grants.people.models import User
from grants.people.rules import Role
from tests.browsing import Browser
from tests.conftest import Installation
from tests.factories.people import make_user

Work = Callable[..., StoredFile | None]


@pytest.fixture
def kind() -> Iterator[Callable[..., str]]:
    """Return a function that registers work under a name of its own, for this test only."""
    added: list[str] = []

    def register(work: Work, **options: object) -> str:
        name = f"test.{len(added)}"
        registry.job(name, **options)(work)  # type: ignore[arg-type]
        added.append(name)
        return name

    yield register
    for name in added:
        del registry._kinds[name]


@pytest.fixture
def actor(ctx: Flask) -> User:
    """Return a programme officer."""
    user = make_user("officer", Role.PROGRAMME)
    db.session.commit()
    return user


def ask(name: str, actor: User | None = None, **payload: object) -> JobRun:
    run = jobs.enqueue(name, title="测试任务", payload=payload, actor=actor)
    db.session.commit()
    return run


@pytest.fixture
def later(ctx: Flask) -> Iterator[Queue]:
    """Keep jobs on the queue until a worker comes."""
    line = queue()
    line.is_immediate = False
    yield line
    while line.huey.dequeue():
        pass
    line.is_immediate = True


def work_once() -> None:
    """Let a worker run what waits; this test's own session holds no lock meanwhile and sees afterwards what it did."""
    db.session.rollback()
    jobs.work(once=True)
    db.session.expire_all()


def write_hello(progress: Progress, *, words: str) -> StoredFile:
    progress.step(1, 2, "正在写")
    file = files.store_bytes(
        words.encode(), name="问候.txt", media_type="text/plain", purpose="test", actor_id=progress.requested_by_id
    )
    progress.step(2, 2, "写好了")
    return file


def test_a_job_runs_after_the_commit_and_keeps_its_result(actor: User, kind: Callable[..., str]) -> None:
    run = jobs.enqueue(kind(write_hello), title="测试任务", payload={"words": "你好"}, actor=actor)
    assert run.status is JobStatus.QUEUED
    db.session.commit()
    assert run.status is JobStatus.DONE
    assert run.result_file is not None
    assert files.read_bytes(run.result_file) == "你好".encode()
    assert (run.done_count, run.total_count, run.message, run.attempt_count) == (2, 2, "写好了", 1)
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert actions[-2:] == ["job:request", "job:finish"]
    assert audit.verify().holds


def test_a_rolled_back_request_leaves_no_job(actor: User, kind: Callable[..., str]) -> None:
    ran: list[int] = []
    name = kind(lambda _progress: ran.append(1))
    jobs.enqueue(name, title="不会发生", payload={}, actor=actor)
    db.session.rollback()
    db.session.commit()
    assert not ran
    assert db.session.scalar(select(func.count()).select_from(JobRun)) == 0


def test_a_job_of_a_savepoint_that_failed_does_not_run(actor: User, kind: Callable[..., str]) -> None:
    ran: list[int] = []
    name = kind(lambda _progress: ran.append(1))

    def half_way() -> None:
        with audit.savepoint():
            jobs.enqueue(name, title="不会发生", payload={}, actor=actor)
            raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        half_way()
    jobs.enqueue(name, title="会发生", payload={}, actor=actor)
    db.session.commit()
    assert ran == [1]


def test_an_unknown_kind_is_refused_when_it_is_asked_for(actor: User) -> None:
    with pytest.raises(ValueError, match=r"no\.such"):
        jobs.enqueue("no.such", title="", payload={}, actor=actor)


def test_payload_arrives_as_plain_values(actor: User, kind: Callable[..., str]) -> None:
    seen: dict[str, object] = {}
    number = uuid.uuid4()
    ask(kind(lambda _progress, **payload: seen.update(payload)), actor, number=number, day=now().date())
    assert seen == {"number": str(number), "day": now().date().isoformat()}


def test_a_refusal_becomes_the_message_and_undoes_the_work(actor: User, kind: Callable[..., str]) -> None:
    def refuse(progress: Progress) -> None:
        progress.begin_writing()
        db.session.add(Counter(name="half-done", value=1))
        db.session.flush()
        raise RuleBroken("名单第 3 行缺少姓名。")

    run = ask(kind(refuse), actor)
    assert (run.status, run.message) == (JobStatus.FAILED, "名单第 3 行缺少姓名。")
    assert "RuleBroken" in (run.error or "")
    assert db.session.get(Counter, "half-done") is None
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc())).first() == "job:fail"


def test_an_accident_tells_the_person_nothing_of_its_inside(actor: User, kind: Callable[..., str]) -> None:
    run = ask(kind(lambda _progress: 1 // 0), actor)
    assert run.status is JobStatus.FAILED
    assert "ZeroDivisionError" not in run.message
    assert str(run.id)[:8] in run.message
    assert "ZeroDivisionError" in (run.error or "")


def test_changes_in_the_reading_part_are_a_fault(actor: User, kind: Callable[..., str]) -> None:
    def by_object(_progress: Progress) -> None:
        db.session.add(Counter(name="x", value=1))
        db.session.flush()

    def by_statement(_progress: Progress) -> None:
        db.session.execute(db.update(Counter).values(value=2))

    for work in (by_object, by_statement):
        assert WritesWhileReading.__name__ in (ask(kind(work), actor).error or "")


@pytest.mark.parametrize("writes", [True, False])
def test_changes_and_end_are_one_transaction(actor: User, kind: Callable[..., str], writes: bool) -> None:
    def count(progress: Progress) -> StoredFile:
        file = files.store_bytes(b"1", name="a.txt", media_type="text/plain", purpose="test", actor_id=None)
        progress.begin_writing()
        db.session.add(Counter(name="counted", value=1))
        progress.step(1, 1)
        return file

    run = ask(kind(count, writes=writes), actor)
    assert run.status is JobStatus.DONE, run.error
    assert db.session.get(Counter, "counted") is not None
    assert run.result_file is not None


def test_progress_is_seen_while_the_job_runs(
    actor: User, kind: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SAVE_EVERY_S", 0)
    seen: list[tuple[int, int, str]] = []

    def work(progress: Progress) -> None:
        db.session.scalar(select(func.count()).select_from(JobRun))
        for number in range(1, 4):
            progress.step(number, 3, f"第 {number} 份")
            with db.engine.connect() as connection:
                row = connection.execute(select(JobRun.done_count, JobRun.total_count, JobRun.message)).one()
                seen.append(tuple(row))

    assert ask(kind(work), actor).status is JobStatus.DONE
    assert seen == [(1, 3, "第 1 份"), (2, 3, "第 2 份"), (3, 3, "第 3 份")]


def test_a_reading_job_does_not_hold_up_writers(actor: User, kind: Callable[..., str], app: Flask) -> None:
    def work(_progress: Progress) -> None:
        db.session.scalar(select(func.count()).select_from(JobRun))
        with db.engine.begin() as connection:
            connection.execute(db.insert(Counter).values(name="meanwhile", value=1))

    assert ask(kind(work), actor).status is JobStatus.DONE
    assert db.session.get(Counter, "meanwhile") is not None


def test_a_job_is_claimed_once_by_many_workers(later: Queue, actor: User, kind: Callable[..., str], app: Flask) -> None:
    ran: list[uuid.UUID] = []
    run = ask(kind(lambda progress: ran.append(progress.job_id)), actor)
    run_id = run.id
    db.session.rollback()
    workers = [threading.Thread(target=later.run, args=(later, run_id)) for _number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert ran == [run_id]


def test_a_worker_takes_jobs_from_the_queue(later: Queue, actor: User, kind: Callable[..., str]) -> None:
    run = ask(kind(write_hello), actor, words="你好")
    assert run.status is JobStatus.QUEUED
    work_once()
    assert run.status is JobStatus.DONE


def test_what_the_queue_lost_is_found_in_the_rows(later: Queue, actor: User, kind: Callable[..., str]) -> None:
    run = ask(kind(write_hello), actor, words="你好")
    while later.huey.dequeue():
        pass
    work_once()
    assert run.status is JobStatus.DONE


def _abandon(run: JobRun, attempts: int) -> None:
    run.status, run.attempt_count, run.started_at = JobStatus.RUNNING, attempts, now()
    db.session.commit()


def test_a_dead_workers_job_is_done_again(later: Queue, actor: User, kind: Callable[..., str]) -> None:
    run = ask(kind(write_hello), actor, words="你好")
    later.huey.dequeue()
    _abandon(run, 1)
    work_once()
    assert (run.status, run.attempt_count) == (JobStatus.DONE, 2)


def test_after_three_attempts_it_is_given_up_and_may_be_tried_again(
    later: Queue, actor: User, kind: Callable[..., str]
) -> None:
    run = ask(kind(write_hello), actor, words="你好")
    later.huey.dequeue()
    _abandon(run, 3)
    sweeper.sweep()
    db.session.expire_all()
    assert run.status is JobStatus.FAILED
    assert "三次" in run.message
    jobs.retry(run, actor=actor)
    db.session.commit()
    work_once()
    assert (run.status, run.attempt_count) == (JobStatus.DONE, 1)


def test_a_living_workers_job_is_left_alone(later: Queue, actor: User, kind: Callable[..., str]) -> None:
    run = ask(kind(write_hello), actor, words="你好")
    later.huey.dequeue()
    _abandon(run, 1)
    run_id = run.id
    db.session.commit()
    with liveness.alone_with(run_id) as is_mine:
        assert is_mine
        work_once()
    db.session.expire_all()
    assert run.status is JobStatus.RUNNING


def test_a_stop_puts_the_job_back_without_counting(later: Queue, actor: User, kind: Callable[..., str]) -> None:
    def work(progress: Progress) -> None:
        progress.begin_writing()
        db.session.add(Counter(name="half-done", value=1))
        db.session.flush()
        later.stopping.set()
        progress.step(1, 2)

    run = ask(kind(work), actor)
    work_once()
    assert (run.status, run.attempt_count) == (JobStatus.QUEUED, 0)
    assert db.session.get(Counter, "half-done") is None
    assert not later.is_empty()


def test_daily_jobs_start_once_a_day(later: Queue, kind: Callable[..., str]) -> None:
    ran: list[int] = []
    # A minute past midnight in the street: no job of the product is due yet
    moment = start_of(today()) + timedelta(minutes=1)
    kind(lambda _progress: ran.append(1), daily_at=time.min, title="每日发布")
    assert [sweeper.start_daily(moment), sweeper.start_daily(moment)] == [1, 0]
    work_once()
    assert ran == [1]


def test_only_the_person_who_asked_sees_a_job(actor: User, kind: Callable[..., str]) -> None:
    other = make_user("other", Role.PROGRAMME)
    run = ask(kind(write_hello), actor, words="你好")
    assert jobs.get_own_job(run.id, actor.id) is run
    assert jobs.list_own_jobs(actor.id, Window()).items == [run]
    assert jobs.list_own_jobs(other.id, Window()).items == []
    with pytest.raises(NotFound):
        jobs.get_own_job(run.id, other.id)
    with pytest.raises(NotFound):
        jobs.retry(run, actor=other)
    with pytest.raises(TransitionRefused):
        jobs.retry(run, actor=actor)


class TestPages:
    """/jobs in a browser."""

    @pytest.fixture
    def number(self, app: Flask, kind: Callable[..., str]) -> uuid.UUID:
        with app.app_context():
            officer = make_user("officer", Role.PROGRAMME)
            make_user("other", Role.FINANCE)
            db.session.commit()
            return ask(kind(write_hello), officer, words="你好").id

    @pytest.fixture
    def failed(self, app: Flask, number: uuid.UUID, kind: Callable[..., str]) -> uuid.UUID:
        with app.app_context():
            officer = db.session.scalars(select(User).where(User.login == "officer")).one()
            return ask(kind(lambda _progress: 1 // 0), officer).id

    def test_list_page_state_and_result(self, browse: Callable[[str | None], Browser], number: uuid.UUID) -> None:
        mine = browse("officer")
        assert "测试任务" in mine.get("/jobs/").html
        assert f"/jobs/{number}/result" in mine.get(f"/jobs/{number}").html
        state = mine.get(f"/jobs/{number}.json").response.get_json()
        assert state == {
            "state": "done",
            "done": 2,
            "total": 2,
            "message": "写好了",
            "result_url": f"/jobs/{number}/result",
        }
        download = mine.get(f"/jobs/{number}/result").response
        assert download.data == "你好".encode()
        assert download.headers["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in download.headers["Content-Security-Policy"]

    def test_others_and_visitors_get_nothing(self, browse: Callable[[str | None], Browser], number: uuid.UUID) -> None:
        for path in (f"/jobs/{number}", f"/jobs/{number}.json", f"/jobs/{number}/result"):
            browse("other").get(path, status=404)
            browse(None).get(path, status=302)
        browse("other").post(f"/jobs/{number}/retry", status=404)
        assert "测试任务" not in browse("other").get("/jobs/").html

    def test_a_failed_job_can_be_tried_again(self, browse: Callable[[str | None], Browser], failed: uuid.UUID) -> None:
        mine = browse("officer")
        assert "任务没有完成" in mine.get(f"/jobs/{failed}").html
        assert "任务没有完成" in mine.follow(f"/jobs/{failed}/retry").html
        mine.get(f"/jobs/{failed}/result", status=404)


def test_postgresql_can_carry_the_queue_too(installation: Installation, app: Flask) -> None:
    if installation.engine != "postgresql":
        return
    ran: list[uuid.UUID] = []
    url = app.config["SETTINGS"].database_url
    settings = SimpleNamespace(data_dir=installation.directory, environ={"HUEY_URL": url}, mode="production")
    other = Flask("queue")
    other.config["SETTINGS"] = settings
    line = open_queue(other, lambda _line, job_id: ran.append(job_id))
    numbers = [uuid.uuid4() for _number in range(3)]
    for number in numbers:
        line.put(number)
    assert [line.run_next() for _number in range(3)] == [True] * 3
    assert ran == numbers
    assert line.is_empty()
    line.close()
