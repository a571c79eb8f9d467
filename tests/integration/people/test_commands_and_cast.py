"""First set-up from the command line, holidays, and the demo cast."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from grants.foundation.database import db
from grants.foundation.models import Holiday
from grants.people import queries
from grants.people.rules import Role
from tests.browsing import Browser
from tests.factories import people

Browse = Callable[[str | None], Browser]
pytestmark = pytest.mark.usefixtures("street")


def test_the_first_accounts_come_from_the_command_line(app: Flask, browse: Browse) -> None:
    run = app.test_cli_runner()
    made = run.invoke(args=["users", "add", "zhao.qihang", "赵启航"])
    assert made.exit_code == 0
    path = made.output.strip()
    browse(None).post(path, {"password": people.PASSWORD, "again": people.PASSWORD})
    assert run.invoke(args=["users", "grant", "zhao.qihang", "approver", "--until", "2099-12-31"]).exit_code == 0
    with app.app_context():
        found = queries.find_user("zhao.qihang")
        assert found is not None
        assert found.roles == {Role.APPROVER}
    twin = run.invoke(args=["users", "add", "zhao.qihang", "赵启航"])
    assert (twin.exit_code, twin.stderr.count("\n")) == (1, 1)
    assert run.invoke(args=["users", "grant", "zhao.qihang", "supervisor"]).exit_code == 1
    assert run.invoke(args=["users", "grant", "nobody", "expert"]).exit_code == 1
    assert run.invoke(args=["users", "grant", "zhao.qihang", "king"]).exit_code == 2
    assert run.invoke(args=["users", "grant", "zhao.qihang", "community", "--place", "1"]).exit_code == 1
    assert run.invoke(args=["users", "link", "zhao.qihang"]).output.startswith("/account/set-password/")


HOLIDAYS = "日期,休/班,名称\n" + "\n".join(
    f"2031-{month:02d}-{day:02d},休,{name}"
    for month, day, name in [
        *((1, day, "元旦") for day in (1, 2, 3)),
        *((1, day, "春节") for day in range(23, 30)),
        *((5, day, "劳动节") for day in (1, 2, 3)),
        *((10, day, "国庆节") for day in range(1, 8)),
    ]
)


def test_a_years_working_days_are_imported_whole_and_again(app: Flask, tmp_path: Path) -> None:
    run, file = app.test_cli_runner(), tmp_path / "2031.csv"
    file.write_text(HOLIDAYS, "utf-8")
    assert run.invoke(args=["holidays", "import", str(file)]).exit_code == 0
    file.write_text(HOLIDAYS + "\n2031-02-08,班,调休", "utf-8")
    assert run.invoke(args=["holidays", "import", str(file)]).exit_code == 0
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Holiday)) == 21
    file.write_text("2031-01-01,休,元旦", "utf-8")
    partial = run.invoke(args=["holidays", "import", str(file)])
    assert partial.exit_code == 1
    assert "没有" in partial.stderr
    file.write_text("2031-01-01,什么", "utf-8")
    assert "第 1 行" in run.invoke(args=["holidays", "import", str(file)]).stderr
    other = tmp_path / "next.csv"
    other.write_text(HOLIDAYS, "utf-8")
    assert run.invoke(args=["holidays", "import", str(other)]).exit_code == 2
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Holiday)) == 21


def test_the_cast_is_grouped_from_residents_to_the_administrator(browse: Browse) -> None:
    soup = browse(None).get("/demo").soup
    heads = [head.get_text(strip=True) for head in soup.select("main h2")]
    assert heads == ["居民", "社会组织", "社区居委会", "社区建设部", "街道财政", "分管领导", "纪监委", "系统管理员"]
    assert soup.select_one("input[name=who][value=resident-1]") is not None
    assert "银杏社区" in soup.get_text()


def test_one_click_signs_in_a_member_of_the_cast_and_nobody_else(app: Flask, browse: Browse) -> None:
    with app.app_context():
        people.make_user("zuzhi09", Role.EXPERT)
        db.session.commit()
    assert browse(None).post("/demo/sign-in", {"who": "finance-1"}).location == "/desk"
    for who in ("zuzhi09", "nobody", "", "finance-1' OR 1=1"):
        browse(None).post("/demo/sign-in", {"who": who}, status=404)


@pytest.fixture
def in_production(app: Flask) -> Iterator[None]:
    """Let the application believe that it serves real people."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(settings, mode="production")
    yield
    app.config["SETTINGS"] = settings


@pytest.mark.usefixtures("in_production")
def test_there_is_no_cast_in_production(browse: Browse) -> None:
    browse(None).get("/demo", status=404)
    browse(None).post("/demo/sign-in", {"who": "finance-1"}, status=404)
