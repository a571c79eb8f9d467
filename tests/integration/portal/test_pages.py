"""The portal in a browser: the trace, the desk, the start page, organisations, open data and checks."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from grants.access import ACCESS
from grants.foundation import clock, notifications
from grants.foundation.database import db
from grants.foundation.models import IssuedDocument
from grants.people import queries as people
from reports.formatting import day
from tests.browsing import Browser
from tests.integration.portal.conftest import Refs, counted

Browse = Callable[[str | None], Browser]
SCHEMAS = Path(__file__).resolve().parents[4] / "shared" / "standards" / "360giving"
STAFF = ("programme-1", "finance-1", "leader-1", "supervisor-1", "community-1", "admin-1")


def test_an_hour_after_midnight_is_the_new_day_on_pages_and_papers(app: Flask) -> None:
    at_night = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    assert app.jinja_env.filters["date"](at_night) == day(at_night) == "2026年11月25日"


def test_a_running_project_shows_its_whole_trace_to_everybody(browse: Browse, places: Refs) -> None:
    seen = browse(None).get(f"/projects/{places.running}")
    for word in ("百姓提事", "承接组织", "综合得分", "里程碑", "人次", "分期拨付", "资金账", "居民评价"):
        assert word in seen.text
    assert "已拨付" in seen.text


def test_the_trace_takes_at_most_fifteen_statements(app: Flask, browse: Browse, places: Refs) -> None:
    visitor = browse(None)
    visitor.get(f"/projects/{places.running}")
    with counted(app) as statements:
        visitor.get(f"/projects/{places.running}")
    reads = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
    assert len(reads) <= 15, "\n\n".join(reads)


def test_a_project_that_has_just_begun_says_what_comes_next(browse: Browse, places: Refs) -> None:
    seen = browse(None).get(f"/projects/{places.funded}")
    assert "还没有到这一步" in seen.text
    assert "资金账" not in seen.text


def test_a_draft_is_only_for_those_who_work_on_it(browse: Browse, places: Refs) -> None:
    browse(None).get(f"/projects/{places.draft}", status=404)
    browse("resident-1").get(f"/projects/{places.draft}", status=404)
    assert "相关办理" in browse("programme-1").get(f"/projects/{places.draft}").text


def test_names_of_residents_are_masked_on_the_trace(browse: Browse, places: Refs) -> None:
    html = browse(None).get(f"/projects/{places.funded}").html
    assert "李*英" in html
    assert "李秀英" not in html


def test_sign_in_sheets_are_never_linked_from_the_trace(app: Flask, browse: Browse, places: Refs) -> None:
    from grants.supervision.models import ActivityEvidence
    from grants.supervision.rules import EvidenceKind

    html = browse(None).get(f"/projects/{places.running}").html
    with app.app_context():
        sheets = db.session.scalars(db.select(ActivityEvidence).where(ActivityEvidence.kind == EvidenceKind.SIGN_IN))
        ids = [str(one.id) for one in sheets]
    assert ids
    assert not any(one in html for one in ids)


def test_the_start_page_says_what_can_be_done_now(browse: Browse, places: Refs) -> None:
    text = browse(None).get("/").text
    for word in ("现在可以做什么", "说说身边的需求", "五大类项目资金", "枫林苑老年助餐"):
        assert word in text


def test_the_start_page_of_an_empty_street_is_friendly(browse: Browse, empty_street: None) -> None:
    assert "还没有立项的项目" in browse(None).get("/").text


@pytest.mark.parametrize("who", [*STAFF, "resident-1"])
def test_everybody_who_is_signed_in_has_a_desk(browse: Browse, places: Refs, who: str) -> None:
    assert "这里是等您办理的事" in browse(who).get("/desk").text


def test_a_visitor_is_asked_to_sign_in_before_seeing_a_desk(browse: Browse, empty_street: None) -> None:
    assert "/sign-in" in browse(None).get("/desk", status=302).location


def test_a_desk_with_nothing_to_do_says_so(browse: Browse, empty_street: None) -> None:
    assert "眼下没有等您办理的事" in browse("resident-1").get("/desk").text


def test_a_message_is_read_by_its_owner_only(app: Flask, browse: Browse, empty_street: None) -> None:
    with app.app_context():
        owner = people.find_user("resident-1")
        assert owner is not None
        message = notifications.notify(owner.id, "您的需求有了答复", href="/needs/")
        db.session.commit()
        identity = message.id
    browse("programme-1").post(f"/desk/messages/{identity}/read", status=404)
    mine = browse("resident-1")
    assert "您的需求有了答复" in mine.get("/desk/messages").text
    assert mine.post(f"/desk/messages/{identity}/read").location == "/needs/"
    assert "未读 0 条" in mine.get("/desk/messages").text


def test_the_menu_leads_only_where_a_role_may_go(app: Flask, browse: Browse, places: Refs) -> None:
    routes = app.url_map.bind("")
    for who in STAFF:
        links = [link["href"] for link in browse(who).get("/desk").soup.select(".side-menu a[href]")]
        assert "/desk" in links
        for href in links:
            endpoint, _values = routes.match(href)
            with app.app_context():
                user = people.find_user(who)
                assert user is not None
                assert not ACCESS[endpoint].isdisjoint(user.roles), f"{who}: {href}"


def test_visitors_have_no_menu(browse: Browse, empty_street: None) -> None:
    assert not browse(None).get("/").soup.select(".side-menu")


def test_an_organisation_shows_its_projects_and_money(browse: Browse, places: Refs) -> None:
    seen = browse(None).get(f"/organisations/{places.organisation}")
    assert places.running in seen.html
    assert "已收到拨款" in seen.text


def test_open_data_gives_tables_that_name_the_published_projects_only(browse: Browse, places: Refs) -> None:
    visitor = browse(None)
    assert "360Giving" in visitor.get("/open-data/").text
    table = visitor.get(f"/open-data/projects.csv?round={places.round}").html
    assert places.running in table
    assert places.draft not in table
    assert "拨付编号" in visitor.get("/open-data/payments.csv").html
    assert visitor.get("/open-data/projects.xlsx").response.data.startswith(b"PK")


def test_the_360giving_package_follows_the_standard(browse: Browse, places: Refs) -> None:
    package = json.loads(browse(None).get(f"/open-data/{places.round}/360giving.json").html)
    assert [one["currency"] for one in package["grants"]] == ["CNY"]
    if not SCHEMAS.is_dir():
        pytest.skip("the 360Giving schemas are not here")
    import jsonschema
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    schema = json.loads((SCHEMAS / "360-giving-schema.json").read_text())
    whole = json.loads((SCHEMAS / "360-giving-package-schema.json").read_text())
    reference = whole["properties"]["grants"]["items"]["$ref"]
    registry = Registry().with_resource(reference, DRAFT202012.create_resource(schema))
    formats = jsonschema.FormatChecker(formats=())
    # A day alone is no moment: the standard wants exactly one of the two forms to fit
    formats.checks("date-time")(lambda value: "T" in value)
    jsonschema.Draft202012Validator(whole, registry=registry, format_checker=formats).validate(package)


def test_the_export_command_writes_whole_files_and_refuses_unknown_rounds(
    app: Flask, places: Refs, tmp_path: Path
) -> None:
    run = app.test_cli_runner().invoke
    done = run(args=["open-data", "export", places.round, "--format", "csv", "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["needs.csv", "payments.csv", "projects.csv"]
    one = tmp_path / "grants.json"
    assert run(args=["open-data", "export", places.round, "--format", "360giving", "-o", str(one)]).exit_code == 0
    assert json.loads(one.read_text())["grants"]
    assert run(args=["open-data", "export", "JC-1999-01", "--format", "csv", "-o", str(tmp_path)]).exit_code == 1


def test_the_interface_for_programs_describes_and_gives_the_published_data(browse: Browse, places: Refs) -> None:
    visitor = browse(None)
    assert "/api/v1/projects" in json.loads(visitor.get("/api/v1/openapi.json").html)["paths"]
    assert json.loads(visitor.get("/api/v1/rounds").html)["rounds"][0]["ref"] == places.round
    listed = [one["ref"] for one in json.loads(visitor.get("/api/v1/projects").html)["projects"]]
    assert places.running in listed
    assert places.draft not in listed
    one = json.loads(visitor.get(f"/api/v1/projects/{places.running}").html)
    assert one["paid_fen"] > 0
    visitor.get(f"/api/v1/projects/{places.draft}", status=404)


def test_a_check_code_tells_whether_a_file_is_ours(app: Flask, browse: Browse, empty_street: None) -> None:
    body = b"%PDF-1.7 ours"
    with app.app_context():
        db.session.add(
            IssuedDocument(
                code="7Q2M-0K4T-9XZ1-B3CD",
                number="梧街创〔2026〕1号",
                kind="round-summary",
                subject_ref="JC-2026-01",
                title="第一届公益创投总结报告",
                content_hash=hashlib.sha256(body).hexdigest(),
                is_draft=False,
                cutoff_at=clock.now(),
            )
        )
        db.session.commit()
    visitor = browse(None)
    target = visitor.get("/verify/?code=7q2mok4t9xzib3cd", status=302).location
    assert "第一届公益创投总结报告" in visitor.get(target).text
    from io import BytesIO

    same = {"file": (BytesIO(body), "a.pdf")}
    assert "没有改动" in visitor.post(target, same, status=200, content_type="multipart/form-data").text
    other = {"file": (BytesIO(body + b" changed"), "a.pdf")}
    assert "不一致" in visitor.post(target, other, status=200, content_type="multipart/form-data").text
    assert "未通过核验" in visitor.get("/verify/0000-0000-0000-0000", status=404).text


def test_figures_for_monitoring_are_for_this_machine_only(browse: Browse, empty_street: None) -> None:
    visitor = browse(None)
    assert 'grants_jobs{status="queued"} 0.0' in visitor.get("/metrics").html
    visitor.get("/metrics", status=403, environ_overrides={"REMOTE_ADDR": "10.1.2.3"})
