"""One whole round over HTTP, hand by hand: from a resident's need to the last fen and the closed project.

It is played in the rehearsal round of the small demo street, where notices and deadlines may be brought forward; every
other rule holds. At each step the obvious wrong turns are tried first.
"""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from PIL import Image

from grants.demo import story
from grants.demo.scales import SCALES
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.funds.queries import check_ledger
from tests.browsing import Browser, main_form, typed

Browse = Callable[[str | None], Browser]


@pytest.fixture
def street(app: Flask) -> Flask:
    """Load the small demo street."""
    with app.app_context():
        story.tell(SCALES["small"], seed=7, say=lambda _line: None)
        db.session.commit()
    return app


def _picture(colour: str) -> tuple[io.BytesIO, str]:
    data = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(data, "JPEG")
    data.seek(0)
    return data, f"{colour}.jpg"


def _last(location: str) -> str:
    return location.rstrip("/").rsplit("/", 1)[1].split("?")[0]


class Round:
    """The story, one method a chapter; what a chapter makes is kept for the next."""

    def __init__(self, app: Flask, browse: Browse) -> None:
        self.app = app
        self.open: dict[str | None, Browser] = {}
        self.browse = browse

    def __call__(self, login: str | None) -> Browser:
        if login not in self.open:
            self.open[login] = self.browse(login)
        return self.open[login]

    def needs(self) -> None:
        """Two residents' needs, a second from a neighbour, screening and a meeting."""
        self("programme-1").get("/needs/new", status=403)
        self.refs = [self._raise("resident-1", "楼道里想装扶手"), self._raise("resident-2", "想要一个社区菜园")]
        self("resident-3").post(f"/needs/{self.refs[0]}/second")
        self("community-2").get(f"/needs/{self.refs[0]}/screen", status=403)
        for ref in self.refs:
            self("community-1").submit(
                f"/needs/{ref}/screen",
                {"action": "examine", "triage": "service", "reason": "两委同意提交议事会。"},
            )
        self._meet()

    def _raise(self, login: str, title: str) -> str:
        fields = {
            "title": title,
            "category": "community",
            "body": "楼里老人多，大家商量了很久，希望这次能办成。",
            "place_text": "三号楼",
            "target_group": "elderly",
            "urgency": "soon",
        }
        browser = self(login)
        page = browser.get("/needs/new")
        for _step in range(4):
            form = main_form(page.soup)
            data = {**typed(form), **{name: fields[name] for name in fields}, "csrf_token": browser.csrf()}
            response = browser.client.post("/needs/new", data=data)
            if response.status_code == 302:
                return _last(response.headers["Location"])
            page = type(page)(response)
        raise AssertionError(page.text)

    def _meet(self) -> None:
        soup = self("community-1").get("/needs/meetings/new").soup
        lines = {field["value"]: field["name"] for field in soup.select("input[name$=subject_ref]")}
        votes = {}
        for ref in self.refs:
            stem = lines[ref].removesuffix("subject_ref")
            votes |= {f"{stem}for_count": "18", f"{stem}against_count": "1", f"{stem}abstain_count": "1"}
        self("community-1").submit(
            "/needs/meetings/new",
            {
                "title": "公益需求议事会",
                "held_on": clock.today().isoformat(),
                "convenor": "社区协商委员会",
                "entitled_count": "30",
                "attended_count": "20",
                "minutes": "逐项讨论并表决。",
                "checks": ["democratic", "open", "equal", "orderly", "rational"],
                **votes,
            },
        )

    def poll(self) -> None:
        """A poll drafted from the needs, frozen and opened by two people, voted, closed, counted."""
        soup = self("community-1").get("/needs/poll").soup
        lines = {field["value"]: field["name"] for field in soup.select("input[name$=subject_ref]")}
        costs = {lines[ref].removesuffix("subject_ref") + "cost": "20000" for ref in self.refs}
        local = clock.local(clock.now())
        done = self("community-1").submit(
            "/needs/poll",
            {
                "title": "演练投票",
                "max_choices": "2",
                "budget_fen": "25000",
                "opens_at": (local - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
                "closes_at": (local + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M"),
                **costs,
            },
        )
        poll = self.poll_ref = _last(done.location)
        self("community-1").post(f"/polls/{poll}/freeze", status=403)
        self("programme-1").post(f"/polls/{poll}/freeze")
        self("programme-1").post(f"/polls/{poll}/open", status=403)
        self("leader-1").post(f"/polls/{poll}/open")
        first = self._option(self.refs[0])
        for login in ("resident-1", "resident-2", "resident-3"):
            self._vote(login, poll, first)
        self("resident-9").get(f"/polls/{poll}/ballot", status=403)
        self("leader-1").post(f"/polls/{poll}/close")
        self("programme-1").post(f"/polls/{poll}/count", status=403)
        self("leader-1").post(f"/polls/{poll}/count")
        assert "入选" in self(None).get(f"/polls/{poll}/result").text

    def _option(self, need: str) -> str:
        soup = self("resident-1").get(f"/polls/{self.poll_ref}").soup
        row = soup.find("a", href=f"/needs/{need}").find_parent("tr")
        return re.search(r"\b\d\d\b", row.get_text()).group()

    def _vote(self, login: str, poll: str, code: str) -> None:
        token = self(login).get(f"/polls/{poll}/ballot").soup.find("input", {"name": "token"})["value"]
        self(login).post(f"/polls/{poll}/ballot", {"token": token, "step": "cast", "choice": [code]}, status=200)

    def project(self) -> None:
        """The winning need becomes a costed project, decided by the leader, announced and funded."""
        self("programme-1").submit(f"/needs/{self.refs[0]}/screen", {"action": "adopt"})
        done = self("programme-1").submit(
            f"/projects/new?need={self.refs[0]}",
            {
                "needs": [self.refs[0]],
                "title": "楼道扶手共建",
                "summary": "由居民自治小组牵头，为十个单元安装扶手并建立轮值维护制度。",
                "objective": "十个单元楼道安全隐患清零。",
                "public_benefit": "免费向全体居民开放。",
                "innovation": "居民自己设计、自己维护。",
                "locality": "针对本社区老楼多、老人多的特点。",
                "link_residents": "楼栋自治小组长期维护",
                "service_point": "社区党群服务中心",
                "direct_beneficiary_count": "60",
                "vulnerable_percent": "60",
                "starts_on": clock.today().isoformat(),
                "ends_on": (clock.today() + timedelta(days=200)).isoformat(),
            },
        )
        ref = self.project_ref = done.location.split("/projects/")[1].split("/")[0]
        self("programme-1").submit(
            f"/projects/{ref}/costs",
            {
                "lines-0-code": "01",
                "lines-0-content": "扶手与工具",
                "lines-0-unit_price": "1600",
                "lines-0-quantity": "10",
                "lines-1-code": "04",
                "lines-1-content": "项目社工补贴",
                "lines-1-unit_price": "400",
                "lines-1-quantity": "10",
            },
        )
        self._promise(ref)
        self("programme-1").press(f"/projects/{ref}/work", "提交")
        self("programme-1").post(f"/projects/{ref}/decide", {"note": "同意", "decision": "approve"}, status=403)
        self("leader-1").submit(f"/projects/{ref}/decide", {"note": "同意立项。", "decision": "approve"})
        self("programme-1").post(f"/projects/{ref}/fund")
        assert "已立项" not in self(None).get(f"/projects/{ref}").soup.find("h1").find_parent("header").get_text()
        self("programme-1").post(f"/projects/{ref}/announce")
        self._end_notice(ref)
        self("programme-1").post(f"/projects/{ref}/fund")
        assert "已立项" in self(None).get(f"/projects/{ref}").text

    def _promise(self, ref: str) -> None:
        rows = (
            ("output_count", "activity_count", "开展活动场次", "4", "场"),
            ("effect_social", "manual", "建立自治小组", "2", "个"),
            ("satisfaction", "satisfaction_percent", "服务对象满意率", "90", "%"),
        )
        fields = {}
        for number, (kind, measure, name, target, unit) in enumerate(rows):
            stem = f"lines-{number}-"
            fields |= {f"{stem}kind": kind, f"{stem}measure": measure, f"{stem}name": name}
            fields |= {f"{stem}target": target, f"{stem}unit": unit, f"{stem}evidence": "活动记录"}
        self("programme-1").submit(f"/projects/{ref}/indicators", fields)

    def _end_notice(self, subject: str) -> None:
        link = self(None).get("/notices/").soup.find("a", href=re.compile(r"^/notices/GS-"), string=re.compile("扶手"))
        assert link is not None, subject
        self(None).get(link["href"])
        self("programme-1").post(f"{link['href']}/end")

    def call(self) -> None:
        """A call is published; two organisations apply; one with a form that is not complete is told so."""
        project = self.project_ref
        done = self("programme-1").submit(
            f"/calls/new?project={project}",
            {
                "closes_on": (clock.today() + timedelta(days=20)).isoformat(),
                "requirements": "每周在社区工作不少于两个半天。",
            },
        )
        self.call_ref = done.location.split("/calls/")[1].split("/")[0]
        self("resident-1").get(f"/calls/{self.call_ref}/apply", status=403)
        self.applications = [self._apply("org-1"), self._apply("org-4")]
        self("org-2").get(f"/applications/{self.applications[0]}", status=404)
        self("programme-1").post(f"/calls/{self.call_ref}/close")
        for application in self.applications:
            self._admit(application)

    def _apply(self, login: str) -> str:
        browser = self(login)
        done = browser.submit(f"/calls/{self.call_ref}/apply")
        ref = done.location.split("/applications/")[1].split("/")[0]
        browser.submit(f"/applications/{ref}/check", {"has_declared": "1"}, status=422)
        edit = f"/applications/{ref}/edit"
        browser.submit(f"{edit}/basics", {"person_target": "60", "attendance_target": "120", "activity_target": "4"})
        texts = dict.fromkeys(
            ("overview", "features", "need_analysis", "goals", "plan", "risks", "beneficiaries", "sustainability"),
            "由居民自治小组牵头，社工协助，逐楼推进。",
        )
        browser.submit(f"{edit}/texts", {**texts, "experience": "近三年承接同类项目四个。"})
        month = browser.get(f"{edit}/plan").soup.find("select", attrs={"name": re.compile("month$")})
        first = [option["value"] for option in month.find_all("option") if option.get("value")][0]
        stem = "activities-0-"
        browser.submit(
            f"{edit}/plan",
            {
                f"{stem}month": first,
                f"{stem}title": "扶手安装日",
                f"{stem}session_count": "4",
                f"{stem}person_count": "60",
            },
        )
        fiscal = {"code": "01", "content": "扶手与工具", "unit_price": "1500", "quantity": "10"}
        browser.submit(f"{edit}/budget", {f"fiscal-0-{name}": value for name, value in fiscal.items()})
        team = {"name": "陈静", "duty": "项目负责人", "qualification": "社会工作师", "is_leader": "1"}
        browser.submit(f"{edit}/team", {f"team-0-{name}": value for name, value in team.items()})
        for number, kind in enumerate(("registration", "inspection", "pledge", "team")):
            picture = _picture(("red", "green", "blue", "gold")[number])
            browser.submit(f"/applications/{ref}/documents", {"kind": kind, "file": picture})
        browser.submit(f"/applications/{ref}/check", {"has_declared": "1"})
        return ref

    def _admit(self, application: str) -> None:
        browser = self("programme-2")
        path = f"/applications/{application}/eligibility"
        form = main_form(browser.get(path).soup)
        names = {field["name"] for field in form.find_all("input", attrs={"name": re.compile("is_met|met_")})}
        browser.submit(path, dict.fromkeys(names, "yes" if form.find("input", value="yes") else "1"))

    def books_hold(self) -> None:
        """At every moment: the chain holds and the ledger's balances equal its entries."""
        with self.app.app_context():
            assert audit.verify().holds
            assert check_ledger() == []


def test_a_whole_round_from_the_first_need_to_the_closed_project(street: Flask, browse: Browse) -> None:
    story_ = Round(street, browse)
    story_.needs()
    story_.poll()
    story_.project()
    story_.call()
    story_.books_hold()
