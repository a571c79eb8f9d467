"""One whole round over HTTP, hand by hand: from a resident's need to the last fen and the closed project.

It is played in the rehearsal round of the small demo street, where notices and deadlines may be brought forward; every
other rule holds. At each step the obvious wrong turns are tried first.
"""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from grants.agreements.queries import get_agreement
from grants.demo import story
from grants.demo.scales import SCALES
from grants.evaluation.queries import find_survey_of
from grants.foundation import audit, clock
from grants.foundation.database import db
from grants.funds.queries import check_ledger
from grants.payments.queries import list_vouchers_of
from grants.selection.queries import get_call
from grants.selection.queries.judging import list_jurors, list_labelled, list_panel, list_reviews_of_member
from grants.supervision.queries import list_supervisors
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


def _most(field: Any) -> str:
    """Return the highest points of a criterion, as its label says."""
    label = field.find_parent("div").get_text(" ")
    return re.findall(r"\d+", label)[-1]


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

    def no(self, login: str, path: str) -> None:
        """Try a page that is not this person's: refused, or not even known."""
        status = self(login).client.get(path).status_code
        assert status in {403, 404}, f"{login} at {path}: {status}"

    def needs(self) -> None:
        """Two residents' needs, a second from a neighbour, screening and a meeting."""
        self.no("programme-1", "/needs/new")
        self.refs = [self._raise("resident-1", "楼道里想装扶手"), self._raise("resident-2", "想要一个社区菜园")]
        self("resident-3").post(f"/needs/{self.refs[0]}/second")
        self.no("community-2", f"/needs/{self.refs[0]}/screen")
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
        self.no("resident-9", f"/polls/{poll}/ballot")
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
        self.no("resident-1", f"/calls/{self.call_ref}/apply")
        self.applications = [self._apply("org-1"), self._apply("org-4")]
        self.no("org-2", f"/applications/{self.applications[0]}")
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
        first = next(option["value"] for option in month.find_all("option") if option.get("value"))
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

    def review(self) -> None:
        """Experts declare before they see anything, score and lock; jurors and the community give their points."""
        call = self.call_ref
        self("programme-1").submit(f"/calls/{call}/panel", {"seed": "20261124-088", "witness": "罗正清", "size": "5"})
        with self.app.app_context():
            found = get_call(call)
            panel = [member.expert.login for member in list_panel(found)]
        outsider = next(f"expert-{n}" for n in range(1, 8) if f"expert-{n}" not in panel)
        for login in panel:
            self(login).submit(f"/reviews/{call}/declaration", {"is_complete": "y"})
            self._score(login)
        self.no(outsider, f"/reviews/{call}")
        self._jury(call)
        for number, application in enumerate(self.applications):
            fields = {"points": str(90 - number * 5), "text": "熟悉社区，愿意支持。"}
            self.no("community-2", f"/applications/{application}/opinion")
            self("community-1").submit(f"/applications/{application}/opinion", fields)

    def _score(self, login: str) -> None:
        with self.app.app_context():
            members = [one for one in list_panel(get_call(self.call_ref)) if one.expert.login == login]
            sheets = [
                (str(one.id), one.application.organisation.short_name) for one in list_reviews_of_member(members[0])
            ]
        for sheet, applicant in sheets:
            path = f"/reviews/sheet/{sheet}"
            seen = self(login).get(path)
            assert applicant not in seen.text, "the sheet is blind"
            share = 0.9 if applicant == "暖阳社工" else 0.8
            form = main_form(seen.soup)
            points = {
                field["name"]: f"{round(float(field.get('max') or _most(field)) * share * 2) / 2}"
                for field in form.find_all("input", attrs={"name": re.compile("^points_")})
            }
            self(login).submit(path, {**points, "comment": "方案可行，测算有据，建议细化应急预案。"})
            self(login).submit(f"{path}/lock")

    def _jury(self, call: str) -> None:
        self("programme-1").submit(f"/calls/{call}/jury", {"seed": "20261124-088", "witness": "罗正清", "size": "5"})
        with self.app.app_context():
            found = get_call(call)
            jurors = [
                (str(one.id), one.resident.user.login if one.resident.user else None) for one in list_jurors(found)
            ]
            labels = [one.blind_label for one in list_labelled(found)]
        for number, (juror, login) in enumerate(jurors):
            for label in labels:
                fields = {f"level_{code}": "5" for code in ("jury_need", "jury_trust", "jury_join")}
                if login is None:
                    serial = {"paper_serial": f"{label}-{number}"}
                    self("community-1").submit(f"/calls/{call}/jury/{juror}/{label}", {**fields, **serial})
                else:
                    self(login).submit(f"/reviews/jury/{call}/{label}", fields)

    def award(self) -> None:
        """The ranking decides; one officer proposes, the leader seconds, a notice runs, the award is final."""
        call = f"/calls/{self.call_ref}"
        self("programme-1").post(f"{call}/rank")
        self("programme-1").submit(f"{call}/award", {"note": "综合得分第一。"})
        self("programme-1").post(f"{call}/award/announce", status=403)
        self("leader-1").post(f"{call}/award/announce")
        link = self(None).get("/notices/").soup.find("a", href=re.compile("^/notices/GS-"), string=re.compile("扶手"))
        self("programme-1").post(f"{link['href']}/end")
        self("programme-1").post(f"{call}/award/confirm")
        self.winner, self.member = self.applications[0], "org-1"
        assert "入选" in self("org-1").get(f"/applications/{self.winner}/result").text

    def contract(self) -> None:
        """The agreement is drafted, offered and signed by both sides; the project starts."""
        winner = self.winner
        self("programme-2").post(f"/agreements/draft/{winner}")
        soup = self("programme-2").get("/agreements/").soup
        link = soup.find("a", href=re.compile("^/agreements/XY-"), string=re.compile("扶手"))
        self.agreement = link["href"].split("/")[2]
        path = f"/agreements/{self.agreement}"
        self.no("org-2", path)
        self("programme-2").post(f"{path}/offer")
        self.no("leader-2", f"{path}/sign")
        self(self.member).submit(f"{path}/sign")
        self("leader-2").submit(f"{path}/sign", {"signed_file": _picture("white")})
        assert "实施中" in self(None).get(f"/projects/{self.project_ref}").text

    def work(self) -> None:
        """Supervisors are drawn, activities held with proof, a milestone verified from both sides."""
        watch = f"/supervision/{self.agreement}"
        self("programme-1").submit(
            f"{watch}/supervisors", {"seed": "20261124-088", "witness": "罗正清"}, action="supervisors"
        )
        for number in range(4):
            self._hold(watch, number)
        self.milestone(1)

    def milestone(self, number: int) -> None:
        """The organisation claims, the community verifies, then a drawn resident does; nobody else."""
        claim = f"/agreements/{self.agreement}/milestones/{number}"
        self(self.member).submit(f"{claim}/claim", {"claim": "四场活动均已记录，扶手安装完成。"})
        self.no("community-2", f"{claim}/verify")
        self("community-1").submit(f"{claim}/verify", {"decision": "verify", "note": "现场查看属实。"})
        self._watch(f"/supervision/{self.agreement}/milestones/{number}")

    def _hold(self, watch: str, number: int) -> None:
        day = clock.today().isoformat()
        done = self(self.member).submit(
            f"{watch}/activities/new",
            {
                "title": f"扶手安装日（{number + 1}）",
                "held_on": day,
                "starts": "00:01",
                "ends": "00:02",
                "place_text": "三号楼",
                "target_group": "elderly",
            },
        )
        activity = _last(done.location)
        path = f"/supervision/activities/{activity}"
        fields = {"person_count": "15", "attendance_count": "20", "volunteer_count": "3", "summary": "按计划完成。"}
        self(self.member).submit(f"{path}/record", fields, status=422)
        colour = ("navy", "teal", "olive", "maroon")[number]
        proof = {"sign_in_sheets": _picture("silver"), "photos": _picture(colour), "has_cleared_photos": "y"}
        self(self.member).submit(f"{path}/record", {**fields, **proof})

    def _watch(self, path: str) -> None:
        """Find the drawn residents and let the first one verify; a neighbour who was not drawn is refused."""
        with self.app.app_context():
            agreement = get_agreement(self.agreement)
            drawn = [one.resident.user.login for one in list_supervisors(agreement.id)]
        outsider = next(name for name in ("resident-1", "resident-2", "resident-3") if name not in drawn)
        self.no(outsider, path)
        self(drawn[0]).submit(path, {"decision": "verify", "note": "我去看过，装好了。"})

    def money(self, number: int) -> None:
        """A tranche is asked for, signed by four offices, paid and confirmed; nobody signs twice."""
        done = self(self.member).submit(
            f"/payments/agreements/{self.agreement}/tranches/{number}/request",
            {"purpose": f"第{number}期项目经费", "invoice": _picture("beige")},
        )
        ref = _last(done.location)
        path = f"/payments/{ref}"
        self.no("finance-1", f"{path}/sign")
        self.no("community-2", path)
        self("community-1").submit(f"{path}/sign", {"note": "属实。"})
        self("programme-1").submit(f"{path}/sign", {"note": "同意。"})
        self("finance-1").submit(f"{path}/sign", {"note": "账户核对无误。"})
        self("leader-1").submit(f"{path}/approve", {"note": "同意拨付。", "office_record": "演练纪要1号"})
        bank = {"bank_reference": f"HD{ref}", "paid_on": clock.today().isoformat()}
        self.no("finance-1", f"{path}/pay")
        self("finance-2").submit(f"{path}/pay", bank)
        self(self.member).post(f"{path}/confirm")
        assert "已到账" in self("supervisor-1").get(path).text

    def spend(self, share: int) -> None:
        """A voucher on every line for a share of it, entered by the organisation and accepted by finance."""
        new = f"/payments/agreements/{self.agreement}/vouchers/new"
        soup = self(self.member).get(new).soup
        options = [one["value"] for one in soup.select("select[name=line] option") if one.get("value")]
        with self.app.app_context():
            amounts = {str(line.id): line.amount_fen for line in get_agreement(self.agreement).budget_lines}
        for option in options:
            fields = {
                "line": option,
                "spent_on": clock.today().isoformat(),
                "payee": "惠民五金商行",
                "purpose": "扶手与工具",
                "file": _picture("pink"),
            }
            whole = amounts[option]
            too_much = {**fields, "amount_fen": f"{whole // 100 * 2}", "invoice_number": f"X{share}{option[:6]}"}
            self(self.member).submit(new, too_much, status=422)
            right = {
                **fields,
                "amount_fen": f"{whole * share // 100 / 100:.2f}",
                "invoice_number": f"F{share}{option[:6]}",
            }
            right["file"] = _picture("pink")
            done = self(self.member).submit(new, right)
            self("finance-1").post(f"/payments/vouchers/{self._voucher(done.location)}/accept")

    def _voucher(self, location: str) -> str:
        with self.app.app_context():
            refs = [one.ref for one in list_vouchers_of(get_agreement(self.agreement).id)]
        return sorted(refs)[-1]

    def rate(self) -> None:
        """The people served rate it; without them nothing can be submitted; a second person publishes."""
        self("programme-1").post(f"/evaluations/surveys/open/{self.agreement}")
        with self.app.app_context():
            survey = find_survey_of(get_agreement(self.agreement).id).ref
        done = self("programme-1").submit(f"/evaluations/new?agreement={self.agreement}")
        evaluation = _last(done.location)
        page = f"/evaluations/{evaluation}"
        self("programme-1").post(f"/evaluations/surveys/{survey}/close", status=422)
        codes = self("programme-1").post(f"/evaluations/surveys/{survey}/codes", {"count": "2"}, status=200)
        links = re.findall(r"/surveys/([\w-]{20,})", codes.html)
        token = sorted(set(links))[0]
        answer = {"satisfaction": "very_good", "gain": "5", "happiness": "5", "safety": "4", "comment": "好"}
        self(None).post(f"/surveys/{token}", answer, status=200)
        self(None).post(f"/surveys/{token}", answer, status=409)
        self("programme-1").post(f"/evaluations/surveys/{survey}/close")
        form = main_form(self("programme-1").get(page).soup, "points")
        points = {
            field["name"]: field.find_parent("tr").find_all("td")[2].get_text(strip=True)
            for field in form.find_all("input", attrs={"name": re.compile("^points-")})
        }
        texts = {"conclusion": "达到约定目标。", "strengths": "居民参与。", "problems": "无。", "suggestions": "推广。"}
        self("programme-1").post(f"{page}/points", {**points, **texts, "submit": "1"})
        self("programme-1").post(f"{page}/publish", status=403)
        self("leader-1").post(f"{page}/publish")
        self.evaluation = evaluation

    def close(self) -> None:
        """The project closes when the last tranche has arrived and nothing is left open."""
        page = f"/evaluations/{self.evaluation}"
        self("programme-1").post(f"{page}/close", status=422)
        self.money(3)
        self("finance-1").post(f"{page}/settle")
        self("programme-1").post(f"{page}/close")
        trace = self(None).get(f"/projects/{self.project_ref}").text
        for word in ("已结项", "百姓提事", "主动公示", "扶手安装日"):
            assert word in trace

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
    story_.review()
    story_.award()
    story_.contract()
    story_.money(1)
    story_.books_hold()
    story_.work()
    story_.spend(85)
    story_.money(2)
    story_.spend(15)
    story_.milestone(2)
    story_.rate()
    story_.close()
    story_.books_hold()
