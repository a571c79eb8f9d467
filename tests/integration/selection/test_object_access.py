"""Who meets which object: foreign organisations, recused and foreign experts, other communities, the public."""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from grants.foundation import audit
from grants.foundation.clock import set_to
from grants.foundation.database import db
from grants.people.queries import find_user
from grants.selection import queries, service
from grants.selection.models import ApplicationDocument
from grants.selection.queries import judging
from grants.selection.rules import DocumentKind, Tie
from grants.selection.service import DeclaredTie
from tests.browsing import Browser
from tests.factories import selection
from tests.factories.selection import HEADS, NAMES, Stage, later

Browse = Callable[[str | None], Browser]
Staged = Callable[..., None]
CALL = "ZM-2026-01-0001"
PAPER = "SB-2026-01-0001"
SECRETS = (*NAMES[:2], *(name[:4] for name in NAMES[:2]), *HEADS[:2], "吴丽", "郑强", "org-1")
"""What a blind reader must never meet."""


def _document(app: Flask, kind: DocumentKind) -> uuid.UUID:
    with app.app_context():
        application = queries.get_application(PAPER)
        found: uuid.UUID = db.session.execute(
            db.select(ApplicationDocument.id).where(
                ApplicationDocument.application_id == application.id, ApplicationDocument.kind == kind
            )
        ).scalar_one()
        return found


def _addresses(document: uuid.UUID) -> tuple[list[str], list[str]]:
    base = f"/applications/{PAPER}"
    gets = [base, *(f"{base}/edit/{group}" for group in ("basics", "texts", "plan", "budget", "team"))]
    gets += [
        f"{base}/documents",
        f"{base}/documents/{document}",
        f"{base}/check",
        f"{base}/result",
        f"{base}/submissions/1",
    ]
    posts = [f"{base}/autosave/texts", f"{base}/edit/texts", f"{base}/documents", f"{base}/documents/{document}/remove"]
    posts += [f"{base}/documents/{document}", f"{base}/check", f"{base}/withdraw", f"{base}/resume"]
    return gets, posts


