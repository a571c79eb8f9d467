"""Social money in its own book: proven, confirmed by a second person, and set beside public money."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from grants.foundation.clock import today
from grants.foundation.database import db
from grants.foundation.errors import NotPermitted, RuleBroken
from grants.funds import queries, service
from grants.funds.models import Contribution
from grants.funds.queries import LeverageBy, LeverageRow
from grants.funds.rules import ContributionKind, ProposalStatus
from tests.browsing import Browser
from tests.factories import agreements, funds, payments, people
from tests.factories.payments import staff

Browse = Callable[[str | None], Browser]


def receipt() -> FileStorage:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, "JPEG")
    stream.seek(0)
    return FileStorage(stream, filename="到账凭证.jpg", content_type="image/jpeg")


def record(ref: str, proof: str = "a", **changes: Any) -> Contribution:
    home = queries.find_home(ref)
    assert home is not None
    wanted = {
        "kind": ContributionKind.DONATION,
        "contributor": "银杏百货公司",
        "amount_fen": 1_200_000,
        "received_on": today(),
        "note": "用于购买活动物资",
    }
    actor = changes.pop("actor", None) or staff("org-1")
    paper = agreements.make_file("凭证.pdf", sha256=proof * 64, purpose="contribution")
    return service.record_contribution(home=home, gift=service.Gift(**wanted | changes), proof=paper, actor=actor)


@pytest.fixture
def project(ctx: Flask) -> str:
    """Make a project with 60,000 元 of public money."""
    assert ctx.testing
    return payments.make_case().agreement.project.ref


def test_an_organisation_notes_a_gift_and_finance_confirms_its_proof(app: Flask, browse: Browse) -> None:
    with app.app_context():
        ref = payments.make_case().agreement.project.ref
        other = people.make_organisation("星火志愿服务中心")
        people.make_user("org-2", people.Role.ORGANISATION, organisation=other)
        db.session.commit()
    member, finance, page = browse("org-1"), browse("finance-1"), f"/funds/social/new/{ref}"
    form = {"kind": "donation", "contributor": "银杏百货", "amount_fen": "15,000", "received_on": str(today())}
    seen = member.post(page, form, status=422)
    assert "请上传到账凭证" in seen.text
    assert "请写明用途" in seen.text
    assert seen.soup.find("input", {"name": "contributor"})["value"] == "银杏百货"
    browse("org-2").post(page, form, status=403)
    finance.get(page, status=403)
    made = member.post(page, {**form, "note": "购买活动物资", "proof": receipt()}).location
    for path in (made, f"{made}/proof"):
        browse("org-2").get(path, status=403)
        finance.get(path)
    member.post(f"{made}/confirm", status=403)
    assert f'href="{made}"' in finance.get("/desk").html
    assert "0.25" not in finance.get("/funds/social/").text
    assert "已确认" in finance.follow(f"{made}/confirm").text
    for by in LeverageBy:
        assert "0.25" in finance.get(f"/funds/social/?by={by}").text
    assert "银杏百货" in member.get("/funds/social/").text
    assert "银杏百货" not in browse("org-2").get("/funds/social/").text
    assert "15000.00" in finance.get("/funds/social.csv?kind=donation").html
    assert "15000.00" not in finance.get("/funds/social.csv?kind=in_kind").html
    undone = finance.post(f"{made}/reverse", {"reason": "金额有误"}).location
    assert "登记人不能确认" not in browse("finance-2").follow(f"{undone}/confirm").text
    assert "0.25" not in finance.get("/funds/social/").text
    assert "已冲销" in finance.get(made).text


def test_only_what_is_confirmed_counts_and_it_stays_out_of_the_ledger(project: str) -> None:
    before = queries.project_money(project)
    given = record(project)
    with pytest.raises(NotPermitted, match="街道财政核对"):
        service.confirm_contribution(contribution=given, officer=staff("leader-1"))
    service.confirm_contribution(contribution=given, officer=staff("finance-1"))
    refused = record(project, "b")
    service.refuse_contribution(contribution=refused, officer=staff("finance-1"), reason="没有到账")
    record(project, "c")
    [row] = queries.summarise_leverage(LeverageBy.PROJECT)
    assert (row.social_fen, row.fiscal_fen, row.ratio) == (1_200_000, 6_000_000, 0.2)
    assert queries.project_money(project) == before
    funds.assert_ledger_holds()


def test_a_proof_serves_once_and_a_day_to_come_is_refused(project: str) -> None:
    first = record(project)
    with pytest.raises(RuleBroken, match=f"已用于 {first.ref}"):
        record(project)
    with pytest.raises(RuleBroken, match="不能晚于今天"):
        record(project, "b", received_on=today() + timedelta(days=1))
    service.withdraw_contribution(contribution=first, actor=staff("org-1"))
    assert record(project).status is ProposalStatus.WAITING


def test_matching_money_names_what_it_matches(project: str) -> None:
    with pytest.raises(RuleBroken, match="对应的捐赠"):
        record(project, kind=ContributionKind.MATCHING)
    given = record(project)
    with pytest.raises(RuleBroken, match="只有配捐"):
        record(project, "b", matches=given)
    matching = record(project, "c", kind=ContributionKind.MATCHING, matches=given)
    with pytest.raises(RuleBroken, match="对应的捐赠"):
        record(project, "d", kind=ContributionKind.MATCHING, matches=matching)


def test_matching_money_stands_and_falls_with_what_it_matches(project: str) -> None:
    officer = staff("finance-1")
    given = record(project)
    matching = record(project, "b", kind=ContributionKind.MATCHING, matches=given)
    with pytest.raises(RuleBroken, match="还没有确认"):
        service.confirm_contribution(contribution=matching, officer=officer)
    service.confirm_contribution(contribution=given, officer=officer)
    service.confirm_contribution(contribution=matching, officer=officer)
    undo = {"reason": "重复登记", "actor": officer}
    with pytest.raises(RuleBroken, match="请先冲销或退回配捐"):
        service.reverse_contribution(contribution=given, **undo)
    service.reverse_contribution(contribution=matching, **undo)
    service.reverse_contribution(contribution=given, **undo)
    assert given not in queries.list_matchable(project)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE contribution SET amount_fen = 1", "never changed"),
        ("UPDATE contribution SET status = 'waiting', decided_at = NULL, decided_by_id = NULL", "decided once"),
        ("DELETE FROM contribution", "never deleted"),
    ],
)
def test_the_database_keeps_the_book(project: str, statement: str, words: str) -> None:
    given = record(project)
    service.confirm_contribution(contribution=given, officer=staff("finance-1"))
    db.session.flush()
    with pytest.raises(IntegrityError, match=words), db.session.begin_nested():
        db.session.execute(text(statement))


def test_the_recorder_is_never_the_second_person(project: str) -> None:
    given = record(project, actor=staff("programme-1"))
    decide = text(
        "UPDATE contribution SET status = 'confirmed', decided_at = recorded_at, decided_by_id = recorded_by_id"
    )
    with pytest.raises(IntegrityError, match="decided_by_second_person"), db.session.begin_nested():
        db.session.execute(decide)
    with pytest.raises(NotPermitted):
        service.confirm_contribution(contribution=given, officer=staff("programme-1"))


def test_a_gift_is_taken_back_once_and_in_full(project: str) -> None:
    again = record(project)
    service.confirm_contribution(contribution=again, officer=staff("finance-1"))
    undone = service.reverse_contribution(contribution=again, reason="重复登记", actor=staff("finance-2"))
    with pytest.raises(RuleBroken, match="已经提出冲销"):
        service.reverse_contribution(contribution=again, reason="重复登记", actor=staff("finance-1"))
    with pytest.raises(NotPermitted, match="自己的登记"):
        service.confirm_contribution(contribution=undone, officer=staff("finance-2"))
    service.confirm_contribution(contribution=undone, officer=staff("finance-1"))
    assert [row.social_fen for row in queries.summarise_leverage(LeverageBy.ROUND)] == [0]


def test_leverage_of_nothing_is_no_number() -> None:
    assert LeverageRow("", "", social_fen=100).ratio is None