def test_an_application_does_not_exist_for_another_organisation(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(lambda stage: selection.make_submitted(stage, selection.make_call(stage)))
    gets, posts = _addresses(_document(app, DocumentKind.REGISTRATION))
    stranger = browse("org-2")
    for path in gets:
        stranger.get(path, status=404)
    for path in posts:
        stranger.post(path, {"overview": "改成我的"}, status=404)
    assert "暖阳" not in stranger.get("/applications/").text
    with app.app_context():
        assert "改成我的" not in queries.get_application(PAPER).sections["overview"]


@pytest.mark.parametrize("login", ["expert-1", "resident-1", "admin-1"])
def test_whoever_has_no_business_with_applications_is_refused(
    app: Flask, browse: Browse, staged: Staged, login: str
) -> None:
    staged(lambda stage: selection.make_submitted(stage, selection.make_call(stage)))
    gets, posts = _addresses(_document(app, DocumentKind.REGISTRATION))
    outsider = browse(login)
    for path in gets:
        outsider.get(path, status=403)
    for path in posts:
        outsider.post(path, status=403)
    visitor = browse(None)
    for path in gets:
        assert "/sign-in" in visitor.get(path, status=302).location


def test_a_draft_is_its_authors_alone(browse: Browse, staged: Staged) -> None:
    staged(lambda stage: selection.make_complete(stage, selection.make_call(stage)))
    for login in ("programme-1", "leader-1", "supervisor-1", "finance-1", "community-1"):
        browse(login).get(f"/applications/{PAPER}", status=404)
    assert "暖阳" not in browse("programme-1").get(f"/calls/{CALL}/applications").text


def test_finance_sees_the_budget_and_its_papers_only(app: Flask, browse: Browse, staged: Staged) -> None:
    def bring(stage: Stage) -> None:
        application = selection.make_complete(stage, selection.make_call(stage))
        selection.attach(application, stage.members[0], DocumentKind.FINANCE)
        service.submit_application(application=application, actor=stage.members[0], has_declared=True)

    staged(bring)
    finance = browse("finance-1")
    page = finance.get(f"/applications/{PAPER}").text
    assert "助餐餐具与保温箱" in page
    assert "邻里互助，按月公开" not in page
    finance.get(f"/applications/{PAPER}/documents/{_document(app, DocumentKind.FINANCE)}")
    finance.get(f"/applications/{PAPER}/documents/{_document(app, DocumentKind.REGISTRATION)}", status=403)
    finance.get(f"/applications/{PAPER}/submissions/1", status=403)


def test_the_community_reads_its_own_shortlist_without_attachments(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(selection.make_closed)
    browse("community-1").get(f"/applications/{PAPER}", status=404)
    with app.app_context():
        call = queries.get_call(CALL)
        with later(call):
            officer = find_user("programme-1")
            assert officer is not None
            for application in call.applications:
                service.decide_eligibility(application=application, officer=officer, decisions=selection.ALL_MET)
        db.session.commit()
    home, away = browse("community-1"), browse("community-2")
    assert "邻里互助" in home.get(f"/applications/{PAPER}").text
    home.get(f"/applications/{PAPER}/documents/{_document(app, DocumentKind.REGISTRATION)}", status=404)
    away.get(f"/applications/{PAPER}", status=404)
    away.get(f"/applications/{PAPER}/opinion", status=404)
    away.post(f"/applications/{PAPER}/opinion", {"points": "1", "text": "x"}, status=404)
    assert "暖阳" not in away.get("/applications/").text


def test_a_supervisor_leaves_a_trace_when_opening_an_attachment(app: Flask, browse: Browse, staged: Staged) -> None:
    staged(lambda stage: selection.make_submitted(stage, selection.make_call(stage)))
    path = f"/applications/{PAPER}/documents/{_document(app, DocumentKind.REGISTRATION)}"
    supervisor = browse("supervisor-1")
    with app.app_context():
        before = audit.head()[0]
    supervisor.get(path, status=302)
    opened = supervisor.post(path, status=200)
    assert opened.response.mimetype == "application/pdf"
    with app.app_context():
        assert audit.head()[0] == before + 1


@pytest.fixture
def judged(app: Flask, staged: Staged) -> Iterator[dict[str, Any]]:
    """Bring a call into review; the first expert is tied to the first organisation, the others are free."""
    kept: dict[str, Any] = {}

    def bring(stage: Stage) -> None:
        call = selection.make_reviewing(stage)
        members = selection.panel(call)
        with later(call):
            ties = [DeclaredTie(stage.organisations[0], Tie.ADVISER)]
            service.declare_conflicts(member=members[0], actor=members[0].expert, ties=ties)
            for member in members[1:4]:
                service.declare_conflicts(member=member, actor=member.expert, ties=[])
        own = judging.list_reviews_of_member(members[0])
        kept["tied"] = members[0].expert.login
        kept["free"], kept["other"] = members[1].expert.login, members[2].expert.login
        kept["silent"] = members[4].expert.login
        kept["sheets"] = {
            login: {
                one.application.ref: one.id for one in judging.list_reviews(call) if one.member.expert.login == login
            }
            for login in (kept["tied"], kept["free"], kept["other"])
        }
        assert [one.application.ref for one in own] == ["SB-2026-01-0002"]
        kept["closes_at"] = call.closes_at
        kept["outside"] = next(
            one.login for one in stage.experts if one.login not in {member.expert.login for member in members}
        )

    staged(bring)
    with set_to(kept["closes_at"] + timedelta(hours=3)):
        yield kept


def _sheet_addresses(sheet: uuid.UUID) -> list[tuple[str, str]]:
    base = f"/reviews/sheet/{sheet}"
    reads = [("get", base), ("get", f"{base}/lock"), ("get", f"{base}/recuse"), ("get", f"{base}/deviation")]
    reads.append(("get", f"{base}/documents/1"))
    return reads + [("post", f"{base}{step}") for step in ("", "/save", "/lock", "/recuse", "/deviation")]


def test_a_recused_expert_has_no_way_to_the_application(app: Flask, browse: Browse, judged: dict[str, Any]) -> None:
    expert = browse(judged["tied"])
    page = expert.get(f"/reviews/{CALL}").text
    assert "1 份申报已回避" in page
    for login in (judged["free"], judged["other"]):
        for sheet in judged["sheets"][login].values():
            for method, path in _sheet_addresses(sheet):
                getattr(expert, method)(path, status=404)
    expert.get(f"/applications/{PAPER}", status=403)
    sheet = judged["sheets"][judged["tied"]]["SB-2026-01-0002"]
    expert.get(f"/reviews/sheet/{sheet}/documents/1")
    expert.post(f"/reviews/sheet/{sheet}/recuse", {"reason": "认出了这家单位。"})
    for method, path in _sheet_addresses(sheet):
        getattr(expert, method)(path, status=404)


def test_an_expert_from_outside_the_panel_finds_nothing(browse: Browse, judged: dict[str, Any]) -> None:
    outsider = browse(judged["outside"])
    for path in (f"/reviews/{CALL}", f"/reviews/{CALL}/declaration"):
        outsider.get(path, status=404)
    for sheet in judged["sheets"][judged["free"]].values():
        for method, path in _sheet_addresses(sheet):
            getattr(outsider, method)(path, status=404)


def test_nothing_is_visible_before_the_declaration(browse: Browse, judged: dict[str, Any]) -> None:
    silent = browse(judged["silent"])
    assert silent.get(f"/reviews/{CALL}", status=302).location.endswith("/declaration")
    for sheet in judged["sheets"][judged["free"]].values():
        silent.get(f"/reviews/sheet/{sheet}", status=404)


def test_a_blind_reader_meets_no_name_anywhere(app: Flask, browse: Browse, judged: dict[str, Any]) -> None:
    expert = browse(judged["free"])
    paths = ["/reviews/", f"/reviews/{CALL}", f"/calls/{CALL}", "/calls/?view=running"]
    for sheet in judged["sheets"][judged["free"]].values():
        paths += [f"/reviews/sheet/{sheet}{step}" for step in ("", "/lock", "/recuse")]
    with app.app_context():
        juror = next(one for one in judging.list_jurors(queries.get_call(CALL)) if one.resident.user is not None)
        login = juror.resident.user.login if juror.resident.user else ""
    resident = browse(login)
    pages = [expert.get(path) for path in paths]
    pages += [resident.get(f"/reviews/jury/{CALL}{step}") for step in ("", "/A", "/B")]
    for seen in pages:
        sent = seen.html + str(seen.response.headers)
        for secret in SECRETS:
            assert secret not in sent, f"{secret} in {seen.response.request.path}"
        assert not re.search(r"SB-\d{4}-\d{2}-\d{4}", sent), seen.response.request.path
    assert "【申报单位】成立于2018年" in "".join(seen.html for seen in pages)


def test_only_neutral_attachments_reach_an_expert(app: Flask, browse: Browse, judged: dict[str, Any]) -> None:
    expert = browse(judged["free"])
    sheet = judged["sheets"][judged["free"]][PAPER]
    opened = expert.get(f"/reviews/sheet/{sheet}/documents/1").response
    assert "暖阳" not in opened.headers["Content-Disposition"]
    assert "%E9%99%84%E4%BB%B61" in opened.headers["Content-Disposition"]
    expert.get(f"/reviews/sheet/{sheet}/documents/2", status=404)
    expert.get(f"/reviews/sheet/{sheet}/documents/0", status=404)


def test_nobody_sees_a_score_before_all_are_locked(app: Flask, browse: Browse, judged: dict[str, Any]) -> None:
    expert = browse(judged["free"])
    sheet = judged["sheets"][judged["free"]][PAPER]
    with app.app_context():
        codes = list(selection.criteria(queries.get_call(CALL)))
    given = {f"points_{code}": "2.5" for code in codes}
    expert.post(f"/reviews/sheet/{sheet}", {**given, "comment": "秘密的意见"})
    total = f"{2.5 * len(codes):.1f}"
    assert total in expert.get(f"/reviews/sheet/{sheet}").text
    browse("community-1").post(f"/applications/{PAPER}/opinion", {"points": "91", "text": "社区的秘密"})
    for login in ("programme-1", "leader-1", "supervisor-1", judged["other"], "org-1", "community-1", None):
        browser = browse(login)
        for path in (f"/calls/{CALL}", f"/calls/{CALL}/panel", f"/applications/{PAPER}", f"/reviews/{CALL}"):
            text = browser.client.get(path).get_data(as_text=True)
            assert total not in text, (login, path)
            assert "秘密的意见" not in text, (login, path)
            if login != "community-1":
                assert "社区的秘密" not in text, (login, path)
        for path in (f"/calls/{CALL}/ranking", f"/calls/{CALL}/ranking.csv", f"/calls/{CALL}/award"):
            assert browser.client.get(path).status_code in {302, 403}, (login, path)
    browse("org-1").get(f"/applications/{PAPER}/result", status=404)


def test_a_resident_who_was_not_drawn_has_no_jury(app: Flask, browse: Browse, judged: dict[str, Any]) -> None:
    with app.app_context():
        drawn = {one.resident.user.login for one in judging.list_jurors(queries.get_call(CALL)) if one.resident.user}
    outside = next(f"resident-{number}" for number in range(1, 7) if f"resident-{number}" not in drawn)
    browser = browse(outside)
    browser.get(f"/reviews/jury/{CALL}", status=404)
    browser.post(f"/reviews/jury/{CALL}/A", {"level_jury_need": "5"}, status=404)
    browser.post(f"/reviews/jury/{CALL}/A/aside", status=404)


def test_paper_sheets_are_typed_in_by_the_projects_community_only(
    app: Flask, browse: Browse, judged: dict[str, Any]
) -> None:
    with app.app_context():
        juror = judging.list_jurors(queries.get_call(CALL))[0]
        path = f"/calls/{CALL}/jury/{juror.id}/A"
    levels = {"level_jury_need": "5", "level_jury_trust": "4", "level_jury_join": "4"}
    browse("community-2").post(path, {**levels, "paper_serial": "A-01"}, status=404)
    home = browse("community-1")
    home.post(path, levels, status=422)
    home.post(path, {**levels, "paper_serial": "A-01"})
    home.post(path, {**levels, "paper_serial": "A-01"}, status=422)
    with app.app_context():
        score = judging.list_jury_scores(queries.get_call(CALL))[0]
        assert score.paper_serial == "A-01"
        assert score.total == 40 + 24 + 24


def test_nobody_hands_in_for_somebody_else(browse: Browse, staged: Staged) -> None:
    staged(lambda stage: selection.make_complete(stage, selection.make_call(stage)))
    for login in ("programme-1", "resident-1"):
        browse(login).post(f"/applications/{PAPER}/check", {"has_declared": "y"}, status=403)
